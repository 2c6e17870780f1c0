#include "runtime/value/value.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "runtime/base/check.h"

namespace remit {

auto KindName(Kind kind) -> std::string_view {
  switch (kind) {
    case Kind::Bool: return "bool";
    case Kind::Long: return "long";
    case Kind::String: return "string";
    case Kind::Set: return "set";
    case Kind::Record: return "record";
    case Kind::Entity: return "entity";
    case Kind::Ip: return "ipaddr";
    case Kind::Decimal: return "decimal";
    case Kind::Datetime: return "datetime";
    case Kind::Duration: return "duration";
    case Kind::Url: return "url";
    case Kind::Path: return "path";
    case Kind::Email: return "email";
    case Kind::Command: return "command";
    case Kind::Semver: return "semver";
  }
  return "";
}

auto Value::OfString(std::string_view text) -> Value {
  CHECK(text.size() <= std::numeric_limits<uint32_t>::max());
  return {Kind::String, static_cast<uint32_t>(text.size()), reinterpret_cast<uint64_t>(text.data())};
}

auto Value::OfSortedSet(SetView elements) -> Value {
  CHECK(elements.size() <= std::numeric_limits<uint32_t>::max());
  return {Kind::Set, static_cast<uint32_t>(elements.size()), reinterpret_cast<uint64_t>(elements.data())};
}

auto Value::OfSortedRecord(RecordView fields) -> Value {
  CHECK(fields.size() <= std::numeric_limits<uint32_t>::max());
  return {Kind::Record, static_cast<uint32_t>(fields.size()), reinterpret_cast<uint64_t>(fields.data())};
}

auto Value::as_set() const -> SetView { return {reinterpret_cast<const Value*>(bits_), size_}; }
auto Value::as_record() const -> RecordView { return {reinterpret_cast<const Field*>(bits_), size_}; }

namespace {

auto CompareSets(SetView a, SetView b) -> std::strong_ordering {
  if (auto order = a.size() <=> b.size(); order != 0) return order;
  for (size_t i = 0; i < a.size(); ++i) {
    if (auto order = Compare(a[i], b[i]); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

auto CompareRecords(RecordView a, RecordView b) -> std::strong_ordering {
  if (auto order = a.size() <=> b.size(); order != 0) return order;
  for (size_t i = 0; i < a.size(); ++i) {
    if (auto order = a[i].key <=> b[i].key; order != 0) return order;
    if (auto order = Compare(a[i].value, b[i].value); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

auto Compare(const Value& a, const Value& b) -> std::strong_ordering {
  if (auto order = a.kind() <=> b.kind(); order != 0) return order;
  switch (a.kind()) {
    case Kind::Bool: return a.as_bool() <=> b.as_bool();
    case Kind::Long: return a.as_long() <=> b.as_long();
    case Kind::String: return a.as_string() <=> b.as_string();
    case Kind::Set: return CompareSets(a.as_set(), b.as_set());
    case Kind::Record: return CompareRecords(a.as_record(), b.as_record());
    case Kind::Entity: return a.as_entity() <=> b.as_entity();
    case Kind::Ip: return a.as_ip() <=> b.as_ip();
    case Kind::Decimal: return a.as_decimal().units <=> b.as_decimal().units;
    case Kind::Datetime: return a.as_datetime().millis <=> b.as_datetime().millis;
    case Kind::Duration: return a.as_duration().millis <=> b.as_duration().millis;
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return CanonicalText(a) <=> CanonicalText(b);
  }
  return std::strong_ordering::equal;
}

auto MakeSet(Arena& arena, std::span<const Value> elements) -> Value {
  auto sorted = arena.NewArray<Value>(elements.size());
  std::ranges::copy(elements, sorted.begin());
  std::ranges::sort(sorted, [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
  const auto repeated = std::ranges::unique(sorted);
  return Value::OfSortedSet(sorted.first(sorted.size() - repeated.size()));
}

auto MakeRecord(Arena& arena, std::span<const Field> fields) -> Value {
  auto sorted = arena.NewArray<Field>(fields.size());
  std::ranges::copy(fields, sorted.begin());
  std::ranges::sort(sorted, {}, &Field::key);
  return Value::OfSortedRecord(sorted);
}

auto SetContains(SetView set, const Value& element) -> bool {
  return std::binary_search(set.begin(), set.end(), element, [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
}

auto FindField(RecordView record, SymbolId key) -> const Value* {
  auto it = std::ranges::lower_bound(record, key, {}, &Field::key);
  return it != record.end() && it->key == key ? &it->value : nullptr;
}

auto CanonicalText(const Value& value) -> std::string_view {
  switch (value.kind()) {
    case Kind::Url: return value.as_url().text();
    case Kind::Path: return value.as_path().text();
    case Kind::Email: return value.as_email().text();
    case Kind::Command: return value.as_command().text();
    case Kind::Semver: return value.as_semver().text();
    case Kind::Bool:
    case Kind::Long:
    case Kind::String:
    case Kind::Set:
    case Kind::Record:
    case Kind::Entity:
    case Kind::Ip:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration: break;
  }
  CHECK(false, "this kind has no canonical text");
  return {};
}

namespace {

// Of a URL, a path, ...
template <typename T>
auto CopyText(Arena& arena, T value) -> Value {
  value.storage = arena.CopyString(value.storage);
  return Value::Of(arena.New(value));
}

}  // namespace

auto CopyValue(Arena& arena, const Value& value) -> Value {
  switch (value.kind()) {
    case Kind::String: return Value::OfString(arena.CopyString(value.as_string()));
    case Kind::Ip: return Value::OfIp(arena.New(value.as_ip()));
    case Kind::Url: return CopyText(arena, value.as_url());
    case Kind::Path: return CopyText(arena, value.as_path());
    case Kind::Email: return CopyText(arena, value.as_email());
    case Kind::Command: return CopyText(arena, value.as_command());
    case Kind::Semver: return CopyText(arena, value.as_semver());
    case Kind::Set: {
      auto copy = arena.NewArray<Value>(value.as_set().size());
      std::ranges::transform(value.as_set(), copy.begin(), [&](const Value& element) { return CopyValue(arena, element); });
      return Value::OfSortedSet(copy);
    }
    case Kind::Record: {
      auto copy = arena.NewArray<Field>(value.as_record().size());
      std::ranges::transform(value.as_record(), copy.begin(),
                             [&](const Field& field) { return Field{field.key, CopyValue(arena, field.value)}; });
      return Value::OfSortedRecord(copy);
    }
    case Kind::Bool:
    case Kind::Long:
    case Kind::Entity:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration: return value;
  }
  return value;
}

}  // namespace remit
