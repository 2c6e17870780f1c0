// What a request comes to, and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/ir/statements.h"
#include "runtime/value/outcome.h"
#include "runtime/value/uid_text.h"

namespace remit {

// One policy that could not be evaluated on one request. Not an exception: its neighbours still count.
struct EvalError {
  uint32_t policy = 0;   // position in ir::Program::policies
  std::string code;      // stable: "type-error", "integer-overflow", "entity-missing", ...
  std::string message;
  uint32_t span_file = UINT32_MAX;  // place in the source, where the program has a source map
  uint32_t span_begin = 0;
  uint32_t span_end = 0;
  std::string help;                 // may be empty: what exists, or what may have been meant

  friend auto operator==(const EvalError&, const EvalError&) -> bool = default;
};

// What a satisfied statement's `oblige` says: whoever does not know an obligation must refuse.
struct ObligationRecord {
  uint32_t policy = 0;
  std::string record;  // JSON, as ValueToJson writes it

  friend auto operator==(const ObligationRecord&, const ObligationRecord&) -> bool = default;
};

// An approval that would lift a cap: of an escalate, an exhausted budget or an open breaker.
struct WantedApproval {
  uint32_t policy = 0;
  std::vector<UidText> by = {};  // ascending
  ir::Approval terms = {};

  friend auto operator==(const WantedApproval&, const WantedApproval&) -> bool = default;
};

// What one budget asks of one request. Amounts are longs, or decimals in units of 0.0001.
struct BudgetClaim {
  uint32_t budget = 0;  // position in ir::Program::budgets
  std::string key;      // canonical text of the values of `per`
  int64_t charge = 0;
  int64_t limit = 0;
  int64_t used = 0;       // as it was read: charged and reserved
  bool is_lifted = false;  // an approval lets it go over the limit
  uint64_t key_number = 0;  // what the session that decided calls the key (runtime/eval/key_memory.h); 0: nothing. No part of the claim

  friend auto operator==(const BudgetClaim& a, const BudgetClaim& b) -> bool {
    return a.budget == b.budget && a.key == b.key && a.charge == b.charge && a.limit == b.limit && a.used == b.used &&
           a.is_lifted == b.is_lifted;
  }
};

// One breaker that a request depends on.
struct BreakerClaim {
  uint32_t breaker = 0;  // position in ir::Program::breakers
  std::string key;
  bool is_open = false;  // as it was read
  bool is_lifted = false;  // an approval lets it through although the breaker is open

  friend auto operator==(const BreakerClaim&, const BreakerClaim&) -> bool = default;
};

// Borrows nothing.
struct Decision {
  Outcome outcome = Outcome::Deny;
  std::vector<uint32_t> determining;  // positions in ir::Program::policies, ascending: those at the outcome's level
  std::vector<EvalError> errors;      // ascending by policy
  // The rest is of Remit's statements, each ascending.
  std::vector<ObligationRecord> obligations = {};
  std::vector<WantedApproval> approvals = {};  // of `approve`
  std::vector<BudgetClaim> budgets = {};       // what to reserve, together, if the outcome is `execute`; of any other what was read
  std::vector<BreakerClaim> breakers = {};
  std::string quarantined = {};  // the entity that is, `Agent::"a"`; empty: none
  auto allowed() const -> bool { return outcome == Outcome::Execute; }

  friend auto operator==(const Decision&, const Decision&) -> bool = default;
};

}  // namespace remit
