// UTF-8 and the spelling of strings and names in the language: shared by the parser, the printers and the messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remit {

// The offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms), if any.
auto FindInvalidUtf8(std::string_view text) -> std::optional<size_t>;

void AppendUtf8(std::string& out, char32_t code_point);

// Decodes the code point at `offset`, which is inside `text`, and advances `offset` past it. A byte that begins no complete sequence reads as
// U+FFFD: places are also counted in files that were refused for their encoding.
auto DecodeUtf8(std::string_view text, size_t& offset) -> char32_t;

// Unicode's White_Space, which separates tokens in policies and schemas alike.
auto IsWhiteSpace(char32_t code_point) -> bool;

// The text as a string literal of the language, with quotes. Reading it back gives the text; control characters
// and invisible ones are written as `\u{...}`, like Cedar does.
auto QuoteString(std::string_view text) -> std::string;
// The same without the quotes.
auto EscapeString(std::string_view text) -> std::string;

// `[_a-zA-Z][_a-zA-Z0-9]*`.
auto IsIdentifierShape(std::string_view text) -> bool;
// One of Cedar's reserved words: true false if then else in is has like __cedar.
auto IsReservedWord(std::string_view text) -> bool;
// Of identifier shape and not reserved: may be written as an attribute without quotes.
auto IsIdentifier(std::string_view text) -> bool;
// A normalised name: identifiers joined by `::`, no white space.
auto IsNormalizedName(std::string_view text) -> bool;

// The candidate closest to `name` by edit distance, if it is close enough to be what the author meant.
auto ClosestMatch(std::string_view name, const std::vector<std::string_view>& candidates) -> std::optional<std::string_view>;

}  // namespace remit
