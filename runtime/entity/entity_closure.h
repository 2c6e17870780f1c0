// Ancestors of the entities that a change touches, those below them included.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/entity/entity_store.h"

namespace remit {

struct ClosureInput {
  EntityRows& rows;
  const EntityIndex& index;
  Arena& arena;         // of the sets
  uint64_t writer = 0;  // of `rows`
};

// Rows of the entities among `roots`, which need not exist, and of all below them. `children` may list entities that are not below any more.
auto RowsBelow(const ClosureInput& input, std::span<const EntityUid> roots, const ChildMap& children) -> std::vector<uint32_t>;

// Sets the ancestors of these rows. All other entities have theirs, and none of those is below one of these. None, or an entity that is
// its own ancestor: then nothing was set.
auto SetAncestors(const ClosureInput& input, std::span<const uint32_t> rows) -> std::optional<EntityUid>;

}  // namespace remit
