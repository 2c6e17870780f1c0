// Strings, patterns and numbers: from their spelling to what they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/parse/conversion.h"
#include "compiler/parse/unescape.h"

namespace remit::parse {

// Of a STRING token, quotes and all.
auto ToString(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<SymbolId>;
// The same read as the right hand side of `like`: `*` is a wildcard, even one written as an escape, and `\*` is a star.
auto ToPattern(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<std::vector<ast::PatternElement>>;

// The magnitude of a NUMBER token, none if it needs more than 64 bits.
auto ToMagnitude(std::string_view digits) -> std::optional<uint64_t>;

}  // namespace remit::parse
