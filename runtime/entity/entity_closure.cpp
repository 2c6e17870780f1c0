// A topological order (Kahn's), parents first, then one union per distinct set of parents. Depth-first search, the usual way, needs a stack as
// deep as the hierarchy.
#include "runtime/entity/entity_closure.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

namespace remit {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Rows to their positions among those that change. A vector when they are many, so that loading costs no hashing.
class Positions {
 public:
  Positions(std::span<const uint32_t> rows, uint32_t row_count) {
    if (rows.size() > row_count / 8) {
      dense_.assign(row_count, kNone);
      for (uint32_t i = 0; i < rows.size(); ++i) dense_[rows[i]] = i;
    } else {
      for (uint32_t i = 0; i < rows.size(); ++i) sparse_.emplace(rows[i], i);
    }
  }
  auto Of(uint32_t row) const -> uint32_t {
    if (row == EntityIndex::kNoRow) return kNone;
    if (!dense_.empty()) return row < dense_.size() ? dense_[row] : kNone;
    const auto it = sparse_.find(row);
    return it == sparse_.end() ? kNone : it->second;
  }

 private:
  std::vector<uint32_t> dense_;
  std::unordered_map<uint32_t, uint32_t> sparse_;
};

struct ParentsHash {
  auto operator()(std::span<const EntityUid> uids) const -> size_t {
    uint64_t hash = uids.size();
    for (const EntityUid uid : uids) hash = (hash ^ uid.packed()) * AncestorSet::kMultiplier;
    return hash ^ (hash >> 32);
  }
};
struct SameParents {
  auto operator()(std::span<const EntityUid> a, std::span<const EntityUid> b) const -> bool { return std::ranges::equal(a, b); }
};

class AncestorSetter {
 public:
  AncestorSetter(const ClosureInput& input, std::span<const uint32_t> rows)
      : input_(input), rows_(rows), positions_(rows, input.index.size()), parent_positions_(rows.size()) {
    FindParents();
  }

  auto Run() -> std::optional<EntityUid> {
    const auto order = ParentsFirst();
    if (order.size() != rows_.size()) return FindCycleMember(order);
    for (const uint32_t i : order) {
      Entity& entity = input_.rows.Writable(rows_[i], input_.writer);
      entity.ancestors = AncestorsFrom(entity.parents);
    }
    return std::nullopt;
  }

 private:
  auto entity(uint32_t position) const -> const Entity& { return input_.rows.At(rows_[position]); }

  void FindParents() {
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      for (const EntityUid parent : entity(i).parents) {
        const uint32_t position = positions_.Of(input_.index.Find(parent));
        if (position != kNone) parent_positions_[i].push_back(position);
      }
    }
  }

  // Those of a cycle, and those below one, are left out.
  auto ParentsFirst() const -> std::vector<uint32_t> {
    const auto count = static_cast<uint32_t>(rows_.size());
    std::vector<uint32_t> waiting_for(count, 0);
    std::vector<uint32_t> first_child(count + 1, 0);  // children of i: children[first_child[i] .. first_child[i + 1])
    for (uint32_t i = 0; i < count; ++i) {
      waiting_for[i] = static_cast<uint32_t>(parent_positions_[i].size());
      for (const uint32_t parent : parent_positions_[i]) ++first_child[parent + 1];
    }
    std::partial_sum(first_child.begin(), first_child.end(), first_child.begin());
    std::vector<uint32_t> children(first_child.back());
    auto next = first_child;
    for (uint32_t i = 0; i < count; ++i) {
      for (const uint32_t parent : parent_positions_[i]) children[next[parent]++] = i;
    }
    std::vector<uint32_t> order;
    order.reserve(count);
    for (uint32_t i = 0; i < count; ++i) {
      if (waiting_for[i] == 0) order.push_back(i);
    }
    for (size_t done = 0; done < order.size(); ++done) {
      for (uint32_t edge = first_child[order[done]]; edge < first_child[order[done] + 1]; ++edge) {
        if (--waiting_for[children[edge]] == 0) order.push_back(children[edge]);
      }
    }
    return order;
  }

