// Reservations that are open, and those that ended not long ago, by id and by request id.
//
// Split into shards with a lock each; the shard of a request id is a fixed hash of it, and an id says its shard, so both ways lead to one lock.
// Slots are used again with the memory they have: a warm table allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ledger/account.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/random_id.h"

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
  uint32_t heap_position = 0;  // if open
  uint32_t next = 0;  // of the remembered ones, if not
  uint64_t row_version = 0;  // of its row in the store, if there is one
  bool leased = false;  // spent from leases: it has no row
  bool stale = false;  // the store may know better: to be read again before it is changed
  std::vector<Line> lines;
  std::vector<BreakerLine> breakers;
};

// Slots by 32 bits of a hash: open addressing, linear, gaps closed on erasure.
class SlotIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  template <typename Is>
  auto Find(uint64_t hash, const Is& is) const -> uint32_t {
    if (cells_.empty()) return kNone;
    const auto tag = static_cast<uint32_t>(hash >> 32);
    for (uint64_t at = tag & mask_; cells_[at].slot != kNone; at = (at + 1) & mask_) {
      if (cells_[at].tag == tag && is(cells_[at].slot)) return cells_[at].slot;
    }
    return kNone;
  }
  void Insert(uint64_t hash, uint32_t slot);
  void Erase(uint64_t hash, uint32_t slot);

 private:
  struct Cell {
    uint32_t tag = 0;
    uint32_t slot = kNone;
  };

  void Put(Cell cell);

  uint64_t mask_ = 0;
  size_t used_ = 0;
  std::vector<Cell> cells_;
};

class alignas(64) ReservationShard {
 public:
  static constexpr uint32_t kNone = SlotIndex::kNone;

  LockWord lock;  // of everything; taken before the lock of any account

  auto at(uint32_t slot) -> Record& { return chunks_[slot / kChunk][slot % kChunk]; }
  auto FindById(const RawId& id) -> uint32_t;
  auto FindByRequest(std::string_view request_id, uint64_t hash) -> uint32_t;

  // A record to be filled and then filed with `File`. Slots in use: `size()`.
  auto Take() -> uint32_t;
  // Enters an open record in the indexes and among those that will expire.
  void File(uint32_t slot);
  // Undoes `Take` and `File` of an open record that came to nothing; its lines refer to no account any more.
  void Discard(uint32_t slot);
  // The end of an open record: it is remembered from now on.
  void End(uint32_t slot, int64_t now);
  void Reschedule(uint32_t slot, int64_t expires_at);
  // The open record that expires first, or none.
  auto First() const -> uint32_t { return heap_.empty() ? kNone : heap_.front(); }
  auto first_expiry() -> int64_t { return heap_.empty() ? kForever : at(heap_.front()).expires_at; }
  // The record that ended first, or none.
  auto Oldest() const -> uint32_t { return oldest_; }
  auto remembered() const -> size_t { return remembered_; }
  auto size() const -> size_t { return size_; }
  // Forgets the oldest of those that ended; its lines refer to no account any more.
  void ForgetOldest();

 private:
  static constexpr uint32_t kChunk = 64;

  auto Earlier(uint32_t a, uint32_t b) -> bool { return at(heap_[a]).expires_at < at(heap_[b]).expires_at; }
  void Exchange(uint32_t a, uint32_t b);
  void SiftUp(uint32_t position);
  void SiftDown(uint32_t position);
  void Unschedule(uint32_t slot);
  void Free(uint32_t slot);

  std::vector<std::unique_ptr<Record[]>> chunks_;
  std::vector<uint32_t> free_;
  size_t size_ = 0;
  SlotIndex by_id_;
  SlotIndex by_request_;
  std::vector<uint32_t> heap_;  // of open records by expiry
  uint32_t oldest_ = kNone;
  uint32_t newest_ = kNone;
  size_t remembered_ = 0;
};

class ReservationTable {
 public:
  static constexpr size_t kShards = 64;

  // Needs no seed: a shard is a lock, not a place in a table. An id says in which shard its reservation is.
  static auto ShardOfRequest(std::string_view request_id) -> uint8_t { return HashText(request_id, 0) % kShards; }
  static auto HashOf(std::string_view request_id) -> uint64_t { return HashText(request_id, Seed()); }

  auto shard(uint8_t index) -> ReservationShard& { return shards_[index % kShards]; }
  auto shards() -> std::array<ReservationShard, kShards>& { return shards_; }

 private:
  static auto Seed() -> uint64_t {
    static const uint64_t seed = HashSeed();
    return seed;
  }

  std::array<ReservationShard, kShards> shards_;
};

}  // namespace remit::ledger
