// Strings as JSON writes them (RFC 8259, section 7), for whoever writes JSON as text.
#pragma once

#include <string>
#include <string_view>

namespace remit {

// One byte of UTF-8 as it stands in a JSON string: quotes, backslashes and control characters are escaped, everything else is itself.
void AppendJsonEscaped(std::string& out, char c);

// With its quotes. What is not UTF-8, which messages may quote, becomes U+FFFD, one for each byte.
void AppendJson(std::string& out, std::string_view text);

// The name of a member, with its quotes and its colon; `is_next`: after a comma.
void AppendJsonName(std::string& out, std::string_view name, bool is_next);

// With its quotes. The text is UTF-8.
auto QuoteJsonString(std::string_view text) -> std::string;

}  // namespace remit
