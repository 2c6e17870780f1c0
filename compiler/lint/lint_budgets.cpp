// Budgets: limits that limit nothing, never end, or can be had twice.
#include <algorithm>
#include <array>
#include <set>

#include "compiler/check/walk.h"
#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"
#include "compiler/lint/scopes.h"

namespace remit::lint {
namespace {

constexpr int64_t kHour = 3'600'000;

// The shortest the window can be; none if it has no end.
auto WindowMilliseconds(const LintContext& context, const ast::Window& window) -> std::optional<int64_t> {
  switch (window.kind) {
    case ast::WindowKind::Lifetime:
    case ast::WindowKind::Concurrent: return std::nullopt;
    case ast::WindowKind::Hour: return kHour;
    case ast::WindowKind::Day: return 24 * kHour;
    case ast::WindowKind::Week: return 7 * 24 * kHour;
    case ast::WindowKind::Month: return 28 * 24 * kHour;
    case ast::WindowKind::Sliding:
    case ast::WindowKind::Refill: return MillisecondsOf(context, window.duration);
  }
  return std::nullopt;
}

// `context.run`, `context.session_id`: keys of what ends by itself.
auto NamesSomethingThatEnds(const LintContext& context, ast::ExprId key) -> bool {
  static constexpr std::array<std::string_view, 9> kWords = {"run",     "session",  "task",         "order", "ticket",
                                                             "request", "workflow", "conversation", "job"};
  bool found = false;
  check::VisitExprs(context.ast(), {key}, [&](ast::ExprId, const ast::Expr& expr) {
    const auto* access = std::get_if<ast::GetAttr>(&expr.node);
    if (access == nullptr) return;
    const auto name = context.text(access->attr);
    found = found || std::ranges::any_of(kWords, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
  });
  // What is asked for may be the thing that ends: an order, a ticket.
  return found || VariableOf(context, key) == ast::Var::Resource;
}

class BudgetLinter {
 public:
  BudgetLinter(LintContext& context, const StatementView& view, const ast::Budget& budget)
      : context_(context), view_(view), budget_(budget) {}

  void Run() {
    Keys();
    Amounts();
    Windows();
  }

 private:
  auto Report(Rule rule, Span span, const auto&... args) -> Finding& { return context_.Report(rule, view_.index, span, args...); }
  auto SpanOf(ast::ExprId id) const -> Span { return id.has_value() ? context_.expr(id).span : budget_.name_span; }

  void Keys() {
    if (budget_.per.empty()) {
      Report(Rule::SharedByAll, budget_.name_span);
      return;
    }
    const bool is_callers = std::ranges::all_of(budget_.per, [&](ast::ExprId key) {
      return Reads(context_, key, ast::Var::Context) && !Reads(context_, key, ast::Var::Principal) &&
             !Reads(context_, key, ast::Var::Resource);
    });
    if (is_callers) Report(Rule::KeyChosenByCaller, SpanOf(budget_.per[0]));
  }

  void Amounts() {
    const auto limit = LongOf(context_, budget_.limit);
    const auto charge = budget_.charge.has_value() ? LongOf(context_, budget_.charge) : std::optional<int64_t>(1);
    if (limit && *limit == 0) Report(Rule::ZeroLimit, SpanOf(budget_.limit));
    if (charge && *charge == 0) Report(Rule::ZeroCharge, SpanOf(budget_.charge));
    if (limit && charge && *limit > 0 && *charge > *limit) Report(Rule::ChargeBeyondLimit, SpanOf(budget_.charge), *charge, *limit);
  }

  void Windows() {
    if (budget_.window.kind == ast::WindowKind::Lifetime) {
      const bool ends = std::ranges::any_of(budget_.per, [&](ast::ExprId key) { return NamesSomethingThatEnds(context_, key); });
      if (!ends) Report(Rule::NeverResets, budget_.name_span);
    }
    if (!budget_.hold) return;
    const auto hold = MillisecondsOf(context_, budget_.hold->duration);
    const auto window = WindowMilliseconds(context_, budget_.window);
    if (hold && window && *hold > *window) Report(Rule::HoldBeyondWindow, budget_.hold->span);
    const bool is_money = budget_.charge.has_value() && budget_.window.kind != ast::WindowKind::Concurrent;
    if (is_money && budget_.hold->unsettled == ast::Unsettled::Release) Report(Rule::ReleasedUnsettled, budget_.hold->span);
  }

  LintContext& context_;
  const StatementView& view_;
  const ast::Budget& budget_;
};

auto AlwaysApplies(const LintContext& context, SymbolId name, const ast::Scope& reader) -> bool {
  return std::ranges::any_of(context.statements(), [&](const StatementView& other) {
    const auto* budget = other.As<ast::Budget>();
    return budget != nullptr && budget->name == name && other.conditions->empty() && Covers(context, *other.scope, reader);
  });
}

// `budget.x.after` without a `budget has x` in the statement. With types the checker asks for the guard.
void UnguardedReads(LintContext& context, const StatementView& view) {
  std::set<SymbolId> guarded;
  std::vector<std::pair<SymbolId, Span>> reads;
  check::VisitExprs(context.ast(), check::RootsOf(view.statement), [&](ast::ExprId, const ast::Expr& expr) {
    if (const auto* has = std::get_if<ast::StateHas>(&expr.node)) guarded.insert(has->name);
    const auto* read = std::get_if<ast::StateRead>(&expr.node);
    if (read != nullptr && read->state == ast::StateKind::Budget) reads.emplace_back(read->name, expr.span);
  });
  for (const auto& [name, span] : reads) {
    if (!guarded.contains(name) && !AlwaysApplies(context, name, *view.scope)) {
      context.Report(Rule::UnguardedBudget, view.index, span, context.text(name));
    }
  }
}

// Actions that the schema calls `@charged`, by id and with groups.
auto ChargedActions(const LintContext& context) -> std::vector<EntityUid> {
  std::vector<EntityUid> charged;
  if (context.fragments() == nullptr || context.typed() == nullptr) return charged;
  const auto is_charged = [&](const ast::Annotation& each) { return context.text(each.key) == "charged"; };
  std::set<std::string_view> names;
  for (const auto& fragment : *context.fragments()) {
    for (const auto& space : fragment.namespaces) {
      for (const auto& action : space.actions) {
        if (!std::ranges::any_of(action.annotations, is_charged)) continue;
        for (const auto& name : action.names) names.insert(context.text(name.text));
      }
    }
  }
  for (const auto& action : context.typed()->schema().schema().actions) {
    if (names.contains(context.text(action.uid.id)) && !action.principal_types.empty()) charged.push_back(action.uid);
  }
  return charged;
}

auto TakesAction(const LintContext& context, const ast::Scope& scope, EntityUid action) -> bool {
  ast::ScopeConstraint exactly;
  exactly.op = ast::ScopeOp::Eq;
  exactly.entities = {action};
  return Covers(context, scope.action, exactly);
}

void ChargedPermits(LintContext& context) {
  for (const auto action : ChargedActions(context)) {
    for (const auto& view : context.statements()) {
      if (!view.IsPermit() || !TakesAction(context, *view.scope, action)) continue;
      const bool has_budget = std::ranges::any_of(context.statements(), [&](const StatementView& other) {
        return other.As<ast::Budget>() != nullptr && TakesAction(context, *other.scope, action) &&
               MayMeet(other.scope->principal, view.scope->principal) && MayMeet(other.scope->resource, view.scope->resource);
      });
      if (!has_budget) context.Report(Rule::ChargedWithoutBudget, view.index, view.scope->span, context.UidText(action));
    }
  }
}

}  // namespace

void LintBudgets(LintContext& context) {
  for (const auto& view : context.statements()) {
    if (const auto* budget = view.As<ast::Budget>()) BudgetLinter{context, view, *budget}.Run();
    if (view.scope != nullptr && context.typed() == nullptr) UnguardedReads(context, view);
  }
  if (context.IsWanted(Rule::ChargedWithoutBudget)) ChargedPermits(context);
}

}  // namespace remit::lint
