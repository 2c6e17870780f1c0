// The conditions of a policy one by one: for whoever wants to know which of them did not hold.
//
// A body evaluates conditions in their order and stops at the first that does not hold. Where one ends and the next begins is seen from its code:
// each ends with a jump to the operation that says "not satisfied". Bodies that keep marks of it, the alternative, would pay for them in memory for
// something that is hardly ever asked.
#pragma once

#include <optional>
#include <vector>

#include "runtime/eval/decision.h"
#include "runtime/eval/interpreter.h"

namespace remit {

struct ConditionAnswer {
  bool is_when = true;  // else `unless`
  bool holds = false;  // the policy is satisfied if all do; not if it failed
  ir::SourcePlace place = {};
  std::optional<EvalError> error = {};
};

// Of a row's body, each on its own, whatever the others come to. None for a body whose code is not that of conditions.
auto EvaluateConditions(const ir::Program& program, uint32_t body, const EvalInput& input) -> std::vector<ConditionAnswer>;

}  // namespace remit
