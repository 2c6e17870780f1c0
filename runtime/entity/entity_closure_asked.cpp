// The closure as far as one request asks: up from a few entities, each time anew.
//
// Most entities of a request are there to be gone through. Computing all their sets, as for a store that serves many requests, takes a third of the
// time of reading them.
#include <utility>

#include "runtime/entity/entity_closure.h"
#include "runtime/entity/uid_collector.h"

namespace remit {
namespace {

constexpr size_t kMostListed = 4096;
constexpr size_t kUsual = 64;  // ancestors

class AskedAncestors {
 public:
  AskedAncestors(const ClosureInput& input, const ParentEdges& edges)
      : input_(input), edges_(edges), positions_(edges.rows), first_new_(input.index.first_row()), seen_(input.index.size() - first_new_) {
    found_.reserve(kUsual);
    pending_.reserve(kUsual);
  }

  auto Run(std::span<const uint32_t> asked) -> std::optional<EntityUid> {
    const auto order = ParentsFirst(edges_, positions_);
    if (const auto member = FindCycle(edges_, positions_, order)) return input_.rows.At(edges_.rows[*member]).uid;
    for (const uint32_t row : asked) {
      const uint32_t position = positions_.Of(row);
      if (position != RowPositions::kNone) input_.rows.Writable(row, input_.writer).ancestors = GoUp(position);
    }
    return std::nullopt;
  }

 private:
  // Null: too many to list.
  auto GoUp(uint32_t start) -> const AncestorSet* {
    ++round_;
    found_.clear();
    of_base_.Begin();
    pending_.assign(1, start);
    while (!pending_.empty()) {
      const uint32_t at = pending_.back();
      pending_.pop_back();
      if (!AddParents(at) || found_.size() + of_base_.uids().size() > kMostListed) return nullptr;
    }
    found_.insert(found_.end(), of_base_.uids().begin(), of_base_.uids().end());
    return AncestorSet::Make(input_.writer.arena(), found_, AncestorSet::Room::Roomy);
  }

  auto AddParents(uint32_t of) -> bool {
    const auto parents = input_.rows.At(edges_.rows[of]).parents;
    const auto rows = edges_.parents_of(of);
    for (size_t p = 0; p < parents.size(); ++p) {
      if (!IsNew(parents[p], rows[p])) continue;
      if (const uint32_t position = positions_.Of(rows[p]); position != RowPositions::kNone) {
        pending_.push_back(position);
      } else if (!AddAncestorsOf(parents[p], rows[p])) {
        return false;
      }
    }
    return true;
  }

  // The base's rows are too many to keep a note of each.
  auto IsNew(EntityUid uid, uint32_t row) -> bool {
    if (row < first_new_) return of_base_.Add(uid);
    if (std::exchange(seen_[row - first_new_], round_) == round_) return false;
    found_.push_back(uid);
    return true;
  }

  // Of an entity that does not change, if there is one. It is the base's, and so are those above it.
  auto AddAncestorsOf(EntityUid uid, uint32_t row) -> bool {
    if (row >= input_.rows.capacity()) return true;
    const Entity& entity = input_.rows.At(row);
    if (entity.uid != uid) return true;
    if (entity.ancestors == nullptr) return false;
    entity.ancestors->ForEach([&](EntityUid above) { of_base_.Add(above); });
    return true;
  }

  const ClosureInput& input_;
  const ParentEdges& edges_;
  RowPositions positions_;
  uint32_t first_new_;
  std::vector<uint32_t> seen_;  // by new row: the last round that came there
  uint32_t round_ = 0;
  std::vector<EntityUid> found_;  // behind new rows
  UidCollector of_base_;
  std::vector<uint32_t> pending_;
};

}  // namespace

auto SetAncestorsOf(const ClosureInput& input, const ParentEdges& edges, std::span<const uint32_t> asked) -> std::optional<EntityUid> {
  return AskedAncestors(input, edges).Run(asked);
}

}  // namespace remit
