#include "runtime/eval/delegation.h"

#include <algorithm>

namespace remit {
namespace {

// Adds what is not there yet; ascending by policy as both are.
template <typename T>
void Unite(std::vector<T>& into, std::vector<T>&& other) {
  for (auto& each : other) {
    if (std::ranges::find(into, each) == into.end()) into.push_back(std::move(each));
  }
  std::ranges::stable_sort(into, {}, &T::policy);
}

auto IsSameAccount(const BudgetClaim& a, const BudgetClaim& b) -> bool { return a.budget == b.budget && a.key == b.key; }
auto IsSameAccount(const BreakerClaim& a, const BreakerClaim& b) -> bool { return a.breaker == b.breaker && a.key == b.key; }

void MergeClaim(BudgetClaim& into, const BudgetClaim& other) {
  into.charge = std::max(into.charge, other.charge);
  into.limit = std::min(into.limit, other.limit);
  into.is_lifted = into.is_lifted || other.is_lifted;
}
void MergeClaim(BreakerClaim& into, const BreakerClaim& other) { into.is_lifted = into.is_lifted || other.is_lifted; }

// `position`: the member of a claim that says of what it is.
template <typename Claim>
void MergeClaims(std::vector<Claim>& into, std::vector<Claim>&& others, uint32_t Claim::* position) {
  for (auto& other : others) {
    const auto it = std::ranges::find_if(into, [&](const Claim& each) { return IsSameAccount(each, other); });
    if (it == into.end()) {
      into.push_back(std::move(other));
    } else {
      MergeClaim(*it, other);
    }
  }
  std::ranges::stable_sort(into, {}, position);
}

void UniteRows(std::vector<uint32_t>& into, const std::vector<uint32_t>& other) {
  into.insert(into.end(), other.begin(), other.end());
  std::ranges::sort(into);
  const auto repeated = std::ranges::unique(into);
  into.erase(repeated.begin(), repeated.end());
}

}  // namespace

void MergeDecision(const ir::Program& program, Decision& into, Decision other) {
  if (other.outcome < into.outcome) into.determining.clear();
  if (other.outcome <= into.outcome) UniteRows(into.determining, other.determining);
  into.outcome = std::min(into.outcome, other.outcome);
  Unite(into.errors, std::move(other.errors));
  Unite(into.approvals, std::move(other.approvals));
  if (into.outcome != Outcome::Approve) into.approvals.clear();
  Unite(into.obligations, std::move(other.obligations));
  const auto is_moot = [&](const ObligationRecord& each) {
    return program.policies[each.policy].effect == ir::Effect::Permit && into.outcome != Outcome::Execute;
  };
  std::erase_if(into.obligations, is_moot);
  MergeClaims(into.budgets, std::move(other.budgets), &BudgetClaim::budget);
  MergeClaims(into.breakers, std::move(other.breakers), &BreakerClaim::breaker);
  if (into.quarantined.empty()) into.quarantined = std::move(other.quarantined);
}

}  // namespace remit
