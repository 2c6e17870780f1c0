// What an answer says as a whole: a verdict, and policies that say the same.
#include <algorithm>

#include "compiler/partial/copy_expr.h"
#include "compiler/partial/partial_evaluator.h"

namespace remit::partial {

auto Combine(const std::vector<PolicyResidual>& policies) -> Verdict {
  const auto holds = [&](ast::Effect effect) {
    return std::ranges::any_of(policies, [&](const auto& each) {
      const bool is_certain = each.state == PolicyState::Satisfied || each.state == PolicyState::Fails;
      return each.effect == effect && is_certain && each.may_hold;
    });
  };
  const auto may_hold = [&](ast::Effect effect) {
    return std::ranges::any_of(policies, [&](const auto& each) { return each.effect == effect && each.may_hold; });
  };
  if (holds(ast::Effect::Forbid) || !may_hold(ast::Effect::Permit)) return Verdict::Deny;
  return holds(ast::Effect::Permit) && !may_hold(ast::Effect::Forbid) ? Verdict::Allow : Verdict::Open;
}

auto ResidualPolicies(const PartialAnswer& answer, const ast::Ast& ast, bool obligations) -> ast::Ast {
  ast::Ast result;
  result.exprs = answer.exprs.exprs;
  for (const auto& residual : answer.policies) {
    if (residual.state == PolicyState::NotSatisfied) continue;
    const auto& source = ast.statements[residual.policy.statement];
    ast::Policy policy = {.effect = residual.effect, .scope = {}, .conditions = {}, .oblige = std::nullopt};
    if (residual.condition.has_value()) {
      policy.conditions.push_back({.kind = ast::ConditionKind::When, .body = residual.condition, .span = {}});
    }
    if (const auto& oblige = std::get<ast::Policy>(source.body).oblige; oblige && obligations) {
      policy.oblige = ast::Oblige{.record = CopyExpr(ast, oblige->record, result), .span = oblige->span};
    }
    result.statements.push_back({.span = source.span, .annotations = source.annotations, .body = std::move(policy)});
    result.explicit_ids.push_back(residual.id);
  }
  return result;
}

}  // namespace remit::partial
