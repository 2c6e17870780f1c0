// Decisions as audit records: everything that one read and said, in the audit log's words.
//
// A record borrows from the decision, the interner and this describer, which is there so that describing allocates nothing once warm. Threads: one at a time.
#pragma once

#include <string_view>
#include <vector>

#include "runtime/audit/record.h"
#include "runtime/base/interner.h"
#include "runtime/eval/decision.h"
#include "runtime/governor/governor.h"
#include "runtime/ir/program.h"

namespace remit {

class DecisionDescriber {
 public:
  // Outcome, determining and erring statements, obligations, approvals that are waited for, what was read of budgets
  // and breakers, quarantine. Valid until called again.
  void Describe(const Decision& decision, const ir::Program& program, const Interner& interner, audit::DecisionRecord& record);
  // The same, and reservation, grants that covered something, tickets.
  void Describe(const GovernedDecision& answer, const ir::Program& program, const Interner& interner, audit::DecisionRecord& record);
  // Who asks for what, and on whose behalf.
  void DescribeRequest(const GovernedRequest& request, audit::DecisionRecord& record);

 private:
  std::vector<audit::Entity> delegation_;
  std::vector<std::string_view> determining_;
  std::vector<audit::StatementError> errors_;
  std::vector<audit::ObligationOf> obligations_;
  std::vector<audit::BudgetRead> budgets_;
  std::vector<audit::BreakerRead> breakers_;
  std::vector<audit::Covered> covered_;
  std::vector<audit::Escalation> escalations_;
};

}  // namespace remit
