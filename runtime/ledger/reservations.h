// Reservations that are open or have expired, by id and by request id; and a log of those that were settled not long ago.
//
// Split into shards with a lock each; the shard of a request id is a fixed hash of it, and an id says its shard, so both ways lead to one lock.
// Slots are used again with the memory they have: a warm table allocates nothing.
//
// An id also says, encrypted, which reservation of its shard it is: places are found in a ring indexed by that number, so that a reservation
// touches what the one before it touched. A table by hash, the alternative, is a cache miss for each reservation and one for each that is forgotten;
// it is kept for the few whose place in the ring was taken over, and for those of other ledgers.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/ledger/account.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/random_id.h"
#include "runtime/ledger/settled_log.h"
#include "runtime/ledger/slot_index.h"

namespace remit::ledger {

// INVARIANT: lines of a record are sorted by the address of their slot: the order in which accounts are locked.
struct Line {
  AccountSlot* slot = nullptr;  // null once settled
  const std::string* budget = nullptr;  // lives as long as the ledger
  int64_t reserved = 0;  // what was asked for
  int64_t approved = 0;  // of that, what an approval admitted above the limit
  int64_t held = 0;  // counted as reserved now
  int64_t charged = 0;  // counted as charged now, within the limit or overdrawn
  int64_t approved_counted = 0;  // counted as approved overdraft now
  int64_t overdraft = 0;
  Place place = 0;
  Unsettled unsettled = Unsettled::Charge;
  bool concurrent = false;
};

struct BreakerLine {
  BreakerSlot* slot = nullptr;  // null once settled
  uint64_t term = 0;
  bool probe = false;
};

struct Record {
  RawId id;
  uint8_t shard = 0;
  uint64_t request_hash = 0;
  std::string request_id;
  Digest digest = {};
  Stage stage = Stage::Open;
  Verdict verdict = Verdict::Success;
  bool late = false;
  bool overdrawn = false;
  int64_t expires_at = 0;
  int64_t ended_at = 0;  // expired or settled, whichever came first
  uint32_t number = 0;  // what its id says in secret: its place in the ring
  int64_t due = 0;  // if open: when it is looked at
  bool is_scheduled = false;  // open, and among those that will expire
  uint32_t queue = 0;  // if so: which, or the heap
  uint32_t heap_position = 0;  // in the heap
  uint32_t next = 0;  // of the queue, or of the expired ones
  uint32_t previous = 0;
  uint64_t row_version = 0;  // of its row in the store, if there is one
  bool leased = false;  // spent from leases: it has no row
  bool stale = false;  // the store may know better: to be read again before it is changed
  std::vector<Line> lines;
  std::vector<BreakerLine> breakers;
};

class alignas(64) ReservationShard {
 public:
  static constexpr uint32_t kNone = SlotIndex::kNone;

  LockWord lock;  // of everything; taken before the lock of any account

  auto at(uint32_t slot) -> Record& { return *records_[slot]; }
  auto at(uint32_t slot) const -> const Record& { return *records_[slot]; }
  struct Found {
    uint32_t slot = kNone;  // of an open or expired one
    SettledView settled = {};

    explicit operator bool() const { return slot != kNone || settled; }
  };
  auto FindById(const RawId& id) const -> Found {
    if (!cells_.empty()) {
      const Cell& cell = cells_[NumberOf(id) & ring_mask_];
      if (cell.kind == Cell::Slot && at(cell.at).id == id) return {.slot = cell.at};
      if (cell.kind == Cell::Log) {
        const SettledView its = settled.At({.generation = cell.generation, .offset = cell.at});
        if (its && its.header().id == id) return {.settled = its};
      }
    }
    return FindStray(id);
  }
  auto FindByRequest(std::string_view request_id, uint64_t hash) -> uint32_t;

