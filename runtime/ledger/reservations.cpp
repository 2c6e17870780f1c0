#include "runtime/ledger/reservations.h"

#include <algorithm>
#include <utility>

namespace remit::ledger {

// ---- the index ----------------------------------------------------------------------------------------------------------------

void SlotIndex::Put(Cell cell) {
  uint64_t at = cell.tag & mask_;
  while (cells_[at].slot != kNone) at = (at + 1) & mask_;
  cells_[at] = cell;
}

void SlotIndex::Insert(uint64_t hash, uint32_t slot) {
  if (2 * (used_ + 1) > cells_.size()) {
    std::vector<Cell> old(std::max<size_t>(32, cells_.size() * 2));
    old.swap(cells_);
    mask_ = cells_.size() - 1;
    for (const Cell& cell : old) {
      if (cell.slot != kNone) Put(cell);
    }
  }
  Put({.tag = static_cast<uint32_t>(hash >> 32), .slot = slot});
  ++used_;
}

void SlotIndex::Erase(uint64_t hash, uint32_t slot) {
  uint64_t gap = (hash >> 32) & mask_;
  while (cells_[gap].slot != slot) gap = (gap + 1) & mask_;
  for (uint64_t at = (gap + 1) & mask_; cells_[at].slot != kNone; at = (at + 1) & mask_) {
    const uint64_t home = cells_[at].tag & mask_;
    if (((at - home) & mask_) < ((at - gap) & mask_)) continue;
    cells_[gap] = cells_[at];
    gap = at;
  }
  cells_[gap] = {};
  --used_;
}

// ---- records ------------------------------------------------------------------------------------------------------------------

auto ReservationShard::FindById(const RawId& id) -> uint32_t {
  return by_id_.Find(id.high, [&](uint32_t slot) { return at(slot).id == id; });
}

auto ReservationShard::FindByRequest(std::string_view request_id, uint64_t hash) -> uint32_t {
  return by_request_.Find(hash, [&](uint32_t slot) { return at(slot).request_id == request_id; });
}

auto ReservationShard::Take() -> uint32_t {
  ++size_;
  if (!free_.empty()) {
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  const auto slot = static_cast<uint32_t>(size_ - 1);
  if (slot / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<Record[]>(kChunk));
  return slot;
}

void ReservationShard::File(uint32_t slot) {
  Record& record = at(slot);
  by_id_.Insert(record.id.high, slot);
  if (!record.request_id.empty()) by_request_.Insert(record.request_hash, slot);
  record.heap_position = static_cast<uint32_t>(heap_.size());
  heap_.push_back(slot);
  SiftUp(record.heap_position);
}

void ReservationShard::End(uint32_t slot, int64_t now) {
  Unschedule(slot);
  Record& record = at(slot);
  record.ended_at = now;
  record.next = kNone;
  if (newest_ == kNone) {
    oldest_ = slot;
  } else {
    at(newest_).next = slot;
  }
  newest_ = slot;
  ++remembered_;
}

void ReservationShard::ForgetOldest() {
  const uint32_t slot = oldest_;
  oldest_ = at(slot).next;
  if (oldest_ == kNone) newest_ = kNone;
  --remembered_;
  Free(slot);
}

void ReservationShard::Discard(uint32_t slot) {
  Unschedule(slot);
  Free(slot);
}

void ReservationShard::Free(uint32_t slot) {
  Record& record = at(slot);
  --size_;
  by_id_.Erase(record.id.high, slot);
  if (!record.request_id.empty()) by_request_.Erase(record.request_hash, slot);
  record.request_id.clear();
  record.lines.clear();
  record.breakers.clear();
  free_.push_back(slot);
}

// ---- expiry: a heap whose records know their position -------------------------------------------------------------------------

void ReservationShard::Exchange(uint32_t a, uint32_t b) {
  std::swap(heap_[a], heap_[b]);
  at(heap_[a]).heap_position = a;
  at(heap_[b]).heap_position = b;
}

void ReservationShard::SiftUp(uint32_t position) {
  for (; position > 0 && Earlier(position, (position - 1) / 2); position = (position - 1) / 2) Exchange(position, (position - 1) / 2);
}

void ReservationShard::SiftDown(uint32_t position) {
  for (uint32_t child = 2 * position + 1; child < heap_.size(); child = 2 * position + 1) {
    if (child + 1 < heap_.size() && Earlier(child + 1, child)) ++child;
    if (!Earlier(child, position)) return;
    Exchange(position, child);
    position = child;
  }
}

void ReservationShard::Unschedule(uint32_t slot) {
  const uint32_t position = at(slot).heap_position;
  const auto last = static_cast<uint32_t>(heap_.size() - 1);
  if (position != last) Exchange(position, last);
  heap_.pop_back();
  if (position == last) return;
  SiftUp(position);
  SiftDown(position);
}

void ReservationShard::Reschedule(uint32_t slot, int64_t expires_at) {
  Record& record = at(slot);
  record.expires_at = expires_at;
  SiftUp(record.heap_position);
  SiftDown(record.heap_position);
}

}  // namespace remit::ledger
