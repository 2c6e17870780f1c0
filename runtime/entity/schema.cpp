#include "runtime/entity/schema.h"

namespace remit {

auto Schema::FindEntityType(SymbolId name) const -> const EntityTypeDecl* {
  auto it = entity_type_index.find(name);
  return it == entity_type_index.end() ? nullptr : &entity_types[it->second];
}

auto Schema::FindAction(EntityUid uid) const -> const ActionDecl* {
  auto it = action_index.find(uid.packed());
  return it == action_index.end() ? nullptr : &actions[it->second];
}

}  // namespace remit