  // A record to be filled and then filed with `File`, with an id from `Name` or the number of the id that it has.
  auto Take() -> uint32_t {
    if (free_.empty()) AddRecords();
    ++size_;
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  // The id, also: who reads it from the record at once waits until it is written.
  auto Name(Record& record) -> RawId {
    RawId id = IdFactory::Random();
    record.number = ++last_number_;
    id.low |= record.number ^ MaskOf(id);
    record.id = id;
    return id;
  }
  // Of one that another ledger named.
  void TakeNumber(Record& record) const { record.number = NumberOf(record.id); }
  // Enters an open record in the indexes and among those that will expire.
  void File(uint32_t slot) {
    const Record& record = at(slot);
    Enter(record.number, slot);
    if (!record.request_id.empty()) by_request_.Insert(record.request_hash, slot);
    Schedule(slot);
  }
  // Lets a record go: one that came to nothing or is forgotten. Its lines refer to no account any more.
  void Discard(uint32_t slot);
  // The same of one that was settled: the log keeps what is left of it.
  template <typename Dropped>
  void Settle(uint32_t slot, size_t most, const Dropped& dropped) {
    const auto place = settled.Add(at(slot), most, dropped);
    Settled(slot, place);
    settled.Trim(most, dropped);
  }
  // One that was settled elsewhere.
  template <typename Dropped>
  void AddSettled(const Record& record, size_t most, const Dropped& dropped) {
    settled.AddStray(record.id, settled.Add(record, most, dropped));
    settled.Trim(most, dropped);
  }
  // An open record has expired: it waits for a late settlement from now on.
  void End(uint32_t slot, int64_t now);
  void Reschedule(uint32_t slot, int64_t expires_at);
  // The open record that expires first, or none.
  auto First() const -> uint32_t {
    uint32_t first = heap_.empty() ? kNone : heap_.front().slot;
    for (const Queue& queue : queues_) {
      if (queue.first != kNone && (first == kNone || at(queue.first).due < at(first).due)) first = queue.first;
    }
    return first;
  }
  auto first_expiry() const -> int64_t {
    const uint32_t first = First();
    return first == kNone ? kForever : at(first).due;
  }
  // The record that expired first, or none.
  auto Oldest() const -> uint32_t { return oldest_; }
  auto expired() const -> size_t { return expired_; }
  auto size() const -> size_t { return size_ + settled.size(); }

  SettledLog settled;

 private:
  static constexpr uint32_t kChunk = 64;

  // Open records among those that will expire. Most are filed in the order in which they will: holds are few, and each has a queue, whose records know
  // their neighbours. What fits behind the last of no queue is in a heap whose records know their position. A heap for all, the alternative, touches
  // a dozen other records when the oldest is settled.
  static constexpr uint32_t kQueues = 4;
  static constexpr uint32_t kInHeap = kQueues;
  struct Queue {
    uint32_t first = kNone;
    uint32_t last = kNone;
    int64_t last_due = 0;
  };
  struct Due {
    int64_t expires_at;
    uint32_t slot;
  };
  auto Earlier(uint32_t a, uint32_t b) const -> bool { return heap_[a].expires_at < heap_[b].expires_at; }
  void Exchange(uint32_t a, uint32_t b);
  void SiftUp(uint32_t position);
  void SiftDown(uint32_t position);
  void Schedule(uint32_t slot) {
    Record& record = at(slot);
    record.due = record.expires_at;
    record.is_scheduled = true;
    for (uint32_t i = 0; i < kQueues; ++i) {
      Queue& queue = queues_[i];
      if (queue.last != kNone && queue.last_due > record.due) continue;
      record.queue = i;
      record.next = kNone;
      record.previous = queue.last;
      (queue.last == kNone ? queue.first : at(queue.last).next) = slot;
      queue.last = slot;
      queue.last_due = record.due;
      return;
    }
    ScheduleInHeap(slot);
  }
  void Unschedule(uint32_t slot) {
    Record& record = at(slot);
    record.is_scheduled = false;
    if (record.queue == kInHeap) return UnscheduleInHeap(record.heap_position);
    Queue& queue = queues_[record.queue];
    (record.previous == kNone ? queue.first : at(record.previous).next) = record.next;
    if (record.next != kNone) {
      at(record.next).previous = record.previous;
      return;
    }
    queue.last = record.previous;
    if (queue.last != kNone) queue.last_due = at(queue.last).due;
  }
  void ScheduleInHeap(uint32_t slot);
  void UnscheduleInHeap(uint32_t position);
  void Unlist(uint32_t slot);
  void Settled(uint32_t slot, const SettledLog::Place& place) {
    const Record& record = at(slot);
    Cell& cell = cells_[record.number & ring_mask_];
    if (cell.kind == Cell::Slot && cell.at == slot) {
      cell.kind = Cell::Log;
      cell.generation = place.generation;
      cell.at = place.offset;
    } else {
      strays_.Erase(record.id.high, slot);
      settled.AddStray(record.id, place);
    }
    Free(slot);
  }
  void Free(uint32_t slot) {
    Record& record = at(slot);
    if (record.is_scheduled) {
      Unschedule(slot);
    } else {
      Unlist(slot);
    }
    --size_;
    if (!record.request_id.empty()) {
      by_request_.Erase(record.request_hash, slot);
      record.request_id.clear();
    }
    record.lines.clear();
    record.breakers.clear();
    free_.push_back(slot);
  }
  // Where the reservation with this number is: empty, a slot, or a place in the log.
  struct Cell {
    enum Kind : uint32_t { Empty, Slot, Log } kind = Empty;
    uint32_t generation = 0;
    uint32_t at = 0;  // the slot, or the offset
  };
  auto IdAt(const Cell& cell) const -> std::optional<RawId>;
  auto FindStray(const RawId& id) const -> Found;
  void Displace(const Cell& cell);
  void Enter(uint32_t number, uint32_t slot) {
    if (2 * size() > cells_.size()) Grow();
    Cell& cell = cells_[number & ring_mask_];
    if (cell.kind != Cell::Empty && !IsForgotten(cell)) Displace(cell);
    cell.kind = Cell::Slot;
    cell.at = slot;
  }
  auto IsForgotten(const Cell& cell) const -> bool { return cell.kind == Cell::Log && !settled.Has(cell.generation); }
  void Grow();
  void AddRecords();
  // What hides the number in an id, so that ids say nothing of how many there are.
  auto MaskOf(const RawId& id) const -> uint32_t {
    return static_cast<uint32_t>(hash_detail::Fold(id.high ^ secret_, 0x9E3779B97F4A7C15) >> 16);
  }
  auto NumberOf(const RawId& id) const -> uint32_t { return static_cast<uint32_t>(id.low) ^ MaskOf(id); }

  uint64_t secret_ = HashSeed();
  std::vector<std::unique_ptr<Record[]>> chunks_;
  std::vector<Record*> records_;  // by slot
  std::vector<uint32_t> free_;
  size_t size_ = 0;
  std::vector<Cell> cells_;  // a ring, by number; a power of two
  uint64_t ring_mask_ = 0;
  uint32_t last_number_ = 0;
  SlotIndex strays_;  // slots whose place in the ring another one has
  SlotIndex by_request_;
  std::array<Queue, kQueues> queues_;
  std::vector<Due> heap_;
  uint32_t oldest_ = kNone;
  uint32_t newest_ = kNone;
  size_t expired_ = 0;
};

class ReservationTable {
 public:
  static constexpr size_t kShards = 64;

