// Row numbers of entity uids: dense, never reused for another uid, the same in every store of one line of updates.
//
// Uids that are only mentioned as parents have a row too, so that a store knows at once whether anything could be below a new entity.
//
// Thread rule: one thread at a time may `Assign` and `MarkParent`; any number may read meanwhile, without locks.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "runtime/entity/spare_blocks.h"
#include "runtime/value/value.h"

namespace remit {

class EntityIndex {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  EntityIndex() = default;
  // Rows below `first_row` are the parent's, which must outlive this; those it adds later are not seen.
  EntityIndex(const EntityIndex* parent, uint32_t first_row) : parent_(parent), first_row_(first_row) {}

  auto Find(EntityUid uid) const -> uint32_t {
    if (parent_ != nullptr) {
      if (const uint32_t row = parent_->Find(uid); row < first_row_) return row;
    }
    const Slot* slot = FindSlot(uid);
    return slot == nullptr ? kNoRow : slot->row.load(std::memory_order_relaxed);
  }
  auto Assign(EntityUid uid) -> uint32_t;
  // Something names this uid as its parent. Its row.
  auto MarkParent(EntityUid uid) -> uint32_t;
  auto IsParent(EntityUid uid) const -> bool;
  // Whether it was one before anything was added to this index. For an index with a parent.
  auto WasParent(EntityUid uid) const -> bool { return parent_->IsParent(uid); }
  auto has_parent() const -> bool { return parent_ != nullptr; }
  auto first_row() const -> uint32_t { return first_row_; }

  // One more than the highest row.
  auto size() const -> uint32_t { return first_row_ + count_.load(std::memory_order_acquire); }
  void Reserve(uint32_t count);
  // Forgets its own uids, whose rows may then be those of others. For an index that nobody else reads.
  void Clear();
  // Others may read from now on: tables that were outgrown stay.
  void Share() { is_shared_ = true; }
  auto footprint() const -> size_t;

 private:
  static constexpr uint64_t kEmpty = UINT64_MAX;  // EntityUid{}, which is no entity's

  struct Slot {
    std::atomic<uint64_t> uid = kEmpty;
    std::atomic<uint32_t> row = 0;
    std::atomic<bool> is_parent = false;
  };
  // Of any size, so that a table that was reserved has few slots that are empty.
  struct Table {
    explicit Table(uint64_t count) : size(count), slots(count) {}

    uint64_t size;
    mutable SpareVector<Slot> slots;
  };

  __extension__ using Uint128 = unsigned __int128;

  // The uid's slot, or the empty one where it belongs.
  static auto SlotOf(const Table& table, uint64_t uid) -> Slot& {
    constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
    auto at = static_cast<uint64_t>((Uint128{uid * kMultiplier} * table.size) >> 64);
    while (true) {
      Slot& slot = table.slots[at];
      const uint64_t found = slot.uid.load(std::memory_order_acquire);
      if (found == uid || found == kEmpty) return slot;
      at = at + 1 == table.size ? 0 : at + 1;
    }
  }
  auto FindSlot(EntityUid uid) const -> const Slot* {
    const Table* table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return nullptr;
    const Slot& slot = SlotOf(*table, uid.packed());
    return slot.uid.load(std::memory_order_acquire) == kEmpty ? nullptr : &slot;
  }
  auto AssignSlot(EntityUid uid) -> Slot&;
  void Resize(uint64_t size);

  const EntityIndex* parent_ = nullptr;
  uint32_t first_row_ = 0;
  std::atomic<uint32_t> count_ = 0;
  std::atomic<const Table*> table_ = nullptr;
  std::vector<std::unique_ptr<Table>> tables_;  // the last is current; readers may still be in the others
  bool is_shared_ = false;
};

}  // namespace remit
