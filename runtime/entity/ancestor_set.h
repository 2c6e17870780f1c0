// All ancestors of an entity as a hash set that is read in place: `in` is one multiplication and, mostly, one comparison.
//
// Immutable and in an arena; entities with the same parents share one. A sorted list takes less room, but the branches of a binary search
// cost more than all else in a decision.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace remit {

// The slots follow the header in memory. Standard layout: native code reads it.
class AncestorSet {
 public:
  // `uids` are distinct.
  static auto Make(Arena& arena, std::span<const EntityUid> uids) -> const AncestorSet*;
  static auto Empty() -> const AncestorSet*;

  auto Contains(uint64_t packed) const -> bool {
    const uint64_t* all = slots();
    const uint64_t mask = slot_count() - 1;
    for (uint64_t at = (packed * kMultiplier) >> shift_;; at = (at + 1) & mask) {
      if (all[at] == packed) return true;
      if (all[at] == kEmptySlot) return false;
    }
  }

  auto size() const -> uint32_t { return count_; }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint64_t at = 0; at < slot_count(); ++at) {
      if (const uint64_t packed = slots()[at]; packed != kEmptySlot) visit(EntityUid::FromPacked(packed));
    }
  }
  auto Sorted() const -> std::vector<EntityUid>;

  // What stands for the set of an entity that has too many ancestors to list: a search in the first two slots finds neither the uid nor an end.
  static auto Unlisted() -> const AncestorSet*;

  // For native code: slot of `packed` is `(packed * kMultiplier) >> shift`, the next ones follow, the last is followed by the first, which stands
  // behind the last once more.
  static constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kEmptySlot = UINT64_MAX;
  static constexpr size_t kShiftOffset = 4;
  static constexpr size_t kSlotsOffset = 8;

 private:
  auto slots() const -> const uint64_t* { return reinterpret_cast<const uint64_t*>(this + 1); }
  auto slot_count() const -> uint64_t { return uint64_t{1} << (64 - shift_); }

  uint32_t count_;
  uint32_t shift_;  // 64 minus the binary logarithm of the number of slots
};
static_assert(sizeof(AncestorSet) == AncestorSet::kSlotsOffset);

}  // namespace remit
