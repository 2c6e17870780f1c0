#include "runtime/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace remit {
namespace {

constexpr char32_t kReplacementCharacter = 0xFFFD;

// Length of the sequence that `lead` starts, 0 if it starts none.
auto SequenceLength(uint8_t lead) -> size_t {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte carries the rules against overlong forms, surrogates and values beyond U+10FFFF.
auto SecondByteFits(uint8_t lead, uint8_t second) -> bool {
  switch (lead) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return second >= 0x80 && second <= 0xBF;
  }
}

// Invisible or reordering characters: what a reader could not see is written as an escape.
auto IsInvisible(char32_t c) -> bool {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB) ||
         (c >= 0xE000 && c <= 0xF8FF) || c >= 0xE0000;
}

auto IsIdentifierByte(char c, bool first) -> bool {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

auto EditDistance(std::string_view a, std::string_view b) -> size_t {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row.back();
}

}  // namespace

auto FindInvalidUtf8(std::string_view text) -> std::optional<size_t> {
  size_t i = 0;
  while (i < text.size()) {
    // Most texts are ASCII, eight bytes of which are looked at together.
    if (uint64_t eight; text.size() - i >= sizeof(eight)) {
      std::memcpy(&eight, text.data() + i, sizeof(eight));
      if ((eight & 0x8080808080808080U) == 0) {
        i += sizeof(eight);
        continue;
      }
    }
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t length = SequenceLength(lead);
    if (length == 0 || i + length > text.size()) return i;
    if (length > 1 && !SecondByteFits(lead, static_cast<uint8_t>(text[i + 1]))) return i;
    for (size_t k = 2; k < length; ++k) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return i;
    }
    i += length;
  }
  return std::nullopt;
}

void AppendUtf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

auto DecodeUtf8(std::string_view text, size_t& offset) -> char32_t {
  const auto rest = text.substr(offset);
  const auto byte = [&](size_t i) { return static_cast<char32_t>(static_cast<uint8_t>(rest[i])); };
  const size_t length = SequenceLength(static_cast<uint8_t>(rest[0]));
  if (length == 0 || length > rest.size()) {
    ++offset;
    return kReplacementCharacter;
  }
  char32_t c = byte(0);
  if (length == 2) c = ((c & 0x1F) << 6) | (byte(1) & 0x3F);
  if (length == 3) c = ((c & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F);
  if (length == 4) c = ((c & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F);
  offset += length;
  return c;
}

auto IsWhiteSpace(char32_t c) -> bool {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

auto EscapeString(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = DecodeUtf8(text, i);
    switch (c) {
      case U'"': out += "\\\""; break;
      case U'\\': out += "\\\\"; break;
      case U'\n': out += "\\n"; break;
      case U'\r': out += "\\r"; break;
      case U'\t': out += "\\t"; break;
      case U'\0': out += "\\0"; break;
      default:
        if (IsInvisible(c)) {
          out += fmt::format("\\u{{{:x}}}", static_cast<uint32_t>(c));
        } else {
          out += text.substr(start, i - start);
        }
    }
  }
  return out;
}

auto QuoteString(std::string_view text) -> std::string { return '"' + EscapeString(text) + '"'; }

auto IsIdentifierShape(std::string_view text) -> bool {
  return !text.empty() && IsIdentifierByte(text[0], true) &&
         std::ranges::all_of(text.substr(1), [](char c) { return IsIdentifierByte(c, false); });
}

auto IsReservedWord(std::string_view text) -> bool {
  static constexpr std::array<std::string_view, 10> kWords = {"true", "false", "if", "then", "else", "in", "is", "has", "like", "__cedar"};
  return std::ranges::find(kWords, text) != kWords.end();
}

auto IsIdentifier(std::string_view text) -> bool { return IsIdentifierShape(text) && !IsReservedWord(text); }

auto IsNormalizedName(std::string_view text) -> bool {
  while (true) {
    const size_t end = text.find("::");
    if (!IsIdentifier(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 2);
  }
}

auto ClosestMatch(std::string_view name, const std::vector<std::string_view>& candidates) -> std::optional<std::string_view> {
  constexpr size_t kLongestName = 100;
  if (name.size() > kLongestName) return std::nullopt;
  std::optional<std::string_view> best;
  size_t best_distance = std::max<size_t>(1, name.size() / 3) + 1;
  for (const auto candidate : candidates) {
    if (candidate.size() > kLongestName || candidate == name) continue;
    if (const size_t distance = EditDistance(name, candidate); distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace remit
