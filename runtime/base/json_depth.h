// A look at JSON text before a reader that recurses without a bound of its own.
#pragma once

#include <cstddef>
#include <string_view>

namespace remit {

// At most so many brackets inside one another, outside of strings. False too where more are closed than were opened.
auto IsShallowJson(std::string_view text, size_t max_depth) -> bool;

}  // namespace remit
