// Entries found by name, key and window, each with a lock word of its own.
//
// Entries never move and their memory is never given back while the table lives, so a handle (pointer and generation) can be tried without the table:
// whoever locks the entry and finds another generation looks it up again. The directory is split into shards with a lock each; an entry is
// forgotten with both locks held, the shard's first.
//
// Bounded: at `capacity` entries nothing is opened until something is forgotten.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/lock_word.h"

namespace remit::ledger {

// What makes an account: a budget whose window changes gets new ones.
struct Identity {
  std::string_view name;
  std::string_view key;
  Window window = Window::Lifetime;
  int64_t window_ms = 0;
  std::string_view zone;

  auto hash() const -> uint64_t {
    static const uint64_t seed = HashSeed();
    return HashText(key, HashText(name, seed + static_cast<uint64_t>(window) * 31 + static_cast<uint64_t>(window_ms)));
  }
  friend auto operator==(const Identity&, const Identity&) -> bool = default;
};

// `Body` has `identity() -> Identity`, of texts it owns.
template <typename Body>
struct alignas(64) Slot {
  LockWord lock;  // of everything below but `hash`
  uint32_t generation = 0;  // changes under both locks
  uint32_t references = 0;  // lines of reservations that still may change it
  uint64_t hash = 0;  // under the shard's lock
  std::optional<Body> body;
};

template <typename Body>
class SlotTable {
 public:
  using Entry = Slot<Body>;
  struct Found {
    Entry* slot = nullptr;
    uint32_t generation = 0;
  };

  explicit SlotTable(size_t capacity) : capacity_(capacity) {}

  // Null if it is not there.
  auto Find(const Identity& identity) -> Found {
    const uint64_t hash = identity.hash();
    Shard& shard = ShardOf(hash);
    const std::lock_guard lock(shard.lock);
    return FindIn(shard, identity, hash);
  }

  // The entry of `identity`, made by `make() -> Body` if need be. Null if the table is full.
  template <typename Make>
  auto Open(const Identity& identity, const Make& make) -> Found {
    const uint64_t hash = identity.hash();
    Shard& shard = ShardOf(hash);
    const std::lock_guard lock(shard.lock);
    if (const Found found = FindIn(shard, identity, hash); found.slot != nullptr) return found;
    if (count_.fetch_add(1, std::memory_order_relaxed) >= capacity_) {
      count_.fetch_sub(1, std::memory_order_relaxed);
      return {};
    }
    Entry* slot = Take(shard);
    slot->hash = hash;
    {
      const std::lock_guard entry_lock(slot->lock);
      slot->body.emplace(make());
    }
    Insert(shard, slot);
    return {slot, slot->generation};
  }

  // Looks at up to `count` entries from where the last call ended and forgets those without references that `idle(Body&)` says are.
  template <typename Idle>
  void Sweep(size_t count, const Idle& idle) {
    const std::lock_guard sweeping(sweep_lock_);
    for (size_t empty_shards = 0; count > 0 && empty_shards < kShards;) {
      Shard& shard = shards_[cursor_shard_];
      const std::lock_guard lock(shard.lock);
      const size_t step = std::min(count, shard.slots.size() - std::min(cursor_, shard.slots.size()));
      for (size_t i = 0; i < step; ++i) ForgetIfIdle(shard, *shard.slots[cursor_ + i], idle);
      count -= step;
      cursor_ += step;
      empty_shards += step == 0 ? 1 : 0;
      if (cursor_ < shard.slots.size()) continue;
      cursor_ = 0;
      cursor_shard_ = (cursor_shard_ + 1) % kShards;
    }
  }

  // Calls `visit(Body&)` for each entry, with it locked.
  template <typename Visit>
  void ForEach(const Visit& visit) {
    for (Shard& shard : shards_) {
      const std::lock_guard lock(shard.lock);
      for (const auto& slot : shard.slots) {
        const std::lock_guard entry_lock(slot->lock);
        if (slot->body) visit(*slot->body);
      }
    }
  }

  auto size() const -> size_t { return count_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kShards = 64;

  struct alignas(64) Shard {
    LockWord lock;
    uint64_t mask = 0;
    size_t used = 0;
    std::vector<Entry*> table;  // open addressing, linear; null is empty
    std::vector<std::unique_ptr<Entry>> slots;
    std::vector<Entry*> free;
  };

  auto ShardOf(uint64_t hash) -> Shard& { return shards_[hash >> 58]; }

  auto FindIn(Shard& shard, const Identity& identity, uint64_t hash) -> Found {
    if (shard.table.empty()) return {};
    for (uint64_t at = hash & shard.mask; shard.table[at] != nullptr; at = (at + 1) & shard.mask) {
      Entry* slot = shard.table[at];
      // The body of a slot in the table changes its identity only under the shard's lock.
      if (slot->hash == hash && slot->body->identity() == identity) return {slot, slot->generation};
    }
    return {};
  }

  auto Take(Shard& shard) -> Entry* {
    if (shard.free.empty()) return shard.slots.emplace_back(std::make_unique<Entry>()).get();
    Entry* slot = shard.free.back();
    shard.free.pop_back();
    return slot;
  }

  void Insert(Shard& shard, Entry* slot) {
    if (2 * (shard.used + 1) > shard.table.size()) {
      std::vector<Entry*> old(std::max<size_t>(16, shard.table.size() * 2));
      old.swap(shard.table);
      shard.mask = shard.table.size() - 1;
      for (Entry* moved : old) {
        if (moved != nullptr) Put(shard, moved);
      }
    }
    Put(shard, slot);
    ++shard.used;
  }

  void Put(Shard& shard, Entry* slot) {
    uint64_t at = slot->hash & shard.mask;
    while (shard.table[at] != nullptr) at = (at + 1) & shard.mask;
    shard.table[at] = slot;
  }

  // Takes it out of the directory and closes the gap, so that no probe stops early.
  void Erase(Shard& shard, const Entry* slot) {
    uint64_t gap = slot->hash & shard.mask;
    while (shard.table[gap] != slot) gap = (gap + 1) & shard.mask;
    for (uint64_t at = (gap + 1) & shard.mask; shard.table[at] != nullptr; at = (at + 1) & shard.mask) {
      const uint64_t home = shard.table[at]->hash & shard.mask;
      if (((at - home) & shard.mask) < ((at - gap) & shard.mask)) continue;
      shard.table[gap] = shard.table[at];
      gap = at;
    }
    shard.table[gap] = nullptr;
    --shard.used;
  }

  template <typename Idle>
  void ForgetIfIdle(Shard& shard, Entry& slot, const Idle& idle) {
    const std::lock_guard lock(slot.lock);
    if (!slot.body || slot.references != 0 || !idle(*slot.body)) return;
    Erase(shard, &slot);
    slot.body.reset();
    ++slot.generation;
    shard.free.push_back(&slot);
    count_.fetch_sub(1, std::memory_order_relaxed);
  }

  size_t capacity_;
  std::atomic<size_t> count_ = 0;
  std::array<Shard, kShards> shards_;
  LockWord sweep_lock_;  // before any shard's
  size_t cursor_shard_ = 0;
  size_t cursor_ = 0;
};

}  // namespace remit::ledger
