#include "runtime/ledger/lease.h"

#include <algorithm>

namespace remit::ledger {

void Lease::SpendElsewhere(Place where, int64_t amount) {
  if (amount == 0) return;
  const auto its = std::find_if(changes.begin(), changes.end(), [&](const Change& change) { return change.place == where; });
  if (its != changes.end()) {
    its->amount += amount;
  } else {
    changes.push_back({.place = where, .amount = amount});
  }
}

auto Lease::NextSize(int64_t need, int64_t room, int64_t now, int64_t lease_ms) -> int64_t {
  constexpr int64_t kLargest = int64_t{1} << 40;
  const int64_t pause = now - taken_at;
  if (pause < lease_ms) {
    size = std::max(size, need);
    if (size < kLargest) size *= 2;
  } else if (pause > 2 * lease_ms) {
    size /= 2;
  }
  taken_at = now;
  return std::max(need, std::min(size, room / 8));
}

}  // namespace remit::ledger
