// A decision as the native API answers it.
#pragma once

#include <string>

#include "runtime/server/worker.h"

namespace remit::server {

// {"decision_id", "outcome", "decision": "allow"|"deny", "determining": [{"id", "effect"}], "errors": [{"id", "code", "message"}], "policy_version"?,
// "obligations"?, "reservation"?, "escalations"?, "quarantined"?, "repeated"?}
void AppendDecision(std::string& out, const Decided& decided);

// Why: the decision's members, and under "policies" each policy whose scope has to do with the request, with its conditions and their places. Of the last
// decision of the worker's session.
void AppendExplanation(std::string& out, Worker& worker, const GovernedDecision& governed);

}  // namespace remit::server
