// Values as Cedar's JSON, explicit forms.
//
// Written as text directly: building a document first would copy everything once more, and the order of keys is ours to decide anyway.
#include "runtime/request/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "runtime/base/json_string.h"
#include "runtime/request/json.h"
#include "runtime/value/format.h"

namespace remit {
namespace {

auto Extension(std::string_view function, std::string_view text) -> std::string {
  return fmt::format(R"({{"__extn":{{"fn":"{}","arg":{}}}}})", function, QuoteJsonString(text));
}

auto DatetimeToJson(Datetime time) -> std::string {
  if (const auto text = FormatDatetime(time)) return Extension("datetime", *text);
  return fmt::format(R"({{"__extn":{{"fn":"offset","args":[{},{}]}}}})", Extension("datetime", "1970-01-01"),
                     Extension("duration", FormatDuration({.millis = time.millis})));
}

void AppendUid(std::string& out, EntityUid uid, const Interner& interner) {
  out += R"({"type":)";
  AppendJson(out, interner.text(uid.type));
  out += R"(,"id":)";
  AppendJson(out, interner.text(uid.id));
  out += '}';
}

// In the order of their texts, so that equal sets are equal texts.
void AppendSet(std::string& out, SetView set, const Interner& interner) {
  std::vector<std::string> elements;
  elements.reserve(set.size());
  for (const Value& element : set) elements.push_back(ValueToJson(element, interner));
  std::ranges::sort(elements);
  fmt::format_to(std::back_inserter(out), "[{}]", fmt::join(elements, ","));
}

using NamedField = std::pair<std::string_view, const Value*>;

void AppendFields(std::string& out, std::span<const NamedField> fields, const Interner& interner) {
  out += '{';
  for (const auto& [key, value] : fields) {
    AppendJsonName(out, key, &key != &fields.front().first);
    AppendValueJson(out, *value, interner);
  }
  out += '}';
}

// Whether one name comes before another; most differ in their first byte.
auto IsBefore(std::string_view a, std::string_view b) -> bool {
  if (a.empty() || b.empty() || a.front() == b.front()) return a < b;
  return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
}

// In the order of their names, which is not that of their symbols. Most records are small: those are put in order without asking for memory.
void AppendRecord(std::string& out, RecordView record, const Interner& interner) {
  constexpr size_t kFew = 16;
  if (record.size() > kFew) return AppendFields(out, FieldsByName(record, interner), interner);
  std::array<NamedField, kFew> fields;
  size_t count = 0;
  for (const Field& field : record) {
    const NamedField named(interner.text(field.key), &field.value);
    size_t at = count++;
    for (; at > 0 && IsBefore(named.first, fields[at - 1].first); --at) fields[at] = fields[at - 1];
    fields[at] = named;
  }
  AppendFields(out, std::span(fields).first(count), interner);
}

}  // namespace

void AppendValueJson(std::string& out, const Value& value, const Interner& interner) {
  switch (value.kind()) {
    case Kind::Bool: out += value.as_bool() ? "true" : "false"; return;
    case Kind::Long: out += fmt::format_int(value.as_long()).c_str(); return;
    case Kind::String: return AppendJson(out, value.as_string());
    case Kind::Set: return AppendSet(out, value.as_set(), interner);
    case Kind::Record: return AppendRecord(out, value.as_record(), interner);
    case Kind::Entity:
      out += R"({"__entity":)";
      AppendUid(out, value.as_entity(), interner);
      out += '}';
      return;
    case Kind::Ip: out += Extension("ip", FormatIp(value.as_ip())); return;
    case Kind::Decimal: out += Extension("decimal", FormatDecimal(value.as_decimal())); return;
    case Kind::Datetime: out += DatetimeToJson(value.as_datetime()); return;
    case Kind::Duration: out += Extension("duration", FormatDuration(value.as_duration())); return;
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: out += Extension(KindName(value.kind()), CanonicalText(value)); return;  // for people: JSON with these is not read
  }
}

auto ValueToJson(const Value& value, const Interner& interner) -> std::string {
  std::string text;
  AppendValueJson(text, value, interner);
  return text;
}

void AppendEntityJson(std::string& out, const Entity& entity, const Interner& interner) {
  out += R"({"uid":)";
  AppendUid(out, entity.uid, interner);
  out += R"(,"attrs":)";
  AppendRecord(out, entity.attrs, interner);
  if (entity.tags.size() != 0) {
    out += R"(,"tags":)";
    AppendRecord(out, entity.tags, interner);
  }
  out += R"(,"parents":[)";
  for (const EntityUid parent : entity.parents) {
    if (out.back() != '[') out += ',';
    AppendUid(out, parent, interner);
  }
  out += "]}";
}

}  // namespace remit
