#include "runtime/eval/statement_evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/request/json.h"

namespace remit::eval {
namespace {

// Where a clause's value is made.
auto PlaceOf(const ir::Body& body) -> ir::SourcePlace { return body.places.empty() ? ir::SourcePlace{} : body.places.back(); }

// Nearly always they are in order.
template <typename T, typename Key = std::identity>
void Sort(std::vector<T>& all, Key key = {}) {
  if (!std::ranges::is_sorted(all, {}, key)) std::ranges::sort(all, {}, key);
}

auto IsExhausted(const BudgetClaim& claim) -> bool {
  int64_t sum = 0;
  return __builtin_add_overflow(claim.used, claim.charge, &sum) || sum > claim.limit;
}

}  // namespace

auto StatementEvaluator::Decide(const ir::Program& program, RowRunner& runner, World* world) -> const Decision& {
  program_ = &program;
  runner_ = &runner;
  world_ = world;
  Reset();
  if (IsQuarantined()) return decision_;
  ClaimAll();
  runner.RunPolicies(results_);
  for (const auto& [policy, body] : results_.failed) Fail(policy, body);
  CapByState();
  CapByRows();
  Combine();
  return decision_;
}

// What the last decision left is made empty, and its memory kept.
void StatementEvaluator::Reset() {
  for (const uint32_t budget : applied_budgets_) budget_states_[budget].applies = false;
  for (const uint32_t breaker : applied_breakers_) breaker_states_[breaker].applies = false;
  applied_budgets_.clear();
  applied_breakers_.clear();
  ClearDecision();
  results_.Clear();
  caps_.clear();
  // INVARIANT: no state applies here. Another program may have as many budgets.
  budget_states_.resize(program_->budgets.size());
  breaker_states_.resize(program_->breakers.size());
  runner_->SetState({.budgets = budget_states_, .breakers = breaker_states_});
}

void StatementEvaluator::ClearDecision() {
  DropClaims(0, 0);
  decision_.determining.clear();
  decision_.errors.clear();
  decision_.obligations.clear();
  decision_.approvals.clear();
  decision_.quarantined.clear();
  decision_.outcome = Outcome::Deny;
}

// Member by member: a swap of the whole moves everything three times.
void StatementEvaluator::TakeDecision(Decision& taken) {
  taken.outcome = decision_.outcome;
  decision_.determining.swap(taken.determining);
  decision_.errors.swap(taken.errors);
  decision_.obligations.swap(taken.obligations);
  decision_.approvals.swap(taken.approvals);
  decision_.budgets.swap(taken.budgets);
  decision_.breakers.swap(taken.breakers);
  decision_.quarantined.swap(taken.quarantined);
  ClearDecision();
}

auto StatementEvaluator::IsQuarantined() -> bool {
  if (world_ == nullptr) return false;
  const auto quarantined = world_->quarantined();
  if (quarantined.empty()) return false;
  const EvalInput input = runner_->Input();
  for (const EntityUid uid : {input.request.principal, input.request.action, input.request.resource}) {
    const auto is_in = [&](EntityUid each) { return input.entities.IsIn(uid, each); };
    if (std::ranges::none_of(quarantined, is_in)) continue;
    decision_.quarantined = FormatEntityUid(uid, input.interner);
    return true;
  }
  return false;
}

// ---- caps ----------------------------------------------------------------------------------------------------------

void StatementEvaluator::CapByState() {
  const auto cap = [&](uint32_t policy, const ir::Consequence& consequence, bool& is_lifted) {
    if (consequence.level == Outcome::Approve) return CapBy(policy, consequence.approval, &is_lifted);
    caps_.push_back({.policy = policy, .level = consequence.level});
  };
  for (auto& claim : decision_.budgets) {
    const auto& budget = program_->budgets[claim.budget];
    if (IsExhausted(claim)) cap(budget.policy, budget.exceeded, claim.is_lifted);
  }
  for (auto& claim : decision_.breakers) {
    const auto& breaker = program_->breakers[claim.breaker];
    if (claim.is_open) cap(breaker.policy, breaker.open, claim.is_lifted);
  }
}

void StatementEvaluator::CapByRows() {
  for (const uint32_t policy : results_.caps) {
    if (!Oblige(policy)) continue;
    if (const auto* restriction = ir::FindClauses(program_->restrictions, policy)) {
      caps_.push_back({.policy = policy, .level = restriction->level});
    } else {
      CapBy(policy, ir::FindClauses(program_->escalations, policy)->approval, nullptr);
    }
  }
  // A permit whose obligations nobody could be told does not permit.
  std::erase_if(results_.permits, [&](uint32_t policy) { return !Oblige(policy); });
}

void StatementEvaluator::CapBy(uint32_t policy, const ir::Approval& approval, bool* is_lifted) {
  const auto by = runner_->ValueOf(approval.by);
  if (!by) return Fail(policy, approval.by);
  const bool is_entities =
      by->is(Kind::Set) && std::ranges::all_of(by->as_set(), [](const Value& element) { return element.is(Kind::Entity); });
  if (!is_entities) return Fail(policy, approval.by, "type-error", "type error: `by` is a set of entities");
  WantedApproval wanted = {.policy = policy, .by = {}, .terms = approval};
  const EvalInput input = runner_->Input();
  for (const Value& element : by->as_set()) wanted.by.push_back(ToUidText(element.as_entity(), input.interner));
  std::ranges::sort(wanted.by);
  if (world_ != nullptr && world_->IsApproved(wanted)) {
    if (is_lifted != nullptr) *is_lifted = true;
    return;
  }
  caps_.push_back({.policy = policy, .level = Outcome::Approve});
  decision_.approvals.push_back(std::move(wanted));
}

// True if the statement has no obligations, or they could be made.
auto StatementEvaluator::Oblige(uint32_t policy) -> bool {
  const auto* obligation = ir::FindClauses(program_->obligations, policy);
  if (obligation == nullptr) return true;
  const auto record = runner_->ValueOf(obligation->body);
  if (!record) return Fail(policy, obligation->body), false;
  if (!record->is(Kind::Record)) return Fail(policy, obligation->body, "type-error", "type error: obligations are a record"), false;
  decision_.obligations.push_back({.policy = policy, .record = ValueToJson(*record, runner_->Input().interner)});
  return true;
}

// ---- the outcome ---------------------------------------------------------------------------------------------------

void StatementEvaluator::Combine() {
  const bool is_permitted = results_.forbids.empty() && !results_.permits.empty();
  Outcome outcome = is_permitted ? Outcome::Execute : Outcome::Deny;
  for (const auto& cap : caps_) outcome = std::min(outcome, cap.level);
  decision_.outcome = outcome;

  auto& determining = decision_.determining;
  if (outcome == Outcome::Execute) determining.swap(results_.permits);
  if (outcome == Outcome::Deny) determining.swap(results_.forbids);
  for (const auto& cap : caps_) {
    if (cap.level == outcome) determining.push_back(cap.policy);
  }
  Sort(determining);
  const auto repeated = std::ranges::unique(determining);
  determining.erase(repeated.begin(), repeated.end());

  Sort(decision_.errors, &EvalError::policy);
  if (outcome != Outcome::Approve) decision_.approvals.clear();
  Sort(decision_.approvals, &WantedApproval::policy);
  const auto is_moot = [&](const ObligationRecord& each) {
    return program_->policies[each.policy].effect == ir::Effect::Permit && outcome != Outcome::Execute;
  };
  std::erase_if(decision_.obligations, is_moot);
  Sort(decision_.obligations, &ObligationRecord::policy);
  Sort(decision_.budgets, &BudgetClaim::budget);
  Sort(decision_.breakers, &BreakerClaim::breaker);
}

// ---- errors --------------------------------------------------------------------------------------------------------

void StatementEvaluator::Fail(uint32_t policy, uint32_t body) {
  auto value = Evaluate(*program_, body, runner_->Input());
  if (value.has_value()) return Fail(policy, body, "engine-disagreement", "the engines disagree on this statement");
  value.error().policy = policy;
  KeepError(std::move(value.error()));
}

void StatementEvaluator::Fail(uint32_t policy, uint32_t body, std::string_view code, std::string message) {
  const auto place = PlaceOf(program_->bodies[body]);
  KeepError({.policy = policy,
             .code = std::string(code),
             .message = std::move(message),
             .span_file = place.file,
             .span_begin = place.begin,
             .span_end = place.end,
             .help = {}});
}

void StatementEvaluator::KeepError(EvalError error) {
  const auto effect = program_->policies[error.policy].effect;
  const bool is_cedars = effect == ir::Effect::Permit || effect == ir::Effect::Forbid;
  // Skipped as in Cedar, but for a forbid that says otherwise.
  if (!is_cedars || ir::FindClauses(program_->restrictions, error.policy) != nullptr)
    caps_.push_back({.policy = error.policy, .level = Outcome::Deny});
  decision_.errors.push_back(std::move(error));
}

}  // namespace remit::eval
