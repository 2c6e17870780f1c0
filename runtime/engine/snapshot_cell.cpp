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
    const Snapshot* again = cell_.line_.current.load(std::memory_order_seq_cst);
    if (again == current) break;
    current = again;
  }
  head_ = cell_.ReadHead(*current);
  pinned_ = current;
  return *current;
}

SnapshotCell::SnapshotCell(std::unique_ptr<const Snapshot> first) { Replace(*first.release()); }

SnapshotCell::~SnapshotCell() { delete &current(); }

void SnapshotCell::Publish(std::unique_ptr<const Snapshot> next, bool is_little) {
  constexpr size_t kFew = 16;
  retired_.reserve(retired_.size() + 1);  // first what may fail for want of memory
  retired_.emplace_back(Replace(*next.release()));
  if (!is_little || retired_.size() >= kFew) FreeUnpinned();
}

// The former one.
auto SnapshotCell::Replace(const Snapshot& next) -> const Snapshot* {
  const SnapshotHead head = HeadOf(next);
  line_.begin.store(head.number, std::memory_order_relaxed);
  // Who sees one of these sees the new `begin` too.
  line_.base.store(head.base, std::memory_order_release);
  line_.store.store(head.store.store, std::memory_order_release);
  line_.nodes.store(head.store.nodes, std::memory_order_release);
  line_.capacity.store(head.store.capacity, std::memory_order_release);
  line_.of.store(&next, std::memory_order_release);
  const Snapshot* former = line_.current.exchange(&next, std::memory_order_seq_cst);
  line_.end.store(head.number, std::memory_order_release);
  return former;
}

// The writer may be at the next one already: then the snapshot itself says it.
auto SnapshotCell::ReadHead(const Snapshot& pinned) const -> SnapshotHead {
  const uint64_t end = line_.end.load(std::memory_order_acquire);
  const SnapshotHead head = {.number = end,
                             .base = line_.base.load(std::memory_order_acquire),
                             .store = {.store = line_.store.load(std::memory_order_acquire),
                                       .nodes = line_.nodes.load(std::memory_order_acquire),
                                       .capacity = line_.capacity.load(std::memory_order_acquire)}};
  const Snapshot* of = line_.of.load(std::memory_order_acquire);
  const bool is_whole = line_.begin.load(std::memory_order_relaxed) == end;
  return is_whole && of == &pinned ? head : HeadOf(pinned);
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
