// Settled reservations that are remembered, so that asking again gets the first answer.
//
// Written one after the other into two blocks; when one is full the other is dropped whole and begins anew. Remembering is thus a write where the
// last one ended, and forgetting costs nothing for each. Keeping the records of open reservations until they are forgotten one by one, the
// alternative, makes every reservation touch memory that no cache holds any more: it cost more than everything else together.
//
// Threads: under the lock of the shard.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "runtime/ledger/claims.h"
#include "runtime/ledger/random_id.h"
#include "runtime/ledger/slot_index.h"

namespace remit::ledger {

struct Record;

// What is left of a line.
struct SettledLine {
  const std::string* budget = nullptr;  // lives as long as the ledger
  int64_t reserved = 0;
  int64_t approved = 0;
  int64_t charged = 0;  // what an approval admitted included
  int64_t overdraft = 0;
};

struct SettledHeader {
  RawId id;
  uint64_t request_hash = 0;
  int64_t expires_at = 0;
  uint32_t request_size = 0;
  uint16_t lines = 0;
  Verdict verdict = Verdict::Success;
  // In one byte, written at once.
  static constexpr uint8_t kLate = 1;
  static constexpr uint8_t kOverdrawn = 2;
  static constexpr uint8_t kLeased = 4;  // it has no row
  uint8_t marks = 0;

  auto has(uint8_t mark) const -> bool { return (marks & mark) != 0; }
};

// One of them, as it was written; until the next is.
class SettledView {
 public:
  SettledView() = default;
  explicit SettledView(const uint64_t* at) : at_(at) {}

  explicit operator bool() const { return at_ != nullptr; }
  // `SettledLog` made it there.
  auto header() const -> const SettledHeader& { return *std::launder(reinterpret_cast<const SettledHeader*>(at_)); }
  auto answer(bool repeated) const -> Settled {
    const SettledHeader& its = header();
    return {.verdict = its.verdict,
            .repeated = repeated,
            .late = its.has(SettledHeader::kLate),
            .overdrawn = its.has(SettledHeader::kOverdrawn)};
  }
  auto request_id() const -> std::string_view;
  auto digest() const -> Digest;  // of those with a request id
  auto line(size_t index) const -> SettledLine;
  auto words() const -> size_t;  // how much it takes

 private:
  const uint64_t* at_ = nullptr;
};

// Words that are written once, in order: memory is not cleared before.
class WordBuffer {
 public:
  auto Extend(size_t words) -> uint64_t* {
    if (size_ + words > capacity_) Grow(size_ + words);
    uint64_t* begin = words_.get() + size_;
    size_ += words;
    return begin;
  }
  auto data() const -> const uint64_t* { return words_.get(); }
  // What comes next is written soon: asking for its memory now keeps the locks that are taken then from waiting for it.
  void Prefetch() const {
    constexpr size_t kAhead = 16;
    if (size_ + kAhead <= capacity_) __builtin_prefetch(words_.get() + size_ + kAhead, 1);
  }
  auto size() const -> size_t { return size_; }
  void clear() { size_ = 0; }

 private:
  void Grow(size_t needed);

  std::unique_ptr<uint64_t[]> words_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

class SettledLog {
 public:
  SettledLog() {
    for (Block& block : blocks_) block.generation = ++last_generation_;
  }

  // Where one is. Of a block that was dropped since there is nothing.
  struct Place {
    uint32_t generation = 0;
    uint32_t offset = 0;
  };
  // All of a block, one by one; then a view of nothing.
  class Walk {
   public:
    explicit Walk(const WordBuffer& words) : words_(&words) {}
    auto Next() -> SettledView {
      if (at_ >= words_->size()) return {};
      const SettledView view(words_->data() + at_);
      at_ += view.words();
      return view;
    }

   private:
    const WordBuffer* words_;
    size_t at_ = 0;
  };

  // `most` are remembered at most, after `Trim`, and half as many at least. `dropped(Walk)` is told of blocks that are forgotten, if they have
  // something with a row.
  template <typename Dropped>
  auto Add(const Record& record, size_t most, const Dropped& dropped) -> Place {
    if (blocks_[current_].count >= std::max<size_t>(1, most / 2)) {
      current_ = 1 - current_;
      Clear(blocks_[current_], dropped);
    }
    return Append(record);
  }
  template <typename Dropped>
  void Trim(size_t most, const Dropped& dropped) {
    while (size() > most) Drop(dropped);
  }

  auto At(const Place& place) const -> SettledView {
    for (const Block& block : blocks_) {
      if (block.generation == place.generation) return SettledView(block.words.data() + place.offset);
    }
    return {};
  }
  // Whether that block is not dropped.
  auto Has(uint32_t generation) const -> bool { return blocks_[0].generation == generation || blocks_[1].generation == generation; }
  // Those that nobody else has the place of.
  void AddStray(const RawId& id, const Place& place);
  auto FindStray(const RawId& id) const -> SettledView;
  auto FindByRequest(std::string_view request_id, uint64_t hash) const -> SettledView;
  auto size() const -> size_t { return blocks_[0].count + blocks_[1].count; }

  // Forgets the older half. False if there was nothing.
  template <typename Dropped>
  auto Drop(const Dropped& dropped) -> bool {
    if (size() == 0) return false;
    const size_t older = blocks_[1 - current_].count != 0 ? 1 - current_ : current_;
    Clear(blocks_[older], dropped);
    return true;
  }
  // Forgets the blocks whose last reservation ended before `time`.
  template <typename Dropped>
  void DropBefore(int64_t time, const Dropped& dropped) {
    for (Block& block : blocks_) {
      if (block.count != 0 && block.last_end < time) Clear(block, dropped);
    }
  }

 private:
  struct Block {
    uint32_t generation = 0;
    WordBuffer words;
    SlotIndex strays;  // offsets
    SlotIndex by_request;
    size_t count = 0;
    int64_t last_end = 0;
    bool has_rows = false;  // not all of it was leased
  };

  auto Append(const Record& record) -> Place;
  template <typename Dropped>
  void Clear(Block& block, const Dropped& dropped) {
    if (block.has_rows) dropped(Walk(block.words));
    Reset(block);
  }
  void Reset(Block& block);

  uint32_t last_generation_ = 0;  // none is used twice
  std::array<Block, 2> blocks_;
  size_t current_ = 0;
};

}  // namespace remit::ledger
