#include "runtime/entity/ancestor_set.h"

#include <algorithm>
#include <bit>

namespace remit {

auto AncestorSet::Make(Arena& arena, std::span<const EntityUid> uids) -> const AncestorSet* {
  if (uids.empty()) return Empty();
  const size_t slot_count = std::bit_ceil(uids.size() * 2);
  const auto memory = arena.NewArray<uint64_t>(1 + slot_count);
  auto* set = ::new (memory.data()) AncestorSet;
  set->count_ = static_cast<uint32_t>(uids.size());
  set->shift_ = 64 - static_cast<uint32_t>(std::countr_zero(slot_count));
  const auto slots = memory.subspan(1);
  std::ranges::fill(slots, kEmptySlot);
  for (const EntityUid uid : uids) {
    uint64_t at = (uid.packed() * kMultiplier) >> set->shift_;
    while (slots[at] != kEmptySlot) at = (at + 1) & (slot_count - 1);
    slots[at] = uid.packed();
  }
  return set;
}

auto AncestorSet::Empty() -> const AncestorSet* {
  struct EmptySet {
    uint32_t count = 0;
    uint32_t shift = 63;
    std::array<uint64_t, 2> slots = {kEmptySlot, kEmptySlot};
  };
  static constexpr EmptySet kEmpty;
  return reinterpret_cast<const AncestorSet*>(&kEmpty);
}

auto AncestorSet::Sorted() const -> std::vector<EntityUid> {
  std::vector<EntityUid> sorted;
  sorted.reserve(count_);
  ForEach([&](EntityUid uid) { sorted.push_back(uid); });
  std::ranges::sort(sorted);
  return sorted;
}

}  // namespace remit
