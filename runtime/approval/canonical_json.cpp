#include "runtime/approval/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/json_string.h"

namespace remit::approval {
namespace {

// RFC 8785, 3.2.2.2: two-character escapes wherever JSON has them, `\u00xx` for other control characters, everything else as it is.
void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: AppendJsonEscaped(out, c); return;
  }
}

// Of a byte of UTF-8, where two texts differ first. The leading bytes of U+E000 to U+FFFF are the two before those of code points that UTF-16
// writes as surrogates, which begin at D800.
auto Utf16Weight(char byte) -> unsigned {
  const auto value = static_cast<unsigned char>(byte);
  return value == 0xEE || value == 0xEF ? value + 0x100U : value;
}

}  // namespace

void AppendCanonicalString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) AppendEscaped(out, c);
  out += '"';
}

auto CanonicalString(std::string_view text) -> std::string {
  std::string json;
  json.reserve(text.size() + 2);
  AppendCanonicalString(json, text);
  return json;
}

auto ComesBefore(std::string_view a, std::string_view b) -> bool {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end()) return a.size() < b.size();
  return Utf16Weight(*in_a) < Utf16Weight(*in_b);
}

auto CanonicalObject::Add(std::string_view key, std::string json) -> CanonicalObject& {
  members_.emplace_back(key, std::move(json));
  return *this;
}

auto CanonicalObject::AddString(std::string_view key, std::string_view text) -> CanonicalObject& { return Add(key, CanonicalString(text)); }

auto CanonicalObject::AddInteger(std::string_view key, int64_t number) -> CanonicalObject& { return Add(key, fmt::format("{}", number)); }

auto CanonicalObject::Finish() -> std::string {
  std::ranges::sort(members_, ComesBefore, [](const auto& member) -> std::string_view { return member.first; });
  std::string json = "{";
  for (const auto& [key, value] : members_) {
    if (json.size() > 1) json += ',';
    AppendCanonicalString(json, key);
    json += ':';
    json += value;
  }
  return json + '}';
}

auto CanonicalArray(const std::vector<std::string>& elements) -> std::string { return fmt::format("[{}]", fmt::join(elements, ",")); }

}  // namespace remit::approval
