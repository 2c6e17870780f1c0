#include "runtime/eval/statement_evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/request/json.h"

namespace remit::eval {
namespace {

auto RankOf(const ir::Program& program, uint32_t policy) -> uint32_t {
  if (const auto* budget = ir::FindClauses(program.budgets, policy)) return budget->rank;
  return ir::FindClauses(program.breakers, policy)->rank;
}

// Where a clause's value is made.
auto PlaceOf(const ir::Body& body) -> ir::SourcePlace { return body.places.empty() ? ir::SourcePlace{} : body.places.back(); }

auto ToText(EntityUid uid, const Interner& interner) -> EntityText {
  return {.type = std::string(interner.text(uid.type)), .id = std::string(interner.text(uid.id))};
}

// What does not fit is the largest there is: what is compared with a limit must not wrap around. A charge is never negative.
auto After(const BudgetClaim& claim) -> int64_t {
  int64_t sum = 0;
  return __builtin_add_overflow(claim.used, claim.charge, &sum) ? INT64_MAX : sum;
}

auto Remaining(const BudgetClaim& claim) -> int64_t {
  int64_t rest = 0;
  return __builtin_sub_overflow(claim.limit, After(claim), &rest) ? INT64_MIN : rest;
}

auto IsExhausted(const BudgetClaim& claim) -> bool {
  int64_t sum = 0;
  return __builtin_add_overflow(claim.used, claim.charge, &sum) || sum > claim.limit;
}

auto StateOf(const BudgetClaim& claim, Kind kind) -> BudgetState {
  const auto value = [&](int64_t units) { return kind == Kind::Decimal ? Value::OfDecimal({units}) : Value::OfLong(units); };
  return {.applies = true,
          .values = {value(claim.used), value(claim.charge), value(After(claim)), value(claim.limit), value(Remaining(claim))}};
}

void AppendKey(std::string& key, const Value& value, const Interner& interner) {
  if (!key.empty()) key += ", ";
  key += FormatValue(value, interner);
}

}  // namespace

auto StatementEvaluator::Decide(const ir::Program& program, RowRunner& runner, World* world) -> Decision& {
  program_ = &program;
  runner_ = &runner;
  world_ = world;
  decision_ = {};
  results_.Clear();
  caps_.clear();
  if (IsQuarantined()) return decision_;
  ClaimAll();
  runner.RunPolicies(results_);
  for (const auto& [policy, body] : results_.failed) Fail(policy, body);
  CapByState();
  CapByRows();
  Combine();
  return decision_;
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

// ---- budgets and breakers ------------------------------------------------------------------------------------------

void StatementEvaluator::ClaimAll() {
  budget_states_.assign(program_->budgets.size(), {});
  breaker_states_.assign(program_->breakers.size(), {});
  runner_->SetState({.budgets = budget_states_, .breakers = breaker_states_});
  stateful_.clear();
  if (budget_states_.empty() && breaker_states_.empty()) return;
  runner_->ListStateful(stateful_);
  const auto rank = [&](const ir::Variant& row) { return RankOf(*program_, row.policy); };
  std::ranges::stable_sort(stateful_, {}, rank);
  const std::span<const ir::Variant> rows = stateful_;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rank(rows[end]) == rank(rows[begin])) ++end;
    ClaimRank(rows.subspan(begin, end - begin));
    begin = end;
  }
}

void StatementEvaluator::ClaimRank(std::span<const ir::Variant> rows) {
  const size_t first_budget = decision_.budgets.size();
  const size_t first_breaker = decision_.breakers.size();
  for (const auto& row : rows) {
    const auto holds = runner_->Holds(row.body);
    if (!holds) {
      Fail(row.policy, row.body);
    } else if (*holds) {
      program_->policies[row.policy].effect == ir::Effect::Budget ? ClaimBudget(row) : ClaimBreaker(row);
    }
  }
  ReadState(first_budget, first_breaker);
}

void StatementEvaluator::ClaimBudget(const ir::Variant& row) {
  const auto& budget = *ir::FindClauses(program_->budgets, row.policy);
  BudgetClaim claim = {.budget = static_cast<uint32_t>(&budget - program_->budgets.data()), .key = {}};
  std::optional<Value> limit;
  std::optional<Value> charge = Value::OfLong(1);
  if (!KeyOf(row.policy, budget.per, claim.key) || !AmountOf(row.policy, budget.limit, limit)) return;
  if (budget.charge != ir::kNoBody && !AmountOf(row.policy, budget.charge, charge)) return;
  if (limit->kind() != charge->kind()) {
    return Fail(row.policy, budget.limit, "type-error",
                fmt::format("type error: the charge is a {} and the limit a {}", KindName(charge->kind()), KindName(limit->kind())));
  }
  const auto units = [](const Value& amount) { return amount.is(Kind::Long) ? amount.as_long() : amount.as_decimal().units; };
  claim.charge = units(*charge);
  claim.limit = units(*limit);
  if (claim.charge < 0) return Fail(row.policy, budget.charge, "negative-charge", "a charge is never negative");
  decision_.budgets.push_back(std::move(claim));
  // The kind, until the state is read.
  budget_states_[decision_.budgets.back().budget].values[0] = *limit;
}

