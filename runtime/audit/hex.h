// Bytes as lower-case hexadecimal digits and as base64 (RFC 4648, section 4, with padding), which notes are written in.
//
// approval/base64url.h knows the other alphabet, which grants are written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remit::audit {

auto HexOf(std::string_view bytes) -> std::string;
auto BytesOfHex(std::string_view hex) -> std::optional<std::string>;

auto ToBase64(std::string_view bytes) -> std::string;
// None unless it is what ToBase64 writes.
auto FromBase64(std::string_view text) -> std::optional<std::string>;

}  // namespace remit::audit
