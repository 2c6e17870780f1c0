// `unknown("x")`, which Cedar's partial evaluation knows and a decision does not.
#pragma once

#include "stdlib/body.h"

namespace remit {

// Always fails.
auto EvaluateUnknown(String name) -> Fallible<bool>;

}  // namespace remit
