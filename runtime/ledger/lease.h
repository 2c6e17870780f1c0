// Leases: amounts that a ledger takes from the store before it spends them, so that most reservations need no store.
//
// A lease is charged in the store when it is taken; what was not spent is given back when the ledger is idle or ends. Several ledgers can thus
// never admit more than the limit, and one that is killed wastes at most what it had not spent. Its size doubles while it runs dry quickly and
// shrinks with what is left of the budget, so that the last units are taken one by one, by whoever needs them.
//
// Whoever finds no room while others have leases leaves a *recall* in the account's row. Holders see it with their next commit or `Expire`, give back
// what they have not spent, and take no more than they need until it is over. Nothing of a lease is ever taken away from its holder: what it has
// spent nobody else knows, so there is no expiry, no clock to agree on, and a holder that slept may go on.
//
// A lease belongs to one place (window or bucket). Token buckets and concurrent budgets have no leases: what a killed ledger held would
// pour too much, or stay taken for ever. Nor has what policies read, unless the ledger is the only one: others may spend meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/ledger/counter.h"

namespace remit::ledger {

struct Lease {
  Place place = 0;
  int64_t left = 0;  // charged in the store, not spent
  int64_t granted = 0;  // what it began with
  int64_t size = 0;  // how much is taken at a time
  int64_t taken_at = 0;  // when the last one was
  int64_t used_at = 0;
  int64_t reserved = 0;  // spent by reservations that are open
  bool listed = false;  // the ledger knows that there is something to give back

  // What settlements changed at places that have no lease (any more), not in the store yet; and what they changed of totals.
  struct Change {
    Place place;
    int64_t amount;
  };
  std::vector<Change> changes = {};
  int64_t total_charged = 0;
  int64_t overdraft = 0;

  auto At(Place where) const -> int64_t { return where == place ? left : 0; }
  auto empty() const -> bool { return left == 0 && !Owes(); }
  auto Owes() const -> bool { return !changes.empty() || total_charged != 0 || overdraft != 0; }

  // Spends (or, if negative, gives back) at a place; what the lease does not cover is a change for later.
  void Spend(Place where, int64_t amount) {
    if (where == place && amount <= left) {
      left -= amount;
    } else {
      SpendElsewhere(where, amount);
    }
  }
  // How much to take now that `need` is missing and `room` is left of the budget; at least `need`.
  auto NextSize(int64_t need, int64_t room, int64_t now, int64_t lease_ms) -> int64_t;

 private:
  void SpendElsewhere(Place where, int64_t amount);
};

}  // namespace remit::ledger
