// What a schema says of types, by their names: for the few types that a document names in every entity.
//
// One place for each name, by its symbol; a type that loses its place is looked up again. The schema and the names do not change meanwhile.
#pragma once

#include <algorithm>
#include <array>

#include "runtime/entity/schema.h"
#include "runtime/entity/validate_value.h"

namespace remit {

struct TypeFacts {
  SymbolId name;
  bool is_action = false;
  bool needs_attributes = false;  // some must be there
  const EntityTypeDecl* decl = nullptr;  // null: not declared, or there is no schema

  // Whether there may be entities of this type with whatever id.
  auto has_any_id() const -> bool { return decl != nullptr && decl->enumerated_ids.empty(); }
};

class TypeFactsTable {
 public:
  // `schema` may be null.
  TypeFactsTable(const Schema* schema, const Interner& interner) : schema_(schema), interner_(interner) {}

  // Valid until the next call.
  auto Of(SymbolId name) -> const TypeFacts& {
    TypeFacts& facts = places_[name.value % kPlaces];
    if (facts.name != name) facts = Find(name);
    return facts;
  }

 private:
  auto Find(SymbolId name) const -> TypeFacts {
    const auto* decl = schema_ != nullptr ? schema_->FindEntityType(name) : nullptr;
    return {.name = name,
            .is_action = IsActionType(interner_.text(name)),
            .needs_attributes = decl != nullptr && std::ranges::any_of(schema_->type(decl->attributes).fields, &TypeField::required),
            .decl = decl};
  }

  static constexpr uint32_t kPlaces = 16;

  const Schema* schema_;
  const Interner& interner_;
  std::array<TypeFacts, kPlaces> places_ = {};
};

}  // namespace remit
