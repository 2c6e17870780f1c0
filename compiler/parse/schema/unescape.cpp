#include "compiler/parse/schema/unescape.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit {
namespace {

auto HexDigit(char c) -> int {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What follows the backslash, for escapes of one character.
auto SimpleEscape(char c) -> std::optional<char> {
  switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '0': return '\0';
    case '\\': return '\\';
    case '"': return '"';
    case '\'': return '\'';
    default: return std::nullopt;
  }
}

struct Decoded {
  std::optional<char32_t> value;  // none: bad
  size_t length;                  // of the escape, or of what is wrong with it
};

// `\x41`, two digits, ASCII only.
auto DecodeHex(std::string_view text) -> Decoded {
  if (text.size() < 4) return {std::nullopt, 2};
  const int high = HexDigit(text[2]);
  const int low = HexDigit(text[3]);
  if (high < 0 || high > 7 || low < 0) return {std::nullopt, 2};
  return {static_cast<char32_t>(high * 16 + low), 4};
}

// `\u{1F600}`: one to six digits, with underscores anywhere but first.
auto DecodeUnicode(std::string_view text) -> Decoded {
  constexpr size_t kLongest = 64;  // underscores make any length legal; one longer than this is somebody's attack
  const size_t close = text.substr(0, kLongest).find('}');
  if (text.size() < 3 || text[2] != '{' || close == std::string_view::npos) return {std::nullopt, 2};
  char32_t value = 0;
  size_t digits = 0;
  for (const char c : text.substr(3, close - 3)) {
    if (c == '_' && digits > 0) continue;
    const int digit = HexDigit(c);
    if (digit < 0 || ++digits > 6) return {std::nullopt, close + 1};
    value = value * 16 + static_cast<char32_t>(digit);
  }
  const bool is_scalar = digits > 0 && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
  return {is_scalar ? std::optional{value} : std::nullopt, close + 1};
}

// `text` starts with a backslash.
auto DecodeEscape(std::string_view text) -> Decoded {
  if (text.size() < 2) return {std::nullopt, text.size()};
  if (const auto simple = SimpleEscape(text[1])) return {static_cast<char32_t>(*simple), 2};
  if (text[1] == 'x') return DecodeHex(text);
  if (text[1] == 'u') return DecodeUnicode(text);
  size_t after = 1;
  DecodeUtf8(text, after);
  return {std::nullopt, after};
}

}  // namespace

auto UnescapeString(std::string_view body, std::string& out) -> std::optional<BadEscape> {
  for (size_t at = 0; at < body.size();) {
    const size_t special = std::min(body.find_first_of("\\\r", at), body.size());
    out += body.substr(at, special - at);
    at = special;
    if (at == body.size()) break;
    if (body[at] == '\r') return BadEscape{.begin = at, .length = 1};
    const auto [value, length] = DecodeEscape(body.substr(at));
    if (!value) return BadEscape{.begin = at, .length = length};
    AppendUtf8(out, *value);
    at += length;
  }
  return std::nullopt;
}

}  // namespace remit
