// Lookups in a finished store.
#include "runtime/entity/entity_store.h"

#include <algorithm>
#include <unordered_set>

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

}  // namespace

EntityStore::EntityStore() : index_(std::make_shared<EntityIndex>()), arenas_{std::make_shared<Arena>()} {}

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
