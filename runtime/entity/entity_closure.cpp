// A topological order (Kahn's), parents first, then one union per distinct set of parents. Depth-first search, the usual way, needs a stack as
// deep as the hierarchy.
#include "runtime/entity/entity_closure.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <unordered_set>

namespace remit {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

// Rows to their positions among those that change. A vector where they lie close together, so that loading costs no hashing, nor do the
// entities of a request, whose rows come after those of the store.
class Positions {
 public:
  explicit Positions(std::span<const uint32_t> rows) {
    if (rows.empty()) return;
    const auto [first, last] = std::ranges::minmax(rows);
    if (last - first < rows.size() * 8 + 64) {
      first_ = first;
      dense_.assign(size_t{last} - first + 1, kNone);
      for (uint32_t i = 0; i < rows.size(); ++i) dense_[rows[i] - first] = i;
    } else {
      for (uint32_t i = 0; i < rows.size(); ++i) sparse_.emplace(rows[i], i);
    }
  }
  auto Of(uint32_t row) const -> uint32_t {
    if (row == EntityIndex::kNoRow) return kNone;
    if (!dense_.empty()) return row - first_ < dense_.size() ? dense_[row - first_] : kNone;  // rows before it become large numbers
    const auto it = sparse_.find(row);
    return it == sparse_.end() ? kNone : it->second;
  }

 private:
  uint32_t first_ = 0;
  std::vector<uint32_t> dense_;
  std::unordered_map<uint32_t, uint32_t> sparse_;
};

// Distinct uids, one set after the other in the same memory. Slots of earlier sets carry an older stamp, so that nothing has to be cleared.
class UidCollector {
 public:
  void Begin() {
    uids_.clear();
    ++stamp_;
  }
  void Add(EntityUid uid) {
    if ((uids_.size() + 1) * 2 > slots_.size()) Grow();
    if (Insert(uid)) uids_.push_back(uid);
  }
  auto uids() const -> std::span<const EntityUid> { return uids_; }

 private:
  struct Slot {
    uint64_t uid = 0;
    uint64_t stamp = 0;
  };

  auto Insert(EntityUid uid) -> bool {
    const uint64_t mask = slots_.size() - 1;
    for (uint64_t at = (uid.packed() * AncestorSet::kMultiplier) >> shift_;; at = (at + 1) & mask) {
      if (slots_[at].stamp != stamp_) {
        slots_[at] = {.uid = uid.packed(), .stamp = stamp_};
        return true;
      }
      if (slots_[at].uid == uid.packed()) return false;
    }
  }

  void Grow() {
    slots_.assign(std::max<size_t>(slots_.size() * 2, 128), {});
    shift_ = 64 - static_cast<uint32_t>(std::countr_zero(slots_.size()));
    ++stamp_;
    for (const EntityUid uid : uids_) Insert(uid);
  }

  std::vector<Slot> slots_;
  uint32_t shift_ = 0;
  uint64_t stamp_ = 0;
  std::vector<EntityUid> uids_;
};

// Sets of ancestors by the parents they come from, of which the table keeps the entity that had them first.
class KnownParents {
 public:
  explicit KnownParents(size_t count) : slots_(std::bit_ceil(count * 2 + 1)) {}

  // The position that has these parents, sorted; none: it is `position` from now on.
  template <typename ParentsOf>
  auto FindOrPut(std::span<const EntityUid> sorted, uint32_t position, ParentsOf sorted_parents_of) -> uint32_t {
    const uint64_t hash = Hash(sorted);
    const auto tag = static_cast<uint32_t>(hash >> 32);
    const uint64_t mask = slots_.size() - 1;
    for (uint64_t at = hash & mask;; at = (at + 1) & mask) {
      Slot& slot = slots_[at];
      if (slot.position == kNone) {
        slot = {.position = position, .tag = tag};
        return kNone;
      }
      if (slot.tag == tag && std::ranges::equal(sorted_parents_of(slot.position), sorted)) return slot.position;
    }
  }

 private:
  struct Slot {
    uint32_t position = kNone;
    uint32_t tag = 0;  // of the parents' hash
  };

  static auto Hash(std::span<const EntityUid> uids) -> uint64_t {
    uint64_t hash = uids.size();
    for (const EntityUid uid : uids) hash = (hash ^ uid.packed()) * AncestorSet::kMultiplier;
    return hash ^ (hash >> 32);
  }

  std::vector<Slot> slots_;
};

class AncestorSetter {
 public:
  AncestorSetter(const ClosureInput& input, std::span<const uint32_t> rows)
      : input_(input), rows_(rows), positions_(rows), lists_(rows.size()), known_(rows.size()) {
    FindParents();
  }

  auto Run() -> std::optional<EntityUid> {
    const auto order = ParentsFirst();
    if (order.size() != rows_.size()) return FindCycleMember(order);
    for (const uint32_t i : order) input_.rows.Writable(rows_[i], input_.writer).ancestors = AncestorsOf(i);
    return std::nullopt;
  }

