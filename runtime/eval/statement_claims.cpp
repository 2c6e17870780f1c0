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

auto ToValue(Kind kind, int64_t units) -> Value { return kind == Kind::Decimal ? Value::OfDecimal({units}) : Value::OfLong(units); }

// In place: a struct that is put together elsewhere and copied is read before the processor has written it.
void SetState(BudgetState& state, const BudgetClaim& claim, Kind kind) {
  const std::array units = {claim.used, claim.charge, After(claim), claim.limit, Remaining(claim)};
  for (size_t i = 0; i < units.size(); ++i) state.values[i] = ToValue(kind, units[i]);
  state.applies = true;
}

// Memory of keys that outgrew the string itself is kept for the next ones; most are short and have none.
template <typename Claim>
void Recycle(std::vector<Claim>& claims, size_t first, std::vector<std::string>& spare) {
  if (claims.size() == first) return;
  const size_t in_place = std::string().capacity();
  for (auto& claim : std::span(claims).subspan(first)) {
    if (claim.key.capacity() == in_place) continue;
    claim.key.clear();
    spare.push_back(std::move(claim.key));
  }
  claims.resize(first);
}

}  // namespace

void StatementEvaluator::DropClaims(size_t first_budget, size_t first_breaker) {
  Recycle(decision_.budgets, first_budget, spare_keys_);
  Recycle(decision_.breakers, first_breaker, spare_keys_);
}

void StatementEvaluator::ClaimAll() {
  if (budget_states_.empty() && breaker_states_.empty()) return;
  rows_.clear();
  plain_ = runner_->PlainBudgets();
  const auto rows = runner_->ListStateful(rows_);
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rows[end].rank == rows[begin].rank) ++end;
    ClaimRank(rows.subspan(begin, end - begin));
    begin = end;
  }
}

void StatementEvaluator::ClaimRank(std::span<const StatefulRow> all) {
  const size_t first_budget = decision_.budgets.size();
  const size_t first_breaker = decision_.breakers.size();
  for (const auto& row : all) {
    const auto holds = row.is_unconditional ? std::optional(true) : runner_->Holds(row.body);
    if (!holds) {
      Fail(row.policy, row.body);
    } else if (*holds && row.is_budget) {
      if (!ClaimPlain(row.position)) ClaimBudget(program_->budgets[row.position]);
    } else if (*holds) {
      ClaimBreaker(program_->breakers[row.position]);
    }
  }
  ReadState(first_budget, first_breaker);
}

// What needs no computing. False, with nothing claimed, if something does, or is wrong: then the clauses are run, and say what.
auto StatementEvaluator::ClaimPlain(uint32_t position) -> bool {
  if (position >= plain_.size() || !plain_[position].is_plain) return false;
  const PlainBudget& plain = plain_[position];
  const Request& request = runner_->Asked();
  int64_t charge = plain.units;
  if (plain.charge.kind != PlainClause::None) {
    const Value* field = FindField(request.context, SymbolId{plain.charge.at});
    if (field == nullptr || !UnitsOf(*field, plain.kind, charge) || charge < 0) return false;
  }
  auto& claim = decision_.budgets.emplace_back();
  claim.budget = position;
  claim.charge = charge;
  claim.limit = plain.limit;
  if (!PlainKeyOf(plain, request, claim)) {
    DropClaims(decision_.budgets.size() - 1, decision_.breakers.size());
    return false;
  }
  if (plain.is_read) budget_states_[position].values[0] = ToValue(plain.kind, 0);
  return true;
}

auto StatementEvaluator::PlainKeyOf(const PlainBudget& plain, const Request& request, BudgetClaim& claim) -> bool {
  if (plain.per_count == 0) {
    claim.key_number = KeyMemory::kEmptyKey;
    return true;
  }
  std::string& key = claim.key;
  UseSpareKey(key);
  Value value;
  if (plain.per_count == 1 && LookUp(plain.per[0], *program_, request, value) && value.is(Kind::Entity) &&
      runner_->IsLasting(value.as_entity())) {
    return KeptKeyOf(value.as_entity(), claim);
  }
  for (const PlainClause& per : std::span(plain.per).first(plain.per_count)) {
    if (!LookUp(per, *program_, request, value)) return false;
    if (!key.empty()) key += ", ";
    AppendValue(key, value, runner_->Symbols());
  }
  return key.size() <= kMaxKeyBytes;
}

