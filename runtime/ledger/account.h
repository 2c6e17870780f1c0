// One account: what is counted for one key of one budget, and what a table shows of it.
#pragma once

#include <algorithm>
#include <string>

#include "runtime/ledger/breaker.h"
#include "runtime/ledger/counter.h"
#include "runtime/ledger/slot_table.h"

namespace remit::ledger {

struct Account {
  Account(const std::string* name, const Claim& claim, const TimeZone* zone, int64_t earliest)
      : budget(name),
        key(claim.key),
        zone_name(claim.terms.zone),
        window(claim.terms.window),
        window_ms(claim.terms.window_ms),
        not_before(earliest),
        counter(claim.terms, zone) {}

  auto identity() const -> Identity { return {.name = *budget, .key = key, .window = window, .window_ms = window_ms, .zone = zone_name}; }

  // Brings it to `now` and gives the place of a charge made then.
  auto PlaceAt(int64_t now) -> Place {
    touched = std::max(now, touched);
    return counter.PlaceAt(std::max(now, not_before));
  }
  void SetLimit(int64_t new_limit) {
    if (limit == new_limit) return;
    limit = new_limit;
    counter.SetLimit(new_limit);
  }

  const std::string* budget;  // one text for all accounts of a budget, as long as the ledger
  std::string key;
  std::string zone_name;
  Window window;
  int64_t window_ms;
  int64_t not_before;  // accounts with earlier charges may have been forgotten: a clock that is put back must not find them empty
  int64_t touched = 0;
  int64_t limit = 0;  // as the last claim had it
  int64_t approved = 0;
  int64_t overdraft = 0;
  int64_t total_charged = 0;
  Counter counter;
};

struct BreakerAccount {
  BreakerAccount(const std::string* name, const BreakerClaim& claim, int64_t earliest)
      : breaker(name), key(claim.key), window_ms(claim.terms.window_ms), not_before(earliest), state(claim.terms) {}

  auto identity() const -> Identity {
    return {.name = *breaker, .key = key, .window = Window::Sliding, .window_ms = window_ms, .zone = {}};
  }

  const std::string* breaker;
  std::string key;
  int64_t window_ms;
  int64_t not_before;
  int64_t touched = 0;
  Breaker state;
};

inline auto IdentityOf(const Claim& claim) -> Identity {
  const Terms& terms = claim.terms;
  return {.name = claim.budget, .key = claim.key, .window = terms.window, .window_ms = terms.window_ms, .zone = terms.zone};
}

inline auto IdentityOf(const BreakerClaim& claim) -> Identity {
  return {.name = claim.breaker, .key = claim.key, .window = Window::Sliding, .window_ms = claim.terms.window_ms, .zone = {}};
}

inline auto AddSaturated(int64_t a, int64_t b) -> int64_t {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

using AccountSlot = Slot<Account>;
using BreakerSlot = Slot<BreakerAccount>;

}  // namespace remit::ledger
