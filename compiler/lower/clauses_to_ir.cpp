#include "compiler/lower/clauses_to_ir.h"

#include "compiler/check/time_zone.h"
#include "compiler/check/walk.h"
#include "compiler/lower/statement_digest.h"

namespace remit {

struct ClausesToIr::Visitor {
  ClausesToIr& lowering;
  uint32_t statement;
  uint32_t policy;

  auto text() const -> ir::TextDigest { return StatementDigest(lowering.context_.ast, statement, lowering.context_.interner); }
  auto rank() const -> uint32_t { return lowering.context_.states.RankOf(statement); }

  void operator()(const ast::Policy& node) const { lowering.Oblige(policy, node.oblige); }
  void operator()(const ast::Escalate& node) const {
    lowering.program_.escalations.push_back({.policy = policy, .approval = lowering.ToIr(node.approval), .text = text()});
    lowering.Oblige(policy, node.oblige);
  }
  void operator()(const ast::Restrict& node) const {
    lowering.program_.restrictions.push_back({.policy = policy, .level = node.level});
    lowering.Oblige(policy, node.oblige);
  }
  void operator()(const ast::Budget& node) const {
    ir::Budget budget = {.policy = policy, .name = node.name, .rank = rank()};
    if (node.charge.has_value()) budget.charge = lowering.ValueBody(node.charge);
    budget.limit = lowering.ValueBody(node.limit);
    budget.per = lowering.ValueBodies(node.per);
    budget.window = lowering.ToIr(node.window);
    if (node.hold) {
      budget.hold = lowering.Millis(node.hold->duration, "hold");
      budget.unsettled = node.hold->unsettled == ast::Unsettled::Charge ? ir::Unsettled::Charge : ir::Unsettled::Release;
    }
    budget.exceeded = lowering.ToIr(node.exceeded);
    budget.text = text();
    lowering.program_.budgets.push_back(std::move(budget));
  }
  void operator()(const ast::Breaker& node) const {
    ir::Breaker breaker = {.policy = policy, .name = node.name, .rank = rank()};
    breaker.per = lowering.ValueBodies(node.per);
    breaker.trip = lowering.TripBody(node.trip);
    breaker.within = lowering.Millis(node.within, "within");
    breaker.cooldown = lowering.Millis(node.cooldown, "cooldown");
    breaker.probe = lowering.Count(node.probe, "probe");
    breaker.open = lowering.ToIr(node.open);
    breaker.text = text();
    lowering.program_.breakers.push_back(std::move(breaker));
  }
  // They decide nothing.
  void operator()(const ast::Assert&) const {}
  void operator()(const ast::Test&) const {}
};

void ClausesToIr::Add(uint32_t statement, uint32_t policy) {
  std::visit(Visitor{.lowering = *this, .statement = statement, .policy = policy}, context_.ast.statements[statement].body);
}

auto ClausesToIr::ValueBody(ast::ExprId expr) -> uint32_t {
  BodyBuilder body;
  ExprToIr(context_, body).Lower(expr, 0);
  body.Emit({.op = ir::Op::Return}, context_.ast.expr(expr).span);
  return bodies_.Share(body.Finish());
}

// Asked when an outcome is reported, of every request together: it can name none of them.
auto ClausesToIr::TripBody(ast::ExprId expr) -> uint32_t {
  bool reads_more = false;
  check::VisitExprs(context_.ast, {expr}, [&](ast::ExprId, const ast::Expr& each) {
    reads_more |= std::holds_alternative<ast::VarRef>(each.node) || std::holds_alternative<ast::StateRead>(each.node) ||
                  std::holds_alternative<ast::StateHas>(each.node);
  });
  if (reads_more) NotLiteral(expr, "trip", "a condition on `calls` and `failures` alone");
  return ValueBody(expr);
}

auto ClausesToIr::ValueBodies(const std::vector<ast::ExprId>& exprs) -> std::vector<uint32_t> {
  std::vector<uint32_t> bodies;
  for (const auto expr : exprs) bodies.push_back(ValueBody(expr));
  return bodies;
}

void ClausesToIr::Oblige(uint32_t policy, const std::optional<ast::Oblige>& oblige) {
  if (oblige) program_.obligations.push_back({.policy = policy, .body = ValueBody(oblige->record)});
}

auto ClausesToIr::ToIr(const ast::Approval& approval) -> ir::Approval {
  ir::Approval result = {.by = ValueBody(approval.by),
                         .quorum = Count(approval.quorum, "quorum"),
                         .expires = Millis(approval.expires, "expires"),
                         .uses = Count(approval.uses, "uses")};
  if (!approval.scope.has_value()) return result;
  const Value* scope = context_.constants.Find(approval.scope);
  const auto name = scope != nullptr && scope->is(Kind::String) ? scope->as_string() : std::string_view{};
  if (name == "session") result.scope = ir::ApprovalScope::Session;
  if (name != "session" && name != "exact") NotLiteral(approval.scope, "scope", "`\"exact\"` or `\"session\"`");
  return result;
}

auto ClausesToIr::ToIr(const std::optional<ast::Consequence>& consequence) -> ir::Consequence {
  if (!consequence) return {};
  switch (consequence->kind) {
    case ast::ConsequenceKind::Deny: return {};
    case ast::ConsequenceKind::Restrict: return {.level = consequence->level};
    case ast::ConsequenceKind::Escalate: return {.level = Outcome::Approve, .approval = ToIr(*consequence->approval)};
  }
  return {};
}

auto ClausesToIr::ToIr(const ast::Window& window) -> ir::Window {
  ir::Window result = {.kind = static_cast<ir::WindowKind>(window.kind), .time_zone = window.time_zone};
  result.duration = Millis(window.duration, window.kind == ast::WindowKind::Refill ? "refill" : "within");
  if (window.time_zone.has_value() && !check::IsTimeZone(context_.interner.text(window.time_zone))) {
    context_.sink.Report(DiagnosticCode::UnknownTimeZone, window.span, context_.interner.text(window.time_zone));
  }
  return result;
}
static_assert(static_cast<int>(ast::WindowKind::Concurrent) == static_cast<int>(ir::WindowKind::Concurrent));

auto ClausesToIr::Millis(ast::ExprId id, std::string_view clause) -> int64_t {
  if (!id.has_value()) return 0;
  const Value* value = context_.constants.Find(id);
  if (value == nullptr || !value->is(Kind::Duration)) return NotLiteral(id, clause, "a duration such as `duration(\"15m\")`"), 0;
  if (value->as_duration().millis <= 0) context_.sink.Report(DiagnosticCode::NotPositive, context_.ast.expr(id).span, clause);
  return value->as_duration().millis;
}

auto ClausesToIr::Count(ast::ExprId id, std::string_view clause) -> int64_t {
  if (!id.has_value()) return 1;
  const Value* value = context_.constants.Find(id);
  if (value == nullptr || !value->is(Kind::Long)) return NotLiteral(id, clause, "a number"), 1;
  if (value->as_long() < 1) context_.sink.Report(DiagnosticCode::NotPositive, context_.ast.expr(id).span, clause);
  return value->as_long();
}

void ClausesToIr::NotLiteral(ast::ExprId id, std::string_view clause, std::string_view wanted) {
  context_.sink.Report(DiagnosticCode::NotALiteral, context_.ast.expr(id).span, clause, wanted);
}

}  // namespace remit
