// Finding the accounts of a request and locking them in one global order.
#include <algorithm>

#include "runtime/ledger/ledger_state.h"

namespace remit::ledger {
namespace {

// Few and nearly sorted: insertion beats std::sort.
template <typename Pick>
void SortBySlot(std::span<Pick> picks) {
  for (size_t i = 1; i < picks.size(); ++i) {
    const Pick pick = picks[i];
    size_t at = i;
    for (; at > 0 && std::less<>{}(pick.slot, picks[at - 1].slot); --at) picks[at] = picks[at - 1];
    picks[at] = pick;
  }
}

template <typename Pick>
auto HasTwin(std::span<Pick> picks) -> bool {
  return std::adjacent_find(picks.begin(), picks.end(), [](const Pick& a, const Pick& b) { return a.slot == b.slot; }) != picks.end();
}

}  // namespace

auto LockedAccounts::Lock(Ledger::State& state, const Ask& ask, std::span<const Reading> readings,
                          std::span<const BreakerReading> breaker_readings) -> Expected<void> {
  budget_count_ = ask.claims.size();
  breaker_count_ = ask.breakers.size();
  bool known = TakeHandles(readings, breaker_readings);
  for (;;) {
    if (!known) {
      if (auto found = Find(state, ask); !found) return found;
    }
    if (budget_count_ > 1) SortBySlot(budgets());
    if (breaker_count_ > 1) SortBySlot(breakers());
    if (HasTwin(budgets()) || HasTwin(breakers())) return Fail("duplicate-account", "the request claims an account twice");
    if (LockFound()) return {};
    known = false;
  }
}

// What was read before. False if there is any that was not.
auto LockedAccounts::TakeHandles(std::span<const Reading> readings, std::span<const BreakerReading> breaker_readings) -> bool {
  if (readings.size() < budget_count_ || breaker_readings.size() < breaker_count_) return false;
  bool known = true;
  for (uint32_t i = 0; i < budget_count_; ++i) {
    const AccountHandle& handle = readings[i].handle;
    budgets_[i].slot = static_cast<AccountSlot*>(handle.account);
    budgets_[i].generation = handle.generation;
    budgets_[i].index = i;
    known &= handle.account != nullptr;
  }
  for (uint32_t i = 0; i < breaker_count_; ++i) {
    const AccountHandle& handle = breaker_readings[i].handle;
    breakers_[i].slot = static_cast<BreakerSlot*>(handle.account);
    breakers_[i].generation = handle.generation;
    breakers_[i].index = i;
    known &= handle.account != nullptr;
  }
  return known;
}

auto LockedAccounts::Find(Ledger::State& state, const Ask& ask) -> Expected<void> {
  for (uint32_t i = 0; i < budget_count_; ++i) {
    auto opened = state.OpenAccount(ask.claims[i]);
    if (!opened) return std::unexpected(std::move(opened.error()));
    budgets_[i] = {opened->slot, opened->generation, i};
  }
  for (uint32_t i = 0; i < breaker_count_; ++i) {
    auto opened = state.OpenBreaker(ask.breakers[i]);
    if (!opened) return std::unexpected(std::move(opened.error()));
    breakers_[i] = {opened->slot, opened->generation, i};
  }
  return {};
}

// False, with nothing locked, if an account was forgotten since it was found.
auto LockedAccounts::LockFound() -> bool {
  bool current = true;
  for (const auto& pick : budgets()) {
    pick.slot->lock.lock();
    current &= pick.slot->generation == pick.generation;
  }
  for (const auto& pick : breakers()) {
    pick.slot->lock.lock();
    current &= pick.slot->generation == pick.generation;
  }
  locked_ = true;
  if (!current) Unlock();
  return current;
}

}  // namespace remit::ledger