void StatementEvaluator::ClaimBreaker(const ir::Variant& row) {
  const auto& breaker = *ir::FindClauses(program_->breakers, row.policy);
  BreakerClaim claim = {.breaker = static_cast<uint32_t>(&breaker - program_->breakers.data()), .key = {}};
  if (KeyOf(row.policy, breaker.per, claim.key)) decision_.breakers.push_back(std::move(claim));
}

auto StatementEvaluator::KeyOf(uint32_t policy, const std::vector<uint32_t>& per, std::string& key) -> bool {
  for (const uint32_t body : per) {
    const auto value = runner_->ValueOf(body);
    if (!value) return Fail(policy, body), false;
    AppendKey(key, *value, runner_->Input().interner);
  }
  return true;
}

auto StatementEvaluator::AmountOf(uint32_t policy, uint32_t body, std::optional<Value>& amount) -> bool {
  amount = runner_->ValueOf(body);
  if (!amount) return Fail(policy, body), false;
  if (amount->is(Kind::Long) || amount->is(Kind::Decimal)) return true;
  const auto kind = KindName(amount->kind());
  return Fail(policy, body, "type-error", fmt::format("type error: expected one of [long, decimal], got {}", kind)), false;
}

// What was claimed since becomes readable.
void StatementEvaluator::ReadState(size_t first_budget, size_t first_breaker) {
  const auto budgets = std::span(decision_.budgets).subspan(first_budget);
  const auto breakers = std::span(decision_.breakers).subspan(first_breaker);
  if (budgets.empty() && breakers.empty()) return;
  auto read = world_ != nullptr
                  ? world_->Read(budgets, breakers)
                  : std::unexpected(Error{.code = "state-missing", .message = "there is no ledger to ask", .pointer = {}, .help = {}});
  if (!read) {
    const auto fail = [&](uint32_t policy) { Fail(policy, program_->policies[policy].body, read.error().code, read.error().message); };
    for (const auto& claim : budgets) fail(program_->budgets[claim.budget].policy);
    for (const auto& claim : breakers) fail(program_->breakers[claim.breaker].policy);
    decision_.budgets.resize(first_budget);
    decision_.breakers.resize(first_breaker);
    return;
  }
  for (const auto& claim : budgets) {
    auto& state = budget_states_[claim.budget];
    state = StateOf(claim, state.values[0].kind());
  }
  for (const auto& claim : breakers) breaker_states_[claim.breaker] = {.applies = true, .is_open = claim.is_open};
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
  for (const Value& element : by->as_set()) wanted.by.push_back(ToText(element.as_entity(), input.interner));
  std::ranges::sort(wanted.by, {}, [](const EntityText& each) { return std::tie(each.type, each.id); });
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
  if (outcome == Outcome::Execute) determining = results_.permits;
  if (outcome == Outcome::Deny) determining = results_.forbids;
  for (const auto& cap : caps_) {
    if (cap.level == outcome) determining.push_back(cap.policy);
  }
  std::ranges::sort(determining);
  const auto repeated = std::ranges::unique(determining);
  determining.erase(repeated.begin(), repeated.end());

  std::ranges::sort(decision_.errors, {}, &EvalError::policy);
  if (outcome != Outcome::Approve) decision_.approvals.clear();
  std::ranges::sort(decision_.approvals, {}, &WantedApproval::policy);
  const auto is_moot = [&](const ObligationRecord& each) {
    return program_->policies[each.policy].effect == ir::Effect::Permit && outcome != Outcome::Execute;
  };
  std::erase_if(decision_.obligations, is_moot);
  std::ranges::sort(decision_.obligations, {}, &ObligationRecord::policy);
  std::ranges::sort(decision_.budgets, {}, &BudgetClaim::budget);
  std::ranges::sort(decision_.breakers, {}, &BreakerClaim::breaker);
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
  if (effect != ir::Effect::Permit && effect != ir::Effect::Forbid) caps_.push_back({.policy = error.policy, .level = Outcome::Deny});
  decision_.errors.push_back(std::move(error));
}

}  // namespace remit::eval
