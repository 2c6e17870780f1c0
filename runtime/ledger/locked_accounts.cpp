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

template <typename Pick>
auto AllCurrent(std::span<Pick> picks) -> bool {
  return std::all_of(picks.begin(), picks.end(), [](const Pick& pick) { return pick.slot->generation == pick.generation; });
}

}  // namespace

auto LockedAccounts::Lock(Ledger::State& state, const Ask& ask, std::span<const Reading> readings,
                          std::span<const BreakerReading> breaker_readings) -> Expected<void> {
  budget_count_ = ask.claims.size();
  breaker_count_ = ask.breakers.size();
  for (bool look_up = readings.empty() && breaker_readings.empty();; look_up = true) {
    for (uint32_t i = 0; i < budget_count_; ++i) {
      SlotTable<Account>::Found found = {};
      if (!look_up) found = {static_cast<AccountSlot*>(readings[i].handle.account), readings[i].handle.generation};
      if (found.slot == nullptr) {
        auto opened = state.OpenAccount(ask.claims[i]);
        if (!opened) return std::unexpected(std::move(opened.error()));
        found = *opened;
      }
      budgets_[i] = {found.slot, found.generation, i};
    }
    for (uint32_t i = 0; i < breaker_count_; ++i) {
      SlotTable<BreakerAccount>::Found found = {};
      if (!look_up) found = {static_cast<BreakerSlot*>(breaker_readings[i].handle.account), breaker_readings[i].handle.generation};
      if (found.slot == nullptr) {
        auto opened = state.OpenBreaker(ask.breakers[i]);
        if (!opened) return std::unexpected(std::move(opened.error()));
        found = *opened;
      }
      breakers_[i] = {found.slot, found.generation, i};
    }
    SortBySlot(budgets());
    SortBySlot(breakers());
    if (HasTwin(budgets()) || HasTwin(breakers())) return LedgerError("duplicate-account", "the request claims an account twice");
    if (LockFound()) return {};
  }
}

// False, with nothing locked, if an account was forgotten since it was found.
auto LockedAccounts::LockFound() -> bool {
  for (const auto& pick : budgets()) pick.slot->lock.lock();
  for (const auto& pick : breakers()) pick.slot->lock.lock();
  locked_ = true;
  if (AllCurrent(budgets()) && AllCurrent(breakers())) return true;
  Unlock();
  return false;
}

void LockedAccounts::Unlock() {
  if (!locked_) return;
  for (const auto& pick : budgets()) pick.slot->lock.unlock();
  for (const auto& pick : breakers()) pick.slot->lock.unlock();
  locked_ = false;
}

LockedRecord::LockedRecord(Record& record) : record_(record) {
  for (Line& line : record.lines) {
    if (line.slot != nullptr) line.slot->lock.lock();
  }
  for (BreakerLine& line : record.breakers) {
    if (line.slot != nullptr) line.slot->lock.lock();
  }
}

LockedRecord::~LockedRecord() {
  for (Line& line : record_.lines) {
    if (line.slot != nullptr) line.slot->lock.unlock();
  }
  for (BreakerLine& line : record_.breakers) {
    if (line.slot != nullptr) line.slot->lock.unlock();
  }
}

void ReleaseAccounts(Record& record) {
  const auto release = [](auto& lines) {
    for (auto& line : lines) {
      if (line.slot == nullptr) continue;
      --line.slot->references;
      line.slot->lock.unlock();
      line.slot = nullptr;
    }
  };
  release(record.lines);
  release(record.breakers);
}

}  // namespace remit::ledger
