#include "compiler/lower/conditions_to_ir.h"

namespace remit {
namespace {

using ir::Op;

struct Step {
  const ast::Condition* condition;
  bool decides = true;  // false: it is evaluated for its errors, and its value is known
};

struct Plan {
  std::vector<Step> steps = {};
  bool may_hold = true;  // false: whatever the steps come to, the policy is not satisfied
};

auto PlanAll(const std::vector<ast::Condition>& conditions) -> Plan {
  Plan plan;
  for (const auto& condition : conditions) plan.steps.push_back({.condition = &condition});
  return plan;
}

auto PlanWith(const std::vector<ast::Condition>& conditions, const TypeFolds& folds) -> Plan {
  Plan plan;
  for (const auto& condition : conditions) {
    const Verdict value = folds.ValueOf(condition.body);
    const bool may_fail = folds.MayFail(condition.body);
    if (value == Verdict::Open || may_fail) plan.steps.push_back({.condition = &condition, .decides = value == Verdict::Open});
    const Verdict wanted = condition.kind == ast::ConditionKind::When ? Verdict::True : Verdict::False;
    plan.may_hold = value == Verdict::Open || value == wanted;
    if (!plan.may_hold) break;  // the conditions behind it are never evaluated
  }
  // Of a policy that is not satisfied errors alone matter.
  while (!plan.may_hold && !plan.steps.empty() && !folds.MayFail(plan.steps.back().condition->body)) plan.steps.pop_back();
  if (!plan.may_hold && !plan.steps.empty()) plan.steps.back().decides = false;
  return plan;
}

auto PlanToIr(LowerContext& context, const Plan& plan, const TypeFolds* folds) -> ir::Body {
  BodyBuilder body;
  std::vector<uint32_t> jumps;
  for (const auto& [condition, decides] : plan.steps) {
    ExprToIr(context, body, folds).Lower(condition->body, 0);
    const Op jump = condition->kind == ast::ConditionKind::When ? Op::JumpIfFalse : Op::JumpIfTrue;
    if (decides) jumps.push_back(body.Emit({.op = jump}, context.ast.expr(condition->body).span));
  }
  if (plan.may_hold) body.Emit({.op = Op::Satisfied}, {});
  for (const auto jump : jumps) body.Land(jump);
  if (!plan.may_hold || !jumps.empty()) body.Emit({.op = Op::NotSatisfied}, {});
  return body.Finish();
}

}  // namespace

auto ConditionsToIr(LowerContext& context, const std::vector<ast::Condition>& conditions) -> ir::Body {
  return PlanToIr(context, PlanAll(conditions), nullptr);
}

auto ConditionsToIr(LowerContext& context, const std::vector<ast::Condition>& conditions, const TypeFolds& folds)
    -> std::optional<ir::Body> {
  const Plan plan = PlanWith(conditions, folds);
  if (!plan.may_hold && plan.steps.empty()) return std::nullopt;
  return PlanToIr(context, plan, &folds);
}

}  // namespace remit
