#include "compiler/testing/approver_policy.h"

#include <algorithm>

#include "compiler/check/walk.h"
#include "compiler/driver/packs.h"
#include "runtime/approval/eligibility.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"

namespace remit::tests {
namespace {

auto ReadsState(const ast::Ast& ast, const ast::Statement& statement) -> bool {
  bool reads = false;
  check::VisitExprs(ast, check::RootsOf(statement), [&](ast::ExprId, const ast::Expr& expr) {
    reads |= std::holds_alternative<ast::StateRead>(expr.node) || std::holds_alternative<ast::StateHas>(expr.node);
  });
  return reads;
}

// Nothing has been spent, and nothing fails.
class UnusedWorld final : public World {
 public:
  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override {
    for (auto& claim : budgets) claim.used = 0;
    for (auto& claim : breakers) claim.is_open = false;
    return {};
  }
  auto IsApproved(const WantedApproval& /*wanted*/) -> bool override { return false; }
  auto quarantined() -> std::span<const EntityUid> override { return {}; }
};

}  // namespace

auto ApproverPolicy::Compile(const CompileJob& job) -> std::unique_ptr<ApproverPolicy> {
  std::unique_ptr<ApproverPolicy> policy(new ApproverPolicy(job));
  auto& ast = policy->job_.ast;
  ast = job.ast;
  ast.explicit_ids.clear();
  const auto is_policy = [](const ast::Statement& statement) { return std::holds_alternative<ast::Policy>(statement.body); };
  const bool needs_state = std::ranges::any_of(
      ast.statements, [&](const ast::Statement& statement) { return is_policy(statement) && ReadsState(ast, statement); });
  std::erase_if(ast.statements, [&](const ast::Statement& statement) {
    const bool is_state = std::holds_alternative<ast::Budget>(statement.body) || std::holds_alternative<ast::Breaker>(statement.body);
    return !is_policy(statement) && !(needs_state && is_state);
  });
  // A project may have taken the shipped policies among its own.
  if (!HasApprovalsPack(job) && !LoadApprovalsPack(policy->job_)) return nullptr;
  policy->program_ = CompileProgram(policy->job_, ast::IdConvention::Remit);
  return policy->program_ ? std::move(policy) : nullptr;
}

auto ApproverPolicy::MayApprove(const approval::UidText& person, const approval::Escalation& escalation, const EntityStore& people,
                                Datetime now) -> Expected<bool> {
  auto& interner = job_.interner;
  const auto entities = ReadEntities("[" + EscalationToJson(escalation) + "]", interner, {.limits = job_.limits}, &people);
  if (!entities) return std::unexpected(entities.error());
  const auto uid = [&](std::string_view type, std::string_view id) { return EntityUid{interner.Intern(type), interner.Intern(id)}; };
  if (!approval::IsInBy(person, escalation, people, interner)) return false;
  const EntityUid approver = uid(person.type, person.id);
  const Request request = {
      .principal = approver, .action = uid("Remit::Action", "approve"), .resource = uid("Remit::Escalation", escalation.id), .context = {}};
  Arena arena;
  UnusedWorld world;
  const EvalInput input = {.entities = *entities, .request = request, .interner = interner, .arena = arena, .now = now, .world = &world};
  return Decide(*program_, input).allowed();
}

}  // namespace remit::tests
