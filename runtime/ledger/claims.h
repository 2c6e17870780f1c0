// What a request asks of the ledger, and what the ledger says: plain data that borrows its texts from the caller.
//
// Amounts are in the budget's own scale (calls, cents, millionths of a dollar), times are milliseconds since the epoch and always arguments, so
// that tests, replays and `test` statements have clocks of their own. Nothing here knows policies: a budget that applies to a request has become
// a claim with its key, charge and limit evaluated.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ledger/hex.h"

namespace remit::ledger {

// Calendar windows are those of a time zone; the rest know durations only.
enum class Window : uint8_t { Lifetime, Hour, Day, Week, Month, Sliding, Refill, Concurrent };

// What becomes of a reservation that nobody settled when its hold ends.
enum class Unsettled : uint8_t { Charge, Release };

// When the store of leases cannot be reached: refuse, or spend what is leased already.
enum class WhenAway : uint8_t { Refuse, SpendLease };

struct Terms {
  Window window = Window::Lifetime;
  int64_t window_ms = 0;  // of Sliding and Refill: at least 1
  std::string_view zone = {};  // of calendar windows: an IANA name; empty is UTC
  int64_t hold_ms = 60'000;  // a reservation holds as long as the longest hold of its claims
  Unsettled unsettled = Unsettled::Charge;
  WhenAway when_away = WhenAway::Refuse;
};

// What one budget asks of one request. The account is the budget's name, the key and the window: a budget whose window is edited starts anew.
struct Claim {
  std::string_view budget = {};
  std::string_view key = {};  // canonical bytes of the values of `per`; any bytes
  int64_t charge = 1;  // never negative
  int64_t limit = 0;
  Terms terms = {};
  bool observed = false;  // a policy reads this budget's state: what it read must still be so when the reservation is made
  bool lifted = false;  // an approval covers it: what does not fit is admitted and counted apart, as approved overdraft
};

struct BreakerTerms {
  int64_t window_ms = 60'000;  // calls and failures are counted within it
  int64_t cooldown_ms = 30'000;  // how long it stays open
  int32_t probe = 1;  // calls let through when half-open; all of them must succeed
};

struct BreakerClaim {
  std::string_view breaker = {};
  std::string_view key = {};
  BreakerTerms terms = {};
  bool lifted = false;  // an approval covers it: the call is made though the breaker is open, and is no probe
};

// Two requests with one id must be the same request: the digest tells.
using Digest = std::array<uint8_t, 32>;

// One request. At most `kMaxClaims` budgets and as many breakers, no account twice.
struct Ask {
  std::string_view request_id = {};  // empty: not idempotent
  Digest digest = {};
  std::span<const Claim> claims = {};
  std::span<const BreakerClaim> breakers = {};
};

inline constexpr size_t kMaxClaims = 64;
inline constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
// Times beyond (the year 9999) and before the epoch are errors.
inline constexpr int64_t kMaxTime = 253'402'300'799'999;

// Finds an account again without looking for it. A stale handle costs a search and is never wrong.
struct AccountHandle {
  void* account = nullptr;
  uint32_t generation = 0;
};

// One budget at the instant of `Read`.
struct Reading {
  int64_t used = 0;  // charged and reserved in the window, here and, as far as they are promised, on other nodes
  int64_t reserved = 0;  // of that, what is not settled yet on this node
  int64_t window_end = kForever;  // when the window rolls over; `kForever` for windows that do not
  AccountHandle handle = {};
};

enum class BreakerState : uint8_t { Closed, Open, HalfOpen };

struct BreakerReading {
  BreakerState state = BreakerState::Closed;
  bool blocked = false;  // open, or half-open with every probe under way: what `breaker.NAME.open` reads
  int64_t calls = 0;
  int64_t failures = 0;
  AccountHandle handle = {};
};

struct RawId {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator==(const RawId&, const RawId&) -> bool = default;
};

// 128 bits, 96 of them random, and the shard where the reservation is kept. Whoever keeps it settles without printing and reading 34 hexadecimal
// digits, which take as long as counting a budget.
class ReservationId {
 public:
  static constexpr size_t kLength = 34;
  class Text {
   public:
    operator std::string_view() const { return {digits_.data(), digits_.size()}; }  // NOLINT(google-explicit-constructor)
    friend auto operator==(const Text&, const Text&) -> bool = default;

