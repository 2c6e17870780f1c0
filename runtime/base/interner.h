// Strings to dense ids, so that names, types and entity ids compare as integers.
//
// The engine's interner is append-only. Strings seen only in a request go to an overlay of the request's own, whose
// ids start where the parent ended when the overlay was made: callers cannot grow the engine, and every string still
// has exactly one id as seen through the overlay, even if the parent has grown since.
//
// Thread rule: one thread at a time may `Intern`; any number may `Find`, `text` and `size` meanwhile, without locks. A hash map behind a
// shared mutex, the usual way, makes every reader write to the lock's cache line.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/ids.h"

namespace remit {

using SymbolId = Id<struct SymbolTag>;

class Interner {
 public:
  Interner() = default;
  // An overlay over `parent`, which must outlive it.
  explicit Interner(const Interner* parent) : parent_(parent), base_(parent->size()) {}
  ~Interner();
  Interner(const Interner&) = delete;
  auto operator=(const Interner&) -> Interner& = delete;
  Interner(Interner&& other) noexcept { Swap(other); }
  auto operator=(Interner&& other) noexcept -> Interner& {
    Swap(other);
    return *this;
  }

  auto Intern(std::string_view text) -> SymbolId;
  // None if the string was never interned.
  auto Find(std::string_view text) const -> SymbolId;
  // Valid as long as the interner that owns the string.
  auto text(SymbolId id) const -> std::string_view;
  auto size() const -> uint32_t { return base_ + count_.load(std::memory_order_acquire); }
  // Bytes taken from the system.
  auto footprint() const -> size_t;

 private:
  // Open addressing. A slot is the upper half of the text's hash and the position of its text plus one; zero is empty.
  struct Table {
    uint64_t mask = 0;
    std::unique_ptr<std::atomic<uint64_t>[]> slots;
  };
  // Texts by position, in segments that double and never move: 64, 128, 256, ...
  static constexpr uint32_t kFirstSegmentBits = 6;
  static constexpr uint32_t kSegments = 26;
  using Segment = std::string_view*;

  auto FindOwn(std::string_view text, uint64_t hash) const -> SymbolId;
  auto FindHashed(std::string_view text, uint64_t hash) const -> SymbolId;
  auto TextAt(uint32_t position) const -> std::string_view;
  void Append(std::string_view text);
  void Grow();
  void Swap(Interner& other) noexcept;

  const Interner* parent_ = nullptr;
  uint32_t base_ = 0;
  std::atomic<uint32_t> count_ = 0;
  std::atomic<const Table*> table_ = nullptr;
  std::array<std::atomic<Segment>, kSegments> segments_ = {};
  Arena bytes_;
  std::vector<std::unique_ptr<Table>> tables_;  // the last is current; readers may still be in the others
};

}  // namespace remit
