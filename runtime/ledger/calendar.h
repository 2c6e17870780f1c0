// Which hour, day, week or month an instant is in, by the clocks of a time zone. ICU stays behind this header.
//
// A window is a function of the instant alone: every instant of a window gives the same window, so nodes agree without asking each other. Days
// begin with the first instant of the local date, weeks on Monday (ISO 8601). An hour of the local clock that a change of the offset cuts into
// is two windows.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/ledger/claims.h"

namespace remit::ledger {

// Half open.
struct Span {
  int64_t start = 0;
  int64_t end = 0;

  auto contains(int64_t time) const -> bool { return start <= time && time < end; }
  friend auto operator==(const Span&, const Span&) -> bool = default;
};

class TimeZone;

// The zone of that IANA name (empty: UTC), shared and never freed: there are some six hundred. Error `unknown-time-zone`.
auto FindTimeZone(std::string_view name) -> Expected<const TimeZone*>;

// `window` is Hour, Day, Week or Month; `time` within [0, kMaxTime].
auto CalendarWindow(Window window, const TimeZone& zone, int64_t time) -> Span;

}  // namespace remit::ledger
