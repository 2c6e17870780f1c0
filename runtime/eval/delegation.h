// Requests made on behalf of others: every member of the chain (runtime/request/delegation.h) must be allowed what the acting principal does.
//
// The request is decided once for each member as its principal, and the lowest outcome counts: a hand-off never widens authority and never escapes
// a budget. Making one entity of the chain, the alternative, would ask policies to know about delegation, and those that do not would leak.
#pragma once

#include "runtime/eval/decision.h"
#include "runtime/ir/program.h"

namespace remit {

// What both come to together: the lowest outcome, what determined it, and the effects of both. One account is claimed once, with the larger charge
// and the smaller limit.
void MergeDecision(const ir::Program& program, Decision& into, Decision other);

}  // namespace remit
