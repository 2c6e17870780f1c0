// What a ledger consists of, for the files that are its operations.
//
// Order of locks: a reservation shard, then accounts by address, then breakers by address. The directories of accounts are asked before any
// account is locked.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "runtime/ledger/account.h"
#include "runtime/ledger/ledger.h"
#include "runtime/ledger/reservations.h"

namespace remit::ledger {

class StoreLink;

// Texts that many accounts share, kept as long as the ledger. They are names in policies, which requests cannot make up.
class Names {
 public:
  auto Intern(std::string_view name) -> const std::string*;

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> names_;
};

struct Ledger::State {
  explicit State(const LedgerOptions& ledger_options);
  ~State();

  // Found or opened. Errors: an invalid window, an unknown time zone, too many accounts.
  auto OpenAccount(const Claim& claim) -> Expected<SlotTable<Account>::Found>;
  auto OpenBreaker(const BreakerClaim& claim) -> Expected<SlotTable<BreakerAccount>::Found>;

  void ExpireIfDue(int64_t now) {
    if (now >= next_expiry.load(std::memory_order_acquire)) [[unlikely]]
      ExpireAll(now);
  }
  auto ExpireAll(int64_t now) -> size_t;
  // With the shard locked.
  auto ExpireShard(ReservationShard& shard, int64_t now) -> size_t;
  // After a record was changed, with its shard locked: one that expired waits for a late settlement, one that was settled goes into the log.
  void Filed(ReservationShard& shard, uint32_t slot, Stage before);
  // With the shard locked. False if there is nothing but open ones.
  auto ForgetSomeOf(ReservationShard& shard) -> bool;
  void ForgetExpired(ReservationShard& shard);
  // What the log drops has rows in the store that are not needed any more.
  void Dropped(const ReservationShard& shard, SettledLog::Walk walk);
  auto remembered_in_shard() const -> size_t { return options.remembered / ReservationTable::kShards; }
  void ForgetSome(int64_t now);
  void WillExpire(int64_t time);

  LedgerOptions options;
  uint64_t number;  // of the ledger; never 0
  size_t most_in_shard = std::max<size_t>(1, options.max_reservations / ReservationTable::kShards);  // open and remembered
  Names names;
  SlotTable<Account> accounts;
  SlotTable<BreakerAccount> breakers;
  ReservationTable reservations;
  Quarantine quarantine;
  std::unique_ptr<StoreLink> link;  // null without a store
  std::atomic<int64_t> next_expiry = kForever;  // nothing that is open expires before it
  std::atomic<int64_t> horizon = 0;  // accounts opened from now on count from here: others may have been forgotten until then
};

inline auto IsTime(int64_t now) -> bool { return now >= 0 && now <= kMaxTime; }
auto InvalidTime(int64_t now) -> std::unexpected<Error>;
inline auto IsValid(const Ask& ask) -> bool {
  bool valid = ask.claims.size() <= kMaxClaims && ask.breakers.size() <= kMaxClaims;
  for (const Claim& claim : ask.claims) valid &= claim.charge >= 0;
  return valid;
}
auto InvalidAsk(const Ask& ask) -> std::unexpected<Error>;

// The accounts of one ask, locked in the one global order until this is destroyed.
class LockedAccounts {
 public:
  LockedAccounts() = default;
  ~LockedAccounts() { Unlock(); }
  LockedAccounts(const LockedAccounts&) = delete;
  auto operator=(const LockedAccounts&) -> LockedAccounts& = delete;

  // Tries the handles of earlier readings first, if there are any. Errors: those of opening, and `duplicate-account`.
  auto Lock(Ledger::State& state, const Ask& ask, std::span<const Reading> budgets, std::span<const BreakerReading> breakers)
      -> Expected<void>;
  // The same for one budget that was read before, which is what most requests have. False, with nothing locked, if it is not so simple.
  auto LockOne(const Ask& ask, std::span<const Reading> readings) -> bool {
    if (ask.claims.size() != 1 || !ask.breakers.empty() || readings.empty()) return false;
    const AccountHandle& handle = readings.front().handle;
    auto* slot = static_cast<AccountSlot*>(handle.account);
    if (slot == nullptr) return false;
    slot->lock.lock();
    if (slot->generation != handle.generation) {
      slot->lock.unlock();
      return false;
    }
    budgets_[0].slot = slot;
    budgets_[0].generation = handle.generation;
    budgets_[0].index = 0;
    budget_count_ = 1;
    locked_ = true;
    return true;
  }

  // In the order of the locks, with the index of the claim.
  template <typename SlotType>
  struct Pick {
    SlotType* slot;
    uint32_t generation;
    uint32_t index;
  };
  // Before this is destroyed.
  void Unlock() {
    if (!locked_) return;
    for (const auto& pick : budgets()) pick.slot->lock.unlock();
    for (const auto& pick : breakers()) pick.slot->lock.unlock();
    locked_ = false;
  }
  auto budgets() -> std::span<Pick<AccountSlot>> { return {budgets_.data(), budget_count_}; }
  auto breakers() -> std::span<Pick<BreakerSlot>> { return {breakers_.data(), breaker_count_}; }

 private:
  auto TakeHandles(std::span<const Reading> readings, std::span<const BreakerReading> breaker_readings) -> bool;
  auto Find(Ledger::State& state, const Ask& ask) -> Expected<void>;
  auto LockFound() -> bool;

  std::array<Pick<AccountSlot>, kMaxClaims> budgets_;  // not initialised: only what is counted is read
  std::array<Pick<BreakerSlot>, kMaxClaims> breakers_;
  size_t budget_count_ = 0;
  size_t breaker_count_ = 0;
  bool locked_ = false;
};

// With the account locked.
auto ReadAccount(AccountSlot& slot, const Claim& claim, uint32_t generation, int64_t now) -> Reading;
auto ReadBreaker(BreakerSlot& slot, const BreakerClaim& claim, uint32_t generation, int64_t now) -> BreakerReading;

// Locks what a record refers to, for as long as this lives. With the record's shard locked.
class LockedRecord {
 public:
  explicit LockedRecord(Record& record) : record_(record) {
    ForEachSlot([](auto& line) { line.slot->lock.lock(); });
  }
  ~LockedRecord() {
    if (!released_) ForEachSlot([](auto& line) { line.slot->lock.unlock(); });
  }
  LockedRecord(const LockedRecord&) = delete;
  auto operator=(const LockedRecord&) -> LockedRecord& = delete;

  // Lets go of the accounts: they may be forgotten then.
  void Release() {
    ForEachSlot([](auto& line) {
      --line.slot->references;
      line.slot->lock.unlock();
      line.slot = nullptr;
    });
    released_ = true;
  }

 private:
  template <typename Visit>
  void ForEachSlot(const Visit& visit) {
    for (Line& line : record_.lines) {
      if (line.slot != nullptr) visit(line);
    }
    for (BreakerLine& line : record_.breakers) {
      if (line.slot != nullptr) visit(line);
    }
  }

  Record& record_;
  bool released_ = false;
};

}  // namespace remit::ledger