  explicit ReservationTable(size_t remembered)
      : stay_(std::clamp<uint32_t>(static_cast<uint32_t>(std::bit_width(remembered / kShards / 4)), 6, 9)) {}

  // Needs no seed: a shard is a lock, not a place in a table. An id says in which shard its reservation is.
  static auto ShardOfRequest(std::string_view request_id) -> uint8_t { return HashText(request_id, 0) % kShards; }
  // For requests without an id. A thread stays in a shard for a while: what it touched last is still in its caches.
  // How long depends on how many a shard remembers: half of them are never forgotten while it stays.
  auto NextShard() const -> uint8_t {
    thread_local uint32_t turn = FirstTurn();
    return static_cast<uint8_t>((turn++ >> stay_) % kShards);
  }
  static auto HashOf(std::string_view request_id) -> uint64_t { return HashText(request_id, Seed()); }

  auto shard(uint8_t index) -> ReservationShard& { return shards_[index % kShards]; }
  auto IndexOf(const ReservationShard& shard) const -> uint8_t { return static_cast<uint8_t>(&shard - shards_.data()); }
  auto shards() -> std::array<ReservationShard, kShards>& { return shards_; }

 private:
  // Threads begin far from each other.
  static auto FirstTurn() -> uint32_t {
    static std::atomic<uint32_t> threads = 0;
    return threads.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B9U;
  }
  static auto Seed() -> uint64_t {
    static const uint64_t seed = HashSeed();
    return seed;
  }

  uint32_t stay_;  // a power of two
  std::array<ReservationShard, kShards> shards_;
};

}  // namespace remit::ledger
