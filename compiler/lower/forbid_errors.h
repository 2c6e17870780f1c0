// Programs in which a `forbid` that cannot be evaluated denies (`forbid_errors = "deny"`, docs/project.md).
#pragma once

#include "runtime/ir/program.h"

namespace remit {

// A clause of each `forbid`, and not one setting of the program: what is amended, linked and stored by row keeps it. Not to be done twice.
void DenyWhereForbidsFail(ir::Program& program);

}  // namespace remit
