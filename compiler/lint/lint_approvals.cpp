// Approvals: who is asked, and for how long the answer holds. Those of escalations, of exceeded budgets and of open breakers alike.
#include <algorithm>

#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kLongDays = 7;
constexpr int64_t kManyUses = 10;

auto ApprovalOf(const StatementView& view) -> const ast::Approval* {
  if (const auto* escalate = view.As<ast::Escalate>()) return &escalate->approval;
  const std::optional<ast::Consequence>* consequence = nullptr;
  if (const auto* budget = view.As<ast::Budget>()) consequence = &budget->exceeded;
  if (const auto* breaker = view.As<ast::Breaker>()) consequence = &breaker->open;
  if (consequence == nullptr || !*consequence || !(*consequence)->approval) return nullptr;
  return &*(*consequence)->approval;
}

auto IsAgentType(std::string_view name) -> bool { return name == "Agent" || name.ends_with("::Agent"); }

class ApprovalLinter {
 public:
  ApprovalLinter(LintContext& context, const StatementView& view, const ast::Approval& approval)
      : context_(context), view_(view), approval_(approval) {}

  void Run() {
    Approvers();
    Terms();
    SessionScope();
  }

 private:
  auto SpanOf(ast::ExprId id) const -> Span { return context_.expr(id).span; }

  void Approvers() {
    const auto by = approval_.by;
    if (!by.has_value()) return;
    const auto* set = std::get_if<ast::SetLit>(&context_.expr(by).node);
    if (set != nullptr && set->elements.empty()) context_.Report(Rule::NoApprovers, view_.index, SpanOf(by));
    for (const auto entity : EntitiesIn(context_, by)) {
      if (IsAgentType(context_.text(entity.type))) context_.Report(Rule::AgentApproves, view_.index, SpanOf(by), context_.UidText(entity));
      const auto& asks = view_.scope->principal.entities;
      if (std::ranges::find(asks, entity) != asks.end()) {
        context_.Report(Rule::ApproversAsk, view_.index, SpanOf(by), context_.UidText(entity));
      }
    }
    const auto is_principal = [&](ast::ExprId id) { return VariableOf(context_, id) == ast::Var::Principal; };
    if (is_principal(by) || (set != nullptr && std::ranges::any_of(set->elements, is_principal))) {
      context_.Report(Rule::ApproverIsRequester, view_.index, SpanOf(by));
    }
  }

  void Terms() {
    const auto expires = MillisecondsOf(context_, approval_.expires);
    if (expires && *expires > kLongDays * kDay)
      context_.Report(Rule::LongApproval, view_.index, SpanOf(approval_.expires), *expires / kDay);
    const auto uses = LongOf(context_, approval_.uses);
    if (uses && *uses > kManyUses) context_.Report(Rule::ManyUses, view_.index, SpanOf(approval_.uses), *uses);
  }

  void SessionScope() {
    const auto scope = StringOf(context_, approval_.scope);
    if (!scope || context_.text(*scope) != "session" || !Reads(context_, *view_.conditions, ast::Var::Context)) return;
    context_.Report(Rule::SessionForgetsContext, view_.index, SpanOf(approval_.scope));
  }

  LintContext& context_;
  const StatementView& view_;
  const ast::Approval& approval_;
};

}  // namespace

void LintApprovals(LintContext& context) {
  for (const auto& view : context.statements()) {
    if (const auto* approval = ApprovalOf(view)) ApprovalLinter{context, view, *approval}.Run();
  }
}

}  // namespace remit::lint
