// Who of those who approved counts: eligible by policy now, not party to the request, and nobody twice.
#pragma once

#include <vector>

#include "runtime/approval/escalation.h"
#include "runtime/approval/grant.h"

namespace remit::approval {

// Whether the approver or anyone it acts for made the request, or is one on whose behalf it is made. Holds whatever policy says.
auto IsParty(const Approver& approver, const RequestFacts& facts) -> bool;

// Whether policy lets the approver approve, and everyone it acts for: acting for others never widens what one may do.
auto IsEligible(const Approver& approver, const Escalation& escalation, const MayApprove& may_approve) -> Expected<bool>;

// How many count. Two approvals count as one if a person has part in both, by themselves or through an agent.
auto CountApprovers(const std::vector<Approver>& approvers, const RequestFacts& facts, const Escalation& escalation,
                    const MayApprove& may_approve) -> Expected<uint32_t>;

}  // namespace remit::approval
