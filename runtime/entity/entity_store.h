// Entities by uid with their ancestors precomputed: `in` is a lookup, not a walk.
//
// A store is complete and const once built; readers share it freely. Parents need not exist as entities: they count as
// ancestors all the same, as in Cedar.
//
// Cost: the closure is linear in the number of entities. Entities with the same parents share one list of ancestors, and an entity
// with more than `kMaxListedAncestors` of them has none: there `in` walks up to entities that have a list. Listing everything, the
// alternative, takes memory with the square of the depth, and entities may come from a request.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/value/value.h"

namespace remit {

struct Entity {
  EntityUid uid;
  RecordView attrs;
  RecordView tags;
  std::span<const EntityUid> parents;    // as given, without repetitions
  std::span<const EntityUid> ancestors;  // sorted; all of them, the entity itself not included; empty unless `lists_ancestors`
  bool lists_ancestors = true;
};

inline constexpr size_t kMaxListedAncestors = 256;

class EntityStore {
 public:
  // Null if there is no such entity.
  auto Find(EntityUid uid) const -> const Entity*;
  // Cedar's `in`: reflexive, transitive; an entity that does not exist is in itself alone.
  auto IsIn(EntityUid descendant, EntityUid ancestor) const -> bool;
  // All ancestors of an entity, sorted, whether listed or not. For tools: deciding uses IsIn.
  auto AncestorsOf(EntityUid uid) const -> std::vector<EntityUid>;
  // In the order they were added.
  auto entities() const -> std::span<const Entity> { return entities_; }

 private:
  friend class EntityStoreBuilder;

  auto WalkIsIn(const Entity& descendant, EntityUid ancestor) const -> bool;

  Arena arena_;
  std::vector<Entity> entities_;
  std::unordered_map<uint64_t, uint32_t> index_;
};

// Collects entities, then computes the closure. The arena's memory goes to the store.
class EntityStoreBuilder {
 public:
  explicit EntityStoreBuilder(const Interner& interner) : interner_(&interner) {}

  // Where attribute and tag values of added entities must live.
  auto arena() -> Arena& { return store_.arena_; }

  // The entity's spans must live in `arena()`. Adding the same entity twice is allowed if nothing differs
  // ("duplicate-entity" otherwise).
  auto Add(const Entity& entity) -> Expected<void>;
  // The same, but an entity that is there already is replaced: request entities override the store's.
  void AddOrReplace(const Entity& entity);

  // Adds the entities of another store that are not here yet. That store must outlive the one built: values are borrowed, not copied.
  void AddMissing(const EntityStore& base);

  // Fails with "hierarchy-cycle" naming one entity of the cycle.
  auto Build() && -> Expected<EntityStore>;

 private:
  const Interner* interner_;
  EntityStore store_;
};

}  // namespace remit
