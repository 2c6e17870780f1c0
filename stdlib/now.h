// `now()`, which is an input of the evaluation and no clock.
#pragma once

#include "runtime/value/value.h"
#include "stdlib/body.h"

namespace remit {

// The row's signature. Programs read the time by the operation `now`; outside of a decision there is none, so this always fails.
auto Now() -> Fallible<Datetime>;

}  // namespace remit
