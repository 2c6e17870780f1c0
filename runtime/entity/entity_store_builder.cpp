// From entities with parents to entities with ancestors: a topological order (Kahn's), parents first, then one union per distinct set of
// parents. Depth-first search, the usual way, needs a stack as deep as the hierarchy.
#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <unordered_set>

#include "runtime/entity/entity_store.h"

namespace remit {
namespace {

auto SortedUnique(std::span<const EntityUid> uids) -> std::vector<EntityUid> {
  std::vector<EntityUid> sorted(uids.begin(), uids.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  return sorted;
}

auto SameEntity(const Entity& a, const Entity& b) -> bool {
  return Value::OfSortedRecord(a.attrs) == Value::OfSortedRecord(b.attrs) &&
         Value::OfSortedRecord(a.tags) == Value::OfSortedRecord(b.tags) && SortedUnique(a.parents) == SortedUnique(b.parents);
}

// In the order given.
auto WithoutRepetitions(Arena& arena, std::span<const EntityUid> parents) -> std::span<const EntityUid> {
  if (parents.size() < 2) return parents;
  std::unordered_set<uint64_t> seen;
  std::vector<EntityUid> kept;
  for (const EntityUid parent : parents) {
    if (seen.insert(parent.packed()).second) kept.push_back(parent);
  }
  return kept.size() == parents.size() ? parents : arena.Copy(std::span<const EntityUid>(kept));
}

using Index = std::unordered_map<uint64_t, uint32_t>;

// Entities in an order in which parents come first. Entities of a cycle and those below one are left out.
auto ParentsFirst(std::span<const Entity> entities, const Index& index) -> std::vector<uint32_t> {
  const auto count = entities.size();
  std::vector<uint32_t> waiting_for(count, 0);
  std::vector<uint32_t> first_child(count + 1, 0);  // children of i: children[first_child[i] .. first_child[i + 1])
  const auto for_each_edge = [&](auto visit) {
    for (uint32_t child = 0; child < count; ++child) {
      for (const EntityUid parent : entities[child].parents) {
        if (const auto it = index.find(parent.packed()); it != index.end()) visit(child, it->second);
      }
    }
  };
  for_each_edge([&](uint32_t child, uint32_t parent) {
    ++waiting_for[child];
    ++first_child[parent + 1];
  });
  std::partial_sum(first_child.begin(), first_child.end(), first_child.begin());
  std::vector<uint32_t> children(first_child.back());
  auto next = first_child;
  for_each_edge([&](uint32_t child, uint32_t parent) { children[next[parent]++] = child; });

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

// An entity that is its own ancestor. Each entity left out of `order` has a parent that is left out too, so going up must come round.
auto FindCycleMember(std::span<const Entity> entities, const Index& index, const std::vector<uint32_t>& order) -> EntityUid {
  std::vector<bool> ordered(entities.size(), false);
  for (const uint32_t i : order) ordered[i] = true;
  auto at = static_cast<uint32_t>(std::ranges::find(ordered, false) - ordered.begin());
  std::vector<bool> visited(entities.size(), false);
  while (!visited[at]) {
    visited[at] = true;
    for (const EntityUid parent : entities[at].parents) {
      const auto it = index.find(parent.packed());
      if (it != index.end() && !ordered[it->second]) {
        at = it->second;
        break;
      }
    }
  }
  return entities[at].uid;
}

struct Ancestors {
  std::span<const EntityUid> list;
  bool complete = true;
};

// The union of the parents and their ancestors, or incomplete if that is too much to list.
auto UnionOfParents(Arena& arena, std::span<const EntityUid> parents, const EntityStore& store) -> Ancestors {
  std::vector<EntityUid> all = SortedUnique(parents);
  std::vector<EntityUid> merged;
  for (const EntityUid parent : parents) {
    const Entity* entity = store.Find(parent);
    if (entity == nullptr) continue;
    if (!entity->lists_ancestors) return {.list = {}, .complete = false};
    merged.clear();
    std::ranges::set_union(all, entity->ancestors, std::back_inserter(merged));
    std::swap(all, merged);
    if (all.size() > kMaxListedAncestors) break;
  }
  if (all.size() > kMaxListedAncestors) return {.list = {}, .complete = false};
  return {.list = arena.Copy(std::span<const EntityUid>(all)), .complete = true};
}

}  // namespace

auto EntityStoreBuilder::Add(const Entity& entity) -> Expected<void> {
  const auto [it, is_new] = store_.index_.emplace(entity.uid.packed(), static_cast<uint32_t>(store_.entities_.size()));
  if (!is_new) {
    if (SameEntity(store_.entities_[it->second], entity)) return {};
    return std::unexpected(Error{.code = "duplicate-entity",
                                 .message = "duplicate entity entry `" + FormatEntityUid(entity.uid, *interner_) + "`",
                                 .pointer = {},
                                 .help = "an entity may be listed again only with the same attributes, tags and parents"});
  }
  store_.entities_.push_back(entity);
  store_.entities_.back().parents = WithoutRepetitions(store_.arena_, entity.parents);
  return {};
}

void EntityStoreBuilder::AddOrReplace(const Entity& entity) {
  const auto [it, is_new] = store_.index_.emplace(entity.uid.packed(), static_cast<uint32_t>(store_.entities_.size()));
  if (is_new) store_.entities_.emplace_back();
  store_.entities_[it->second] = entity;
  store_.entities_[it->second].parents = WithoutRepetitions(store_.arena_, entity.parents);
}

void EntityStoreBuilder::AddMissing(const EntityStore& base) {
  auto& entities = store_.entities_;
  entities.reserve(entities.size() + base.entities().size());
  store_.index_.reserve(entities.size() + base.entities().size());
  for (const Entity& entity : base.entities()) {
    if (store_.index_.emplace(entity.uid.packed(), static_cast<uint32_t>(entities.size())).second) entities.push_back(entity);
  }
}

auto EntityStoreBuilder::Build() && -> Expected<EntityStore> {
  auto& entities = store_.entities_;
  const auto order = ParentsFirst(entities, store_.index_);
  if (order.size() != entities.size()) {
    const auto member = FormatEntityUid(FindCycleMember(entities, store_.index_, order), *interner_);
    return std::unexpected(Error{.code = "hierarchy-cycle",
                                 .message = "the entity hierarchy has a cycle containing `" + member + "`",
                                 .pointer = {},
                                 .help = "an entity cannot be its own parent or ancestor"});
  }
  std::map<std::vector<EntityUid>, Ancestors> by_parents;
  for (const uint32_t i : order) {
    if (entities[i].parents.empty()) {
      entities[i].ancestors = {};
      entities[i].lists_ancestors = true;
      continue;
    }
    const auto [it, is_new] = by_parents.try_emplace(SortedUnique(entities[i].parents));
    if (is_new) it->second = UnionOfParents(store_.arena_, entities[i].parents, store_);
    entities[i].ancestors = it->second.list;
    entities[i].lists_ancestors = it->second.complete;
  }
  return std::move(store_);
}

}  // namespace remit
