#include "compiler/check/statement_checker.h"

#include "compiler/check/walk.h"

namespace remit::check {

auto StatementChecker::CheckClause(ast::ExprId id, std::initializer_list<TypeRef> expected, const Known& known) -> bool {
  return !id.has_value() || exprs_.CheckAs(id, expected, known).ok;
}

auto StatementChecker::CheckKey(const std::vector<ast::ExprId>& per, const Known& known) -> bool {
  bool ok = true;
  for (const auto key : per) ok = exprs_.Check(key, known).ok && ok;
  return ok;
}

auto StatementChecker::CheckApproval(const ast::Approval& approval, const Known& known) -> bool {
  const bool by = CheckClause(approval.by, {types().SetOf(types().any_entity())}, known);
  const bool quorum = CheckClause(approval.quorum, {types().long_type()}, known);
  const bool expires = CheckClause(approval.expires, {types().OfKind(Kind::Duration)}, known);
  const bool uses = CheckClause(approval.uses, {types().long_type()}, known);
  const bool scope = CheckClause(approval.scope, {types().string_type()}, known);
  return by && quorum && expires && uses && scope;
}

auto StatementChecker::CheckConsequence(const std::optional<ast::Consequence>& consequence, const Known& known) -> bool {
  return !consequence || !consequence->approval || CheckApproval(*consequence->approval, known);
}

// A budget counts what its limit is: a Long, or a decimal if the charge is one too.
auto StatementChecker::CheckAmounts(const ast::Budget& budget, const Known& known) -> bool {
  const TypeRef decimal = types().OfKind(Kind::Decimal);
  const auto limit = exprs_.CheckAs(budget.limit, {types().long_type(), decimal}, known);
  if (!budget.charge.has_value()) {
    if (limit.type != decimal) return limit.ok;
    context_.findings.Report(DiagnosticCode::DecimalLimitOfCalls, context_.ast.expr(budget.limit).span).help =
        "without a `charge` a budget counts calls: give it a decimal `charge`, or a Long limit";
    return false;
  }
  const auto charge = exprs_.CheckAs(budget.charge, {types().long_type(), decimal}, known);
  if (!limit.ok || !charge.ok) return false;
  if (limit.type == charge.type) return true;
  context_.findings.Report(DiagnosticCode::ChargeDiffersFromLimit, context_.ast.expr(budget.charge).span,
                           types().Format(charge.type, context_.interner), types().Format(limit.type, context_.interner));
  return false;
}

auto StatementChecker::CheckTrip(const ast::Breaker& breaker, const Known& known) -> bool {
  for (const auto name : {"calls", "failures"}) exprs_.Bind(context_.interner.Find(name), types().long_type());
  const bool ok = CheckClause(breaker.trip, {types().bool_type()}, known);
  exprs_.Unbind();
  exprs_.Unbind();
  return ok;
}

struct StatementChecker::ClauseVisitor {
  StatementChecker& checker;
  const Known& known;

  auto Obligations(const std::optional<ast::Oblige>& oblige) const -> bool {
    return !oblige || checker.exprs_.Check(oblige->record, known).ok;
  }
  auto Duration(ast::ExprId id) const -> bool { return checker.CheckClause(id, {checker.types().OfKind(Kind::Duration)}, known); }

  auto operator()(const ast::Policy& policy) const -> bool { return Obligations(policy.oblige); }
  auto operator()(const ast::Restrict& restrict) const -> bool { return Obligations(restrict.oblige); }
  auto operator()(const ast::Assert&) const -> bool { return true; }
  auto operator()(const ast::Test&) const -> bool { return true; }
  auto operator()(const ast::Escalate& escalate) const -> bool {
    const bool approval = checker.CheckApproval(escalate.approval, known);
    return Obligations(escalate.oblige) && approval;
  }
  auto operator()(const ast::Budget& budget) const -> bool {
    const bool amounts = checker.CheckAmounts(budget, known);
    const bool key = checker.CheckKey(budget.per, known);
    const bool window = Duration(budget.window.duration);
    const bool hold = !budget.hold || Duration(budget.hold->duration);
    const bool exceeded = checker.CheckConsequence(budget.exceeded, known);
    return amounts && key && window && hold && exceeded;
  }
  auto operator()(const ast::Breaker& breaker) const -> bool {
    const bool key = checker.CheckKey(breaker.per, known);
    const bool trip = checker.CheckTrip(breaker, known);
    const bool within = Duration(breaker.within);
    const bool cooldown = Duration(breaker.cooldown);
    const bool probe = checker.CheckClause(breaker.probe, {checker.types().long_type()}, known);
    const bool open = checker.CheckConsequence(breaker.open, known);
    return key && trip && within && cooldown && probe && open;
  }
};

auto StatementChecker::Check(const ast::Statement& statement) -> Answer {
  const auto* conditions = ConditionsOf(statement);
  Answer answer = conditions == nullptr ? Answer{.type = types().true_type()} : exprs_.CheckConditions(*conditions);
  if (answer.type == types().false_type()) return answer;
  const Known known{.own = &answer.known};
  const bool clauses_ok = std::visit(ClauseVisitor{.checker = *this, .known = known}, statement.body);
  answer.ok = answer.ok && clauses_ok;
  return answer;
}

}  // namespace remit::check
