#include "runtime/request/entity_uid_text.h"

#include <fmt/format.h>

#include <optional>

#include "runtime/base/hex_digit.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

auto Refuse(std::string message) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = "invalid-entity-uid", .message = std::move(message), .pointer = {}, .help = "write an entity as `User::\"ana\"`"});
}

auto HexNumber(std::string_view digits) -> std::optional<uint32_t> {
  if (digits.empty() || digits.size() > 6) return std::nullopt;
  uint32_t number = 0;
  for (const char c : digits) {
    const auto digit = HexDigit(c);
    if (!digit) return std::nullopt;
    number = number * 16 + *digit;
  }
  return number;
}

// `x41` or `u{1F600}` at the front of `text`, after the backslash.
auto TakeCodePoint(std::string_view& text) -> std::optional<char32_t> {
  std::string_view digits;
  uint32_t limit = 0x10FFFF;
  size_t length = 3;
  if (text.starts_with('x')) {
    digits = text.substr(1, 2);
    if (digits.size() != 2) return std::nullopt;
    limit = 0x7F;
  } else {
    const size_t close = text.find('}');
    if (!text.starts_with("u{") || close == std::string_view::npos) return std::nullopt;
    digits = text.substr(2, close - 2);
    length = close + 1;
  }
  const auto code_point = HexNumber(digits);
  if (!code_point || *code_point > limit || (*code_point >= 0xD800 && *code_point <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return *code_point;
}

auto TakeEscape(std::string_view& text) -> std::optional<char32_t> {
  static constexpr std::string_view kNames = "nrt0\\'\"";
  static constexpr std::string_view kMeanings{"\n\r\t\0\\'\"", kNames.size()};
  if (text.empty()) return std::nullopt;
  const size_t simple = kNames.find(text[0]);
  if (simple == std::string_view::npos) return TakeCodePoint(text);
  text.remove_prefix(1);
  return static_cast<char32_t>(kMeanings[simple]);
}

// The inside of a string literal.
auto Unescape(std::string_view text) -> std::optional<std::string> {
  std::string plain;
  while (!text.empty()) {
    const char c = text[0];
    text.remove_prefix(1);
    if (c == '"') return std::nullopt;
    if (c != '\\') {
      plain += c;
      continue;
    }
    const auto code_point = TakeEscape(text);
    if (!code_point) return std::nullopt;
    AppendUtf8(plain, *code_point);
  }
  return plain;
}

}  // namespace

auto ParseEntityUidText(std::string_view text, Interner& interner) -> Expected<EntityUid> {
  if (FindInvalidUtf8(text)) return Refuse("this entity is not valid UTF-8");
  const size_t quote = text.find('"');
  if (quote == std::string_view::npos || text.size() < quote + 2 || !text.ends_with('"') || !text.substr(0, quote).ends_with("::")) {
    return Refuse(fmt::format("`{}` is not an entity", text));
  }
  const auto type = text.substr(0, quote - 2);
  if (!IsNormalizedName(type)) return Refuse(fmt::format("`{}` is not an entity type name", type));
  const auto id = Unescape(text.substr(quote + 1, text.size() - quote - 2));
  if (!id) return Refuse(fmt::format("`{}` is not a string literal", text.substr(quote)));
  return EntityUid{.type = interner.Intern(type), .id = interner.Intern(*id)};
}

}  // namespace remit
