// Ancestors of the entities that a change touches, those below them included.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/entity/entity_store.h"
#include "runtime/entity/parent_edges.h"

namespace remit {

struct ClosureInput {
  EntityRows& rows;
  const EntityIndex& index;
  EntityRows::Writer& writer;  // of `rows`; the sets are in its arena
};

// Rows of the entities among `roots`, which need not exist, and of all below them. `children` may list entities that are not below any more.
auto RowsBelow(const ClosureInput& input, std::span<const EntityUid> roots, const ChildMap& children) -> std::vector<uint32_t>;

// The edges of these rows, which have entities.
auto EdgesOf(const ClosureInput& input, std::span<const uint32_t> rows) -> ParentEdges;

// Sets the ancestors of these entities. All others have theirs, and none of those is below one of these. None, or an entity that is its own
// ancestor: then nothing was set.
auto SetAncestors(const ClosureInput& input, const ParentEdges& edges) -> std::optional<EntityUid>;

// The same for a request that asks few of them what they are in: the others with parents list none. `asked`: rows of entities with parents. Cycles
// are found wherever they are.
inline constexpr size_t kFewAsked = 16;
auto SetAncestorsOf(const ClosureInput& input, const ParentEdges& edges, std::span<const uint32_t> asked) -> std::optional<EntityUid>;

}  // namespace remit
