#include "runtime/ledger/reservations.h"

#include <algorithm>
#include <utility>

namespace remit::ledger {

// ---- ids ----------------------------------------------------------------------------------------------------------------------

namespace {

// What hides the number in an id, so that ids say nothing of how many there are.
auto MaskOf(const RawId& id) -> uint32_t {
  static const uint64_t secret = HashSeed();
  return static_cast<uint32_t>(hash_detail::Fold(id.high ^ secret, 0x9E3779B97F4A7C15) >> 16);
}

}  // namespace

auto ReservationShard::NumberOf(const RawId& id) -> uint32_t { return static_cast<uint32_t>(id.low) ^ MaskOf(id); }

auto ReservationShard::NewId() -> RawId {
  RawId id = IdFactory::Random();
  id.low = (id.low & ~uint64_t{UINT32_MAX}) | (++last_number_ ^ MaskOf(id));
  return id;
}

auto ReservationShard::IdAt(const Cell& cell) -> std::optional<RawId> {
  switch (cell.kind) {
    case Cell::Empty: return std::nullopt;
    case Cell::Slot: return at(cell.at).id;
    case Cell::Log: break;
  }
  const SettledView settled_there = settled.At({.generation = cell.generation, .offset = cell.at});
  return settled_there ? std::optional(settled_there.header().id) : std::nullopt;
}

auto ReservationShard::FindById(const RawId& id) -> Found {
  if (!cells_.empty()) {
    const Cell& cell = CellOf(id);
    if (cell.kind == Cell::Slot && at(cell.at).id == id) return {.slot = cell.at};
    if (cell.kind == Cell::Log) {
      const SettledView its = settled.At({.generation = cell.generation, .offset = cell.at});
      if (its && its.header().id == id) return {.settled = its};
    }
  }
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

void ReservationShard::Enter(uint32_t slot) {
  if (2 * size() > cells_.size()) Grow();
  Cell& cell = CellOf(at(slot).id);
  if (cell.kind != Cell::Empty) Displace(cell);
  cell = {.kind = Cell::Slot, .generation = 0, .at = slot};
}

// Numbers that met in the small ring do not meet in the large one; those that were displaced stay where they are.
void ReservationShard::Grow() {
  std::vector<Cell> old(std::max<size_t>(256, cells_.size() * 2));
  old.swap(cells_);
  for (const Cell& cell : old) {
    if (const auto id = IdAt(cell)) CellOf(*id) = cell;
  }
}

void ReservationShard::Settled(uint32_t slot, const SettledLog::Place& place) {
  const RawId id = at(slot).id;
  Cell& cell = CellOf(id);
  if (cell.kind == Cell::Slot && cell.at == slot) {
    cell = {.kind = Cell::Log, .generation = place.generation, .at = place.offset};
  } else {
    strays_.Erase(id.high, slot);
    settled.AddStray(id, place);
  }
  Free(slot);
}

// ---- records ------------------------------------------------------------------------------------------------------------------

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
  Enter(slot);
  if (!record.request_id.empty()) by_request_.Insert(record.request_hash, slot);
  record.heap_position = static_cast<uint32_t>(heap_.size());
  heap_.push_back(slot);
  SiftUp(record.heap_position);
}

void ReservationShard::End(uint32_t slot, int64_t now) {
  Unschedule(slot);
  Record& record = at(slot);
  record.heap_position = kNone;
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
  const RawId id = at(slot).id;
  Cell& cell = CellOf(id);
  if (cell.kind == Cell::Slot && cell.at == slot) {
    cell = {};
  } else {
    strays_.Erase(id.high, slot);
  }
  Free(slot);
}

void ReservationShard::Free(uint32_t slot) {
  Record& record = at(slot);
  if (record.heap_position != kNone) {
    Unschedule(slot);
  } else {
    Unlist(slot);
  }
  --size_;
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
