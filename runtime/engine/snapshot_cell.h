// The current snapshot: writers replace it, readers pin it and never lock.
//
// Hazard pointers (M. Michael, IEEE TPDS 15(6), 2004): a reader announces the snapshot it reads in a slot of its own, and a writer frees only what
// nobody has announced. A reader keeps its pin until it asks again, so that as long as nothing was published asking costs one load and one
// comparison. std::atomic<std::shared_ptr>, the alternative, takes a lock and writes to a line that all readers share.
//
// Where entities change all the time, what a session needs to go on is beside the pointer: one line comes from the writer's cache, instead of those of the
// snapshot and its store one after the other.
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
      const Snapshot* current = cell_.line_.current.load(std::memory_order_acquire);
      return current == pinned_ ? *pinned_ : Repin(current);
    }
    void Release();
    // Of what Pin gave last.
    auto head() const -> const SnapshotHead& { return head_; }

   private:
    auto Repin(const Snapshot* current) -> const Snapshot&;

    SnapshotCell& cell_;
    std::atomic<const Snapshot*>& slot_;
    const Snapshot* pinned_ = nullptr;  // what the slot says
    SnapshotHead head_ = {};
  };

  explicit SnapshotCell(std::unique_ptr<const Snapshot> first);
  ~SnapshotCell();
  SnapshotCell(const SnapshotCell&) = delete;
  auto operator=(const SnapshotCell&) -> SnapshotCell& = delete;

  // One writer at a time. Frees the snapshots that nobody pins any more: at once, or, if what they do not share with others `is_little`, a few together,
  // for looking for them takes the readers' slots out of their caches.
  void Publish(std::unique_ptr<const Snapshot> next, bool is_little = false);
  // For the writer.
  auto current() const -> const Snapshot& { return *line_.current.load(std::memory_order_relaxed); }

 private:
  // What readers look at, in one cache line.
  struct alignas(64) Line {
    std::atomic<const Snapshot*> current = nullptr;
    // Of the snapshot whose number both `begin` and `end` say, if they say the same: written from `begin` to `end`, read from `end` to `begin`.
    std::atomic<uint64_t> begin = 0;
    std::atomic<uint64_t> base = 0;
    std::atomic<const EntityStore*> store = nullptr;
    std::atomic<const EntityRows::Node* const*> nodes = nullptr;
    std::atomic<uint64_t> capacity = 0;
    std::atomic<const Snapshot*> of = nullptr;
    std::atomic<uint64_t> end = 0;
  };
  static_assert(sizeof(Line) == 64);

  struct alignas(64) Slot {
    std::atomic<const Snapshot*> pinned = nullptr;
    bool is_used = false;
  };

  auto TakeSlot() -> std::atomic<const Snapshot*>&;
  void GiveBack(const std::atomic<const Snapshot*>& slot);
  void FreeUnpinned();
  auto Replace(const Snapshot& next) -> const Snapshot*;
  auto ReadHead(const Snapshot& pinned) const -> SnapshotHead;

  Line line_;
  std::vector<std::unique_ptr<const Snapshot>> retired_;
  std::mutex mutex_;  // of `slots_` as a list
  std::list<Slot> slots_;
};

}  // namespace remit
