// Tests: those that cannot fail, and what none of them expects.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

auto Expects(const ast::Test& test) -> bool {
  return std::ranges::any_of(test.steps, [](const ast::TestStep& step) {
    return std::holds_alternative<ast::TestExpect>(step.step) || std::holds_alternative<ast::TestExpectBudget>(step.step);
  });
}

// What tests say decides, by `by` or by a budget's name.
auto ExpectedIds(const LintContext& context) -> std::set<std::string_view> {
  std::set<std::string_view> ids;
  for (const auto& view : context.statements()) {
    const auto* test = view.As<ast::Test>();
    if (test == nullptr) continue;
    for (const auto& step : test->steps) {
      if (const auto* expect = std::get_if<ast::TestExpect>(&step.step)) {
        for (const auto id : expect->by) ids.insert(context.text(id));
      } else if (const auto* budget = std::get_if<ast::TestExpectBudget>(&step.step)) {
        ids.insert(context.text(budget->budget));
      }
    }
  }
  return ids;
}

void Untested(LintContext& context) {
  const auto tested = ExpectedIds(context);
  for (const auto& view : context.statements()) {
    const bool decides = view.As<ast::Test>() == nullptr && view.As<ast::Assert>() == nullptr;
    if (!decides || tested.contains(context.id(view.index))) continue;
    auto span = view.statement.span;
    if (view.scope->span.has_place()) span.end = view.scope->span.end;
    context.Report(Rule::UntestedStatement, view.index, span, context.id(view.index));
  }
}

}  // namespace

void LintTests(LintContext& context) {
  std::set<SymbolId> titles;
  for (const auto& view : context.statements()) {
    const auto* test = view.As<ast::Test>();
    if (test == nullptr) continue;
    if (!Expects(*test)) context.Report(Rule::TestWithoutExpectation, view.index, view.statement.span);
    if (!titles.insert(test->title).second) {
      context.Report(Rule::RepeatedTitle, view.index, view.statement.span, context.text(test->title));
    }
  }
  // A policy set without any test has its tests elsewhere, or none: one finding a statement would say nothing new.
  if (!titles.empty() && context.IsWanted(Rule::UntestedStatement)) Untested(context);
}

}  // namespace remit::lint
