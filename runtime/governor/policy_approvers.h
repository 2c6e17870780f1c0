// Who may answer an escalation, by the policies and entities that an engine has at that moment (docs/approvals.md, "Who may approve").
//
// The action `Remit::Action::"approve"` on the entity `Remit::Escalation`, by `permit` and `forbid` alone: an approval that had to be approved, or
// paid for, would end nowhere. Asking the engine for a whole decision, the alternative, would let a cap on everything stop every approval.
// Besides, the statement's own `by` holds, and nobody who is quarantined approves anything.
#pragma once

#include "runtime/approval/escalation.h"
#include "runtime/engine/engine.h"
#include "runtime/ledger/quarantine.h"

namespace remit {

// Borrows both. Threads: any.
class PolicyApprovers {
 public:
  PolicyApprovers(Engine& engine, const ledger::Quarantine& quarantine) : engine_(engine), quarantine_(quarantine) {}

  // An error is no.
  auto May(const approval::UidText& person, const approval::Escalation& escalation) const -> Expected<bool>;

 private:
  Engine& engine_;
  const ledger::Quarantine& quarantine_;
};

}  // namespace remit
