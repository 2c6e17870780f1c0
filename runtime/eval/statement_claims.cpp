// Budgets and breakers of a request: what each claims, rank by rank, and the state that policies read of them.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/eval/statement_evaluator.h"
#include "runtime/value/format.h"

namespace remit::eval {
namespace {

// What does not fit is the largest there is: what is compared with a limit must not wrap around. A charge is never negative.
auto After(const BudgetClaim& claim) -> int64_t {
  int64_t sum = 0;
  return __builtin_add_overflow(claim.used, claim.charge, &sum) ? INT64_MAX : sum;
}

auto Remaining(const BudgetClaim& claim) -> int64_t {
  int64_t rest = 0;
  return __builtin_sub_overflow(claim.limit, After(claim), &rest) ? INT64_MIN : rest;
}

auto StateOf(const BudgetClaim& claim, Kind kind) -> BudgetState {
  const auto value = [&](int64_t units) { return kind == Kind::Decimal ? Value::OfDecimal({units}) : Value::OfLong(units); };
  return {.applies = true,
          .values = {value(claim.used), value(claim.charge), value(After(claim)), value(claim.limit), value(Remaining(claim))}};
}

// Takes the memory of a claim that is no longer needed.
template <typename Claim>
auto AddClaim(std::vector<Claim>& claims, std::vector<Claim>& spare) -> Claim& {
  if (spare.empty()) return claims.emplace_back();
  claims.push_back(std::move(spare.back()));
  spare.pop_back();
  return claims.back();
}

template <typename Claim>
void Recycle(std::vector<Claim>& claims, size_t first, std::vector<Claim>& spare) {
  for (auto& claim : std::span(claims).subspan(first)) {
    auto key = std::move(claim.key);
    key.clear();
    claim = {};
    claim.key = std::move(key);
    spare.push_back(std::move(claim));
  }
  claims.resize(first);
}

}  // namespace

// Their memory is kept for the next ones.
void StatementEvaluator::DropClaims(size_t first_budget, size_t first_breaker) {
  Recycle(decision_.budgets, first_budget, spare_budgets_);
  Recycle(decision_.breakers, first_breaker, spare_breakers_);
}

void StatementEvaluator::ClaimAll() {
  if (budget_states_.empty() && breaker_states_.empty()) return;
  rows_.clear();
  runner_->ListStateful(rows_);
  stateful_.clear();
  for (const auto& row : rows_) stateful_.push_back(ToStateful(*program_, row));
  // Hardly any budget reads another, and sorting takes memory.
  if (!std::ranges::is_sorted(stateful_, {}, &Stateful::rank)) std::ranges::stable_sort(stateful_, {}, &Stateful::rank);
  for (size_t begin = 0; begin < stateful_.size();) {
    size_t end = begin + 1;
    while (end < stateful_.size() && stateful_[end].rank == stateful_[begin].rank) ++end;
    ClaimRank(std::span(stateful_).subspan(begin, end - begin));
    begin = end;
  }
}

auto StatementEvaluator::ToStateful(const ir::Program& program, const ir::Variant& row) -> Stateful {
  const bool is_budget = program.policies[row.policy].effect == ir::Effect::Budget;
  const auto* budget = is_budget ? ir::FindClauses(program.budgets, row.policy) : nullptr;
  const auto* breaker = is_budget ? nullptr : ir::FindClauses(program.breakers, row.policy);
  return {.row = row, .budget = budget, .breaker = breaker, .rank = is_budget ? budget->rank : breaker->rank};
}

void StatementEvaluator::ClaimRank(std::span<const Stateful> all) {
  const size_t first_budget = decision_.budgets.size();
  const size_t first_breaker = decision_.breakers.size();
  for (const auto& each : all) {
    const auto holds = runner_->Holds(each.row.body);
    if (!holds) {
      Fail(each.row.policy, each.row.body);
    } else if (*holds) {
      each.budget != nullptr ? ClaimBudget(*each.budget) : ClaimBreaker(*each.breaker);
    }
  }
  ReadState(first_budget, first_breaker);
}

void StatementEvaluator::ClaimBudget(const ir::Budget& budget) {
  std::optional<Value> limit;
  std::optional<Value> charge = Value::OfLong(1);
  if (!AmountOf(budget.policy, budget.limit, limit)) return;
  if (budget.charge != ir::kNoBody && !AmountOf(budget.policy, budget.charge, charge)) return;
  if (limit->kind() != charge->kind()) {
    return Fail(budget.policy, budget.limit, "type-error",
                fmt::format("type error: the charge is a {} and the limit a {}", KindName(charge->kind()), KindName(limit->kind())));
  }
  const auto units = [](const Value& amount) { return amount.is(Kind::Long) ? amount.as_long() : amount.as_decimal().units; };
  if (units(*charge) < 0) return Fail(budget.policy, budget.charge, "negative-charge", "a charge is never negative");
  auto& claim = AddClaim(decision_.budgets, spare_budgets_);
  claim.budget = static_cast<uint32_t>(&budget - program_->budgets.data());
  claim.charge = units(*charge);
  claim.limit = units(*limit);
  if (!KeyOf(budget.policy, budget.per, claim.key)) return DropClaims(decision_.budgets.size() - 1, decision_.breakers.size());
  // The kind, until the state is read.
  budget_states_[claim.budget].values[0] = *limit;
}

void StatementEvaluator::ClaimBreaker(const ir::Breaker& breaker) {
  auto& claim = AddClaim(decision_.breakers, spare_breakers_);
  claim.breaker = static_cast<uint32_t>(&breaker - program_->breakers.data());
  if (!KeyOf(breaker.policy, breaker.per, claim.key)) DropClaims(decision_.budgets.size(), decision_.breakers.size() - 1);
}

auto StatementEvaluator::KeyOf(uint32_t policy, const std::vector<uint32_t>& per, std::string& key) -> bool {
  if (per.empty()) return true;
  const Interner& interner = runner_->Input().interner;
  for (const uint32_t body : per) {
    const auto value = runner_->ValueOf(body);
    if (!value) return Fail(policy, body), false;
    if (!key.empty()) key += ", ";
    AppendValue(key, *value, interner);
    if (key.size() > kMaxKeyBytes) {
      key = {};
      return Fail(policy, body, "key-too-long", fmt::format("the key has more than {} bytes", kMaxKeyBytes)), false;
    }
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
    DropClaims(first_budget, first_breaker);
    return;
  }
  for (const auto& claim : budgets) {
    auto& state = budget_states_[claim.budget];
    state = StateOf(claim, state.values[0].kind());
  }
  for (const auto& claim : breakers) breaker_states_[claim.breaker] = {.applies = true, .is_open = claim.is_open};
}

}  // namespace remit::eval
