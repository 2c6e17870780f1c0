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

// Exact: what does not fit, or would have to be rounded, is an error.
auto DecimalAdd(Decimal value, Decimal other) -> Fallible<Decimal>;
auto DecimalSubtract(Decimal value, Decimal other) -> Fallible<Decimal>;
auto DecimalMultiply(Decimal value, Decimal other) -> Fallible<Decimal>;

}  // namespace remit
