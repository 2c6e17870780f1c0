// The current snapshot: writers replace it, readers pin it and never lock.
//
// Hazard pointers (M. Michael, IEEE TPDS 15(6), 2004): a reader announces the snapshot it reads in a slot of its own, and a writer frees only what
// nobody has announced. A reader keeps its pin until it asks again, so that as long as nothing was published asking costs one load and one
// comparison. std::atomic<std::shared_ptr>, the alternative, takes a lock and writes to a line that all readers share.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/engine/snapshot.h"

namespace remit {

class SnapshotCell {
 public:
  // One reader's slot. Belongs to one thread at a time; the cell outlives it.
  class Reader {
   public:
    explicit Reader(SnapshotCell& cell);
    ~Reader();
    Reader(const Reader&) = delete;
    auto operator=(const Reader&) -> Reader& = delete;

    // The current snapshot, which stays until the next call of Pin or Release.
    auto Pin() -> const Snapshot& {
      const Snapshot* current = cell_.current_.load(std::memory_order_acquire);
      return current == pinned_ ? *pinned_ : Repin(current);
    }
    void Release();

   private:
    auto Repin(const Snapshot* current) -> const Snapshot&;

    SnapshotCell& cell_;
    std::atomic<const Snapshot*>& slot_;
    const Snapshot* pinned_ = nullptr;  // what the slot says
  };

  explicit SnapshotCell(std::unique_ptr<const Snapshot> first) : current_(first.release()) {}
  ~SnapshotCell();
  SnapshotCell(const SnapshotCell&) = delete;
  auto operator=(const SnapshotCell&) -> SnapshotCell& = delete;

  // One writer at a time. Frees the snapshots that nobody pins any more.
  void Publish(std::unique_ptr<const Snapshot> next);
  // For the writer.
  auto current() const -> const Snapshot& { return *current_.load(std::memory_order_relaxed); }

 private:
  struct alignas(64) Slot {
    std::atomic<const Snapshot*> pinned = nullptr;
    bool is_used = false;
  };

  auto TakeSlot() -> std::atomic<const Snapshot*>&;
  void GiveBack(const std::atomic<const Snapshot*>& slot);
  void FreeUnpinned();

  std::atomic<const Snapshot*> current_;
  std::vector<std::unique_ptr<const Snapshot>> retired_;
  std::mutex mutex_;  // of `slots_` as a list
  std::list<Slot> slots_;
};

}  // namespace remit
