// All ancestors of an entity as a hash set that is read in place: `in` is one multiplication and one look at a cache line.
//
// Immutable and in an arena; entities with the same parents share one. A uid has one bucket it can be in, and no bucket overflows, since other bits
// of the hash are tried and then the table grows until that is so: a search is the same few instructions whatever it finds, and has no branch that
// could be foreseen wrongly. A sorted list takes less room, but the branches of a binary search cost more than all else in a decision.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace remit {

// The slots follow the header in memory. Standard layout: native code reads it.
class AncestorSet {
 public:
  static constexpr size_t kBucketSlots = 8;
  static constexpr size_t kBucketBytes = kBucketSlots * sizeof(uint64_t);

  // `uids` are distinct. Null: no table of a sensible size has room for them, which happens to uids that were chosen for it. Roomy tables, for sets
  // that are soon gone, are mostly found at the first try.
  enum class Room : uint8_t { Tight, Roomy };
  static auto Make(Arena& arena, std::span<const EntityUid> uids, Room room = Room::Tight) -> const AncestorSet*;
  static auto Empty() -> const AncestorSet*;

  auto Contains(uint64_t packed) const -> bool {
    const uint64_t* bucket = slots() + BucketOffset(packed, mask_) / sizeof(uint64_t);
    bool found = false;
    for (size_t i = 0; i < kBucketSlots; ++i) found |= bucket[i] == packed;
    return found;
  }

  auto size() const -> uint32_t { return count_; }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t at = 0; at < slot_count(); ++at) {
      if (const uint64_t packed = slots()[at]; packed != kEmptySlot) visit(EntityUid::FromPacked(packed));
    }
  }
  auto Sorted() const -> std::vector<EntityUid>;

  // For native code: the bucket of `packed` is `(packed * kMultiplier >> (mask & kShiftBits)) & mask & ~kShiftBits` bytes behind the first slot.
  static constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  static constexpr uint32_t kShiftBits = kBucketBytes - 1;
  static constexpr uint64_t kEmptySlot = UINT64_MAX;
  static constexpr size_t kMaskOffset = 4;
  static constexpr size_t kSlotsOffset = 8;

 private:
  static auto BucketOffset(uint64_t packed, uint32_t mask) -> size_t {
    return ((packed * kMultiplier) >> (mask & kShiftBits)) & (mask & ~kShiftBits);
  }
  static auto FindMask(std::span<const EntityUid> uids, Room room) -> uint32_t;

  auto slots() const -> const uint64_t* { return reinterpret_cast<const uint64_t*>(this + 1); }
  auto slot_count() const -> size_t { return SlotsOf(mask_); }
  static auto SlotsOf(uint32_t mask) -> size_t { return (size_t{mask & ~kShiftBits} + kBucketBytes) / sizeof(uint64_t); }

  uint32_t count_;
  uint32_t mask_;  // bytes of all buckets but one; in the bits that these leave free, which bits of the hash are used
};
static_assert(sizeof(AncestorSet) == AncestorSet::kSlotsOffset);

}  // namespace remit
