// A ledger that cannot overspend: reserve before, settle after.
//
// One request's claims are read at one instant, evaluated by the caller, and reserved in one atomic step or not at all. Each account has a lock
// word; the accounts of a request are locked in one global order for as long as it takes to add a few numbers (docs/decisions/0012).
// Counting without locks, the alternative, is one atomic add for one budget and a protocol of its own for two.
//
//   ledger.Read(ask, now, budgets, breakers)            what the policies may read
//   ... evaluate ...
//   ledger.Reserve(ask, budgets, breakers, now)         Granted, Repeated, Moved (evaluate again), Exhausted
//   ledger.Settle(reservation, verdict, actual, trips, now)
//
// INVARIANT: in every window the amounts that were admitted and not given back are at most the limit they were admitted under, but for overdrafts:
// what a settlement charged beyond its reservation, and what an approval admitted, which is counted apart. After everything is settled or
// expired the counters are what was charged.
//
// Threads: everything may be called from any thread. Nothing here starts one. Errors are `Error`s with these codes: `negative-charge`,
// `duplicate-account`, `too-many-claims`, `invalid-window`, `unknown-time-zone`, `invalid-time`, `too-many-accounts`, `too-many-reservations`,
// `request-id-reused`, `unknown-reservation`, `reservation-settled`, `reservation-expired`, `unknown-budget`, `invalid-settlement`, `amount-overflow`;
// with a store also `store-away`, `store-failed`, `store-corrupt` and `store-busy` (others change the same accounts all the time).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/quarantine.h"
#include "runtime/ledger/store.h"

namespace remit::ledger {

// What is durable when a reservation is answered. With `Lease` the store has been charged for it but does not know it: it is spent from what was
// leased before, this ledger alone can settle it, and its request id is known to this ledger alone. A ledger that is killed wastes what it
// had leased and not spent, and charges what it had reserved.
enum class Durability : uint8_t { Each, Lease };

struct LedgerOptions {
  size_t max_accounts = 1'000'000;  // budgets and breakers each
  size_t max_reservations = 1'000'000;  // open and remembered
  size_t remembered = 65'536;  // settled reservations that are remembered at most, so that repeated calls get the first answer
  int64_t remember_ms = 600'000;  // and for how long
  std::shared_ptr<Store> store = {};  // none: everything is gone with the ledger
  Durability durability = Durability::Each;
  // A lease that was not used for so long is given back by `Expire`; one that does not last so long was too small.
  int64_t lease_ms = 1'000;
  bool sole = false;  // no other ledger uses the store while this one does: what is in memory need not be asked for again
};

// Whether a breaker's counts trip it: its `trip` condition. Called under the breaker's lock: it must not call the ledger, and must say true if it
// fails. A ledger that settles without one counts and trips nothing.
using Trips = std::function<bool(std::string_view breaker, std::string_view key, int64_t calls, int64_t failures)>;

// Evaluates while the accounts are held. Says whether to reserve; may change `lifted` of the ask's claims. Must not call the ledger.
using Evaluate = std::function<bool(std::span<const Reading> budgets, std::span<const BreakerReading> breakers)>;

class Ledger {
 public:
  // Without a store.
  explicit Ledger(const LedgerOptions& options = {});
  // With what the store has: open reservations, accounts, breakers; the quarantine is `StoredQuarantine`'s. Every reservation and settlement is durable
  // before it is answered, and any ledger on the same store may settle what another reserved.
  static auto Open(const LedgerOptions& options, int64_t now) -> Expected<std::unique_ptr<Ledger>>;
  ~Ledger();
  Ledger(const Ledger&) = delete;
  auto operator=(const Ledger&) -> Ledger& = delete;

  // The reservation this request has already, if any: to be asked before evaluating, because the state has moved since. Status is Repeated,
  // or Declined if there is none.
  auto Recall(std::string_view request_id, const Digest& digest) -> Expected<Reserved>;

  // All claims and breakers of the ask at one instant. Accounts that are not known are opened, the one thing here that allocates.
  auto Read(const Ask& ask, int64_t now, std::span<Reading> budgets, std::span<BreakerReading> breakers) -> Expected<void>;

  // Everything or nothing. `budgets` and `breakers` are what `Read` gave for the same ask at the same `now`.
  auto Reserve(const Ask& ask, std::span<const Reading> budgets, std::span<const BreakerReading> breakers, int64_t now)
      -> Expected<Reserved>;

  // The same for claims of which nothing was read: what is in `budgets` counts for claims that are observed, the handles are tried, and afterwards it is
  // what was used just before, with handles to find the accounts again. Spares a round of locks, and with a store that others use a question.
  auto ReserveUnread(const Ask& ask, std::span<Reading> budgets, std::span<const BreakerReading> breakers, int64_t now)
      -> Expected<Reserved>;

  // Reads, evaluates and reserves with the accounts locked, so that nothing moves: for when `Reserve` said Moved a few times.
  auto ReserveHeld(const Ask& ask, int64_t now, const Evaluate& evaluate) -> Expected<Reserved>;

  // What it really cost. Budgets that `actual` does not name are charged what was reserved; NotDispatched gives everything back.
  auto Settle(std::string_view reservation, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now)
      -> Expected<Settled>;
  auto Settle(const ReservationId& reservation, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now)
      -> Expected<Settled>;

  // Holds on for `hold_ms` from `now`, never shorter than before. Gives the new expiry.
  auto Extend(std::string_view reservation, int64_t hold_ms, int64_t now) -> Expected<int64_t>;

  // Expires what is due, and forgets some of what is idle and empty. Everything else expires what is due first, so calling it is never needed for
  // right answers, only so that a quiet ledger gives back in time. Returns how many expired.
  auto Expire(int64_t now) -> size_t;

  // When `Expire` has something to do next; `kForever` if nothing is open.
  auto NextExpiry() const -> int64_t;

  auto Describe(std::string_view reservation) -> Expected<ReservationDetails>;
  // Everything there is, by name and key. From the store if it can be reached, else what this ledger knows.
  auto Budgets(int64_t now) -> std::vector<AccountStatus>;
  auto Breakers(int64_t now) -> std::vector<BreakerStatus>;

  auto quarantine() -> Quarantine&;
  // No two ledgers of a process have the same: handles are of one ledger.
  auto number() const -> uint64_t;

  struct State;  // for the files of this folder

 private:
  std::unique_ptr<State> state_;
};

}  // namespace remit::ledger
