// The builtins of durations.
#pragma once

#include <cstdint>

#include "runtime/value/value.h"
#include "stdlib/body.h"

namespace remit {

auto ParseDuration(String text) -> Fallible<Duration>;
auto ToMilliseconds(Duration duration) -> int64_t;
auto ToSeconds(Duration duration) -> int64_t;
auto ToMinutes(Duration duration) -> int64_t;
auto ToHours(Duration duration) -> int64_t;
auto ToDays(Duration duration) -> int64_t;

}  // namespace remit
