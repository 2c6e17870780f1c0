// Parents first, one union per distinct set of parents.
#include "runtime/entity/entity_closure.h"

#include <algorithm>
#include <bit>
#include <unordered_set>
#include <utility>

#include "runtime/entity/uid_collector.h"

namespace remit {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

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

// Distinct ancestors as rows, where most rows of the store are concerned: a note for each row costs less than a hash table.
class DenseCollector {
 public:
  using Item = uint32_t;

  explicit DenseCollector(const EntityIndex& index) : index_(index), stamps_(index.size()), uids_(index.size()) {}

  void Begin() {
    rows_.clear();
    ++stamp_;
  }
  void Add(uint32_t row) {
    if (std::exchange(stamps_[row], stamp_) != stamp_) rows_.push_back(row);
  }
  void Add(EntityUid uid, uint32_t row) {
    uids_[row] = uid;
    Add(row);
  }
  void AddUid(EntityUid uid) { Add(uid, index_.Find(uid)); }
  auto items() const -> std::span<const Item> { return rows_; }
  auto MakeSet(Arena& arena) -> const AncestorSet* {
    found_.clear();
    for (const uint32_t row : rows_) found_.push_back(uids_[row]);
    return AncestorSet::Make(arena, found_);
  }

 private:
  const EntityIndex& index_;
  std::vector<uint32_t> stamps_;   // by row: the last set that has it
  std::vector<EntityUid> uids_;    // by row, of those that were added
  uint32_t stamp_ = 0;
  std::vector<uint32_t> rows_;
  std::vector<EntityUid> found_;
};

// The same where few rows of many are concerned.
class SparseCollector {
 public:
  using Item = EntityUid;

  explicit SparseCollector(const EntityIndex&) {}

  void Begin() { uids_.Begin(); }
  void Add(EntityUid uid) { uids_.Add(uid); }
  void Add(EntityUid uid, uint32_t) { uids_.Add(uid); }
  void AddUid(EntityUid uid) { uids_.Add(uid); }
  auto items() const -> std::span<const Item> { return uids_.uids(); }
  auto MakeSet(Arena& arena) const -> const AncestorSet* { return AncestorSet::Make(arena, uids_.uids()); }

 private:
  UidCollector uids_;
};

template <typename Collector>
class AncestorSetter {
 public:
  AncestorSetter(const ClosureInput& input, const ParentEdges& edges)
      : input_(input), edges_(edges), positions_(edges.rows), lists_(edges.size()), known_(edges.size()), collector_(input.index) {}

  auto Run() -> std::optional<EntityUid> {
    const auto order = ParentsFirst(edges_, positions_);
    if (const auto member = FindCycle(edges_, positions_, order)) return entity(*member).uid;
    for (const uint32_t i : order) input_.rows.Writable(edges_.rows[i], input_.writer).ancestors = AncestorsOf(i);
    return std::nullopt;
  }

 private:
  auto entity(uint32_t position) const -> const Entity& { return input_.rows.At(edges_.rows[position]); }

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
    const size_t budget = std::max(kAverage * edges_.size(), kAlwaysFine);
    return std::clamp(budget - std::min(listed_, budget), kMaxListedAncestors, kMost);
  }

  // The parents and their ancestors; null if that is too much to list.
  auto Union(uint32_t i) -> const AncestorSet* {
    const auto parents = entity(i).parents;
    const size_t limit = Limit();
    if (parents.size() > limit) return nullptr;
    const auto rows = edges_.parents_of(i);
    collector_.Begin();
    for (size_t p = 0; p < parents.size(); ++p) {
      collector_.Add(parents[p], rows[p]);
      if (rows[p] >= input_.rows.capacity()) continue;
      const Entity& parent = input_.rows.At(rows[p]);
      if (parent.uid != parents[p]) continue;
      if (parent.ancestors == nullptr) return nullptr;
      AddAncestors(parent, rows[p]);
      if (collector_.items().size() > limit) return nullptr;
    }
    if (collector_.items().size() > limit) return nullptr;
    listed_ += collector_.items().size();
    lists_[i] = lists_memory_.Copy(collector_.items());
    return collector_.MakeSet(input_.writer.arena());
  }

  void AddAncestors(const Entity& of, uint32_t row) {
    if (const uint32_t position = positions_.Of(row); position != RowPositions::kNone) {
      for (const auto above : lists_[position]) collector_.Add(above);
    } else {
      of.ancestors->ForEach([&](EntityUid above) { collector_.AddUid(above); });
    }
  }

  const ClosureInput& input_;
  const ParentEdges& edges_;
  size_t listed_ = 0;  // ancestors, of all sets made so far
  RowPositions positions_;
  std::vector<EntityUid> scratch_;
  std::vector<EntityUid> other_scratch_;
  Arena lists_memory_;
  std::vector<std::span<const typename Collector::Item>> lists_;  // what the sets hold, one after the other: sets are mostly empty slots
  KnownParents known_;
  Collector collector_;
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

auto EdgesOf(const ClosureInput& input, std::span<const uint32_t> rows) -> ParentEdges {
  ParentEdges edges;
  edges.Reserve(rows.size());
  for (const uint32_t row : rows) {
    for (const EntityUid parent : input.rows.At(row).parents) edges.parent_rows.push_back(input.index.Find(parent));
    edges.Close(row);
  }
  return edges;
}

auto SetAncestors(const ClosureInput& input, const ParentEdges& edges) -> std::optional<EntityUid> {
  constexpr size_t kDense = 4;  // rows of the store for each that changes
  if (input.index.size() <= edges.size() * kDense) return AncestorSetter<DenseCollector>(input, edges).Run();
  return AncestorSetter<SparseCollector>(input, edges).Run();
}

}  // namespace remit
