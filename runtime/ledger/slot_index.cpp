#include "runtime/ledger/slot_index.h"

#include <algorithm>

namespace remit::ledger {

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

}  // namespace remit::ledger
