// Text in the pages that are made of tables.
#pragma once

#include <string>
#include <string_view>

namespace remit {

// `|` would end a cell of a table.
auto MarkdownCell(std::string_view text) -> std::string;

}  // namespace remit