void StatementEvaluator::ClaimBudget(const ir::Budget& budget) {
  Amount limit = {.kind = Kind::Long, .units = 0};
  Amount charge = {.kind = Kind::Long, .units = 1};
  if (!AmountOf(budget.policy, budget.limit, limit)) return;
  if (budget.charge != ir::kNoBody && !AmountOf(budget.policy, budget.charge, charge)) return;
  if (limit.kind != charge.kind) {
    return Fail(budget.policy, budget.limit, "type-error",
                fmt::format("type error: the charge is a {} and the limit a {}", KindName(charge.kind), KindName(limit.kind)));
  }
  if (charge.units < 0) return Fail(budget.policy, budget.charge, "negative-charge", "a charge is never negative");
  auto& claim = decision_.budgets.emplace_back();
  claim.budget = static_cast<uint32_t>(&budget - program_->budgets.data());
  claim.charge = charge.units;
  claim.limit = limit.units;
  if (!KeyOf(budget.policy, budget.per, claim.key)) return DropClaims(decision_.budgets.size() - 1, decision_.breakers.size());
  // The kind, until the state is read.
  budget_states_[claim.budget].values[0] = ToValue(limit.kind, 0);
}

void StatementEvaluator::ClaimBreaker(const ir::Breaker& breaker) {
  auto& claim = decision_.breakers.emplace_back();
  claim.breaker = static_cast<uint32_t>(&breaker - program_->breakers.data());
  if (!KeyOf(breaker.policy, breaker.per, claim.key)) DropClaims(decision_.budgets.size(), decision_.breakers.size() - 1);
}

auto StatementEvaluator::KeptKeyOf(EntityUid uid, BudgetClaim& claim) -> bool {
  const auto print = [&](std::string& text) { AppendValue(text, Value::OfEntity(uid), runner_->Symbols()); };
  const KeyMemory::Kept& kept = keys_.Find(uid, print);
  claim.key = kept.text;
  claim.key_number = kept.number;
  return kept.text.size() <= kMaxKeyBytes;
}

void StatementEvaluator::UseSpareKey(std::string& key) {
  if (spare_keys_.empty()) return;
  key = std::move(spare_keys_.back());
  spare_keys_.pop_back();
}

auto StatementEvaluator::KeyOf(uint32_t policy, const std::vector<uint32_t>& per, std::string& key) -> bool {
  if (per.empty()) return true;
  UseSpareKey(key);
  const Interner& interner = runner_->Symbols();
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

auto StatementEvaluator::AmountOf(uint32_t policy, uint32_t body, Amount& amount) -> bool {
  const auto value = runner_->ValueOf(body);
  if (!value) return Fail(policy, body), false;
  amount.kind = value->kind();
  switch (amount.kind) {
    case Kind::Long: amount.units = value->as_long(); return true;
    case Kind::Decimal: amount.units = value->as_decimal().units; return true;
    case Kind::Bool:
    case Kind::String:
    case Kind::Set:
    case Kind::Record:
    case Kind::Entity:
    case Kind::Ip:
    case Kind::Datetime:
    case Kind::Duration:
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: break;
  }
  return Fail(policy, body, "type-error", fmt::format("type error: expected one of [long, decimal], got {}", KindName(amount.kind))), false;
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
    if (claim.budget < plain_.size() && !plain_[claim.budget].is_read) continue;
    auto& state = budget_states_[claim.budget];
    SetState(state, claim, state.values[0].kind());
    applied_budgets_.push_back(claim.budget);
  }
  for (const auto& claim : breakers) {
    breaker_states_[claim.breaker] = {.applies = true, .is_open = claim.is_open};
    applied_breakers_.push_back(claim.breaker);
  }
}

}  // namespace remit::eval
