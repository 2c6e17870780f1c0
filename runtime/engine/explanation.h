// Why a decision came out as it did, policy by policy.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/eval/conditions.h"
#include "runtime/eval/scope.h"

namespace remit {

struct PolicyExplanation {
  uint32_t policy = 0;  // position in Program::policies
  eval::ScopeMatch scope;
  std::vector<ConditionAnswer> conditions;  // in their order; none if the scope does not match

  auto is_in_scope() const -> bool { return scope.principal && scope.action && scope.resource; }
  auto is_satisfied() const -> bool;
};

// Ascending by policy: those whose scopes match, then those of which one part of the scope does not.
struct Explanation {
  std::vector<PolicyExplanation> policies;
  bool is_complete = true;  // no policy was left out to keep it short
};

}  // namespace remit
