// What a `forbid` that cannot be evaluated does: nothing, as in Cedar, or it denies (`forbid_errors = "deny"`, docs/project.md).
//
// One rule for a process, set before anything is compiled: programs keep the rule that they were made with, as a clause of each `forbid`. A member of every
// compile job, the alternative, would have to be passed on by each of the dozen places that make one, and the one that forgets would fail open.
#pragma once

namespace remit {

// Threads: set before others compile.
void SetForbidErrorsDeny(bool deny);
auto ForbidErrorsDeny() -> bool;

}  // namespace remit
