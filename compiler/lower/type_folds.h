// What the types of one environment decide in the conditions of one policy.
//
// Only what is evaluated without possible error is folded away: where `resource.owner is User` is always true, it still fails for a resource that
// does not exist, so it stays. Decisions and errors are thus exactly those of the general body. Nothing inside a quantifier is folded, since what
// is done there counts against the limit of its work.
//
// The tree is not rewritten. The folder of partial evaluation does that, but it may turn one error into another and fold what values decide; here
// a verdict for each expression is enough, and lowering reads it as it goes.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/check.h"
#include "compiler/lower/constants.h"

namespace remit {

enum class Verdict : uint8_t { Open, True, False };

// What takes the place of an expression.
enum class Fold : uint8_t {
  Keep,
  True,
  False,
  Left,  // of `&&` and `||`: the left operand
  Right,  // the right operand
  Then,  // of `if`: the condition, if that may fail, then this branch
  Else,
  CertainIs,  // of `x is T in y`: `x in y`
};

class TypeFolds {
 public:
  // `exprs` are those of the policy, operands before what they are part of; `types` are theirs in the environment. The policy has been checked
  // without mistakes. All are needed in the making alone.
  TypeFolds(const check::TypedPolicySet& typed, const Constants& constants, const std::vector<ast::ExprId>& exprs,
            const check::ExprTypes& types);

  auto Of(ast::ExprId id) const -> Fold { return at(id).fold; }
  // The expression's value if it has one, a bool, and does not fail.
  auto ValueOf(ast::ExprId id) const -> Verdict { return at(id).by_types; }
  auto MayFail(ast::ExprId id) const -> bool { return at(id).may_fail; }
  // Equal where all verdicts on the policy's conditions are; empty if none of them changes its body.
  auto Signature(const std::vector<ast::Condition>& conditions) const -> std::string;

 private:
  struct Visitor;
  struct State {
    Fold fold = Fold::Keep;
    Verdict by_types = Verdict::Open;
    Verdict known = Verdict::Open;  // by types, and it cannot fail
    bool may_fail = true;
  };

  auto at(ast::ExprId id) const -> const State& { return states_[id.value - first_]; }

  uint32_t first_ = 0;  // expressions of a statement are neighbours in the tree
  std::vector<State> states_;
};

}  // namespace remit
