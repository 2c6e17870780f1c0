#include "compiler/ast/print_statement.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "compiler/ast/print_scope.h"
#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit::ast {
namespace {

auto WindowKeyword(WindowKind kind) -> std::string_view {
  switch (kind) {
    case WindowKind::Lifetime: return "";
    case WindowKind::Hour: return " each hour";
    case WindowKind::Day: return " each day";
    case WindowKind::Week: return " each week";
    case WindowKind::Month: return " each month";
    case WindowKind::Sliding: return " within { ";
    case WindowKind::Refill: return " refill { ";
    case WindowKind::Concurrent: return " concurrent";
  }
  return "";
}

}  // namespace

void StatementPrinter::Print(const Statement& statement) {
  for (const auto& annotation : statement.annotations) {
    Put(AnnotationText(annotation, interner_));
    Put("\n");
  }
  std::visit([this](const auto& body) { PrintBody(body); }, statement.body);
}

void StatementPrinter::PrintBody(const Policy& policy) {
  Put(EffectName(policy.effect));
  PrintScope(policy.scope);
  PrintConditions(policy.conditions);
  PrintOblige(policy.oblige);
  Put(";");
}

void StatementPrinter::PrintBody(const Escalate& escalate) {
  Put("escalate");
  PrintScope(escalate.scope);
  PrintConditions(escalate.conditions);
  Put("\n");
  PrintApproval(escalate.approval);
  PrintOblige(escalate.oblige);
  Put(";");
}

void StatementPrinter::PrintBody(const Restrict& restrict) {
  Put("restrict");
  PrintScope(restrict.scope);
  out_ += fmt::format(" to {}", OutcomeName(restrict.level));
  PrintConditions(restrict.conditions);
  PrintOblige(restrict.oblige);
  Put(";");
}

void StatementPrinter::PrintBody(const Budget& budget) {
  out_ += fmt::format("budget {}", interner_.text(budget.name));
  PrintScope(budget.scope);
  PrintConditions(budget.conditions);
  PrintBlock("\ncharge", budget.charge);
  PrintPer(budget.per);
  PrintBlock("\nlimit", budget.limit);
  PrintWindow(budget.window);
  if (budget.hold) PrintHold(*budget.hold);
  PrintConsequence("exceeded", budget.exceeded);
  Put(";");
}

void StatementPrinter::PrintBody(const Breaker& breaker) {
  out_ += fmt::format("breaker {}", interner_.text(breaker.name));
  PrintScope(breaker.scope);
  PrintConditions(breaker.conditions);
  PrintPer(breaker.per);
  PrintBlock("\ntrip", breaker.trip);
  PrintBlock(" within", breaker.within);
  PrintBlock("\ncooldown", breaker.cooldown);
  PrintBlock(breaker.cooldown.has_value() ? " probe" : "\nprobe", breaker.probe);
  PrintConsequence("open", breaker.open);
  Put(";");
}

void StatementPrinter::PrintBody(const Assert& assertion) {
  Put(assertion.mode == AssertMode::Never ? "assert never" : "assert always");
  for (size_t i = 0; i < assertion.outcomes.size(); ++i) {
    out_ += fmt::format("{} {}", i > 0 ? " or" : "", OutcomeName(assertion.outcomes[i]));
  }
  PrintScope(assertion.scope);
  PrintConditions(assertion.conditions);
  Put(";");
}

void StatementPrinter::PrintBody(const Test& test) {
  out_ += fmt::format("test {} {{\n", QuoteString(interner_.text(test.title)));
  for (const auto& step : test.steps) {
    Put("  ");
    std::visit([this](const auto& kind) { PrintStep(kind); }, step.step);
    Put(";\n");
  }
  Put("}");
}

void StatementPrinter::PrintScope(const Scope& scope) {
  Put(" ");
  Put(ScopeText(scope, interner_));
}

void StatementPrinter::PrintConditions(const std::vector<Condition>& conditions) {
  for (const auto& condition : conditions) {
    Put("\n");
    PrintBlock(ConditionKeyword(condition.kind), condition.body);
  }
}

void StatementPrinter::PrintOblige(const std::optional<Oblige>& oblige) {
  if (!oblige) return;
  Put("\noblige ");
  exprs_.Print(oblige->record);
}

void StatementPrinter::PrintApproval(const Approval& approval) {
  const auto fields = std::to_array<std::pair<std::string_view, ExprId>>({{"by", approval.by},
                                                                          {"quorum", approval.quorum},
                                                                          {"expires", approval.expires},
                                                                          {"uses", approval.uses},
                                                                          {"scope", approval.scope}});
  std::string_view separator = " ";
  Put("approval {");
  for (const auto& [name, value] : fields) {
    if (!value.has_value()) continue;
    out_ += fmt::format("{}{}: ", separator, name);
    exprs_.Print(value);
    separator = ", ";
  }
  Put(" }");
}

void StatementPrinter::PrintConsequence(std::string_view keyword, const std::optional<Consequence>& consequence) {
  if (!consequence) return;
  out_ += fmt::format("\n{} ", keyword);
  switch (consequence->kind) {
    case ConsequenceKind::Deny: Put("deny"); return;
    case ConsequenceKind::Restrict: out_ += fmt::format("restrict to {}", OutcomeName(consequence->level)); return;
    case ConsequenceKind::Escalate:
      Put("escalate ");
      if (consequence->approval) PrintApproval(*consequence->approval);
      return;
  }
}

void StatementPrinter::PrintWindow(const Window& window) {
  Put(WindowKeyword(window.kind));
  if (window.time_zone.has_value()) out_ += fmt::format(" in {}", QuoteString(interner_.text(window.time_zone)));
  if (window.duration.has_value()) {
    exprs_.Print(window.duration);
    Put(" }");
  }
}

void StatementPrinter::PrintHold(const Hold& hold) {
  PrintBlock("\nhold", hold.duration);
  Put(hold.unsettled == Unsettled::Charge ? " unsettled charge" : " unsettled release");
}

void StatementPrinter::PrintPer(const std::vector<ExprId>& keys) {
  if (keys.empty()) return;
  Put("\nper { ");
  exprs_.PrintList(keys);
  Put(" }");
}

void StatementPrinter::PrintBlock(std::string_view opening, ExprId body) {
  if (!body.has_value()) return;
  Put(opening);
  Put(" { ");
  exprs_.Print(body);
  Put(" }");
}

}  // namespace remit::ast
