#include "runtime/base/interner.h"

#include <bit>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/hash.h"
#include "runtime/base/same_text.h"

namespace remit {
namespace {

auto Hash(std::string_view text) -> uint64_t { return HashText(text, HashSeed()); }

// The part of a hash that a slot keeps: it says where the slot is in a table of any size, so that growing reads no text, and most strangers are passed over
// without reading theirs.
auto Tag(uint64_t hash) -> uint64_t { return hash & ~uint64_t{UINT32_MAX}; }

// The slot where the search for a hash, or for its tag, begins: its uppermost bits.
auto FirstSlot(uint64_t hash, uint64_t mask) -> uint64_t { return hash >> std::countl_zero(mask); }

constexpr uint64_t kFirstSlots = 128;

// So that at most three quarters of them are used.
auto SlotsFor(uint64_t count) -> uint64_t { return count + count / 3 + 1; }

struct SegmentPlace {
  uint32_t segment;
  uint32_t offset;
};

auto PlaceOf(uint32_t position, uint32_t first_bits) -> SegmentPlace {
  const uint32_t shifted = position + (1U << first_bits);
  const auto segment = static_cast<uint32_t>(std::bit_width(shifted)) - 1 - first_bits;
  return {.segment = segment, .offset = shifted - (1U << (segment + first_bits))};
}

}  // namespace

Interner::~Interner() {
  for (auto& segment : segments_) delete[] segment.load(std::memory_order_relaxed);
}

void Interner::Swap(Interner& other) noexcept {
  const auto exchange = [](auto& a, auto& b) { a.store(b.exchange(a.load(std::memory_order_relaxed)), std::memory_order_relaxed); };
  std::swap(parent_, other.parent_);
  std::swap(base_, other.base_);
  exchange(count_, other.count_);
  exchange(table_, other.table_);
  for (uint32_t i = 0; i < kSegments; ++i) exchange(segments_[i], other.segments_[i]);
  std::swap(bytes_, other.bytes_);
  std::swap(tables_, other.tables_);
}

inline auto Interner::TextAt(uint32_t position) const -> std::string_view {
  const auto [segment, offset] = PlaceOf(position, kFirstSegmentBits);
  return segments_[segment].load(std::memory_order_acquire)[offset];
}

auto Interner::Intern(std::string_view text) -> SymbolId {
  const uint64_t hash = Hash(text);
  if (auto known = FindHashed(text, hash); known.has_value()) return known;
  const uint32_t position = count_.load(std::memory_order_relaxed);
  CHECK(base_ + position < SymbolId::kNone, "too many symbols");
  if (tables_.empty() || SlotsFor(uint64_t{position} + 1) > tables_.back()->mask + 1) {
    Grow();
  }
  Append(text);
  Table& table = *tables_.back();
  uint64_t at = FirstSlot(hash, table.mask);
  while (table.slots[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & table.mask;
  table.slots[at].store(Tag(hash) | (position + 1), std::memory_order_release);
  count_.store(position + 1, std::memory_order_release);
  return SymbolId{base_ + position};
}

void Interner::Append(std::string_view text) {
  const auto [segment, offset] = PlaceOf(count_.load(std::memory_order_relaxed), kFirstSegmentBits);
  Segment texts = segments_[segment].load(std::memory_order_relaxed);
  if (texts == nullptr) {
    texts = new std::string_view[size_t{1} << (segment + kFirstSegmentBits)];
    segments_[segment].store(texts, std::memory_order_release);
  }
  texts[offset] = bytes_.CopyString(text);
}

void Interner::Grow() {
  auto table = std::make_unique<Table>();
  const uint64_t size = tables_.empty() ? kFirstSlots : (tables_.back()->mask + 1) * 2;
  table->mask = size - 1;
  table->slots = std::make_unique<std::atomic<uint64_t>[]>(size);
  for (uint64_t i = 0; !tables_.empty() && i <= tables_.back()->mask; ++i) {
    const uint64_t slot = tables_.back()->slots[i].load(std::memory_order_relaxed);
    if (slot == 0) continue;
    uint64_t at = FirstSlot(slot, table->mask);
    while (table->slots[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & table->mask;
    table->slots[at].store(slot, std::memory_order_relaxed);
  }
  tables_.push_back(std::move(table));  // first: it may fail for want of memory
  table_.store(tables_.back().get(), std::memory_order_release);
}

auto Interner::Find(std::string_view text) const -> SymbolId { return FindHashed(text, Hash(text)); }

auto Interner::FindHashed(std::string_view text, uint64_t hash) const -> SymbolId {
  const SymbolId own = FindOwn(text, hash);
  if (own.has_value() || parent_ == nullptr) return own;
  // What the parent has learnt since this overlay was made is not known here: the overlay may have an id of its own for it.
  const SymbolId known = parent_->FindHashed(text, hash);
  return known.has_value() && known.value < base_ ? known : SymbolId{};
}

auto Interner::FindOwn(std::string_view text, uint64_t hash) const -> SymbolId {
  const Table* table = table_.load(std::memory_order_acquire);
  if (table == nullptr) return {};
  for (uint64_t at = FirstSlot(hash, table->mask);; at = (at + 1) & table->mask) {
    const uint64_t slot = table->slots[at].load(std::memory_order_acquire);
    if (slot == 0) return {};
    const auto position = static_cast<uint32_t>(slot) - 1;
    if (Tag(slot) == Tag(hash) && SameText(TextAt(position), text)) return SymbolId{base_ + position};
  }
}

auto Interner::text(SymbolId id) const -> std::string_view {
  if (id.value < base_) return parent_->text(id);
  CHECK(id.value < size(), "symbol of another interner");
  return TextAt(id.value - base_);
}

auto Interner::footprint() const -> size_t {
  size_t bytes = bytes_.footprint();
  for (const auto& table : tables_) bytes += (table->mask + 1) * sizeof(uint64_t);
  for (uint32_t i = 0; i < kSegments; ++i) {
    if (segments_[i].load(std::memory_order_relaxed) != nullptr) bytes += sizeof(std::string_view) << (i + kFirstSegmentBits);
  }
  return bytes;
}

}  // namespace remit
