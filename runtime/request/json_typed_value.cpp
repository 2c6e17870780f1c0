// Values where the schema says what to expect.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/request/json_value.h"

namespace remit::json {
namespace {

auto RefuseMismatch(const Cursor& at, Kind expected) -> std::unexpected<Error> {
  return at.Fail("type-mismatch", fmt::format("expected a {} here according to the schema, found {}", KindName(expected), at.Describe()));
}

auto Holds(std::span<const Field> fields, SymbolId key) -> bool { return std::ranges::find(fields, key, &Field::key) != fields.end(); }

}  // namespace

auto ValueReader::ReadTyped(const Cursor& at, TypeId type_id) -> Expected<Value> {
  if (schema_ == nullptr || !type_id.has_value()) return Read(at);
  const Type& type = schema_->type(type_id);
  switch (type.kind) {
    case Kind::Bool:
    case Kind::Long:
    case Kind::String:
    case Kind::Url:  // no schema declares it, nor those behind it
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: return Read(at);
    case Kind::Set: return at.is_array() ? ReadSet(at, type.element) : Expected<Value>(RefuseMismatch(at, type.kind));
    case Kind::Record: return at.is_object() ? ReadTypedRecord(at, type) : Expected<Value>(RefuseMismatch(at, type.kind));
    case Kind::Entity: return AsValue(ReadUid(at));
    case Kind::Ip:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration: return ReadExtension(at, type.kind);
  }
  return Read(at);
}

auto ValueReader::ReadTypedRecord(const Cursor& at, const Type& type) -> Expected<Value> {
  const auto members = at.RequireObject();
  if (!members) return std::unexpected(members.error());
  Tail<Field> fields(fields_);
  for (const auto& [key, child] : *members) {
    const auto place = at.At(key, child);
    const SymbolId symbol = keys_.Find(key);
    const TypeField* field = symbol.has_value() ? type.FindField(symbol) : nullptr;
    if (field == nullptr) {
      return place.Fail("unexpected-attribute", fmt::format("record attribute `{}` should not exist according to the schema", key));
    }
    auto value = ReadTyped(place, field->type);
    if (!value) return value;
    fields.Push({.key = symbol, .value = *value});
  }
  for (const TypeField& field : type.fields) {
    if (!field.required || Holds(fields.items(), field.key)) continue;
    return at.Fail("missing-attribute",
                   fmt::format("expected the record to have an attribute `{}`, but it does not", interner_.text(field.key)));
  }
  return MakeRecord(arena_, fields.items());
}

}  // namespace remit::json
