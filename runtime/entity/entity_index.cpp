#include "runtime/entity/entity_index.h"

#include <bit>

#include "runtime/base/check.h"

namespace remit {
namespace {

constexpr uint64_t kEmpty = UINT64_MAX;  // EntityUid{}, which is no entity's
constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
constexpr uint64_t kFirstSlots = 16;

// So that at most three quarters of them are used: searches stay short, and the table is not mostly empty.
auto SlotsFor(uint64_t count) -> uint64_t { return count + count / 3 + 1; }

}  // namespace

EntityIndex::Table::Table(uint64_t size)
    : mask(size - 1), shift(64 - static_cast<uint32_t>(std::countr_zero(size))), slots(std::make_unique<Slot[]>(size)) {
  for (uint64_t i = 0; i < size; ++i) slots[i].uid.store(kEmpty, std::memory_order_relaxed);
}

// The uid's slot, or the empty one where it belongs.
auto EntityIndex::SlotOf(const Table& table, uint64_t uid) -> Slot& {
  for (uint64_t at = (uid * kMultiplier) >> table.shift;; at = (at + 1) & table.mask) {
    Slot& slot = table.slots[at];
    const uint64_t found = slot.uid.load(std::memory_order_acquire);
    if (found == uid || found == kEmpty) return slot;
  }
}

auto EntityIndex::FindSlot(EntityUid uid) const -> const Slot* {
  const Table* table = table_.load(std::memory_order_acquire);
  if (table == nullptr) return nullptr;
  const Slot& slot = SlotOf(*table, uid.packed());
  return slot.uid.load(std::memory_order_acquire) == kEmpty ? nullptr : &slot;
}

auto EntityIndex::Find(EntityUid uid) const -> uint32_t {
  if (parent_ != nullptr) {
    if (const uint32_t row = parent_->Find(uid); row < first_row_) return row;
  }
  const Slot* slot = FindSlot(uid);
  return slot == nullptr ? kNoRow : slot->row.load(std::memory_order_relaxed);
}

auto EntityIndex::Assign(EntityUid uid) -> uint32_t {
  if (const uint32_t row = Find(uid); row != kNoRow) return row;
  const uint32_t count = count_.load(std::memory_order_relaxed);
  CHECK(first_row_ + count < kNoRow - 1, "too many entities");
  if (tables_.empty() || SlotsFor(uint64_t{count} + 1) > tables_.back()->mask + 1) {
    Resize(tables_.empty() ? kFirstSlots : (tables_.back()->mask + 1) * 2);
  }
  Slot& slot = SlotOf(*tables_.back(), uid.packed());
  slot.row.store(first_row_ + count, std::memory_order_relaxed);
  slot.uid.store(uid.packed(), std::memory_order_release);
  count_.store(count + 1, std::memory_order_release);
  return first_row_ + count;
}

void EntityIndex::Resize(uint64_t size) {
  auto table = std::make_unique<Table>(size);
  if (!tables_.empty()) {
    const Table& old = *tables_.back();
    for (uint64_t i = 0; i <= old.mask; ++i) {
      const uint64_t uid = old.slots[i].uid.load(std::memory_order_relaxed);
      if (uid == kEmpty) continue;
      Slot& slot = SlotOf(*table, uid);
      slot.row.store(old.slots[i].row.load(std::memory_order_relaxed), std::memory_order_relaxed);
      slot.is_parent.store(old.slots[i].is_parent.load(std::memory_order_relaxed), std::memory_order_relaxed);
      slot.uid.store(uid, std::memory_order_relaxed);
    }
  }
  // First what may fail for want of memory.
  tables_.push_back(std::move(table));
  table_.store(tables_.back().get(), std::memory_order_release);
}

void EntityIndex::Reserve(uint32_t count) {
  const uint64_t size = std::bit_ceil(SlotsFor(count));
  if (tables_.empty() && size > kFirstSlots) Resize(size);
}

void EntityIndex::MarkParent(EntityUid uid) {
  if (parent_ == nullptr && !tables_.empty()) {
    if (Slot& slot = SlotOf(*tables_.back(), uid.packed()); slot.uid.load(std::memory_order_relaxed) != kEmpty) {
      slot.is_parent.store(true, std::memory_order_relaxed);
      return;
    }
  }
  if (Assign(uid) < first_row_) return;  // the parent index is not ours to change: IsParent asks for the row
  SlotOf(*tables_.back(), uid.packed()).is_parent.store(true, std::memory_order_relaxed);
}

auto EntityIndex::IsParent(EntityUid uid) const -> bool {
  if (parent_ != nullptr && parent_->Find(uid) < first_row_ && parent_->IsParent(uid)) return true;
  const Slot* slot = FindSlot(uid);
  return slot != nullptr && slot->is_parent.load(std::memory_order_relaxed);
}

auto EntityIndex::footprint() const -> size_t {
  size_t bytes = 0;
  for (const auto& table : tables_) bytes += (table->mask + 1) * sizeof(Slot);
  return bytes;
}

}  // namespace remit
