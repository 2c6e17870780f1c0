#include "runtime/base/json_string.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <iterator>

#include "runtime/base/text.h"

namespace remit {
namespace {

auto IsPlain(char c) -> bool { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

constexpr uint64_t kUpperBits = 0x8080808080808080;

// The upper bits of some bytes that must be escaped, and none if there are no such bytes. The tricks are those of "Bit Twiddling Hacks": a byte that is zero,
// or less than a number, borrows from its upper bit.
auto SpecialBits(uint64_t eight) -> uint64_t {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const auto has_zero = [](uint64_t x) { return (x - kOnes) & ~x & kUpperBits; };
  const uint64_t controls = (eight - kOnes * 0x20) & ~eight & kUpperBits;
  return controls | has_zero(eight ^ (kOnes * '"')) | has_zero(eight ^ (kOnes * '\\'));
}

template <typename Word>
auto WordAt(const char* bytes) -> uint64_t {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

auto AreEightPlain(const char* bytes) -> bool { return SpecialBits(WordAt<uint64_t>(bytes)) == 0; }

// Whether all of a text is ASCII that stands for itself, as nearly all texts are. Of the last bytes some are looked at twice.
auto IsPlainAscii(std::string_view text) -> bool {
  const auto is_plain = [](uint64_t eight) { return (SpecialBits(eight) | (eight & kUpperBits)) == 0; };
  const char* const bytes = text.data();
  if (text.size() >= 8) {
    for (size_t at = 0; at + 8 < text.size(); at += 8) {
      if (!is_plain(WordAt<uint64_t>(bytes + at))) return false;
    }
    return is_plain(WordAt<uint64_t>(bytes + text.size() - 8));
  }
  if (text.size() >= 4) return is_plain(WordAt<uint32_t>(bytes) << 32 | WordAt<uint32_t>(bytes + text.size() - 4));
  for (const char c : text) {
    if (!IsPlain(c) || static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

// The position of the first byte that must be escaped, from `at` on.
auto FindSpecial(std::string_view text, size_t at) -> size_t {
  while (text.size() - at >= sizeof(uint64_t) && AreEightPlain(text.data() + at)) at += sizeof(uint64_t);
  while (at < text.size() && IsPlain(text[at])) ++at;
  return at;
}

void AppendValid(std::string& out, std::string_view text) {
  for (size_t begin = 0;;) {
    const size_t special = FindSpecial(text, begin);
    out.append(text, begin, special - begin);
    if (special == text.size()) return;
    AppendJsonEscaped(out, text[special]);
    begin = special + 1;
  }
}

// What needs no escapes. Grown once: appending quote, text and quote looks for room three times.
void AppendQuoted(std::string& out, std::string_view text) {
  const size_t before = out.size();
  const size_t after = before + text.size() + 2;
  out.resize_and_overwrite(after, [&](char* bytes, size_t /*room*/) {
    bytes[before] = '"';
    if (!text.empty()) std::memcpy(bytes + before + 1, text.data(), text.size());
    bytes[after - 1] = '"';
    return after;
  });
}

}  // namespace

void AppendJsonEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    out += c;
  }
}

void AppendJson(std::string& out, std::string_view text) {
  if (IsPlainAscii(text)) return AppendQuoted(out, text);
  out += '"';
  while (const auto invalid = FindInvalidUtf8(text)) {
    AppendValid(out, text.substr(0, *invalid));
    out += "\xef\xbf\xbd";
    text.remove_prefix(*invalid + 1);
  }
  AppendValid(out, text);
  out += '"';
}

// Grown once where nothing needs escapes: names are short, and asking for room takes longer than writing them.
void AppendJsonName(std::string& out, std::string_view name, bool is_next) {
  if (!IsPlainAscii(name)) {
    if (is_next) out += ',';
    AppendJson(out, name);
    out += ':';
    return;
  }
  const size_t before = out.size();
  const size_t after = before + static_cast<size_t>(is_next) + name.size() + 3;
  out.resize_and_overwrite(after, [&](char* bytes, size_t /*room*/) {
    char* at = bytes + before;
    if (is_next) *at++ = ',';
    *at++ = '"';
    if (!name.empty()) std::memcpy(at, name.data(), name.size());
    bytes[after - 2] = '"';
    bytes[after - 1] = ':';
    return after;
  });
}

auto QuoteJsonString(std::string_view text) -> std::string {
  std::string quoted = "\"";
  AppendValid(quoted, text);
  return quoted + '"';
}

}  // namespace remit
