// Who of those who approved counts: eligible by policy now, not party to the request, and nobody twice.
#pragma once

#include <vector>

#include "runtime/approval/escalation.h"
#include "runtime/approval/grant.h"
#include "runtime/entity/entity_store.h"

namespace remit::approval {

// Whether the approver or anyone it acts for made the request, or is one on whose behalf it is made. Holds whatever policy says.
auto IsParty(const Approver& approver, const RequestFacts& facts) -> bool;

// Whether the person is one of the statement's `by`, or in one of them: what every `MayApprove` has to require besides policy, so that a `permit`
// of everything makes nobody an approver.
auto IsInBy(const UidText& person, const Escalation& escalation, const EntityStore& people, const Interner& interner) -> bool;

// Whether policy lets the approver approve, and everyone it acts for: acting for others never widens what one may do.
auto IsEligible(const Approver& approver, const Escalation& escalation, const MayApprove& may_approve) -> Expected<bool>;

// How many count. Two approvals count as one if a person has part in both, by themselves or through an agent.
auto CountApprovers(const std::vector<Approver>& approvers, const RequestFacts& facts, const Escalation& escalation,
                    const MayApprove& may_approve) -> Expected<uint32_t>;

}  // namespace remit::approval