  // Each entity left out of `order` has a parent that is left out too, so going up must come round.
  auto FindCycleMember(const std::vector<uint32_t>& order) const -> EntityUid {
    std::vector<bool> ordered(rows_.size(), false);
    for (const uint32_t i : order) ordered[i] = true;
    auto at = static_cast<uint32_t>(std::ranges::find(ordered, false) - ordered.begin());
    std::vector<bool> visited(rows_.size(), false);
    while (!visited[at]) {
      visited[at] = true;
      at = *std::ranges::find_if(parent_positions_[at], [&](uint32_t parent) { return !ordered[parent]; });
    }
    return entity(at).uid;
  }

  auto AncestorsFrom(std::span<const EntityUid> parents) -> const AncestorSet* {
    if (parents.empty()) return AncestorSet::Empty();
    scratch_.assign(parents.begin(), parents.end());
    std::ranges::sort(scratch_);
    if (const auto it = by_parents_.find(scratch_); it != by_parents_.end()) return it->second;
    const auto key = keys_.Copy(std::span<const EntityUid>(scratch_));
    return by_parents_[key] = Union(parents);
  }

  // The parents and their ancestors; null if that is too much to list.
  auto Union(std::span<const EntityUid> parents) -> const AncestorSet* {
    std::vector<EntityUid> all(parents.begin(), parents.end());
    for (const EntityUid parent : parents) {
      const uint32_t row = input_.index.Find(parent);
      if (row >= input_.rows.capacity()) continue;
      const Entity& entity = input_.rows.At(row);
      if (entity.uid != parent) continue;
      if (entity.ancestors == nullptr) return nullptr;
      entity.ancestors->ForEach([&](EntityUid above) { all.push_back(above); });
      if (all.size() > kMaxListedAncestors * 4) Deduplicate(all);
      if (all.size() > kMaxListedAncestors * 4) return nullptr;
    }
    Deduplicate(all);
    return all.size() > kMaxListedAncestors ? nullptr : AncestorSet::Make(input_.arena, all);
  }

  static void Deduplicate(std::vector<EntityUid>& uids) {
    std::ranges::sort(uids);
    const auto repeated = std::ranges::unique(uids);
    uids.erase(repeated.begin(), repeated.end());
  }

  const ClosureInput& input_;
  std::span<const uint32_t> rows_;
  Positions positions_;
  std::vector<std::vector<uint32_t>> parent_positions_;  // of each, among those that change
  std::vector<EntityUid> scratch_;
  Arena keys_;
  std::unordered_map<std::span<const EntityUid>, const AncestorSet*, ParentsHash, SameParents> by_parents_;
};

}  // namespace

auto RowsBelow(const ClosureInput& input, std::span<const EntityUid> roots, const ChildMap& children) -> std::vector<uint32_t> {
  std::vector<EntityUid> pending(roots.begin(), roots.end());
  std::unordered_set<uint64_t> seen;
  std::vector<uint32_t> found;
  while (!pending.empty()) {
    const EntityUid uid = pending.back();
    pending.pop_back();
    if (!seen.insert(uid.packed()).second) continue;
    const uint32_t row = input.index.Find(uid);
    if (row < input.rows.capacity() && input.rows.At(row).uid == uid) found.push_back(row);
    const auto it = children.find(uid.packed());
    if (it == children.end()) continue;
    for (const uint32_t child : it->second) {
      const Entity& entity = input.rows.At(child);
      if (std::ranges::find(entity.parents, uid) != entity.parents.end()) pending.push_back(entity.uid);
    }
  }
  return found;
}

auto SetAncestors(const ClosureInput& input, std::span<const uint32_t> rows) -> std::optional<EntityUid> {
  return AncestorSetter(input, rows).Run();
}

}  // namespace remit
