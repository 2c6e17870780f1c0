// Values as source text, for people, golden files and hashes: the order of sets and records never shows symbol ids.
#include "runtime/value/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <vector>

#include "runtime/base/text.h"

namespace remit {
namespace {

auto Join(std::vector<std::string> parts, char open, char close) -> std::string {
  std::ranges::sort(parts);
  return fmt::format("{}{}{}", open, fmt::join(parts, ", "), close);
}

auto FormatSet(SetView set, const Interner& interner) -> std::string {
  std::vector<std::string> elements;
  elements.reserve(set.size());
  for (const Value& element : set) elements.push_back(FormatValue(element, interner));
  return Join(std::move(elements), '[', ']');
}

auto FormatRecord(RecordView record, const Interner& interner) -> std::string {
  std::string text = "{";
  for (const auto& [key, value] : FieldsByName(record, interner)) {
    text += text.size() == 1 ? "" : ", ";
    text += QuoteString(key) + ": " + FormatValue(*value, interner);
  }
  return text + "}";
}

constexpr uint64_t kEachByte = 0x0101010101010101U;

// Eight bytes that are printable ASCII, without quotes and backslashes. May say no of a word that has them next to each other: only yes is certain.
auto ArePlain(uint64_t word) -> bool {
  // A byte's high bit is set where it is below 0x80 and less than `limit`, or where it borrowed from the one before it.
  const auto has_less = [](uint64_t bytes, uint64_t limit) { return (bytes - kEachByte * limit) & ~bytes; };
  const uint64_t odd =
      word | (word + kEachByte) | has_less(word, ' ') | has_less(word ^ (kEachByte * '"'), 1) | has_less(word ^ (kEachByte * '\\'), 1);
  return (odd & (kEachByte * 0x80)) == 0;
}

// Most texts need no escapes, and are looked at in words: keys of budgets are names of entities.
auto IsPlain(std::string_view text) -> bool {
  constexpr size_t kWord = sizeof(uint64_t);
  const auto is_plain_at = [&](size_t at) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, kWord);
    return ArePlain(word);
  };
  if (text.size() >= kWord) {  // the last word may overlap the one before it
    for (size_t at = 0; at + kWord < text.size(); at += kWord) {
      if (!is_plain_at(at)) return false;
    }
    return is_plain_at(text.size() - kWord);
  }
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  if (IsPlain(text)) {
    out += text;
  } else {
    out += EscapeString(text);
  }
  out += '"';
}

// In one step, where nothing has to be escaped.
void AppendUid(std::string& out, EntityUid uid, const Interner& interner) {
  const std::string_view type = interner.text(uid.type);
  const std::string_view id = interner.text(uid.id);
  if (!IsPlain(id)) {
    out += type;
    out += "::";
    return AppendQuoted(out, id);
  }
  const size_t size = out.size();
  const size_t all = size + type.size() + id.size() + 4;
  out.resize_and_overwrite(all, [&](char* text, size_t) {  // the library's own count is that of what it has room for
    char* at = std::ranges::copy(type, text + size).out;
    at = std::ranges::copy(std::string_view("::\""), at).out;
    *std::ranges::copy(id, at).out = '"';
    return all;
  });
}

void AppendLong(std::string& out, int64_t number) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

auto FormatDatetimeValue(Datetime time) -> std::string {
  if (const auto text = FormatDatetime(time)) return fmt::format("datetime(\"{}\")", *text);
  return fmt::format(R"(datetime("1970-01-01").offset(duration("{}ms")))", time.millis);
}

}  // namespace

auto FieldsByName(RecordView record, const Interner& interner) -> std::vector<std::pair<std::string_view, const Value*>> {
  std::vector<std::pair<std::string_view, const Value*>> fields;
  fields.reserve(record.size());
  for (const Field& field : record) fields.emplace_back(interner.text(field.key), &field.value);
  std::ranges::sort(fields, {}, [](const auto& field) { return field.first; });
  return fields;
}

auto FormatEntityUid(EntityUid uid, const Interner& interner) -> std::string {
  std::string text;
  AppendUid(text, uid, interner);
  return text;
}

void AppendValue(std::string& out, const Value& value, const Interner& interner) {
  switch (value.kind()) {
    case Kind::Bool: out += value.as_bool() ? "true" : "false"; break;
    case Kind::Long: AppendLong(out, value.as_long()); break;
    case Kind::String: AppendQuoted(out, value.as_string()); break;
    case Kind::Set: out += FormatSet(value.as_set(), interner); break;
    case Kind::Record: out += FormatRecord(value.as_record(), interner); break;
    case Kind::Entity: AppendUid(out, value.as_entity(), interner); break;
    case Kind::Ip: out += fmt::format("ip(\"{}\")", FormatIp(value.as_ip())); break;
    case Kind::Decimal: out += fmt::format("decimal(\"{}\")", FormatDecimal(value.as_decimal())); break;
    case Kind::Datetime: out += FormatDatetimeValue(value.as_datetime()); break;
    case Kind::Duration: out += fmt::format("duration(\"{}\")", FormatDuration(value.as_duration())); break;
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: out += fmt::format("{}({})", KindName(value.kind()), QuoteString(CanonicalText(value))); break;
  }
}

auto FormatValue(const Value& value, const Interner& interner) -> std::string {
  std::string text;
  AppendValue(text, value, interner);
  return text;
}

}  // namespace remit
