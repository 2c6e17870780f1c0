// The builtins of points in time.
#pragma once

#include "runtime/value/value.h"
#include "stdlib/body.h"

namespace remit {

auto ParseDatetime(String text) -> Fallible<Datetime>;
auto Offset(Datetime start, Duration duration) -> Fallible<Datetime>;
auto DurationSince(Datetime end, Datetime start) -> Fallible<Duration>;
auto ToDate(Datetime time) -> Fallible<Datetime>;
auto ToTime(Datetime time) -> Duration;

}  // namespace remit
