// What a decision depends on besides policies, entities, request and time: budgets, breakers, approvals, quarantine.
//
// A decision is a pure function of what this answers, and keeps what it was told, so that it can be made again. A ledger answers when something is
// at stake; tests and replays answer from memory.
#pragma once

#include <span>

#include "runtime/base/error.h"
#include "runtime/eval/decision.h"
#include "runtime/value/value.h"

namespace remit {

class World {
 public:
  virtual ~World() = default;

  // Fills in `used` and `is_open` of the claims, all of one instant. An error denies the request: what cannot be known is not spent.
  virtual auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> = 0;
  // Whether a presented and valid approval covers this request for one statement.
  virtual auto IsApproved(const WantedApproval& wanted) -> bool = 0;
  // Entities that nothing may be done by, with or to.
  virtual auto quarantined() -> std::span<const EntityUid> = 0;
};

}  // namespace remit
