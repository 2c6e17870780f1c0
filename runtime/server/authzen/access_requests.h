// Asking people for what was denied: the AuthZEN Access Request and Approval Profile (draft 1), on our approvals.
//
// A denial with the outcome `approve` has opened its tickets already; what it says of them is `context.access_request`. Submitting it returns a task, which
// is the tickets' state. An approved task carries the grants, which the enforcement point presents in `context.approval` when it asks again, and which lift
// their caps as any presented grant does: the decision is made anew. Several requests in one (`items`), callbacks and cancelling are not served.
#pragma once

#include <memory>
#include <string>

#include "runtime/server/authzen/translate.h"
#include "runtime/server/worker.h"

namespace remit::authzen {

class State;

// The members of a decision's context that the profile defines: `access_request` of a denial that people can lift, and what to do next after an
// approval that did not.
void AppendAccessRequest(std::string& out, const State& state, const server::Decided& decided, const Question& asked,
                         const Translation& translation);

// Whether the approval's id is that of the grants it carries; without grants it says nothing that could be checked.
auto IsConsistent(const PresentedApproval& approval) -> bool;
// The id of an approval by these grants. Empty: one of them is none of ours.
auto ApprovalId(const std::vector<std::string>& grants) -> std::string;

// `/access/v1/requests`, `/access/v1/requests/{task}`, `/access/v1/jwks`.
void AddAccessRequestRoutes(server::Service& service, const std::shared_ptr<State>& state);

}  // namespace remit::authzen
