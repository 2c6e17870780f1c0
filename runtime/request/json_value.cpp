// Values in the explicit forms: what can be read without knowing any type.
#include "runtime/request/json_value.h"

#include <fmt/format.h>

#include "runtime/base/text.h"

namespace remit::json {
namespace {

auto RefuseExprEscape(const Cursor& at) -> std::unexpected<Error> {
  return at.Fail("expr-escape", "the `__expr` escape is not supported", "use `__entity` for entities and `__extn` for extension values");
}

}  // namespace

auto ValueReader::Read(const Cursor& at) -> Expected<Value> {
  using simdjson::dom::element_type;
  switch (at.element().type()) {
    case element_type::BOOL: return Value::OfBool(at.element().get_bool().value_unsafe());
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE: return ReadNumber(at);
    case element_type::STRING: return Value::OfString(arena_.CopyString(at.text()));
    case element_type::ARRAY: return ReadSet(at, {});
    case element_type::OBJECT: return ReadRecord(at);
    case element_type::NULL_VALUE:
      return at.Fail("null-value", "found a `null`; there is no null among the values", "leave the member out");
  }
  return at.Fail("unexpected-json", "this is no value");
}

auto ValueReader::ReadNumber(const Cursor& at) -> Expected<Value> {
  if (at.element().is_int64()) return Value::OfLong(at.element().get_int64().value_unsafe());
  if (at.element().is_uint64()) {
    return at.Fail("integer-out-of-range",
                   fmt::format("the integer `{}` does not fit in 64 bits", at.element().get_uint64().value_unsafe()));
  }
  return at.Fail("not-an-integer", "numbers must be integers", R"(write a decimal as `{"__extn": {"fn": "decimal", "arg": "1.5"}}`)");
}

auto ValueReader::ReadSet(const Cursor& at, TypeId element) -> Expected<Value> {
  Tail<Value> elements(elements_);
  for (const Element child : at.array()) {
    auto value = ReadTyped(at.At(elements.size(), child), element);
    if (!value) return value;
    elements.Push(*value);
  }
  return MakeSet(arena_, elements.items());
}

auto ValueReader::ReadRecord(const Cursor& at) -> Expected<Value> {
  const auto members = at.RequireObject();
  if (!members) return std::unexpected(members.error());
  if (auto escaped = ReadEscape(at)) return *escaped;
  Tail<Field> fields(fields_);
  for (const auto& [key, child] : *members) {
    auto value = Read(at.At(key, child));
    if (!value) return value;
    fields.Push({.key = keys_.Intern(key), .value = *value});
  }
  return MakeRecord(arena_, fields.items());
}

// None if the object is no escape but a record.
auto ValueReader::ReadEscape(const Cursor& at) -> std::optional<Expected<Value>> {
  if (at.object().size() != 1) return std::nullopt;
  const auto refuse_number = [&] { return at.Fail("not-an-integer", "numbers must be integers, in members that are not read too"); };
  if (const auto inner = OnlyMember(at.element(), "__entity"); inner && AsTypeAndId(*inner)) {
    return HoldsOnlyLongs(*inner) ? AsValue(ReadTypeAndId(at.At("__entity", *inner))) : refuse_number();
  }
  if (const auto inner = OnlyMember(at.element(), "__extn"); inner && AsFunctionCall(*inner)) {
    return HoldsOnlyLongs(*inner) ? CallExplicit(at.At("__extn", *inner)) : refuse_number();
  }
  if (const auto inner = OnlyMember(at.element(), "__expr"); inner && inner->is_string()) return RefuseExprEscape(at);
  return std::nullopt;
}

auto ValueReader::ReadUid(const Cursor& at) -> Expected<EntityUid> {
  const auto wrong = [&](const Cursor& place) {
    return place.Fail("expected-entity", fmt::format("expected an entity reference, found {}", place.Describe()),
                      R"(an entity reference is `{"type": "User", "id": "ana"}`)");
  };
  if (const auto plain = AsPlainTypeAndId(at.element())) return ToUid(at, *plain);
  if (const auto inner = OnlyMember(at.element(), "__entity")) {
    if (const auto plain = AsPlainTypeAndId(*inner)) return ToUid(at.At("__entity", *inner), *plain);
  }
  if (!at.is_object()) return wrong(at);
  if (const auto expr = MemberOf(at.element(), "__expr"); expr && expr->is_string()) return RefuseExprEscape(at);
  if (const auto inner = MemberOf(at.element(), "__entity"); inner && AsTypeAndId(*inner)) {
    if (const auto members = at.RequireObject(); !members) return std::unexpected(members.error());
    return ReadTypeAndId(at.At("__entity", *inner));
  }
  return AsTypeAndId(at.element()) ? ReadTypeAndId(at) : Expected<EntityUid>(wrong(at));
}

auto ValueReader::AsValue(const Expected<EntityUid>& uid) -> Expected<Value> {
  if (!uid) return std::unexpected(uid.error());
  return Value::OfEntity(*uid);
}

// Requires AsTypeAndId.
auto ValueReader::ReadTypeAndId(const Cursor& at) -> Expected<EntityUid> {
  if (const auto plain = AsPlainTypeAndId(at.element())) return ToUid(at, *plain);
  if (const auto members = at.RequireObject(); !members) return std::unexpected(members.error());
  return ToUid(at, *AsTypeAndId(at.element()));
}

auto ValueReader::MakeUid(std::string_view type, std::string_view id, EntityUid& uid) -> bool {
  uid.type = types_.Known(type);
  if (!uid.type.has_value()) {
    if (!IsNormalizedName(type)) return false;
    uid.type = types_.Intern(type);
  }
  uid.id = interner_.Intern(id);
  return true;
}

auto ValueReader::ToUid(const Cursor& at, const TypeAndId& parts) -> Expected<EntityUid> {
  const auto name = parts.type.get_string().value_unsafe();
  EntityUid uid;
  if (MakeUid(name, parts.id.get_string().value_unsafe(), uid)) return uid;
  return at.At("type", parts.type)
      .Fail("invalid-name", fmt::format("`{}` is not an entity type name", name),
            "a name is identifiers joined by `::`, without spaces and reserved words");
}

}  // namespace remit::json
