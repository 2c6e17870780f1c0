// Statements of `--dump ast`: what the parser understood, clause by clause.
#include <fmt/format.h>

#include "compiler/ast/dump_writer.h"
#include "compiler/ast/print_scope.h"
#include "compiler/ast/printer.h"
#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit::ast {
namespace {

void DumpScope(const Scope& scope, DumpWriter& writer) {
  writer.Line(1, "Scope", scope.span);
  writer.Line(2, ConstraintText("principal", scope.principal, writer.interner()), scope.principal.span);
  writer.Line(2, ConstraintText("action", scope.action, writer.interner()), scope.action.span);
  writer.Line(2, ConstraintText("resource", scope.resource, writer.interner()), scope.resource.span);
}

void DumpConditions(const std::vector<Condition>& conditions, DumpWriter& writer) {
  for (const auto& condition : conditions) {
    writer.Line(1, ConditionKeyword(condition.kind), condition.span);
    writer.Tree(2, condition.body);
  }
}

void DumpOblige(const std::optional<Oblige>& oblige, DumpWriter& writer) {
  if (!oblige) return;
  writer.Line(1, "oblige", oblige->span);
  writer.Tree(2, oblige->record);
}

void DumpApproval(size_t depth, const Approval& approval, DumpWriter& writer) {
  writer.Line(depth, "approval", approval.span);
  writer.Tree(depth + 1, approval.by, "by: ");
  writer.Tree(depth + 1, approval.quorum, "quorum: ");
  writer.Tree(depth + 1, approval.expires, "expires: ");
  writer.Tree(depth + 1, approval.uses, "uses: ");
  writer.Tree(depth + 1, approval.scope, "scope: ");
}

void DumpConsequence(std::string_view keyword, const std::optional<Consequence>& consequence, DumpWriter& writer) {
  if (!consequence) return;
  switch (consequence->kind) {
    case ConsequenceKind::Deny: writer.Line(1, fmt::format("{} deny", keyword), consequence->span); return;
    case ConsequenceKind::Restrict:
      writer.Line(1, fmt::format("{} restrict to {}", keyword, OutcomeName(consequence->level)), consequence->span);
      return;
    case ConsequenceKind::Escalate:
      writer.Line(1, fmt::format("{} escalate", keyword), consequence->span);
      if (consequence->approval) DumpApproval(2, *consequence->approval, writer);
      return;
  }
}

auto WindowName(WindowKind kind) -> std::string_view {
  switch (kind) {
    case WindowKind::Lifetime: return "lifetime";
    case WindowKind::Hour: return "hour";
    case WindowKind::Day: return "day";
    case WindowKind::Week: return "week";
    case WindowKind::Month: return "month";
    case WindowKind::Sliding: return "sliding";
    case WindowKind::Refill: return "refill";
    case WindowKind::Concurrent: return "concurrent";
  }
  return "";
}

void DumpWindow(const Window& window, DumpWriter& writer) {
  const auto zone = window.time_zone.has_value() ? " " + QuoteString(writer.interner().text(window.time_zone)) : std::string{};
  writer.Line(1, fmt::format("window {}{}", WindowName(window.kind), zone), window.span);
  writer.Tree(2, window.duration);
}

void DumpBody(const Policy& policy, DumpWriter& writer) {
  DumpScope(policy.scope, writer);
  DumpConditions(policy.conditions, writer);
  DumpOblige(policy.oblige, writer);
}

void DumpBody(const Escalate& escalate, DumpWriter& writer) {
  DumpScope(escalate.scope, writer);
  DumpConditions(escalate.conditions, writer);
  DumpApproval(1, escalate.approval, writer);
  DumpOblige(escalate.oblige, writer);
}

void DumpBody(const Restrict& restrict, DumpWriter& writer) {
  DumpScope(restrict.scope, writer);
  writer.Line(1, fmt::format("to {}", OutcomeName(restrict.level)), restrict.level_span);
  DumpConditions(restrict.conditions, writer);
  DumpOblige(restrict.oblige, writer);
}

void DumpBody(const Budget& budget, DumpWriter& writer) {
  writer.Line(1, fmt::format("name {}", writer.interner().text(budget.name)), budget.name_span);
  DumpScope(budget.scope, writer);
  DumpConditions(budget.conditions, writer);
  writer.Tree(1, budget.charge, "charge ");
  for (const ExprId key : budget.per) writer.Tree(1, key, "per ");
  writer.Tree(1, budget.limit, "limit ");
  DumpWindow(budget.window, writer);
  if (budget.hold) {
    writer.Line(1, budget.hold->unsettled == Unsettled::Charge ? "hold, unsettled charge" : "hold, unsettled release", budget.hold->span);
    writer.Tree(2, budget.hold->duration);
  }
  DumpConsequence("exceeded", budget.exceeded, writer);
}

void DumpBody(const Breaker& breaker, DumpWriter& writer) {
  writer.Line(1, fmt::format("name {}", writer.interner().text(breaker.name)), breaker.name_span);
  DumpScope(breaker.scope, writer);
  DumpConditions(breaker.conditions, writer);
  for (const ExprId key : breaker.per) writer.Tree(1, key, "per ");
  writer.Tree(1, breaker.trip, "trip ");
  writer.Tree(1, breaker.within, "within ");
  writer.Tree(1, breaker.cooldown, "cooldown ");
  writer.Tree(1, breaker.probe, "probe ");
  DumpConsequence("open", breaker.open, writer);
}

void DumpBody(const Assert& assertion, DumpWriter& writer) {
  std::string text = assertion.mode == AssertMode::Never ? "never" : "always";
  for (const Outcome outcome : assertion.outcomes) text += fmt::format(" {}", OutcomeName(outcome));
  writer.Line(1, text);
  DumpScope(assertion.scope, writer);
  DumpConditions(assertion.conditions, writer);
}

// The expressions of a step, under its line.
void DumpStep(const TestEntity& step, DumpWriter& writer) {
  writer.Tree(2, step.attrs, "attrs ");
  writer.Tree(2, step.tags, "tags ");
}
void DumpStep(const TestRequest& step, DumpWriter& writer) { writer.Tree(2, step.context, "context "); }
void DumpStep(const TestExpect&, DumpWriter&) {}
void DumpStep(const TestExpectBudget& step, DumpWriter& writer) { writer.Tree(2, step.value); }
void DumpStep(const TestApprove&, DumpWriter&) {}
void DumpStep(const TestSettle& step, DumpWriter& writer) { writer.Tree(2, step.actual, "actual "); }
void DumpStep(const TestAdvance& step, DumpWriter& writer) { writer.Tree(2, step.duration); }
void DumpStep(const TestQuarantine&, DumpWriter&) {}

auto EntityText(EntityUid uid, const DumpWriter& writer) -> std::string { return FormatEntityUid(uid, writer.interner()); }

auto ForText(const std::vector<EntityUid>& others, const DumpWriter& writer) -> std::string {
  return others.empty() ? "" : fmt::format(" for {}", EntityListText(others, writer.interner()));
}

auto StepText(const TestEntity& step, const DumpWriter& writer) -> std::string {
  return fmt::format("entity {} in {}", EntityText(step.uid, writer), EntityListText(step.parents, writer.interner()));
}
auto StepText(const TestRequest& step, const DumpWriter& writer) -> std::string {
  auto text = fmt::format("request {}, {}, {}", EntityText(step.principal, writer), EntityText(step.action, writer),
                          EntityText(step.resource, writer));
  return text + ForText(step.delegation, writer);
}
auto StepText(const TestExpect& step, const DumpWriter& writer) -> std::string {
  std::string text = fmt::format("expect {}", OutcomeName(step.outcome));
  for (const SymbolId id : step.by) text += fmt::format(" {}", QuoteString(writer.interner().text(id)));
  return text;
}
auto StepText(const TestExpectBudget& step, const DumpWriter& writer) -> std::string {
  return fmt::format("expect budget {} {}", writer.interner().text(step.budget), writer.interner().text(step.field));
}
auto StepText(const TestApprove& step, const DumpWriter& writer) -> std::string {
  auto text = fmt::format("{} by {} in {}", step.is_denial ? "deny" : "approve", EntityText(step.approver, writer),
                          EntityListText(step.parents, writer.interner()));
  return text + ForText(step.acting_for, writer);
}
auto StepText(const TestSettle& step, const DumpWriter&) -> std::string {
  switch (step.settlement) {
    case Settlement::Success: return "settle success";
    case Settlement::Failure: return "settle failure";
    case Settlement::NotDispatched: return "settle not_dispatched";
  }
  return {};
}
auto StepText(const TestAdvance&, const DumpWriter&) -> std::string { return "advance"; }
auto StepText(const TestQuarantine& step, const DumpWriter& writer) -> std::string {
  return fmt::format("{} {}", step.is_release ? "release" : "quarantine", EntityText(step.uid, writer));
}

void DumpBody(const Test& test, DumpWriter& writer) {
  writer.Line(1, fmt::format("title {}", QuoteString(writer.interner().text(test.title))));
  for (const auto& step : test.steps) {
    writer.Line(1, std::visit([&](const auto& kind) { return StepText(kind, writer); }, step.step), step.span);
    std::visit([&](const auto& kind) { DumpStep(kind, writer); }, step.step);
  }
}

}  // namespace

void DumpStatement(const Statement& statement, DumpWriter& writer) {
  writer.Line(0, StatementKeyword(statement), statement.span);
  for (const auto& annotation : statement.annotations) {
    writer.Line(1, AnnotationText(annotation, writer.interner()), annotation.span);
  }
  std::visit([&](const auto& body) { DumpBody(body, writer); }, statement.body);
}

auto DumpAst(const Ast& ast, const Interner& interner) -> std::string {
  DumpWriter writer{ast, interner};
  for (const auto& statement : ast.statements) DumpStatement(statement, writer);
  return writer.take();
}

}  // namespace remit::ast
