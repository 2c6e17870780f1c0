#include "runtime/ledger/breaker.h"

#include <algorithm>

namespace remit::ledger {

void Breaker::SetTerms(const BreakerTerms& terms) {
  terms_.cooldown_ms = std::max<int64_t>(terms.cooldown_ms, 0);
  terms_.probe = std::max(terms.probe, 1);
}

void Breaker::Advance(int64_t now) {
  counts_.PlaceAt(now);
  if (state_ == BreakerState::Open && now >= open_until_) Enter(BreakerState::HalfOpen);
}

auto Breaker::Begin() -> bool {
  const bool probe = state_ == BreakerState::HalfOpen;
  if (probe) ++probes_out_;
  return probe;
}

auto Breaker::Report(uint64_t term, bool probe, bool success, int64_t now) -> bool {
  if (term != term_) return false;
  if (probe) {
    --probes_out_;
    if (!success) {
      Trip(now);
    } else if (++succeeded_ >= terms_.probe) {
      Close();
    }
    return false;
  }
  if (state_ != BreakerState::Closed) return false;
  counts_.Add(counts_.PlaceAt(now), {.reserved = 1, .charged = success ? 0 : 1});
  return true;
}

void Breaker::GiveBack(uint64_t term, bool probe) {
  if (probe && term == term_) --probes_out_;
}

void Breaker::Trip(int64_t now) {
  open_until_ = now > kForever - terms_.cooldown_ms ? kForever : now + terms_.cooldown_ms;
  Enter(BreakerState::Open);
}

void Breaker::Save(WireWriter& out) const {
  for (const int64_t number : {static_cast<int64_t>(state_), static_cast<int64_t>(term_), open_until_, int64_t{probes_out_},
                               int64_t{succeeded_}, terms_.cooldown_ms, int64_t{terms_.probe}})
    out.Number(number);
  counts_.Save(out);
}

void Breaker::Load(WireReader& in) {
  state_ = static_cast<BreakerState>(in.Small(2));
  term_ = static_cast<uint64_t>(in.Number());
  open_until_ = in.Number();
  probes_out_ = static_cast<int32_t>(in.Small(INT32_MAX));
  succeeded_ = static_cast<int32_t>(in.Small(INT32_MAX));
  terms_.cooldown_ms = in.Small(kForever);
  terms_.probe = static_cast<int32_t>(in.Small(INT32_MAX));
  counts_.Load(in);
}

void Breaker::Close() {
  counts_ = SlidingCounter(terms_.window_ms);
  Enter(BreakerState::Closed);
}

void Breaker::Enter(BreakerState state) {
  state_ = state;
  ++term_;
  probes_out_ = 0;
  succeeded_ = 0;
}

}  // namespace remit::ledger
