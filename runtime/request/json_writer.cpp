// Values as Cedar's JSON, explicit forms.
//
// Written as text directly: building a document first would copy everything once more, and the order of keys is ours to decide anyway.
#include <fmt/format.h>

#include <algorithm>
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

auto EntityToJson(EntityUid uid, const Interner& interner) -> std::string {
  return fmt::format(R"({{"__entity":{{"type":{},"id":{}}}}})", QuoteJsonString(interner.text(uid.type)),
                     QuoteJsonString(interner.text(uid.id)));
}

auto SetToJson(SetView set, const Interner& interner) -> std::string {
  std::vector<std::string> elements;
  elements.reserve(set.size());
  for (const Value& element : set) elements.push_back(ValueToJson(element, interner));
  std::ranges::sort(elements);
  return fmt::format("[{}]", fmt::join(elements, ","));
}

auto RecordToJson(RecordView record, const Interner& interner) -> std::string {
  std::string text = "{";
  for (const auto& [key, value] : FieldsByName(record, interner)) {
    text += text.size() == 1 ? "" : ",";
    text += QuoteJsonString(key) + ":" + ValueToJson(*value, interner);
  }
  return text + "}";
}

}  // namespace

auto ValueToJson(const Value& value, const Interner& interner) -> std::string {
  switch (value.kind()) {
    case Kind::Bool: return value.as_bool() ? "true" : "false";
    case Kind::Long: return fmt::format("{}", value.as_long());
    case Kind::String: return QuoteJsonString(value.as_string());
    case Kind::Set: return SetToJson(value.as_set(), interner);
    case Kind::Record: return RecordToJson(value.as_record(), interner);
    case Kind::Entity: return EntityToJson(value.as_entity(), interner);
    case Kind::Ip: return Extension("ip", FormatIp(value.as_ip()));
    case Kind::Decimal: return Extension("decimal", FormatDecimal(value.as_decimal()));
    case Kind::Datetime: return DatetimeToJson(value.as_datetime());
    case Kind::Duration: return Extension("duration", FormatDuration(value.as_duration()));
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return Extension(KindName(value.kind()), CanonicalText(value));  // for people: JSON with these is not read
  }
  return {};
}

}  // namespace remit
