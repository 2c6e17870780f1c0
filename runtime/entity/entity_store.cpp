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
    if (entity != nullptr && !entity->lists_ancestors) pending.insert(pending.end(), entity->parents.begin(), entity->parents.end());
  }
}

auto Lists(const Entity& entity, EntityUid ancestor) -> bool { return std::ranges::binary_search(entity.ancestors, ancestor); }

}  // namespace

auto EntityStore::Find(EntityUid uid) const -> const Entity* {
  const auto it = index_.find(uid.packed());
  return it == index_.end() ? nullptr : &entities_[it->second];
}

auto EntityStore::IsIn(EntityUid descendant, EntityUid ancestor) const -> bool {
  if (descendant == ancestor) return true;
  const Entity* entity = Find(descendant);
  if (entity == nullptr) return false;
  return entity->lists_ancestors ? Lists(*entity, ancestor) : WalkIsIn(*entity, ancestor);
}

auto EntityStore::WalkIsIn(const Entity& descendant, EntityUid ancestor) const -> bool {
  bool found = false;
  VisitAncestors(*this, descendant, [&](EntityUid uid, const Entity* entity) {
    found = uid == ancestor || (entity != nullptr && entity->lists_ancestors && Lists(*entity, ancestor));
    return !found;
  });
  return found;
}

auto EntityStore::AncestorsOf(EntityUid uid) const -> std::vector<EntityUid> {
  std::vector<EntityUid> all;
  const Entity* start = Find(uid);
  if (start == nullptr) return all;
  VisitAncestors(*this, *start, [&](EntityUid found, const Entity* entity) {
    all.push_back(found);
    if (entity != nullptr && entity->lists_ancestors) all.insert(all.end(), entity->ancestors.begin(), entity->ancestors.end());
    return true;
  });
  std::ranges::sort(all);
  const auto repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

}  // namespace remit
