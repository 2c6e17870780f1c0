// One entity as both engines read it.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/entity/ancestor_set.h"
#include "runtime/value/value.h"

namespace remit {

// One cache line; standard layout: native code reads it.
struct Entity {
  EntityUid uid;
  RecordView attrs;
  RecordView tags;
  std::span<const EntityUid> parents;      // as given, without repetitions
  const AncestorSet* ancestors = nullptr;  // the entity itself not included; null: too many to list, see EntityStore
};
static_assert(sizeof(Entity) == 64);

}  // namespace remit
