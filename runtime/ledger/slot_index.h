// Slots by 32 bits of a hash: open addressing, linear, gaps closed on erasure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace remit::ledger {

class SlotIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  template <typename Is>
  auto Find(uint64_t hash, const Is& is) const -> uint32_t {
    if (used_ == 0) return kNone;
    const auto tag = static_cast<uint32_t>(hash >> 32);
    for (uint64_t at = tag & mask_; cells_[at].slot != kNone; at = (at + 1) & mask_) {
      if (cells_[at].tag == tag && is(cells_[at].slot)) return cells_[at].slot;
    }
    return kNone;
  }
  void Insert(uint64_t hash, uint32_t slot);
  void Erase(uint64_t hash, uint32_t slot);
  void Clear() {
    if (used_ != 0) cells_.assign(cells_.size(), {});
    used_ = 0;
  }

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

}  // namespace remit::ledger
