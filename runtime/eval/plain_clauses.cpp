#include "runtime/eval/plain_clauses.h"

#include <algorithm>

namespace remit::eval {
namespace {

// Nothing but loading the value and returning it; what is loaded from the context may be missing, and then it is the body that says so.
auto ToPlainClause(const std::vector<ir::Instruction>& code) -> PlainClause {
  const auto returns = [&](size_t i) { return code[i].op == ir::Op::Return && code[i].a == code[i - 1].dst; };
  if (code.size() == 2 && returns(1)) {
    if (code[0].op == ir::Op::Const) return {.kind = PlainClause::Constant, .at = code[0].imm};
    if (code[0].op == ir::Op::Principal) return {.kind = PlainClause::Principal};
    if (code[0].op == ir::Op::Action) return {.kind = PlainClause::Action};
    if (code[0].op == ir::Op::Resource) return {.kind = PlainClause::Resource};
  }
  const bool is_field =
      code.size() == 3 && returns(2) && code[0].op == ir::Op::Context && code[1].op == ir::Op::GetAttr && code[1].a == code[0].dst;
  return is_field ? PlainClause{.kind = PlainClause::ContextField, .at = code[1].imm} : PlainClause{};
}

}  // namespace

PlainClauses::PlainClauses(const ir::Program& program) {
  for (const auto& budget : program.budgets) {
    LookAt(program, budget.limit);
    LookAt(program, budget.charge);
    for (const uint32_t body : budget.per) LookAt(program, body);
  }
  for (const auto& breaker : program.breakers) {
    for (const uint32_t body : breaker.per) LookAt(program, body);
  }
  if (program.budgets.empty()) return;
  budgets_.reserve(program.budgets.size());
  for (const auto& budget : program.budgets) budgets_.push_back(ToPlain(program, budget));
  for (const auto& body : program.bodies) {
    for (const auto& i : body.code) {
      if (i.op == ir::Op::ReadBudget) budgets_[i.imm].is_read = true;
    }
  }
}

void PlainClauses::LookAt(const ir::Program& program, uint32_t body) {
  if (body == ir::kNoBody) return;
  const PlainClause clause = ToPlainClause(program.bodies[body].code);
  if (clause.kind == PlainClause::None) return;
  if (body >= by_body_.size()) by_body_.resize(body + 1);
  by_body_[body] = clause;
}

auto PlainClauses::ToPlain(const ir::Program& program, const ir::Budget& budget) const -> PlainBudget {
  PlainBudget plain;
  const PlainClause limit = OfBody(budget.limit);
  if (limit.kind != PlainClause::Constant) return plain;
  plain.kind = program.constants[limit.at].kind();
  if (plain.kind != Kind::Long && plain.kind != Kind::Decimal) return plain;
  UnitsOf(program.constants[limit.at], plain.kind, plain.limit);
  if (budget.charge == ir::kNoBody) {
    if (plain.kind != Kind::Long) return plain;
  } else if (const PlainClause charge = OfBody(budget.charge); charge.kind == PlainClause::ContextField) {
    plain.charge = charge;
  } else if (charge.kind != PlainClause::Constant || !UnitsOf(program.constants[charge.at], plain.kind, plain.units) || plain.units < 0) {
    return plain;
  }
  if (budget.per.size() > PlainBudget::kMostPer) return plain;
  for (const uint32_t body : budget.per) plain.per[plain.per_count++] = OfBody(body);
  plain.is_plain =
      std::none_of(plain.per.begin(), plain.per.begin() + plain.per_count, [](const auto& each) { return each.kind == PlainClause::None; });
  return plain;
}

}  // namespace remit::eval
