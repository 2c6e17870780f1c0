#include "runtime/entity/schema.h"

#include <algorithm>

namespace remit {

auto Type::FindField(SymbolId key) const -> const TypeField* {
  const auto it = std::ranges::lower_bound(fields, key, {}, &TypeField::key);
  return it != fields.end() && it->key == key ? &*it : nullptr;
}

auto Schema::FindEntityType(SymbolId name) const -> const EntityTypeDecl* {
  auto it = entity_type_index.find(name);
  return it == entity_type_index.end() ? nullptr : &entity_types[it->second];
}

auto Schema::FindAction(EntityUid uid) const -> const ActionDecl* {
  auto it = action_index.find(uid.packed());
  return it == action_index.end() ? nullptr : &actions[it->second];
}

}  // namespace remit
