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
  std::shared_ptr<Policies> policies;
  std::shared_ptr<const EntityStore> entities;
  bool entities_conform = false;     // to the policies' schema
  std::shared_ptr<PlanCache> plans;  // of these policies and this action hierarchy
};

}  // namespace remit
