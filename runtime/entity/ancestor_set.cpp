#include "runtime/entity/ancestor_set.h"

#include <algorithm>
#include <array>
#include <bit>

namespace remit {

// Of the smallest table in which no bucket overflows; UINT32_MAX if that is much larger than need be.
auto AncestorSet::FindMask(std::span<const EntityUid> uids, Room room) -> uint32_t {
  if (uids.size() <= kBucketSlots) return 0;
  constexpr size_t kWanted = 6;  // uids of a bucket; more would overflow too often
  constexpr size_t kWantedOfRoomy = 3;
  constexpr size_t kMany = 16;
  constexpr size_t kWantedOfMany = 5;
  constexpr size_t kMaxGrowth = 16;
  constexpr uint32_t kFirstShift = 28;
  constexpr uint32_t kLastShift = 43;
  constexpr size_t kFewBuckets = 256;
  std::array<uint8_t, kFewBuckets> few;
  std::vector<uint8_t> many;
  const size_t wanted = room == Room::Tight ? kWanted : kWantedOfRoomy;
  const size_t fewest = std::bit_ceil((uids.size() + wanted - 1) / wanted);
  for (size_t buckets = fewest; buckets <= fewest * kMaxGrowth; buckets *= 2) {
    if (buckets >= kMany && uids.size() > buckets * kWantedOfMany) continue;  // it would be in vain
    for (uint32_t shift = kFirstShift; shift <= kLastShift; ++shift) {
      const auto mask = static_cast<uint32_t>((buckets - 1) * kBucketBytes) | shift;
      if (buckets > kFewBuckets) many.resize(buckets);
      const std::span<uint8_t> used = buckets > kFewBuckets ? std::span<uint8_t>(many) : std::span<uint8_t>(few).first(buckets);
      std::ranges::fill(used, 0);
      const bool fits =
          std::ranges::all_of(uids, [&](EntityUid uid) { return ++used[BucketOffset(uid.packed(), mask) / kBucketBytes] <= kBucketSlots; });
      if (fits) return mask;
    }
  }
  return UINT32_MAX;
}

auto AncestorSet::Make(Arena& arena, std::span<const EntityUid> uids, Room room) -> const AncestorSet* {
  if (uids.empty()) return Empty();
  const uint32_t mask = FindMask(uids, room);
  if (mask == UINT32_MAX) return nullptr;
  const size_t slot_count = SlotsOf(mask);
  // A bucket is a cache line, but for a single one, which is not worth what that takes.
  const size_t padding = mask == 0 ? 0 : kBucketSlots - 1;
  auto memory = arena.NewArray<uint64_t>(padding + 1 + slot_count);
  while (padding > 0 && reinterpret_cast<uintptr_t>(&memory[1]) % kBucketBytes != 0) memory = memory.subspan(1);
  auto* set = ::new (memory.data()) AncestorSet;
  set->count_ = static_cast<uint32_t>(uids.size());
  set->mask_ = mask;
  const auto slots = memory.subspan(1, slot_count);
  std::ranges::fill(slots, kEmptySlot);
  for (const EntityUid uid : uids) {
    size_t at = BucketOffset(uid.packed(), mask) / sizeof(uint64_t);
    while (slots[at] != kEmptySlot) ++at;
    slots[at] = uid.packed();
  }
  return set;
}

auto AncestorSet::Empty() -> const AncestorSet* {
  struct OneBucket {
    uint32_t count = 0;
    uint32_t mask = 0;
    std::array<uint64_t, kBucketSlots> slots;
  };
  static const OneBucket empty = [] {
    OneBucket bucket;
    bucket.slots.fill(kEmptySlot);
    return bucket;
  }();
  return reinterpret_cast<const AncestorSet*>(&empty);
}

auto AncestorSet::Sorted() const -> std::vector<EntityUid> {
  std::vector<EntityUid> sorted;
  sorted.reserve(count_);
  ForEach([&](EntityUid uid) { sorted.push_back(uid); });
  std::ranges::sort(sorted);
  return sorted;
}

}  // namespace remit
