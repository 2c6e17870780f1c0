// Steps of an RFC 6901 JSON pointer.
#pragma once

#include <string>
#include <string_view>

namespace remit {

// `/key`, with `~` and `/` escaped.
auto PointerStep(std::string_view key) -> std::string;

}  // namespace remit
