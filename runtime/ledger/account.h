// One account: what is counted for one key of one budget, and what a table shows of it.
#pragma once

#include <algorithm>
#include <string>

#include "runtime/ledger/breaker.h"
#include "runtime/ledger/counter.h"
#include "runtime/ledger/lease.h"
#include "runtime/ledger/slot_table.h"

namespace remit::ledger {

inline auto AddSaturated(int64_t a, int64_t b) -> int64_t {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}

// What is known of the row of an account in the store, if there is one.
struct RowState {
  uint64_t version = 0;
  bool loaded = false;  // what is in memory was computed from that version
  bool contested = false;  // others wrote it since the last commit but one: to be read before the next
};

struct Account {
  Account(const std::string* name, const Claim& claim, const TimeZone* its_zone, int64_t earliest)
      : not_before(earliest),
        counter(claim.terms, its_zone),
        budget(name),
        key(claim.key),
        zone_name(claim.terms.zone),
        window(claim.terms.window),
        window_ms(claim.terms.window_ms),
        zone(its_zone) {}

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

  // Puts what is leased and not spent back into the counter and takes what the lease owes into it, for a commit. `Resume` undoes that if the
  // counter is still what it was then; if it was loaded anew, `lease` is just put back.
  auto Suspend() -> Lease {
    Lease suspended = lease;
    leased -= lease.granted;
    Move(suspended, 1);
    lease = {.size = lease.size, .taken_at = lease.taken_at, .used_at = lease.used_at, .reserved = lease.reserved, .listed = lease.listed};
    return suspended;
  }
  void Resume(const Lease& suspended) {
    Move(suspended, -1);
    leased += suspended.granted;
    lease = suspended;
  }
  void Move(const Lease& suspended, int64_t sign) {
    counter.Add(suspended.place, {.charged = -sign * suspended.left});
    for (const Lease::Change& change : suspended.changes) counter.Add(change.place, {.charged = sign * change.amount});
    total_charged = AddSaturated(total_charged, sign * suspended.total_charged);
    overdraft = AddSaturated(overdraft, sign * suspended.overdraft);
  }

  // Charged and reserved; what is leased and not spent is in the counter, and is not used. What settlements changed at any place that counts now
  // is used: a sliding window counts many.
  auto Used(Place place) const -> int64_t {
    const int64_t used = counter.At(place).used();
    if (lease.left == 0 && lease.changes.empty()) return used;
    int64_t change = counter.Counts(lease.place, place) ? -lease.left : 0;
    for (const Lease::Change& each : lease.changes) change += counter.Counts(each.place, place) ? each.amount : 0;
    return used + change;
  }

  // In this order: what every reservation touches is together, and with the lock.
  int64_t not_before;  // accounts with earlier charges may have been forgotten: a clock that is put back must not find them empty
  int64_t touched = 0;
  int64_t limit = 0;  // as the last claim had it
  int64_t total_charged = 0;
  Counter counter;
  Lease lease;
  RowState row;
  const std::string* budget;  // one text for all accounts of a budget, as long as the ledger
  int64_t approved = 0;
  int64_t overdraft = 0;
  int64_t leased = 0;  // what all ledgers took as leases and did not report yet; those of killed ones stay
  int64_t recalled_until = 0;  // somebody wants what is leased and not spent, until then
  std::string key;
  std::string zone_name;
  Window window;
  int64_t window_ms;
  const TimeZone* zone;
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
  RowState row;
};

inline auto IdentityOf(const Claim& claim) -> Identity {
  const Terms& terms = claim.terms;
  return {.name = claim.budget, .key = claim.key, .window = terms.window, .window_ms = terms.window_ms, .zone = terms.zone};
}

inline auto IdentityOf(const BreakerClaim& claim) -> Identity {
  return {.name = claim.breaker, .key = claim.key, .window = Window::Sliding, .window_ms = claim.terms.window_ms, .zone = {}};
}

using AccountSlot = Slot<Account>;
using BreakerSlot = Slot<BreakerAccount>;

}  // namespace remit::ledger
