// Finds the policies whose scope names the request's principal or resource, or an ancestor of it, by hash.
//
// Each row stands under one of the two entities it names: the one that fewer rows name, so that a group that everyone is in costs nothing to
// those who ask for something else. Under an entity the rows are sorted by the other one. A request looks up its principal and its resource and
// their ancestors: the cost grows with those and with the rows that match, not with the rows there are. A table of pairs, the alternative, is
// asked once for each pair of ancestors.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/entity/entity_store.h"
#include "runtime/ir/program.h"

namespace remit {

// What a request's scope comes to in one snapshot.
struct ScopeEntities {
  EntityUid principal;
  EntityUid resource;
  const Entity* principal_entity;  // null: no such entity
  const Entity* resource_entity;
  const EntityStore& store;
};

// Whether the row's principal and resource tests hold; its action is not looked at.
auto MatchesEntities(const ir::Policy& policy, const ScopeEntities& request) -> bool;

// Whether a row names a principal or a resource by uid, and belongs here.
auto NamesEntity(const ir::Policy& policy) -> bool;

class ScopeIndex {
 public:
  // `rows` are positions in `policies`, each of which names an entity.
  ScopeIndex(std::span<const ir::Policy> policies, std::span<const uint32_t> rows);
  ScopeIndex() = default;

  auto empty() const -> bool { return entries_.empty(); }
  auto size() const -> size_t { return entries_.size(); }
  auto footprint() const -> size_t;

  // Calls `visit(row)` once for each row whose principal and resource tests hold, in no particular order.
  template <typename Visit>
  void ForEachMatch(std::span<const ir::Policy> policies, const ScopeEntities& request, Visit visit) const {
    const Side principal = {.uid = request.principal, .entity = request.principal_entity};
    const Side resource = {.uid = request.resource, .entity = request.resource_entity};
    const auto check = [&](const Entry& entry) {
      if (!entry.is_partial || MatchesEntities(policies[entry.row], request)) visit(entry.row);
    };
    ForEachEntry(by_principal_, principal, resource, request.store, check);
    ForEachEntry(by_resource_, resource, principal, request.store, check);
  }

 private:
  static constexpr uint64_t kAny = UINT64_MAX;  // the row does not restrict the other side

  struct Entry {
    uint64_t other;  // packed uid, or kAny
    uint32_t row;
    bool is_exact;  // the entity itself, not those below it
    bool is_other_exact;
    bool is_partial;  // more has to be tested: types
  };
  // Entries of one entity: entries_[begin .. begin + count), ascending by `other`.
  struct Slot {
    uint64_t uid = kAny;  // kAny: empty
    uint32_t begin = 0;
    uint32_t count = 0;
  };
  // Two thirds of its slots are in use, however many: a power of two would leave up to three quarters of the memory empty.
  struct Table {
    std::vector<Slot> slots;

    auto FirstSlot(uint64_t uid) const -> size_t { return (((uid * AncestorSet::kMultiplier) >> 32) * slots.size()) >> 32; }
    auto Next(size_t slot) const -> size_t { return slot + 1 == slots.size() ? 0 : slot + 1; }
  };
  struct Side {
    EntityUid uid;
    const Entity* entity;
  };

  void Fill(Table& table, std::vector<std::pair<uint64_t, Entry>> sorted);

  static auto Find(const Table& table, uint64_t uid) -> const Slot* {
    for (size_t at = table.FirstSlot(uid);; at = table.Next(at)) {
      const Slot& slot = table.slots[at];
      if (slot.uid == uid) return &slot;
      if (slot.uid == kAny) return nullptr;
    }
  }

  // Visits ancestors of the side's entity, listed or not.
  template <typename Visit>
  static void ForEachAncestor(const Side& side, const EntityStore& store, Visit visit) {
    if (side.entity == nullptr) return;
    if (side.entity->ancestors != nullptr) return side.entity->ancestors->ForEach(visit);
    for (const EntityUid uid : store.AncestorsOf(side.uid)) visit(uid);
  }

  template <typename Visit>
  void ForEachEntry(const Table& table, const Side& side, const Side& other, const EntityStore& store, Visit visit) const {
    if (table.slots.empty()) return;
    if (const Slot* slot = Find(table, side.uid.packed())) ForEachOf(*slot, true, other, store, visit);
    ForEachAncestor(side, store, [&](EntityUid uid) {
      if (const Slot* slot = Find(table, uid.packed())) ForEachOf(*slot, false, other, store, visit);
    });
  }

  // Entries under one entity, which is the request's own (`is_self`) or an ancestor.
  template <typename Visit>
  void ForEachOf(const Slot& slot, bool is_self, const Side& other, const EntityStore& store, Visit visit) const {
    const std::span<const Entry> entries(entries_.data() + slot.begin, slot.count);
    const size_t ancestors = other.entity != nullptr && other.entity->ancestors != nullptr ? other.entity->ancestors->size() : 0;
    constexpr size_t kProbe = 4;  // a search costs about as much as testing this many entries
    if (entries.size() <= (ancestors + 2) * kProbe) {
      for (const Entry& entry : entries) {
        if ((is_self || !entry.is_exact) && MatchesOther(entry, other, store)) visit(entry);
      }
      return;
    }
    const auto visit_equal = [&](uint64_t uid, bool is_other_self) {
      auto at = std::lower_bound(entries.begin(), entries.end(), uid, [](const Entry& entry, uint64_t key) { return entry.other < key; });
      for (; at != entries.end() && at->other == uid; ++at) {
        if ((is_self || !at->is_exact) && (is_other_self || !at->is_other_exact)) visit(*at);
      }
    };
    visit_equal(kAny, true);
    visit_equal(other.uid.packed(), true);
    ForEachAncestor(other, store, [&](EntityUid uid) { visit_equal(uid.packed(), false); });
  }

  static auto MatchesOther(const Entry& entry, const Side& other, const EntityStore& store) -> bool {
    if (entry.other == kAny || entry.other == other.uid.packed()) return true;
    return !entry.is_other_exact && store.IsBelow(other.entity, EntityUid::FromPacked(entry.other));
  }

  std::vector<Entry> entries_;
  Table by_principal_;
  Table by_resource_;
};

}  // namespace remit
