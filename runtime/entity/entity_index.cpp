#include "runtime/entity/entity_index.h"

#include "runtime/base/check.h"

namespace remit {
namespace {

constexpr uint64_t kFirstSlots = 16;
constexpr uint64_t kSlack = 16;  // of a guess: outgrowing the table by a few costs as much as growing by many

// So that at most three quarters of them are used: searches stay short, and the table is not mostly empty.
auto SlotsFor(uint64_t count) -> uint64_t { return count + count / 3 + 1; }

}  // namespace

auto EntityIndex::Assign(EntityUid uid) -> uint32_t {
  if (parent_ != nullptr) {
    if (const uint32_t row = parent_->Find(uid); row < first_row_) return row;
  }
  return AssignSlot(uid).row.load(std::memory_order_relaxed);
}

// Of a uid that has no row in the parent.
auto EntityIndex::AssignSlot(EntityUid uid) -> Slot& {
  const uint32_t count = count_.load(std::memory_order_relaxed);
  if (tables_.empty() || SlotsFor(uint64_t{count} + 1) > tables_.back()->size) {
    Resize(tables_.empty() ? kFirstSlots : tables_.back()->size * 2);
  }
  Slot& slot = SlotOf(*tables_.back(), uid.packed());
  if (slot.uid.load(std::memory_order_relaxed) != kEmpty) return slot;
  CHECK(first_row_ + count < kNoRow - 1, "too many entities");
  slot.row.store(first_row_ + count, std::memory_order_relaxed);
  slot.uid.store(uid.packed(), std::memory_order_release);
  count_.store(count + 1, std::memory_order_release);
  return slot;
}

void EntityIndex::Resize(uint64_t size) {
  auto table = std::make_unique<Table>(size);
  if (!tables_.empty()) {
    const Table& old = *tables_.back();
    for (uint64_t i = 0; i < old.size; ++i) {
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
  if (!is_shared_) tables_.erase(tables_.begin(), tables_.end() - 1);
}

void EntityIndex::Reserve(uint32_t count) {
  const uint64_t size = SlotsFor(uint64_t{count} + count / kSlack);
  if (tables_.empty() && size > kFirstSlots) Resize(size);
}

void EntityIndex::Clear() {
  count_.store(0, std::memory_order_relaxed);
  if (tables_.empty()) return;
  const Table& table = *tables_.back();
  if (table.size > kFirstSlots) {  // it would have to be gone through
    table_.store(nullptr, std::memory_order_relaxed);
    tables_.clear();
    return;
  }
  for (uint64_t i = 0; i < table.size; ++i) {
    table.slots[i].uid.store(kEmpty, std::memory_order_relaxed);
    table.slots[i].is_parent.store(false, std::memory_order_relaxed);
  }
}

auto EntityIndex::MarkParent(EntityUid uid) -> uint32_t {
  if (parent_ != nullptr) {
    // The parent index is not ours to change: IsParent asks for the row.
    if (const uint32_t row = parent_->Find(uid); row < first_row_) return row;
  }
  Slot& slot = AssignSlot(uid);
  slot.is_parent.store(true, std::memory_order_relaxed);
  return slot.row.load(std::memory_order_relaxed);
}

auto EntityIndex::IsParent(EntityUid uid) const -> bool {
  if (parent_ != nullptr && parent_->IsParent(uid)) return true;
  const Slot* slot = FindSlot(uid);
  return slot != nullptr && slot->is_parent.load(std::memory_order_relaxed);
}

auto EntityIndex::footprint() const -> size_t {
  size_t bytes = 0;
  for (const auto& table : tables_) bytes += table->size * sizeof(Slot);
  return bytes;
}

}  // namespace remit
