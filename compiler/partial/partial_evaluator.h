// Type-aware partial evaluation: what a policy set comes to when only part of a request is known.
//
// Each permit and forbid ends satisfied, not satisfied, failing, or as a residual: a condition on what is not known yet. Deciding the
// residual policies on a full request that agrees with what was known gives what the original ones give: the same decision, determining
// policies and erroring policies. Statements of other kinds are not considered, and are named so that nobody takes the answer for more.
//
// Source: Cedar's type-aware partial evaluation (RFC 95), which folds less by types and writes an error where we keep the expression that fails.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/partial/folder.h"

namespace remit::partial {

enum class PolicyState : uint8_t { Satisfied, NotSatisfied, Fails, Residual };

// A policy or a link of the set.
struct PolicyRef {
  uint32_t statement = 0;
  std::optional<uint32_t> link = std::nullopt;
};

struct PolicyResidual {
  PolicyRef policy;
  SymbolId id;
  ast::Effect effect;
  PolicyState state;
  bool may_hold =
      false;  // Satisfied, or a Residual that is not known to be false or to fail; a forbid that denies if it fails may do that instead
  ast::ExprId condition = {};  // Residual, Fails: in the tree of the residuals
  std::optional<EvalError> error;  // Fails
};

// What a `forbid` that cannot be evaluated does: nothing, as in Cedar, or it denies.
enum class ForbidErrors : uint8_t { Skip, Deny };

enum class Verdict : uint8_t { Allow, Deny, Open };

struct PartialAnswer {
  Verdict verdict = Verdict::Deny;
  std::vector<PolicyResidual> policies;  // in the order of the set: statements, then links
  ast::Ast exprs;  // of the conditions
};

class PartialEvaluator {
 public:
  // `typed` is ok, and `ids` is parallel to the statements. All outlive the evaluator. Literals of residuals are interned in `interner`.
  PartialEvaluator(const ast::Ast& ast, const std::vector<std::string>& ids, check::TypedPolicySet& typed, const KnownEntities& entities,
                   Interner& interner, ForbidErrors forbid_errors = ForbidErrors::Skip);

  // The request has an environment: see ValidateRequestTypes.
  auto Evaluate(const PartialRequest& request) -> PartialAnswer { return Evaluate(request, policies_); }
  // Of these alone.
  auto Evaluate(const PartialRequest& request, const std::vector<PolicyRef>& policies) -> PartialAnswer;

  auto forbid_errors() const -> ForbidErrors { return forbid_errors_; }

  // Statements that are neither permit nor forbid.
  auto not_considered() const -> const std::vector<uint32_t>& { return not_considered_; }

 private:
  class Run;

  const ast::Ast& ast_;
  check::TypedPolicySet& typed_;
  const KnownEntities& entities_;
  Interner& interner_;
  ForbidErrors forbid_errors_;
  std::vector<SymbolId> ids_;  // of the statements
  std::vector<PolicyRef> policies_;
  std::vector<uint32_t> not_considered_;
  std::map<std::pair<uint32_t, uint32_t>, StatementTypes> types_;  // by statement and environment, as they are asked for
};

// What the policies come to together: a satisfied forbid denies (one that fails, too, where it may hold by that); so it is if no permit may hold; a satisfied permit allows if no forbid may hold.
auto Combine(const std::vector<PolicyResidual>& policies) -> Verdict;

// The policies that may still be satisfied or fail, as a set of their own with the ids and annotations of the original ones. `obligations`:
// with their `oblige` clauses.
auto ResidualPolicies(const PartialAnswer& answer, const ast::Ast& ast, bool obligations) -> ast::Ast;

}  // namespace remit::partial