   private:
    friend class ReservationId;
    std::array<char, kLength> digits_;
  };

  ReservationId() = default;
  ReservationId(uint8_t shard, const RawId& raw) : raw_(raw), shard_(shard) {}

  auto text() const -> Text {
    Text text;
    Print(text.digits_.data());
    return text;
  }
  // `kLength` characters.
  void Print(char* out) const {
    PrintByte(out, static_cast<uint8_t>(shard_));
    PrintWords(out + 2, {.high = raw_.high, .low = raw_.low});
  }
  auto empty() const -> bool { return shard_ < 0; }
  auto shard() const -> uint8_t { return static_cast<uint8_t>(shard_); }
  auto raw() const -> const RawId& { return raw_; }

 private:
  RawId raw_;
  int16_t shard_ = -1;
};

struct Reserved {
  enum class Status : uint8_t {
    Granted,  // every claim is reserved
    Repeated,  // this request has its reservation already: `id` is that one
    Moved,  // what was read is no longer so: evaluate again
    Exhausted,  // some claims do not fit: nothing is reserved
    Declined,  // the caller of `ReserveHeld` did not want it
  };
  Status status = Status::Granted;
  ReservationId id = {};
  int64_t expires_at = 0;
  uint64_t claims = 0;  // one bit for each claim that moved or does not fit, in the order of the ask
  uint64_t breakers = 0;  // the same of breakers

  auto granted() const -> bool { return status == Status::Granted || status == Status::Repeated; }
};

enum class Verdict : uint8_t { Success, Failure, NotDispatched };

// What a budget was really charged; holds for every account of that budget in the reservation.
struct Actual {
  std::string_view budget = {};
  int64_t amount = 0;
};

struct Settled {
  Verdict verdict = Verdict::Success;  // the first settlement's, whatever later ones say
  bool repeated = false;  // it was settled before: nothing changed
  bool late = false;  // it had expired: what expiry did was corrected
  bool overdrawn = false;  // more was charged than reserved; `Describe` has the amounts
};

enum class Stage : uint8_t { Open, Expired, Settled };

// A reservation as a table shows it: borrows nothing.
struct ReservationDetails {
  struct Line {
    std::string budget;
    std::string key;  // empty once settled
    int64_t reserved = 0;  // what was asked for
    int64_t approved = 0;  // of that, what did not fit and an approval admitted
    int64_t charged = 0;  // so far: 0 while open
    int64_t overdraft = 0;  // charged beyond what was reserved
  };
  std::string id;
  std::string request_id;
  Stage stage = Stage::Open;
  Verdict verdict = Verdict::Success;  // if settled
  int64_t expires_at = 0;
  std::vector<Line> lines;
};

// A row of `remit budgets`.
struct AccountStatus {
  std::string budget;
  std::string key;
  Window window = Window::Lifetime;
  int64_t used = 0;
  int64_t reserved = 0;
  int64_t limit = 0;  // as the last claim had it
  int64_t approved = 0;  // overdraft that approvals admitted, in all windows
  int64_t overdraft = 0;  // charged beyond reservations, in all windows
  int64_t total_charged = 0;  // in all windows; stays at the largest number once reached
  int64_t window_end = kForever;
  int64_t granted = kForever;  // what this node may spend before it asks the store again
};

struct BreakerStatus {
  std::string breaker;
  std::string key;
  BreakerState state = BreakerState::Closed;
  int64_t calls = 0;
  int64_t failures = 0;
  int64_t open_until = 0;  // if open
};

}  // namespace remit::ledger
