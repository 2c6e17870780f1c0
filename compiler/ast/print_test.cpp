// The steps of a `test` as text.
#include <fmt/format.h>

#include "compiler/ast/print_scope.h"
#include "compiler/ast/print_statement.h"
#include "runtime/base/text.h"

namespace remit::ast {

void StatementPrinter::PrintParents(const std::vector<EntityUid>& parents) {
  if (!parents.empty()) out_ += fmt::format(" in {}", EntityListText(parents, interner_));
}

void StatementPrinter::PrintOnBehalfOf(const std::vector<EntityUid>& others) {
  if (!others.empty()) out_ += fmt::format(" for {}", EntityListText(others, interner_));
}

void StatementPrinter::PrintStep(const TestEntity& step) {
  Put("entity ");
  PutEntity(step.uid);
  PrintParents(step.parents);
  if (step.attrs.has_value()) {
    Put(" ");
    exprs_.Print(step.attrs);
  }
  if (step.tags.has_value()) {
    Put(" tags ");
    exprs_.Print(step.tags);
  }
}

void StatementPrinter::PrintStep(const TestRequest& step) {
  out_ += fmt::format("request ({}, {}, {})", FormatEntityUid(step.principal, interner_), FormatEntityUid(step.action, interner_),
                      FormatEntityUid(step.resource, interner_));
  if (step.context.has_value()) {
    Put(" with ");
    exprs_.Print(step.context);
  }
  PrintOnBehalfOf(step.delegation);
}

void StatementPrinter::PrintStep(const TestExpect& step) {
  out_ += fmt::format("expect {}", OutcomeName(step.outcome));
  for (size_t i = 0; i < step.by.size(); ++i) {
    out_ += fmt::format("{} {}", i == 0 ? " by" : ",", QuoteString(interner_.text(step.by[i])));
  }
}

void StatementPrinter::PrintStep(const TestExpectBudget& step) {
  out_ += fmt::format("expect budget {} {} ", interner_.text(step.budget), interner_.text(step.field));
  exprs_.Print(step.value);
}

void StatementPrinter::PrintStep(const TestApprove& step) {
  Put(step.is_denial ? "deny by " : "approve by ");
  PutEntity(step.approver);
  PrintParents(step.parents);
  PrintOnBehalfOf(step.acting_for);
}

void StatementPrinter::PrintStep(const TestSettle& step) {
  switch (step.settlement) {
    case Settlement::Success: Put("settle success"); break;
    case Settlement::Failure: Put("settle failure"); break;
    case Settlement::NotDispatched: Put("settle not_dispatched"); break;
  }
  if (step.actual.has_value()) {
    Put(" ");
    exprs_.Print(step.actual);
  }
}

void StatementPrinter::PrintStep(const TestAdvance& step) { PrintBlock("advance", step.duration); }

void StatementPrinter::PrintStep(const TestQuarantine& step) {
  Put(step.is_release ? "release " : "quarantine ");
  PutEntity(step.uid);
}

}  // namespace remit::ast
