// Rights that are wider than they look.
#include <algorithm>

#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"
#include "compiler/lint/scopes.h"

namespace remit::lint {
namespace {

using ast::ScopeOp;

auto IsAny(const ast::ScopeConstraint& constraint) -> bool { return constraint.op == ScopeOp::Any; }

// A group of actions, or a list with one in it: known with a schema; without, whatever is written `in` one entity.
auto NamesGroup(const LintContext& context, const ast::ScopeConstraint& action) -> bool {
  if (action.op != ScopeOp::In) return false;
  auto* typed = context.typed();
  if (typed == nullptr) return !action.is_list;
  return std::ranges::any_of(action.entities, [&](EntityUid uid) { return typed->schema().ActionsIn(uid).size() > 1; });
}

// What may stop an agent: a statement of ours that covers some of what the permit permits.
auto IsNarrowed(const LintContext& context, const StatementView& permit) -> bool {
  return std::ranges::any_of(context.statements(), [&](const StatementView& other) {
    const bool narrows = other.As<ast::Budget>() != nullptr || other.As<ast::Restrict>() != nullptr ||
                         other.As<ast::Escalate>() != nullptr || other.IsForbid();
    return narrows && MayMeet(context, *other.scope, *permit.scope);
  });
}

// The type of the scope's principals if that is one of agents.
auto AgentType(const LintContext& context, const ast::ScopeConstraint& principal) -> std::optional<std::string> {
  if (principal.op != ScopeOp::Is && principal.op != ScopeOp::IsIn) return std::nullopt;
  const auto name = context.text(principal.type);
  const auto last = name.substr(name.rfind(':') == std::string_view::npos ? 0 : name.rfind(':') + 1);
  return last.ends_with("Agent") ? std::optional(std::string(name)) : std::nullopt;
}

void Permit(LintContext& context, const StatementView& view) {
  const auto& scope = *view.scope;
  const bool is_open = view.conditions->empty();
  const auto report = [&](Rule rule) { context.Report(rule, view.index, scope.span); };
  if (is_open && IsAny(scope.principal) && IsAny(scope.action) && IsAny(scope.resource)) return report(Rule::BroadPermit);
  if (IsAny(scope.action) && !Reads(context, *view.conditions, ast::Var::Action)) report(Rule::AnyAction);
  if (IsAny(scope.principal) && !Reads(context, *view.conditions, ast::Var::Principal)) report(Rule::AnyPrincipal);
  if (NamesGroup(context, scope.action) && IsAny(scope.resource) && !Reads(context, *view.conditions, ast::Var::Resource)) {
    report(Rule::GroupOnAnyResource);
  }
  const bool has_when = std::ranges::any_of(*view.conditions, [](const auto& each) { return each.kind == ast::ConditionKind::When; });
  if (!is_open && !has_when) context.Report(Rule::OnlyUnless, view.index, (*view.conditions)[0].span);
  if (const auto agent = AgentType(context, scope.principal);
      agent && is_open && IsAny(scope.resource) && scope.action.op != ScopeOp::Eq && !IsNarrowed(context, view)) {
    context.Report(Rule::UnattenuatedAgent, view.index, scope.span, *agent);
  }
}

}  // namespace

void LintWidth(LintContext& context) {
  for (const auto& view : context.statements()) {
    if (view.IsPermit()) Permit(context, view);
  }
}

}  // namespace remit::lint
