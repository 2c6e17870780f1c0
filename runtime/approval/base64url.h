// RFC 4648 section 5, without padding, read strictly: one text for one sequence of bytes.
//
// OpenSSL's decoder, the alternative, accepts white space, padding and bits that mean nothing, and knows the other alphabet alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remit::approval {

auto ToBase64Url(std::string_view bytes) -> std::string;
// None unless it is what ToBase64Url writes.
auto FromBase64Url(std::string_view text) -> std::optional<std::string>;

}  // namespace remit::approval
