#include "stdlib/unknown.h"

#include "runtime/base/text.h"

namespace remit {

auto EvaluateUnknown(String name) -> Fallible<bool> {
  return Fail("the expression contains an unknown: `unknown(" + QuoteString(name.view()) + ")`");
}

}  // namespace remit
