#include "runtime/engine/snapshot_cell.h"

#include <algorithm>

namespace remit {

SnapshotCell::Reader::Reader(SnapshotCell& cell) : cell_(cell), slot_(cell.TakeSlot()) {}

SnapshotCell::Reader::~Reader() {
  Release();
  cell_.GiveBack(slot_);
}

void SnapshotCell::Reader::Release() {
  pinned_ = nullptr;
  slot_.store(nullptr, std::memory_order_release);
}

// Announces first and looks again: a writer that replaced the snapshot in between may not have seen the announcement.
auto SnapshotCell::Reader::Repin(const Snapshot* current) -> const Snapshot& {
  while (true) {
    slot_.store(current, std::memory_order_seq_cst);
    const Snapshot* again = cell_.current_.load(std::memory_order_seq_cst);
    if (again == current) break;
    current = again;
  }
  pinned_ = current;
  return *current;
}

SnapshotCell::~SnapshotCell() { delete current_.load(); }

void SnapshotCell::Publish(std::unique_ptr<const Snapshot> next) {
  retired_.emplace_back(current_.exchange(next.release(), std::memory_order_seq_cst));
  FreeUnpinned();
}

void SnapshotCell::FreeUnpinned() {
  std::vector<const Snapshot*> pinned;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& slot : slots_) pinned.push_back(slot.pinned.load(std::memory_order_seq_cst));
  }
  std::erase_if(retired_, [&](const auto& each) { return std::ranges::find(pinned, each.get()) == pinned.end(); });
}

auto SnapshotCell::TakeSlot() -> std::atomic<const Snapshot*>& {
  const std::lock_guard lock(mutex_);
  auto slot = std::ranges::find(slots_, false, &Slot::is_used);
  if (slot == slots_.end()) slot = slots_.emplace(slots_.end());
  slot->is_used = true;
  return slot->pinned;
}

void SnapshotCell::GiveBack(const std::atomic<const Snapshot*>& slot) {
  const std::lock_guard lock(mutex_);
  std::ranges::find_if(slots_, [&](const Slot& each) { return &each.pinned == &slot; })->is_used = false;
}

}  // namespace remit
