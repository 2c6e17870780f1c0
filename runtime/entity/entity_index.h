// Row numbers of entity uids: dense, never reused for another uid, the same in every store of one line of updates.
//
// Uids that are only mentioned as parents have a row too, so that a store knows at once whether anything could be below a new entity.
//
// Thread rule: one thread at a time may `Assign` and `MarkParent`; any number may read meanwhile, without locks.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "runtime/value/value.h"

namespace remit {

class EntityIndex {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  EntityIndex() = default;
  // Rows below `first_row` are the parent's, which must outlive this; those it adds later are not seen.
  EntityIndex(const EntityIndex* parent, uint32_t first_row) : parent_(parent), first_row_(first_row) {}

  auto Find(EntityUid uid) const -> uint32_t;
  auto Assign(EntityUid uid) -> uint32_t;
  // Something names this uid as its parent.
  void MarkParent(EntityUid uid);
  auto IsParent(EntityUid uid) const -> bool;

  // One more than the highest row.
  auto size() const -> uint32_t { return first_row_ + count_.load(std::memory_order_acquire); }
  void Reserve(uint32_t count);
  auto footprint() const -> size_t;

 private:
  struct Slot {
    std::atomic<uint64_t> uid;
    std::atomic<uint32_t> row;
    std::atomic<bool> is_parent;
  };
  struct Table {
    explicit Table(uint64_t size);

    uint64_t mask;
    uint32_t shift;
    std::unique_ptr<Slot[]> slots;
  };

  static auto SlotOf(const Table& table, uint64_t uid) -> Slot&;
  auto FindSlot(EntityUid uid) const -> const Slot*;
  void Resize(uint64_t size);

  const EntityIndex* parent_ = nullptr;
  uint32_t first_row_ = 0;
  std::atomic<uint32_t> count_ = 0;
  std::atomic<const Table*> table_ = nullptr;
  std::vector<std::unique_ptr<Table>> tables_;  // the last is current; readers may still be in the others
};

}  // namespace remit
