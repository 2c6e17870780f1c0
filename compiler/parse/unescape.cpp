#include "compiler/parse/unescape.h"

#include <cstdint>

#include "runtime/base/hex_digit.h"
#include "runtime/base/text.h"

namespace remit::parse {
namespace {

// Both read behind the letter of their escape and leave `at` behind what belongs to it.
auto HexEscape(std::string_view body, size_t& at) -> std::optional<char32_t> {
  uint32_t value = 0;
  for (int i = 0; i < 2; ++i) {
    const auto digit = at < body.size() ? HexDigit(body[at]) : std::nullopt;
    if (!digit) return std::nullopt;
    value = value * 16 + *digit;
    ++at;
  }
  return value <= 0x7F ? std::optional<char32_t>{value} : std::nullopt;
}

auto UnicodeEscape(std::string_view body, size_t& at) -> std::optional<char32_t> {
  constexpr uint32_t kMostDigits = 6;
  if (at >= body.size() || body[at] != '{') return std::nullopt;
  uint32_t value = 0;
  uint32_t digits = 0;
  for (++at; at < body.size() && body[at] != '}'; ++at) {
    if (body[at] == '_' && digits > 0) continue;
    const auto digit = HexDigit(body[at]);
    if (!digit) return std::nullopt;
    if (++digits <= kMostDigits) value = value * 16 + *digit;
  }
  if (at >= body.size()) return std::nullopt;
  ++at;
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (digits == 0 || digits > kMostDigits || value > 0x10FFFF || is_surrogate) return std::nullopt;
  return value;
}

auto Escape(std::string_view body, size_t& at) -> std::optional<char32_t> {
  const auto letter = DecodeUtf8(body, at);
  switch (letter) {
    case U'n': return U'\n';
    case U'r': return U'\r';
    case U't': return U'\t';
    case U'0': return U'\0';
    case U'\\':
    case U'\'':
    case U'"': return letter;
    case U'x': return HexEscape(body, at);
    case U'u': return UnicodeEscape(body, at);
    default: return std::nullopt;
  }
}

}  // namespace

void Unescape(std::string_view body, const std::function<void(char32_t)>& on_char, const std::function<void(size_t, size_t)>& on_error) {
  for (size_t at = 0; at < body.size();) {
    const size_t begin = at;
    if (body[at] == '\r') {
      on_error(begin, ++at);
    } else if (body[at] != '\\') {
      on_char(DecodeUtf8(body, at));
    } else if (++at >= body.size()) {
      on_error(begin, at);
    } else if (const auto c = Escape(body, at)) {
      on_char(*c);
    } else {
      on_error(begin, at);
    }
  }
}

auto UnescapeString(std::string_view body) -> std::optional<std::string> {
  std::string text;
  bool good = true;
  Unescape(body, [&](char32_t c) { AppendUtf8(text, c); }, [&](size_t, size_t) { good = false; });
  return good ? std::optional{std::move(text)} : std::nullopt;
}

}  // namespace remit::parse
