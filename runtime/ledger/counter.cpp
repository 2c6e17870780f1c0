#include "runtime/ledger/counter.h"

#include <algorithm>

namespace remit::ledger {
namespace {

auto FloorDivide(int64_t value, int64_t unit) -> int64_t { return value / unit - (value % unit < 0 ? 1 : 0); }

auto CounterOf(const Terms& terms, const TimeZone* zone) -> std::variant<WindowCounter, SlidingCounter, RefillCounter> {
  switch (terms.window) {
    case Window::Sliding: return SlidingCounter(terms.window_ms);
    case Window::Refill: return RefillCounter(terms.window_ms);
    case Window::Lifetime:
    case Window::Concurrent:
    case Window::Hour:
    case Window::Day:
    case Window::Week:
    case Window::Month: break;
  }
  return WindowCounter(terms.window, zone);
}

}  // namespace

// ---- windows that begin and end -----------------------------------------------------------------------------------------------

// A clock that is put back further than the window before last charges that one: it has limits too.
auto WindowCounter::OtherPlaceAt(int64_t now) -> Place {
  if (previous_.span.contains(now) || now < previous_.span.start) return previous_.span.start;
  Begin(now);
  return current_.span.contains(now) ? current_.span.start : previous_.span.start;
}

// A new window, after the current one or, if the clock ran ahead and was put back, between the two.
void WindowCounter::Begin(int64_t now) {
  Period period = {.span = {.start = 0, .end = kForever}, .tally = {}};
  if (zone_ != nullptr) period.span = CalendarWindow(kind_, *zone_, now);
  const bool first = current_.span.end < 0;
  if (first || period.span.start > current_.span.start) {
    if (!first) previous_ = current_;
    current_ = period;
  } else {
    previous_ = period;
  }
}

auto WindowCounter::End(Place place) const -> int64_t { return place == current_.span.start ? current_.span.end : previous_.span.end; }

// ---- sliding windows ----------------------------------------------------------------------------------------------------------

SlidingCounter::SlidingCounter(int64_t window_ms)
    : window_ms_(std::clamp<int64_t>(window_ms, 1, int64_t{1} << 60)),
      width_(window_ms_ / 60 + 1),
      buckets_(std::make_unique<std::array<Tally, kBuckets>>()) {}

// The first bucket whose last instant is less than a window ago.
auto SlidingCounter::FirstCounted() const -> int64_t { return FloorDivide(now_ - window_ms_ + 1, width_); }

auto SlidingCounter::PlaceAt(int64_t now) -> Place {
  if (now > now_) {
    now_ = now;
    if (now >= steady_until_) Advance();
  }
  return place_;
}

void SlidingCounter::Advance() {
  const int64_t first = FirstCounted();
  for (int64_t bucket = first_; bucket < std::min(first, first_ + kBuckets); ++bucket) {
    Tally& tally = (*buckets_)[static_cast<uint64_t>(bucket) % kBuckets];
    sum_.reserved -= tally.reserved;
    sum_.charged -= tally.charged;
    tally = {};
  }
  first_ = first;
  Note();
}

// `first_` grows when the last instant of its bucket is a window ago. One that was loaded may be behind: then it is due at once.
void SlidingCounter::Note() {
  place_ = now_ / width_;
  steady_until_ = std::min((place_ + 1) * width_, (first_ + 1) * width_ + window_ms_ - 1);
}

void SlidingCounter::Add(Place place, const Tally& change) {
  if (place < first_) return;
  Tally& tally = (*buckets_)[static_cast<uint64_t>(place) % kBuckets];
  tally.reserved += change.reserved;
  tally.charged += change.charged;
  sum_.reserved += change.reserved;
  sum_.charged += change.charged;
}

// ---- token buckets ------------------------------------------------------------------------------------------------------------

auto RefillCounter::PlaceAt(int64_t now) -> Place {
  if (now > now_) {
    const Int128 refilled = static_cast<Int128>(limit_) * (now - now_);
    level_ = refilled >= level_ ? 0 : level_ - refilled;
    now_ = now;
  }
  return now_;
}

auto RefillCounter::Now() const -> Tally {
  const auto used = static_cast<int64_t>((level_ + duration_ - 1) / duration_);
  const int64_t reserved = std::min(used, reserved_);
  return {.reserved = reserved, .charged = used - reserved};
}

void RefillCounter::Add(Place place, const Tally& change) {
  reserved_ += change.reserved;
  const int64_t net = change.reserved + change.charged;
  if (net >= 0) {
    level_ += static_cast<Int128>(net) * duration_;
    return;
  }
  const Int128 back = -static_cast<Int128>(net) * duration_ - static_cast<Int128>(limit_) * (now_ - place);
  if (back > 0) level_ = back >= level_ ? 0 : level_ - back;
}

// ---- as bytes -----------------------------------------------------------------------------------------------------------------

void WindowCounter::Save(WireWriter& out) const {
  for (const Period& period : {current_, previous_}) {
    for (const int64_t number : {period.span.start, period.span.end, period.tally.reserved, period.tally.charged}) out.Number(number);
  }
}

void WindowCounter::Load(WireReader& in) {
  for (Period* period : {&current_, &previous_}) {
    for (int64_t* number : {&period->span.start, &period->span.end, &period->tally.reserved, &period->tally.charged}) *number = in.Number();
  }
}

// Empty buckets are left out.
void SlidingCounter::Save(WireWriter& out) const {
  out.Number(now_);
  out.Number(first_);
  for (int64_t bucket = first_; bucket < first_ + kBuckets; ++bucket) {
    const Tally& tally = (*buckets_)[static_cast<uint64_t>(bucket) % kBuckets];
    if (tally.reserved == 0 && tally.charged == 0) continue;
    for (const int64_t number : {bucket - first_, tally.reserved, tally.charged}) out.Number(number);
  }
  out.Number(-1);
}

void SlidingCounter::Load(WireReader& in) {
  buckets_->fill({});
  sum_ = {};
  now_ = in.Small(kMaxTime);
  first_ = in.Number();
  if (first_ > now_ || first_ < -kMaxTime) in.Fail();
  place_ = now_ / width_;
  steady_until_ = now_;  // what is due is done with the next change of the time
  while (in.ok()) {
    const int64_t offset = in.Number();
    if (offset == -1) return;
    if (offset < 0 || offset >= kBuckets) in.Fail();
    const int64_t reserved = in.Number();
    Add(first_ + offset, {.reserved = reserved, .charged = in.Number()});
  }
}

void RefillCounter::Save(WireWriter& out) const {
  for (const int64_t number : {limit_, now_, reserved_, static_cast<int64_t>(level_ >> 64), static_cast<int64_t>(level_)})
    out.Number(number);
}

void RefillCounter::Load(WireReader& in) {
  limit_ = in.Number();
  now_ = in.Small(kMaxTime);
  reserved_ = in.Number();
  const Int128 high = in.Number();
  level_ = (high << 64) | static_cast<uint64_t>(in.Number());
  if (level_ < 0 || limit_ < 0) in.Fail();
}

// ---- all of them --------------------------------------------------------------------------------------------------------------

Counter::Counter(const Terms& terms, const TimeZone* zone) : kind_(CounterOf(terms, zone)) {}

auto Counter::OtherPlaceAt(int64_t now) -> Place {
  return std::visit([&](auto& counter) { return counter.PlaceAt(now); }, kind_);
}

auto Counter::OtherAt() const -> Tally {
  if (const auto* sliding = std::get_if<SlidingCounter>(&kind_)) return sliding->Now();
  return std::get<RefillCounter>(kind_).Now();
}

void Counter::AddElsewhere(Place place, const Tally& change) {
  std::visit([&](auto& counter) { counter.Add(place, change); }, kind_);
}

auto Counter::End(Place place) const -> int64_t {
  const auto* windows = std::get_if<WindowCounter>(&kind_);
  return windows == nullptr ? kForever : windows->End(place);
}

void Counter::Save(WireWriter& out) const {
  out.Number(static_cast<int64_t>(kind_.index()));
  std::visit([&](const auto& counter) { counter.Save(out); }, kind_);
}

void Counter::Load(WireReader& in) {
  if (in.Number() != static_cast<int64_t>(kind_.index())) in.Fail();
  std::visit([&](auto& counter) { counter.Load(in); }, kind_);
}

void Counter::SetLimit(int64_t limit) {
  if (auto* refill = std::get_if<RefillCounter>(&kind_)) refill->SetLimit(limit);
}

}  // namespace remit::ledger
