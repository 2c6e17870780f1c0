// One function for each kind of value that a place may hold.
#include "runtime/server/authzen/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace remit::authzen {
namespace {

using json::Cursor;

constexpr double kExact = 9007199254740992.0;  // 2^53: every integer up to here is a double of its own
constexpr int64_t kUnits = 10'000;  // of a decimal

auto Mismatch(const Cursor& at, Kind expected) -> std::unexpected<Error> {
  return at.Fail("type-mismatch", fmt::format("expected a {} here, found {}", KindName(expected), at.Describe()));
}

// The integer that a number stands for, `1.0` included: many senders have no other numbers than doubles.
auto WholeNumber(const Cursor& at) -> std::optional<int64_t> {
  if (at.element().is_int64()) return at.element().get_int64().value_unsafe();
  if (!at.element().is_double()) return std::nullopt;
  const double number = at.element().get_double().value_unsafe();
  if (std::fabs(number) > kExact || number != std::trunc(number)) return std::nullopt;
  return static_cast<int64_t>(number);
}

// The decimal that a number stands for: four places, as Cedar has them.
auto DecimalNumber(const Cursor& at) -> std::optional<Decimal> {
  if (const auto whole = WholeNumber(at)) {
    int64_t units = 0;
    if (__builtin_mul_overflow(*whole, kUnits, &units)) return std::nullopt;
    return Decimal{.units = units};
  }
  if (!at.element().is_double()) return std::nullopt;
  const double scaled = at.element().get_double().value_unsafe() * static_cast<double>(kUnits);
  const double rounded = std::nearbyint(scaled);
  const bool is_exact = std::fabs(rounded) < kExact && std::fabs(scaled - rounded) <= 1e-6 * std::max(1.0, std::fabs(scaled) * 1e-9);
  if (!is_exact) return std::nullopt;
  return Decimal{.units = static_cast<int64_t>(rounded)};
}

}  // namespace

auto ValueMaker::Make(const Cursor& at, TypeId type_id) -> Expected<Value> {
  if (schema_ == nullptr || !type_id.has_value()) return MakeUntyped(at);
  const Type& type = schema_->type(type_id);
  switch (type.kind) {
    case Kind::Bool: return at.element().is_bool() ? reader_.Read(at) : Expected<Value>(Mismatch(at, type.kind));
    case Kind::Long: return MakeNumber(at, false);
    case Kind::String: return at.is_string() ? reader_.Read(at) : Expected<Value>(Mismatch(at, type.kind));
    case Kind::Set: return at.is_array() ? MakeSet(at, type.element) : Expected<Value>(Mismatch(at, type.kind));
    case Kind::Record: return at.is_object() ? MakeRecord(at, type_id) : Expected<Value>(Mismatch(at, type.kind));
    case Kind::Entity: return MakeEntity(at, type.entity_type);
    case Kind::Decimal: return at.element().is_number() ? MakeNumber(at, true) : reader_.ReadTyped(at, type_id);
    case Kind::Ip:
    case Kind::Datetime:
    case Kind::Duration: return reader_.ReadTyped(at, type_id);
    case Kind::Url:  // no schema declares it, nor those behind it
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return MakeUntyped(at);
  }
  return MakeUntyped(at);
}

auto ValueMaker::MakeNumber(const Cursor& at, bool is_decimal) -> Expected<Value> {
  if (is_decimal) {
    const auto decimal = DecimalNumber(at);
    return decimal ? Value::OfDecimal(*decimal) : Expected<Value>(at.Fail("type-mismatch", "this number has more than four places"));
  }
  if (!at.element().is_number()) return Mismatch(at, Kind::Long);
  const auto whole = WholeNumber(at);
  if (!whole) return at.Fail("not-an-integer", "this number is no 64-bit integer");
  return Value::OfLong(*whole);
}

auto ValueMaker::MakeSet(const Cursor& at, TypeId element) -> Expected<Value> {
  json::Tail<Value> elements(elements_);
  for (const json::Element child : at.array()) {
    const auto place = at.At(elements.size(), child);
    if (place.is_null()) return place.Fail("null-value", "found a `null` in an array");
    auto value = Make(place, element);
    if (!value) return value;
    elements.Push(*value);
  }
  return remit::MakeSet(reader_.arena(), elements.items());
}

// `type_id`: none if nothing is declared. Required members that are missing are for the validation.
auto ValueMaker::MakeRecord(const Cursor& at, TypeId type_id) -> Expected<Value> {
  const auto members = at.RequireObject();
  if (!members) return std::unexpected(members.error());
  json::Tail<Field> fields(reader_.fields());
  for (const auto& [key, child] : *members) {
    const auto place = at.At(key, child);
    if (place.is_null()) continue;
    const TypeField* declared = type_id.has_value() ? names_.members().Find(type_id, key) : nullptr;
    if (type_id.has_value() && declared == nullptr) continue;
    auto value = Make(place, declared == nullptr ? TypeId() : declared->type);
    if (!value) return value;
    fields.Push({.key = declared == nullptr ? reader_.keys().Intern(key) : declared->key, .value = *value});
  }
  return remit::MakeRecord(reader_.arena(), fields.items());
}

// An id of the declared type, `{"type": .., "id": ..}` with AuthZEN's or Cedar's type, or Cedar's explicit form.
auto ValueMaker::MakeEntity(const Cursor& at, SymbolId type) -> Expected<Value> {
  Interner& interner = reader_.interner();
  if (at.is_string()) {
    if (!type.has_value()) return Mismatch(at, Kind::Entity);
    return Value::OfEntity({.type = type, .id = interner.Intern(at.text())});
  }
  const auto parts = json::AsTypeAndId(at.element());
  if (!parts) {
    auto uid = reader_.ReadUid(at);
    if (!uid) return std::unexpected(uid.error());
    return Value::OfEntity(*uid);
  }
  const auto named = names_.FindType(parts->type.get_string().value_unsafe(), interner);
  if (!named) return at.At("type", parts->type).Fail(named.error().code, named.error().message);
  return Value::OfEntity({.type = *named, .id = interner.Intern(parts->id.get_string().value_unsafe())});
}

// What there is no declaration for: the explicit forms of Cedar's JSON mean what they mean there.
auto ValueMaker::MakeUntyped(const Cursor& at) -> Expected<Value> {
  if (at.is_null()) return at.Fail("null-value", "there is no `null` among the values");
  if (at.is_array()) return MakeSet(at, {});
  if (at.element().is_number()) return MakeNumber(at, false);
  if (!at.is_object()) return reader_.Read(at);
  const bool is_escape = json::OnlyMember(at.element(), "__entity") || json::OnlyMember(at.element(), "__extn");
  return is_escape ? reader_.Read(at) : MakeRecord(at, {});
}

}  // namespace remit::authzen
