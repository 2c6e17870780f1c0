// The builtins of decimals.
#pragma once

#include "runtime/value/value.h"
#include "stdlib/body.h"

namespace remit {

auto ParseDecimal(String text) -> Fallible<Decimal>;
auto LessThan(Decimal value, Decimal other) -> bool;
auto LessThanOrEqual(Decimal value, Decimal other) -> bool;
auto GreaterThan(Decimal value, Decimal other) -> bool;
auto GreaterThanOrEqual(Decimal value, Decimal other) -> bool;

}  // namespace remit
