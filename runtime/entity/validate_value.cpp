#include "runtime/entity/validate_value.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/json_pointer.h"
#include "runtime/entity/schema_hints.h"
#include "runtime/entity/type_text.h"

namespace remit {
namespace {

constexpr size_t kShownType = 100;

class ValueValidator {
 public:
  ValueValidator(const Schema& schema, const Interner& interner) : schema_(schema), interner_(interner) {}

  // Recursion is bounded by the depth of types, which the compiler limits.
  auto Check(const Value& value, TypeId id) const -> Expected<void> {
    const Type& type = schema_.type(id);
    if (!value.is(type.kind)) return RefuseKind(value, id);
    switch (type.kind) {
      case Kind::Set: return CheckSet(value.as_set(), type.element);
      case Kind::Record: return CheckRecord(value.as_record(), type);
      case Kind::Entity: {
        const bool is_of_type = !type.entity_type.has_value() || value.as_entity().type == type.entity_type;
        return is_of_type ? CheckUid(value.as_entity()) : RefuseKind(value, id);
      }
      case Kind::Bool:
      case Kind::Long:
      case Kind::String:
      case Kind::Ip:
      case Kind::Decimal:
      case Kind::Datetime:
      case Kind::Duration:
      case Kind::Url:  // no schema declares it, nor those behind it
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return {};
    }
    return {};
  }

  // Both are sorted by key: one pass over the two.
  auto CheckRecord(RecordView record, const Type& type) const -> Expected<void> {
    auto declared = type.fields.begin();
    for (const Field& field : record) {
      for (; declared != type.fields.end() && declared->key < field.key; ++declared) {
        if (declared->required) return RefuseMissing(*declared);
      }
      if (declared == type.fields.end() || declared->key != field.key) return RefuseExtra(field.key, type);
      if (auto checked = Check(field.value, declared->type); !checked) {
        return Inside(field.key, std::move(checked.error()));
      }
      ++declared;
    }
    const auto missing = std::find_if(declared, type.fields.end(), [](const TypeField& field) { return field.required; });
    return missing == type.fields.end() ? Expected<void>{} : RefuseMissing(*missing);
  }

  auto CheckUid(EntityUid uid) const -> Expected<void> {
    if (const auto* type = schema_.FindEntityType(uid.type)) {
      if (type->enumerated_ids.empty() || std::ranges::binary_search(type->enumerated_ids, uid.id)) return {};
      return Refuse("unknown-enumerated-id",
                    fmt::format("there is no `{}`: the schema lists all entities of the type `{}`",
                                ClipText(FormatEntityUid(uid, interner_)), interner_.text(uid.type)),
                    SuggestId(*type, interner_));
    }
    if (!IsActionType(interner_.text(uid.type)) || schema_.FindAction(uid) != nullptr) return {};
    return Refuse("undeclared-action", fmt::format("action `{}` is not declared in the schema", ClipText(FormatEntityUid(uid, interner_))),
                  SuggestAction(schema_, uid, interner_));
  }

 private:
  auto CheckSet(SetView set, TypeId element) const -> Expected<void> {
    for (const Value& value : set) {
      if (auto checked = Check(value, element); !checked) {
        checked.error().pointer.clear();  // the set has forgotten which element that was
        return checked;
      }
    }
    return {};
  }

  auto Inside(SymbolId key, Error error) const -> Expected<void> {
    const auto name = interner_.text(key);
    if (error.pointer.empty()) error.message = fmt::format("attribute `{}`: {}", ClipText(std::string(name)), error.message);
    error.pointer = PointerStep(name) + error.pointer;
    return std::unexpected(std::move(error));
  }

  static auto Refuse(std::string code, std::string message, std::string help = {}) -> Expected<void> {
    return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = std::move(help)});
  }

  auto RefuseKind(const Value& value, TypeId type) const -> Expected<void> {
    return Refuse("type-mismatch", fmt::format("expected `{}`, found the {} `{}`", FormatType(schema_, type, interner_, kShownType),
                                               KindName(value.kind()), ClipText(FormatValue(value, interner_))));
  }
  auto RefuseMissing(const TypeField& field) const -> Expected<void> {
    return Refuse("missing-attribute", fmt::format("the attribute `{}` is missing", interner_.text(field.key)),
                  fmt::format("the schema requires it, as `{}`", FormatType(schema_, field.type, interner_, kShownType)));
  }
  auto RefuseExtra(SymbolId key, const Type& type) const -> Expected<void> {
    auto refused =
        Refuse("unexpected-attribute",
               fmt::format("there should be no attribute `{}` according to the schema", ClipText(std::string(interner_.text(key)))),
               SuggestField(type, key, interner_));
    refused.error().pointer = PointerStep(interner_.text(key));
    return refused;
  }

  const Schema& schema_;
  const Interner& interner_;
};

}  // namespace

auto ValidateValue(const Schema& schema, const Interner& interner, const Value& value, TypeId type) -> Expected<void> {
  return ValueValidator(schema, interner).Check(value, type);
}

auto ValidateRecord(const Schema& schema, const Interner& interner, RecordView record, const Type& type) -> Expected<void> {
  return ValueValidator(schema, interner).CheckRecord(record, type);
}

auto ValidateUid(const Schema& schema, const Interner& interner, EntityUid uid) -> Expected<void> {
  return ValueValidator(schema, interner).CheckUid(uid);
}

auto IsActionType(std::string_view type) -> bool { return type == "Action" || type.ends_with("::Action"); }

}  // namespace remit
