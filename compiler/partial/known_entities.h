// What is known of entities: their store, and which parts of it are all there is.
//
// A store alone cannot say "not known": an entity without parents looks like one whose parents were left out. So the parts that a document
// left out stand beside it, and every question answers "not known" where they would matter.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "runtime/entity/entity_store.h"
#include "runtime/entity/known_parts.h"
#include "runtime/entity/schema.h"

namespace remit::partial {

// Not to be shared by threads: answers about types are remembered.
class KnownEntities {
 public:
  // All outlive this. `parts` null: the store is complete, and an entity that is not in it does not exist.
  KnownEntities(const EntityStore& store, const Schema& schema, const KnownPartsMap* parts)
      : store_(store), schema_(schema), parts_(parts) {}

  auto store() const -> const EntityStore& { return store_; }
  auto is_complete() const -> bool { return parts_ == nullptr; }

  auto KnowsAttributes(EntityUid uid) const -> bool { return PartsOf(uid).attrs; }
  auto KnowsTags(EntityUid uid) const -> bool { return PartsOf(uid).tags; }
  // None: it depends on parents that are not known.
  auto IsIn(EntityUid descendant, EntityUid ancestor) const -> std::optional<bool>;

 private:
  auto PartsOf(EntityUid uid) const -> KnownParts;
  // Whether the schema lets entities of one type be in others of the other type.
  auto MayBeBelow(SymbolId descendant, SymbolId ancestor) const -> bool;

  const EntityStore& store_;
  const Schema& schema_;
  const KnownPartsMap* parts_;
  mutable std::map<std::pair<SymbolId, SymbolId>, bool> may_be_below_;
};

}  // namespace remit::partial
