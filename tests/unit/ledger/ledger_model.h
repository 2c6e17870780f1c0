// What a ledger must do, said as plainly as possible: a list of charges that is summed up anew for every question.
//
// Where a window may be off by the sub-bucket it is made of, the model gives bounds instead of a number.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "runtime/ledger/calendar.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/counter.h"

namespace remit::ledger {

class LedgerModel {
 public:
  struct Entry {
    size_t account = 0;
    int64_t time = 0;
    int64_t amount = 0;    // what it counts for now
    int64_t reserved = 0;  // what it was reserved with
    bool open = true;
  };

  struct Bounds {
    int64_t least = 0;
    int64_t most = 0;
  };

  explicit LedgerModel(std::vector<Claim> accounts) : accounts_(std::move(accounts)) {}

  auto Used(size_t account, int64_t now) const -> Bounds {
    Bounds sum;
    for (const Entry& entry : entries_) {
      if (entry.account != account) continue;
      if (MustCount(entry, now)) sum.least += entry.amount;
      // A token bucket may keep what is given back until it is refilled.
      const bool refill = accounts_[account].terms.window == Window::Refill;
      if (MayCount(entry, now)) sum.most += refill ? std::max(entry.amount, entry.reserved) : entry.amount;
    }
    return sum;
  }

  auto Add(const Entry& entry) -> size_t {
    entries_.push_back(entry);
    return entries_.size() - 1;
  }
  auto at(size_t index) -> Entry& { return entries_[index]; }
  auto entries() const -> const std::vector<Entry>& { return entries_; }

  // Token buckets: in no stretch of time more than the burst and what the stretch refills.
  auto PoursTooMuch(size_t account) const -> bool {
    const Claim& claim = accounts_[account];
    for (const Entry& from : entries_) {
      Int128 sum = 0;
      for (const Entry& entry : entries_) {
        if (entry.account != account || from.account != account || entry.time < from.time) continue;
        sum += entry.amount;
        const Int128 allowed = static_cast<Int128>(claim.limit) * (claim.terms.window_ms + entry.time - from.time);
        if (sum * claim.terms.window_ms > allowed) return true;
      }
    }
    return false;
  }

 private:
  auto MustCount(const Entry& entry, int64_t now) const -> bool {
    const Terms& terms = accounts_[entry.account].terms;
    switch (terms.window) {
      case Window::Lifetime: return true;
      case Window::Concurrent: return entry.open;
      case Window::Sliding: return entry.time > now - terms.window_ms;
      case Window::Refill: return entry.time == now;
      case Window::Hour:
      case Window::Day:
      case Window::Week:
      case Window::Month: break;
    }
    return CalendarWindow(terms.window, **FindTimeZone(terms.zone), now).contains(entry.time);
  }

  auto MayCount(const Entry& entry, int64_t now) const -> bool {
    const Terms& terms = accounts_[entry.account].terms;
    if (terms.window == Window::Sliding) return entry.time > now - terms.window_ms - terms.window_ms / 60;
    if (terms.window == Window::Refill) return true;
    return MustCount(entry, now);
  }

  std::vector<Claim> accounts_;
  std::vector<Entry> entries_;
};

}  // namespace remit::ledger
