// Statements that another one makes pointless.
//
// Only what holds whatever the entities are: scopes that cover each other, and conditions of which one statement has all of the other's. Whether
// one condition implies another is a question for a solver.
#include <algorithm>

#include "compiler/ast/same_meaning.h"
#include "compiler/lint/passes.h"
#include "compiler/lint/scopes.h"

namespace remit::lint {
namespace {

auto IsTemplate(const StatementView& view) -> bool {
  const auto* policy = view.As<ast::Policy>();
  return policy != nullptr && ast::IsTemplate(*policy);
}

auto Obliges(const StatementView& view) -> bool {
  if (const auto* policy = view.As<ast::Policy>()) return policy->oblige.has_value();
  if (const auto* restrict = view.As<ast::Restrict>()) return restrict->oblige.has_value();
  return false;
}

// Whenever the conditions of `narrow` hold, so do those of `wide`: they are among them.
auto ConditionsCover(const LintContext& context, const StatementView& wide, const StatementView& narrow) -> bool {
  return std::ranges::all_of(*wide.conditions, [&](const ast::Condition& condition) {
    return std::ranges::any_of(*narrow.conditions,
                               [&](const ast::Condition& other) { return ast::SameCondition(context.ast(), condition, other); });
  });
}

auto CoversAll(const LintContext& context, const StatementView& wide, const StatementView& narrow) -> bool {
  return Covers(context, *wide.scope, *narrow.scope) && ConditionsCover(context, wide, narrow);
}

class ReachLinter {
 public:
  explicit ReachLinter(LintContext& context) : context_(context), permits_(context), forbids_(context), restricts_(context) {
    for (const auto& view : context.statements()) {
      if (IsTemplate(view)) continue;
      if (view.IsPermit()) permits_.Add(*view.scope, view.index);
      if (view.IsForbid()) forbids_.Add(*view.scope, view.index);
      if (view.As<ast::Restrict>() != nullptr) restricts_.Add(*view.scope, view.index);
    }
  }

  void Run() {
    for (const auto& view : context_.statements()) {
      if (view.scope == nullptr || IsTemplate(view)) continue;
      if (ReportDuplicate(view)) continue;
      if (view.IsPermit()) Permit(view);
      if (view.IsForbid()) Shadowed(view, forbids_, Rule::ShadowedForbid);
      if (view.As<ast::Restrict>() != nullptr) Restrict(view);
      if (view.As<ast::Restrict>() != nullptr || view.As<ast::Escalate>() != nullptr) CapWithoutPermit(view);
    }
  }

 private:
  auto at(uint32_t index) const -> const StatementView& { return context_.statements()[index]; }

  auto BucketsOf(const StatementView& view) const -> const ScopeBuckets* {
    if (view.IsPermit()) return &permits_;
    if (view.IsForbid()) return &forbids_;
    return view.As<ast::Restrict>() != nullptr ? &restricts_ : nullptr;
  }

  // Told of the later one.
  auto ReportDuplicate(const StatementView& view) -> bool {
    const auto* buckets = BucketsOf(view);
    if (buckets == nullptr) return false;
    for (const auto other : buckets->Candidates(*view.scope)) {
      if (other >= view.index) break;
      if (!ast::SameBody(context_.ast(), at(other).statement, view.statement)) continue;
      context_.Report(Rule::DuplicateStatement, view.index, view.statement.span, ast::StatementKeyword(view.statement), context_.id(other));
      return true;
    }
    return false;
  }

  // Of two that cover each other the later one is told.
  auto IsPointlessBeside(const StatementView& narrow, const StatementView& wide) const -> bool {
    if (narrow.index == wide.index || Obliges(narrow) || !CoversAll(context_, wide, narrow)) return false;
    return wide.index < narrow.index || !CoversAll(context_, narrow, wide);
  }

  auto Shadowed(const StatementView& view, const ScopeBuckets& buckets, Rule rule) -> bool {
    for (const auto other : buckets.Candidates(*view.scope)) {
      if (!IsPointlessBeside(view, at(other))) continue;
      context_.Report(rule, view.index, view.statement.span, context_.id(other));
      return true;
    }
    return false;
  }

  void Permit(const StatementView& view) {
    for (const auto other : forbids_.Candidates(*view.scope)) {
      if (!at(other).conditions->empty() || !Covers(context_, *at(other).scope, *view.scope)) continue;
      context_.Report(Rule::ForbiddenPermit, view.index, view.statement.span, context_.id(other));
      return;
    }
    Shadowed(view, permits_, Rule::ShadowedPermit);
  }

  void Restrict(const StatementView& view) {
    const auto level = view.As<ast::Restrict>()->level;
    for (const auto other : restricts_.Candidates(*view.scope)) {
      if (at(other).As<ast::Restrict>()->level > level || !IsPointlessBeside(view, at(other))) continue;
      context_.Report(Rule::ShadowedRestrict, view.index, view.statement.span, context_.id(other));
      return;
    }
  }

  // Templates count: their links may be elsewhere.
  void CapWithoutPermit(const StatementView& view) {
    if (!context_.IsWanted(Rule::CapWithoutPermit)) return;
    const bool has_permit = std::ranges::any_of(context_.statements(), [&](const StatementView& other) {
      return other.IsPermit() && MayMeet(context_, *other.scope, *view.scope);
    });
    if (!has_permit) context_.Report(Rule::CapWithoutPermit, view.index, view.scope->span, ast::StatementKeyword(view.statement));
  }

  LintContext& context_;
  ScopeBuckets permits_, forbids_, restricts_;
};

}  // namespace

void LintReach(LintContext& context) { ReachLinter{context}.Run(); }

}  // namespace remit::lint
