// Distinct uids, one set after the other in the same memory. Slots of earlier sets carry an older stamp, so that nothing has to be cleared.
#pragma once

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "runtime/entity/ancestor_set.h"

namespace remit {

class UidCollector {
 public:
  void Begin() {
    uids_.clear();
    ++stamp_;
  }
  // Whether it is new.
  auto Add(EntityUid uid) -> bool {
    if ((uids_.size() + 1) * 2 > slots_.size()) Grow();
    const bool is_new = Insert(uid);
    if (is_new) uids_.push_back(uid);
    return is_new;
  }
  auto uids() const -> std::span<const EntityUid> { return uids_; }

 private:
  struct Slot {
    uint64_t uid = 0;
    uint64_t stamp = 0;
  };

  auto Insert(EntityUid uid) -> bool {
    const uint64_t mask = slots_.size() - 1;
    for (uint64_t at = (uid.packed() * AncestorSet::kMultiplier) >> shift_;; at = (at + 1) & mask) {
      if (slots_[at].stamp != stamp_) {
        slots_[at] = {.uid = uid.packed(), .stamp = stamp_};
        return true;
      }
      if (slots_[at].uid == uid.packed()) return false;
    }
  }

  void Grow() {
    slots_.assign(std::max<size_t>(slots_.size() * 2, 128), {});
    shift_ = 64 - static_cast<uint32_t>(std::countr_zero(slots_.size()));
    ++stamp_;
    for (const EntityUid uid : uids_) Insert(uid);
  }

  std::vector<Slot> slots_;
  uint32_t shift_ = 0;
  uint64_t stamp_ = 0;
  std::vector<EntityUid> uids_;
};

}  // namespace remit
