#include "runtime/engine/scope_index.h"

#include <algorithm>
#include <bit>

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

// How many rows name a uid. std::unordered_map takes as long for this as everything else takes together.
class UidCounts {
 public:
  // `most`: distinct uids there can be.
  explicit UidCounts(size_t most)
      : slots_(std::bit_ceil(most * 2 + 2)), shift_(64 - static_cast<uint32_t>(std::countr_zero(slots_.size()))) {}

  auto Of(uint64_t uid) -> uint32_t& {
    for (size_t at = (uid * AncestorSet::kMultiplier) >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.uid == kEmpty) slot.uid = uid;
      if (slot.uid == uid) return slot.count;
    }
  }

 private:
  static constexpr uint64_t kEmpty = UINT64_MAX;
  struct Slot {
    uint64_t uid = kEmpty;
    uint32_t count = 0;
  };

  std::vector<Slot> slots_;
  uint32_t shift_;
};

}  // namespace

auto MatchesEntities(const ir::Policy& policy, const ScopeEntities& request) -> bool {
  return Matches(policy.principal, request.principal, request.principal_entity, request.store) &&
         Matches(policy.resource, request.resource, request.resource_entity, request.store);
}

auto NamesEntity(const ir::Policy& policy) -> bool { return NamesEntity(policy.principal) || NamesEntity(policy.resource); }

ScopeIndex::ScopeIndex(std::span<const ir::Policy> policies, std::span<const uint32_t> rows) {
  UidCounts principals(rows.size());
  UidCounts resources(rows.size());
  for (const uint32_t row : rows) {
    const auto& policy = policies[row];
    if (NamesEntity(policy.principal)) ++principals.Of(policy.principal.entities[0].packed());
    if (NamesEntity(policy.resource)) ++resources.Of(policy.resource.entities[0].packed());
  }
  std::vector<std::pair<uint64_t, Entry>> under_principal;
  std::vector<std::pair<uint64_t, Entry>> under_resource;
  for (const uint32_t row : rows) {
    const auto& policy = policies[row];
    const bool both = NamesEntity(policy.principal) && NamesEntity(policy.resource);
    const bool by_principal = NamesEntity(policy.principal) && (!both || principals.Of(policy.principal.entities[0].packed()) <=
                                                                             resources.Of(policy.resource.entities[0].packed()));
    const ScopeTest& own = by_principal ? policy.principal : policy.resource;
    const ScopeTest& other = by_principal ? policy.resource : policy.principal;
    const Entry entry = {.other = both ? other.entities[0].packed() : kAny,
                         .row = row,
                         .is_exact = own.op == ScopeOp::Eq,
                         .is_other_exact = other.op == ScopeOp::Eq,
                         .is_partial = HasType(own) || HasType(other)};
    (by_principal ? under_principal : under_resource).emplace_back(own.entities[0].packed(), entry);
  }
  entries_.reserve(rows.size());
  Fill(by_principal_, std::move(under_principal));
  Fill(by_resource_, std::move(under_resource));
}

void ScopeIndex::Fill(Table& table, std::vector<std::pair<uint64_t, Entry>> sorted) {
  if (sorted.empty()) return;
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.other, a.second.row) < std::tie(b.first, b.second.other, b.second.row);
  });
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
