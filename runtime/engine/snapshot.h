// What decisions read: one policy set and the entities at one moment. Const and shared; a decision sees one snapshot from start to end.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/engine/plan.h"
#include "runtime/engine/policies.h"
#include "runtime/entity/entity_store.h"

namespace remit {

struct Snapshot {
  uint64_t number = 0;  // counts up with every publication
  // Of the snapshot since which entities changed one by one and nothing else did: entities found since are still where they were unless they are marked as
  // replaced, and plans hold.
  uint64_t base = 0;
  std::shared_ptr<Policies> policies;
  std::shared_ptr<const EntityStore> entities;
  bool entities_conform = false;  // to the policies' schema
  std::shared_ptr<PlanCache> plans;  // of these policies and this action hierarchy
};

// All that a session needs of a snapshot where only entities changed since the last one.
struct SnapshotHead {
  uint64_t number;
  uint64_t base;
  StoreView store;
};

inline auto HeadOf(const Snapshot& snapshot) -> SnapshotHead {
  return {.number = snapshot.number, .base = snapshot.base, .store = ViewOf(*snapshot.entities)};
}

}  // namespace remit