 private:
  auto entity(uint32_t position) const -> const Entity& { return input_.rows.At(rows_[position]); }
  // Rows of the parents, in their order; none: no entity has it.
  auto parent_rows(uint32_t i) const -> std::span<const uint32_t> {
    return std::span(parent_rows_).subspan(first_parent_[i], first_parent_[i + 1] - first_parent_[i]);
  }
  // Where the entity of this row is among those that change; or none.
  auto parent_position(uint32_t row) const -> uint32_t { return positions_.Of(row); }

  void FindParents() {
    first_parent_.reserve(rows_.size() + 1);
    first_parent_.push_back(0);
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      for (const EntityUid parent : entity(i).parents) parent_rows_.push_back(input_.index.Find(parent));
      first_parent_.push_back(static_cast<uint32_t>(parent_rows_.size()));
    }
  }

  // Those of a cycle, and those below one, are left out.
  auto ParentsFirst() const -> std::vector<uint32_t> {
    const auto count = static_cast<uint32_t>(rows_.size());
    std::vector<uint32_t> waiting_for(count, 0);
    std::vector<uint32_t> first_child(count + 1, 0);  // children of i: children[first_child[i] .. first_child[i + 1])
    for (uint32_t i = 0; i < count; ++i) {
      for (const uint32_t row : parent_rows(i)) {
        const uint32_t parent = parent_position(row);
        if (parent == kNone) continue;
        ++waiting_for[i];
        ++first_child[parent + 1];
      }
    }
    std::partial_sum(first_child.begin(), first_child.end(), first_child.begin());
    std::vector<uint32_t> children(first_child.back());
    auto next = first_child;
    for (uint32_t i = 0; i < count; ++i) {
      for (const uint32_t row : parent_rows(i)) {
        if (const uint32_t parent = parent_position(row); parent != kNone) children[next[parent]++] = i;
      }
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
      const auto rows = parent_rows(at);
      const auto up = std::ranges::find_if(rows, [&](uint32_t row) {
        const uint32_t parent = parent_position(row);
        return parent != kNone && !ordered[parent];
      });
      at = parent_position(*up);
    }
    return entity(at).uid;
  }

  auto AncestorsOf(uint32_t i) -> const AncestorSet* {
    const Entity& own = entity(i);
    if (own.parents.empty()) return AncestorSet::Empty();
    const auto sorted = Sorted(own.parents, scratch_);
    const uint32_t first = known_.FindOrPut(sorted, i, [&](uint32_t known) { return Sorted(entity(known).parents, other_scratch_); });
    if (first == kNone) return Union(i);
    lists_[i] = lists_[first];
    return entity(first).ancestors;
  }

  static auto Sorted(std::span<const EntityUid> uids, std::vector<EntityUid>& scratch) -> std::span<const EntityUid> {
    if (std::ranges::is_sorted(uids)) return uids;
    scratch.assign(uids.begin(), uids.end());
    std::ranges::sort(scratch);
    return scratch;
  }

  // How many ancestors may be listed for the next entity: more than a few while all that were listed are few on average. Most entities have few, and
  // going up from those that have many takes long.
  auto Limit() const -> size_t {
    constexpr size_t kMost = 4096;
    constexpr size_t kAverage = 64;
    constexpr size_t kAlwaysFine = size_t{1} << 20;  // 16 MB
    const size_t budget = std::max(kAverage * rows_.size(), kAlwaysFine);
    return std::clamp(budget - std::min(listed_, budget), kMaxListedAncestors, kMost);
  }

  // The parents and their ancestors; null if that is too much to list.
  auto Union(uint32_t i) -> const AncestorSet* {
    const auto parents = entity(i).parents;
    const size_t limit = Limit();
    if (parents.size() > limit) return nullptr;
    const auto rows = parent_rows(i);
    collector_.Begin();
    for (size_t p = 0; p < parents.size(); ++p) {
      collector_.Add(parents[p]);
      if (rows[p] >= input_.rows.capacity()) continue;
      const Entity& parent = input_.rows.At(rows[p]);
      if (parent.uid != parents[p]) continue;
      if (parent.ancestors == nullptr) return nullptr;
      AddAncestors(parent, rows[p]);
      if (collector_.uids().size() > limit) return nullptr;
    }
    if (collector_.uids().size() > limit) return nullptr;
    listed_ += collector_.uids().size();
    lists_[i] = lists_memory_.Copy(collector_.uids());
    return AncestorSet::Make(input_.arena, lists_[i]);
  }

  void AddAncestors(const Entity& of, uint32_t row) {
    if (const uint32_t position = positions_.Of(row); position != kNone) {
      for (const EntityUid above : lists_[position]) collector_.Add(above);
    } else {
      of.ancestors->ForEach([&](EntityUid above) { collector_.Add(above); });
    }
  }

  const ClosureInput& input_;
  size_t listed_ = 0;  // ancestors, of all sets made so far
  std::span<const uint32_t> rows_;
  Positions positions_;
  std::vector<uint32_t> parent_rows_;
  std::vector<uint32_t> first_parent_;  // parents of i: parent_rows_[first_parent_[i] .. first_parent_[i + 1])
  std::vector<EntityUid> scratch_;
  std::vector<EntityUid> other_scratch_;
  Arena lists_memory_;
  std::vector<std::span<const EntityUid>> lists_;  // what the sets hold, one after the other: sets are mostly empty slots
  KnownParents known_;
  UidCollector collector_;
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
