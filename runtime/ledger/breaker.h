// One breaker's state: closed, open, half-open.
//
// Closed, it counts calls and failures in a sliding window. Tripped, it is open for the cooldown; then it lets probes through, as many as it asks
// for at a time. When that many succeeded it closes with empty counts; one failure opens it again. A call counts in the state it was made in:
// outcomes that arrive after the state changed say nothing about the new one.
#pragma once

#include <cstdint>

#include "runtime/ledger/claims.h"
#include "runtime/ledger/counter.h"

namespace remit::ledger {

class Breaker {
 public:
  explicit Breaker(const BreakerTerms& terms) : terms_(terms), counts_(terms.window_ms) {}

  // Cooldown and probes may be edited; the window is part of what the breaker is.
  void SetTerms(const BreakerTerms& terms);
  void Advance(int64_t now);

  auto state() const -> BreakerState { return state_; }
  auto blocked() const -> bool {
    return state_ == BreakerState::Open || (state_ == BreakerState::HalfOpen && probes_out_ + succeeded_ >= terms_.probe);
  }
  auto calls() const -> int64_t { return counts_.Now().reserved; }
  auto failures() const -> int64_t { return counts_.Now().charged; }
  auto open_until() const -> int64_t { return open_until_; }
  // Changes with the state.
  auto term() const -> uint64_t { return term_; }

  // True if the call is a probe, which must be given back by `Report` or `GiveBack`.
  auto Begin() -> bool;
  // The outcome of a call that began in `term`. True if it counts and the breaker is closed: the caller then asks whether the counts trip it.
  auto Report(uint64_t term, bool probe, bool success, int64_t now) -> bool;
  // The call was not made, or nobody ever said what came of it.
  void GiveBack(uint64_t term, bool probe);
  void Trip(int64_t now);
  void Save(WireWriter& out) const;
  void Load(WireReader& in);

 private:
  void Enter(BreakerState state);
  void Close();

  BreakerTerms terms_;
  BreakerState state_ = BreakerState::Closed;
  uint64_t term_ = 0;
  int64_t open_until_ = 0;
  int32_t probes_out_ = 0;
  int32_t succeeded_ = 0;
  SlidingCounter counts_;  // calls are its reserved amounts, failures its charged ones
};

}  // namespace remit::ledger
