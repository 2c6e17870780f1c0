// Values as source text, for people, golden files and hashes: the order of sets and records never shows symbol ids.
#include "runtime/value/format.h"

#include <fmt/format.h>

#include <algorithm>
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
  return fmt::format("{}::{}", interner.text(uid.type), QuoteString(interner.text(uid.id)));
}

auto FormatValue(const Value& value, const Interner& interner) -> std::string {
  switch (value.kind()) {
    case Kind::Bool: return value.as_bool() ? "true" : "false";
    case Kind::Long: return fmt::format("{}", value.as_long());
    case Kind::String: return QuoteString(value.as_string());
    case Kind::Set: return FormatSet(value.as_set(), interner);
    case Kind::Record: return FormatRecord(value.as_record(), interner);
    case Kind::Entity: return FormatEntityUid(value.as_entity(), interner);
    case Kind::Ip: return fmt::format("ip(\"{}\")", FormatIp(value.as_ip()));
    case Kind::Decimal: return fmt::format("decimal(\"{}\")", FormatDecimal(value.as_decimal()));
    case Kind::Datetime: return FormatDatetimeValue(value.as_datetime());
    case Kind::Duration: return fmt::format("duration(\"{}\")", FormatDuration(value.as_duration()));
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return fmt::format("{}({})", KindName(value.kind()), QuoteString(CanonicalText(value)));
  }
  return {};
}

}  // namespace remit
