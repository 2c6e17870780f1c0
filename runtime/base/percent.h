// Percent-encoding of URIs (RFC 3986, 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remit {

// The bytes that were meant, which may be any; none for a `%` without two hexadecimal digits behind it. `+` stays `+`.
auto DecodePercentBytes(std::string_view text) -> std::optional<std::string>;

}  // namespace remit
