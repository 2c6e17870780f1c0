#include "runtime/engine/scope_index.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace remit {
namespace {

using ir::ScopeOp;
using ir::ScopeTest;

auto NamesEntity(const ScopeTest& test) -> bool { return test.op == ScopeOp::Eq || test.op == ScopeOp::In || test.op == ScopeOp::IsIn; }

auto HasType(const ScopeTest& test) -> bool { return test.op == ScopeOp::Is || test.op == ScopeOp::IsIn; }

auto Matches(const ScopeTest& test, EntityUid uid, const Entity* entity, const EntityStore& store) -> bool {
  if (HasType(test) && test.type != uid.type) return false;
  if (!NamesEntity(test)) return true;
  if (test.entities[0] == uid) return true;
  return test.op != ScopeOp::Eq && store.IsBelow(entity, test.entities[0]);
}

// Uids numbered as they come, and how many rows name each. std::unordered_map takes as long for this as everything else takes together.
class UidNumbers {
 public:
  // Its number; it counts as named once more.
  auto Add(uint64_t uid) -> uint32_t {
    if (uids_.size() * 2 >= slots_.size()) Grow();
    uint32_t& number = slots_[Find(uid)];
    if (number == kEmpty) {
      number = static_cast<uint32_t>(uids_.size());
      uids_.push_back(uid);
      rows_.push_back(0);
    }
    ++rows_[number];
    return number;
  }
  auto uids() const -> std::span<const uint64_t> { return uids_; }
  auto rows(uint32_t number) const -> uint32_t { return rows_[number]; }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;
  static constexpr size_t kFirstSlots = 16;

  // The slot of the uid, or the empty one where it belongs.
  auto Find(uint64_t uid) const -> size_t {
    size_t at = (uid * AncestorSet::kMultiplier) >> shift_;
    while (slots_[at] != kEmpty && uids_[slots_[at]] != uid) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void Grow() {
    slots_.assign(std::max(kFirstSlots, slots_.size() * 4), kEmpty);
    shift_ = 64 - static_cast<uint32_t>(std::countr_zero(slots_.size()));
    for (uint32_t number = 0; number < uids_.size(); ++number) slots_[Find(uids_[number])] = number;
  }

  std::vector<uint32_t> slots_;  // a power of two
  uint32_t shift_ = 0;
  std::vector<uint64_t> uids_;  // by number
  std::vector<uint32_t> rows_;
};

}  // namespace

auto MatchesEntities(const ir::Policy& policy, const ScopeEntities& request) -> bool {
  return Matches(policy.principal, request.principal, request.principal_entity, request.store) &&
         Matches(policy.resource, request.resource, request.resource_entity, request.store);
}

auto NamesEntity(const ir::Policy& policy) -> bool { return NamesEntity(policy.principal) || NamesEntity(policy.resource); }

// Sorted by counting: an entity's entries lie where the number of those before it says.
ScopeIndex::ScopeIndex(std::span<const ir::Policy> policies, std::span<const uint32_t> rows) {
  constexpr uint32_t kNone = UINT32_MAX;
  struct Named {
    uint32_t principal;  // numbers
    uint32_t resource;
  };
  UidNumbers principals;
  UidNumbers resources;
  std::vector<Named> named;
  named.reserve(rows.size());
  for (const uint32_t row : rows) {
    const auto number = [](UidNumbers& numbers, const ScopeTest& test) {
      return NamesEntity(test) ? numbers.Add(test.entities[0].packed()) : kNone;
    };
    named.push_back({.principal = number(principals, policies[row].principal), .resource = number(resources, policies[row].resource)});
  }
  const auto principal_count = static_cast<uint32_t>(principals.uids().size());
  const auto is_by_principal = [&](const Named& each) {
    return each.resource == kNone || (each.principal != kNone && principals.rows(each.principal) <= resources.rows(each.resource));
  };
  const auto place_of = [&](const Named& each) { return is_by_principal(each) ? each.principal : principal_count + each.resource; };

  std::vector<uint32_t> begins(principal_count + resources.uids().size() + 1);
  for (const Named& each : named) ++begins[place_of(each) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  using Pair = std::pair<uint64_t, Entry>;
  std::vector<Pair> sorted(rows.size());
  std::vector<uint32_t> next = begins;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& policy = policies[rows[i]];
    const bool by_principal = is_by_principal(named[i]);
    const ScopeTest& own = by_principal ? policy.principal : policy.resource;
    const ScopeTest& other = by_principal ? policy.resource : policy.principal;
    const Entry entry = {.other = NamesEntity(other) ? other.entities[0].packed() : kAny,
                         .row = rows[i],
                         .is_exact = own.op == ScopeOp::Eq,
                         .is_other_exact = other.op == ScopeOp::Eq,
                         .is_partial = HasType(own) || HasType(other)};
    sorted[next[place_of(named[i])]++] = {own.entities[0].packed(), entry};
  }
  for (size_t i = 0; i + 1 < begins.size(); ++i) {
    std::sort(sorted.begin() + begins[i], sorted.begin() + begins[i + 1],
              [](const Pair& a, const Pair& b) { return std::tie(a.second.other, a.second.row) < std::tie(b.second.other, b.second.row); });
  }
  entries_.reserve(rows.size());
  const auto resources_begin = sorted.begin() + begins[principal_count];
  Fill(by_principal_, {sorted.begin(), resources_begin});
  Fill(by_resource_, {resources_begin, sorted.end()});
}

void ScopeIndex::Fill(Table& table, std::vector<std::pair<uint64_t, Entry>> sorted) {
  if (sorted.empty()) return;
  size_t uids = 0;
  for (size_t i = 0; i < sorted.size(); ++i) uids += i == 0 || sorted[i].first != sorted[i - 1].first ? 1 : 0;
  const size_t slot_count = uids + uids / 2 + 1;
  table.slots.resize(slot_count);
  Slot* slot = nullptr;
  for (const auto& [uid, entry] : sorted) {
    if (slot == nullptr || slot->uid != uid) {
      size_t at = table.FirstSlot(uid);
      while (table.slots[at].uid != kAny) at = table.Next(at);
      slot = &table.slots[at];
      *slot = {.uid = uid, .begin = static_cast<uint32_t>(entries_.size()), .count = 0};
    }
    entries_.push_back(entry);
    ++slot->count;
  }
}

auto ScopeIndex::footprint() const -> size_t {
  return entries_.capacity() * sizeof(Entry) + (by_principal_.slots.capacity() + by_resource_.slots.capacity()) * sizeof(Slot);
}

}  // namespace remit
