// Lookups in a finished store.
#include "runtime/entity/entity_store.h"

#include <algorithm>
#include <unordered_set>

#include "runtime/entity/spare_blocks.h"

namespace remit {
namespace {

// Visits ancestors of `start`, each once, in no particular order, until `visit` says no. Does not go above entities that list their
// ancestors: the visitor has the list. An explicit stack: hierarchies may be deeper than ours.
template <typename Visit>
void VisitAncestors(const EntityStore& store, const Entity& start, Visit visit) {
  std::vector<EntityUid> pending(start.parents.begin(), start.parents.end());
  std::unordered_set<uint64_t> seen;
  while (!pending.empty()) {
    const EntityUid uid = pending.back();
    pending.pop_back();
    if (!seen.insert(uid.packed()).second) continue;
    const Entity* entity = store.Find(uid);
    if (!visit(uid, entity)) return;
    if (entity != nullptr && entity->ancestors == nullptr) pending.insert(pending.end(), entity->parents.begin(), entity->parents.end());
  }
}

// Arenas of stores that are gone, for those of the next requests.
class SpareArenas {
 public:
  SpareArenas() = default;
  SpareArenas(const SpareArenas&) = delete;
  auto operator=(const SpareArenas&) -> SpareArenas& = delete;
  ~SpareArenas() { is_over = true; }

  static auto Take() -> std::shared_ptr<Arena> {
    if (is_over) return {new Arena, GiveBack};
    auto& spare = Own();
    if (spare.empty()) return {new Arena, GiveBack};
    Arena* arena = spare.back().release();
    spare.pop_back();
    return {arena, GiveBack};
  }

 private:
  static constexpr size_t kMost = 4;
  static constexpr size_t kMostBytes = size_t{64} << 10;

  // Stores of static objects may end after the thread's arenas.
  static void GiveBack(Arena* given) {
    std::unique_ptr<Arena> arena(given);
    if (!kKeepsSpare || is_over || arena->footprint() > kMostBytes) return;
    auto& spare = Own();
    if (spare.size() == kMost) return;
    arena->Reset();
    spare.push_back(std::move(arena));
  }
  static auto Own() -> std::vector<std::unique_ptr<Arena>>& {
    static thread_local SpareArenas own;
    return own.arenas_;
  }

  static thread_local constinit inline bool is_over = false;  // trivially destructible: may be looked at when the thread ends
  std::vector<std::unique_ptr<Arena>> arenas_;
};

}  // namespace

EntityStore::EntityStore() : index_(std::make_shared<EntityIndex>()), arenas_{SpareArenas::Take()} {}

auto EntityStore::Find(EntityUid uid) const -> const Entity* {
  const uint32_t row = index_->Find(uid);
  // The index may know more than this store: rows of later ones.
  if (row >= rows_.capacity()) return nullptr;
  const Entity& entity = rows_.At(row);
  return entity.uid == uid ? &entity : nullptr;
}

auto EntityStore::WalkIsIn(const Entity& descendant, EntityUid ancestor) const -> bool {
  bool found = false;
  VisitAncestors(*this, descendant, [&](EntityUid uid, const Entity* entity) {
    found = uid == ancestor || (entity != nullptr && entity->ancestors != nullptr && entity->ancestors->Contains(ancestor.packed()));
    return !found;
  });
  return found;
}

auto EntityStore::AncestorsOf(EntityUid uid) const -> std::vector<EntityUid> {
  const Entity* start = Find(uid);
  if (start == nullptr) return {};
  if (start->ancestors != nullptr) return start->ancestors->Sorted();
  std::vector<EntityUid> all;
  VisitAncestors(*this, *start, [&](EntityUid found, const Entity* entity) {
    all.push_back(found);
    if (entity != nullptr && entity->ancestors != nullptr) entity->ancestors->ForEach([&](EntityUid above) { all.push_back(above); });
    return true;
  });
  std::ranges::sort(all);
  const auto repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

auto EntityStore::footprint() const -> size_t {
  size_t bytes = index_->footprint() + rows_.footprint();
  for (const auto& arena : arenas_) bytes += arena->footprint();
  return bytes;
}

}  // namespace remit
