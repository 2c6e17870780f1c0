// Paths of URLs: one spelling for what RFC 3986 calls equivalent, and what is not clear in them.
#pragma once

#include <string>
#include <string_view>

#include "runtime/value/text_values.h"

namespace remit {

struct UrlPathText {
  std::string text;
  PathDoubt doubt = PathDoubt::None;
};

// `path` is empty or begins with `/`. Escapes of letters, digits and `-._~` are undone, the others get capital digits, what is no URI character is
// escaped, `.` and `..` are followed. A doubtful path stays as it was but for the characters that have to be escaped.
auto NormalizeUrlPath(std::string_view path) -> UrlPathText;

// For queries and fragments: what is no URI character is escaped, the rest stays.
auto EscapeUrlText(std::string_view text) -> std::string;

}  // namespace remit
