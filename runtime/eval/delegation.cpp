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

void MergeClaims(std::vector<BudgetClaim>& into, std::vector<BudgetClaim>&& other) {
  for (auto& claim : other) {
    const auto it =
        std::ranges::find_if(into, [&](const BudgetClaim& each) { return each.budget == claim.budget && each.key == claim.key; });
    if (it == into.end()) {
      into.push_back(std::move(claim));
      continue;
    }
    it->charge = std::max(it->charge, claim.charge);
    it->limit = std::min(it->limit, claim.limit);
    it->is_lifted = it->is_lifted || claim.is_lifted;
  }
  std::ranges::stable_sort(into, {}, &BudgetClaim::budget);
}

void MergeClaims(std::vector<BreakerClaim>& into, std::vector<BreakerClaim>&& other) {
  for (auto& claim : other) {
    const auto it =
        std::ranges::find_if(into, [&](const BreakerClaim& each) { return each.breaker == claim.breaker && each.key == claim.key; });
    if (it == into.end()) {
      into.push_back(std::move(claim));
      continue;
    }
    it->is_lifted = it->is_lifted || claim.is_lifted;
  }
  std::ranges::stable_sort(into, {}, &BreakerClaim::breaker);
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
  MergeClaims(into.budgets, std::move(other.budgets));
  MergeClaims(into.breakers, std::move(other.breakers));
  if (into.quarantined.empty()) into.quarantined = std::move(other.quarantined);
}

}  // namespace remit
