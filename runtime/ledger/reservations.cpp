#include "runtime/ledger/reservations.h"

#include <algorithm>
#include <utility>

namespace remit::ledger {

// ---- ids ----------------------------------------------------------------------------------------------------------------------

auto ReservationShard::IdAt(const Cell& cell) const -> std::optional<RawId> {
  switch (cell.kind) {
    case Cell::Empty: return std::nullopt;
    case Cell::Slot: return at(cell.at).id;
    case Cell::Log: break;
  }
  const SettledView settled_there = settled.At({.generation = cell.generation, .offset = cell.at});
  return settled_there ? std::optional(settled_there.header().id) : std::nullopt;
}

auto ReservationShard::FindStray(const RawId& id) const -> Found {
  const uint32_t slot = strays_.Find(id.high, [&](uint32_t other) { return at(other).id == id; });
  if (slot != kNone) return {.slot = slot};
  return {.settled = settled.FindStray(id)};
}

// Its place is taken over: from now on it is found by its hash.
void ReservationShard::Displace(const Cell& cell) {
  const auto id = IdAt(cell);
  if (!id) return;
  if (cell.kind == Cell::Slot) {
    strays_.Insert(id->high, cell.at);
  } else {
    settled.AddStray(*id, {.generation = cell.generation, .offset = cell.at});
  }
}

// Numbers that met in the small ring do not meet in the large one; those that were displaced stay where they are.
void ReservationShard::Grow() {
  std::vector<Cell> old(std::max<size_t>(256, cells_.size() * 2));
  old.swap(cells_);
  ring_mask_ = cells_.size() - 1;
  for (const Cell& cell : old) {
    if (const auto id = IdAt(cell)) cells_[NumberOf(*id) & ring_mask_] = cell;
  }
}

// ---- records ------------------------------------------------------------------------------------------------------------------

auto ReservationShard::FindByRequest(std::string_view request_id, uint64_t hash) -> uint32_t {
  return by_request_.Find(hash, [&](uint32_t slot) { return at(slot).request_id == request_id; });
}

// Those that are used again first are at the end.
void ReservationShard::AddRecords() {
  const auto first = static_cast<uint32_t>(records_.size());
  auto chunk = std::make_unique<Record[]>(kChunk);
  records_.reserve(first + kChunk);
  free_.reserve(first + kChunk);
  for (uint32_t i = 0; i < kChunk; ++i) records_.push_back(&chunk[i]);
  chunks_.push_back(std::move(chunk));
  for (uint32_t i = kChunk; i > 0; --i) free_.push_back(first + i - 1);
}

void ReservationShard::End(uint32_t slot, int64_t now) {
  Unschedule(slot);
  Record& record = at(slot);
  record.ended_at = now;
  record.next = kNone;
  record.previous = newest_;
  (newest_ == kNone ? oldest_ : at(newest_).next) = slot;
  newest_ = slot;
  ++expired_;
}

void ReservationShard::Unlist(uint32_t slot) {
  const Record& record = at(slot);
  (record.previous == kNone ? oldest_ : at(record.previous).next) = record.next;
  (record.next == kNone ? newest_ : at(record.next).previous) = record.previous;
  --expired_;
}

void ReservationShard::Discard(uint32_t slot) {
  const Record& record = at(slot);
  Cell& cell = cells_[record.number & ring_mask_];
  if (cell.kind == Cell::Slot && cell.at == slot) {
    cell = {};
  } else {
    strays_.Erase(record.id.high, slot);
  }
  Free(slot);
}

// ---- expiry: queues, and a heap whose records know their position --------------------------------------------------------------

void ReservationShard::Exchange(uint32_t a, uint32_t b) {
  std::swap(heap_[a], heap_[b]);
  at(heap_[a].slot).heap_position = a;
  at(heap_[b].slot).heap_position = b;
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

void ReservationShard::ScheduleInHeap(uint32_t slot) {
  Record& record = at(slot);
  const auto position = static_cast<uint32_t>(heap_.size());
  record.queue = kInHeap;
  record.heap_position = position;
  heap_.push_back({.expires_at = record.due, .slot = slot});
  SiftUp(position);
}

void ReservationShard::UnscheduleInHeap(uint32_t position) {
  if (position + 1 == heap_.size()) return heap_.pop_back();
  Exchange(position, static_cast<uint32_t>(heap_.size() - 1));
  heap_.pop_back();
  SiftUp(position);
  SiftDown(position);
}

void ReservationShard::Reschedule(uint32_t slot, int64_t expires_at) {
  Unschedule(slot);
  at(slot).expires_at = expires_at;
  Schedule(slot);
}

}  // namespace remit::ledger
