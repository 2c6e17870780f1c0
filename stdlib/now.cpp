#include "stdlib/now.h"

namespace remit {

auto Now() -> Fallible<Datetime> { return Fail("only a decision has a time"); }

}  // namespace remit
