#include "runtime/entity/ancestor_set.h"

#include <algorithm>
#include <array>
#include <bit>

namespace remit {

auto AncestorSet::Make(Arena& arena, std::span<const EntityUid> uids) -> const AncestorSet* {
  if (uids.empty()) return Empty();
  const size_t slot_count = std::bit_ceil(uids.size() * 4);
  const auto memory = arena.NewArray<uint64_t>(1 + slot_count + 1);
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
  slots[slot_count] = slots[0];
  return set;
}

namespace {

// Two slots of one content, and the first once more.
struct TwoSlots {
  uint32_t count = 0;
  uint32_t shift = 63;
  std::array<uint64_t, 3> slots;
};

}  // namespace

auto AncestorSet::Empty() -> const AncestorSet* {
  static constexpr TwoSlots kEmpty = {.slots = {kEmptySlot, kEmptySlot, kEmptySlot}};
  return reinterpret_cast<const AncestorSet*>(&kEmpty);
}

auto AncestorSet::Unlisted() -> const AncestorSet* {
  constexpr uint64_t kNobody = kEmptySlot - 1;  // an id of the type that is none
  static constexpr TwoSlots kUnlisted = {.slots = {kNobody, kNobody, kNobody}};
  return reinterpret_cast<const AncestorSet*>(&kUnlisted);
}

auto AncestorSet::Sorted() const -> std::vector<EntityUid> {
  std::vector<EntityUid> sorted;
  sorted.reserve(count_);
  ForEach([&](EntityUid uid) { sorted.push_back(uid); });
  std::ranges::sort(sorted);
  return sorted;
}

}  // namespace remit
