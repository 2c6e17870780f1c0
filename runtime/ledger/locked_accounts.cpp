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

// What was read before, in the order of the locks. False if there is any that was not. The order is found first: a pick that is put together and then
// moved is read before the processor has written it.
template <typename Pick, typename Reading>
auto TakeSorted(std::span<const Reading> readings, std::span<Pick> picks) -> bool {
  std::array<uint32_t, kMaxClaims> order;  // not initialised: only what is counted is read
  const auto account_of = [&](uint32_t index) { return readings[index].handle.account; };
  for (uint32_t i = 0; i < picks.size(); ++i) {
    const void* account = account_of(i);
    if (account == nullptr) return false;
    uint32_t at = i;
    for (; at > 0 && std::less<>{}(account, account_of(order[at - 1])); --at) order[at] = order[at - 1];
    order[at] = i;
  }
  for (size_t at = 0; at < picks.size(); ++at) {
    const AccountHandle& handle = readings[order[at]].handle;
    picks[at].slot = static_cast<decltype(picks[at].slot)>(handle.account);
    picks[at].generation = handle.generation;
    picks[at].index = order[at];
  }
  return true;
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
      SortBySlot(budgets());
      SortBySlot(breakers());
    }
    if (HasTwin(budgets()) || HasTwin(breakers())) return Fail("duplicate-account", "the request claims an account twice");
    if (LockFound()) return {};
    known = false;
  }
}

auto LockedAccounts::TakeHandles(std::span<const Reading> readings, std::span<const BreakerReading> breaker_readings) -> bool {
  return readings.size() >= budget_count_ && breaker_readings.size() >= breaker_count_ && TakeSorted(readings, budgets()) &&
         TakeSorted(breaker_readings, breakers());
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
