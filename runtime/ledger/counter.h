// What one account has used, by kind of window.
//
// A charge has a *place*: the window, bucket or instant in which it was reserved. What happens to it later (settlement, expiry) happens at
// that place, so that a window that rolls over meanwhile neither loses it nor takes it along.
//
// Clocks that jump. Forward: windows roll over. Back: calendar windows remember the one before the current; sliding and refilling ones stand
// still until the clock is where it was. Charges are attributed to a place by the clock of their time, and no place ever holds more than its limit.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <variant>

#include "runtime/ledger/calendar.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/wire.h"

namespace remit::ledger {

using Place = int64_t;

__extension__ using Int128 = __int128;

// Amounts of one place or of several. Reserved ones are still open.
struct Tally {
  int64_t reserved = 0;
  int64_t charged = 0;

  auto used() const -> int64_t { return reserved + charged; }
};

// Lifetime, concurrent and calendar windows: the current one and the one before it.
class WindowCounter {
 public:
  // `zone` is null for windows that never end.
  WindowCounter(Window window, const TimeZone* zone) : kind_(window), zone_(zone) {}

  // Nearly always it is the window that is current already: these are here so that they cost nothing but that comparison.
  auto PlaceAt(int64_t now) -> Place { return current_.span.contains(now) ? current_.span.start : OtherPlaceAt(now); }
  auto At(Place place) const -> Tally {
    if (place == current_.span.start) return current_.tally;
    return place == previous_.span.start ? previous_.tally : Tally{};
  }
  // Of a window that is no longer remembered nothing is left to count.
  void Add(Place place, const Tally& change) {
    const bool is_current = place == current_.span.start;
    if (!is_current && place != previous_.span.start) return;
    Tally& tally = is_current ? current_.tally : previous_.tally;
    tally.reserved += change.reserved;
    tally.charged += change.charged;
  }
  auto End(Place place) const -> int64_t;
  void Save(WireWriter& out) const;
  void Load(WireReader& in);

 private:
  struct Period {
    Span span;
    Tally tally;
  };

  auto OtherPlaceAt(int64_t now) -> Place;
  void Begin(int64_t now);

  Period current_ = {.span = {.start = 0, .end = -1}, .tally = {}};  // before the first use: contains nothing
  Period previous_ = {.span = {.start = 0, .end = -1}, .tally = {}};
  Window kind_;
  const TimeZone* zone_;
};

// Sub-buckets of 1/60 of the window. A bucket counts until its last instant is a window ago: at most 1/60 too long, never too short.
class SlidingCounter {
 public:
  explicit SlidingCounter(int64_t window_ms);

  auto PlaceAt(int64_t now) -> Place;
  auto Now() const -> Tally { return sum_; }
  auto Counts(Place place) const -> bool { return place >= first_; }
  void Add(Place place, const Tally& change);
  void Save(WireWriter& out) const;
  void Load(WireReader& in);

 private:
  static constexpr int64_t kBuckets = 64;  // 61 count at once

  auto FirstCounted() const -> int64_t;
  void Advance();
  // What is true until then is not computed again: two divisions take as long as the rest of a reservation's arithmetic.
  void Note();

  int64_t window_ms_;
  int64_t width_;
  int64_t now_ = 0;
  int64_t place_ = 0;  // of now_
  int64_t steady_until_ = 0;  // before it neither `place_` nor `first_` changes
  int64_t first_ = 0;  // buckets before it are empty
  Tally sum_;
  std::unique_ptr<std::array<Tally, kBuckets>> buckets_;
};

// A token bucket counted from below: the level is what is not refilled yet, in units of 1/duration, so that refilling is exact.
class RefillCounter {
 public:
  explicit RefillCounter(int64_t duration_ms) : duration_(duration_ms) {}

  auto PlaceAt(int64_t now) -> Place;
  auto Now() const -> Tally;
  // What is given back is what was not refilled since the place: more would let the bucket pour more than burst and rate allow.
  void Add(Place place, const Tally& change);
  // The burst, which is also what is refilled in `duration`. From now on.
  void SetLimit(int64_t limit) { limit_ = limit < 0 ? 0 : limit; }
  void Save(WireWriter& out) const;
  void Load(WireReader& in);

 private:
  int64_t duration_;
  int64_t limit_ = 0;
  int64_t now_ = 0;
  int64_t reserved_ = 0;
  Int128 level_ = 0;
};

class Counter {
 public:
  // `zone` is that of the terms, for calendar windows.
  Counter(const Terms& terms, const TimeZone* zone);

  // Brings the counter to `now` and gives the place of a charge made then.
  auto PlaceAt(int64_t now) -> Place {
    auto* windows = std::get_if<WindowCounter>(&kind_);
    return windows != nullptr ? windows->PlaceAt(now) : OtherPlaceAt(now);
  }
  // What counts against the limit for a charge at `place`, which is one that `PlaceAt` just gave.
  auto At(Place place) const -> Tally {
    const auto* windows = std::get_if<WindowCounter>(&kind_);
    return windows != nullptr ? windows->At(place) : OtherAt();
  }
  // Whether what was charged at `where` is in `At(place)`.
  auto Counts(Place where, Place place) const -> bool {
    const auto* sliding = std::get_if<SlidingCounter>(&kind_);
    return sliding == nullptr ? where == place : sliding->Counts(where);
  }
  void Add(Place place, const Tally& change) {
    if (auto* windows = std::get_if<WindowCounter>(&kind_)) {
      windows->Add(place, change);
    } else {
      AddElsewhere(place, change);
    }
  }
  auto End(Place place) const -> int64_t;
  void SetLimit(int64_t limit);
  // The state of a counter of the same terms. Of what cannot be read the reader says so; the counter is then to be loaded again.
  void Save(WireWriter& out) const;
  void Load(WireReader& in);

 private:
  auto OtherPlaceAt(int64_t now) -> Place;
  auto OtherAt() const -> Tally;
  void AddElsewhere(Place place, const Tally& change);

  std::variant<WindowCounter, SlidingCounter, RefillCounter> kind_;
};

}  // namespace remit::ledger
