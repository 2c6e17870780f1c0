// Keeps a ledger and its store together.
//
// An operation locks its accounts in memory, changes them, and commits the rows it read and changed in one step. If another ledger changed one of
// them meanwhile, the commit is refused, memory is made what the store says, and the operation runs again. What could not be committed is thus
// never seen: memory is a copy of the store that may be old, and a refusal is only given for what was read just now.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/ledger/ledger_state.h"
#include "runtime/ledger/saved_record.h"
#include "runtime/ledger/store.h"

namespace remit::ledger {

class StoreLink {
 public:
  // Others may win this often before an operation gives up: every time one of them got on.
  static constexpr int kAttempts = 1000;

  StoreLink(Ledger::State& state, std::shared_ptr<Store> store) : state_(state), store_(std::move(store)) {}

  // With the accounts locked: those that are not known yet, or all of them, become what the store says.
  auto Load(LockedAccounts& locked, bool all) -> Expected<void>;
  // The same for the accounts of a record, and the record itself if `all`.
  auto Load(Record& record, bool all) -> Expected<void>;

  // Whether a request is paid from leases.
  auto IsLeased(const Ask& ask) const -> bool;
  // With the accounts locked: what the store says, unless what is here is good enough. Good enough is what is leased and fits.
  auto Refresh(LockedAccounts& locked, const Ask& ask, int64_t now) -> Expected<void>;
  // With the accounts locked: whether what is leased is enough. The usual case, in which nothing else is asked.
  auto IsCovered(LockedAccounts& locked, const Ask& ask, int64_t now) const -> bool {
    bool covered = !away_.load(std::memory_order_relaxed);
    for (const auto& pick : locked.budgets()) {
      Account& account = *pick.slot->body;
      covered = covered && account.row.loaded && account.lease.At(account.PlaceAt(now)) >= ask.claims[pick.index].charge;
    }
    return covered;
  }
  enum class Covered : uint8_t { Yes, No, Again };
  // With the accounts locked: leases what the claims need and more. No: the store has no room for them. Again: others were first.
  auto Cover(LockedAccounts& locked, const Ask& ask, int64_t now) -> Expected<Covered>;
  // With the accounts locked: asks the holders of leases to give back what these claims (bits) did not get. The store said just now what there is.
  void Recall(LockedAccounts& locked, const Ask& ask, uint64_t claims, int64_t now);
  // With the account locked: there is something to give back some time.
  void List(AccountSlot& slot);
  // Gives back leases that are idle, or all, and tells the store what it is not told yet.
  void GiveBack(int64_t now, bool all);

  // With the accounts of the record locked, after they and it were changed. False if others were first: everything must be loaded again.
  auto Commit(Record& record, bool is_new) -> Expected<bool>;

  // What the store has for a request id.
  auto FindRequest(std::string_view request_id, const Digest& digest) -> Expected<std::optional<Reserved>>;

  // With the shard locked: the record with that id is taken from the store into the shard, if the store has it.
  auto Adopt(ReservationShard& shard, const std::string& key) -> Expected<void>;
  // All open reservations of the store that are not here.
  auto AdoptAll() -> Expected<void>;
  // The same, of those that expired and nobody noticed; now and then.
  void AdoptLost(int64_t now);

  // Every account and breaker of the store, for tables. Without any of their locks.
  auto LoadAll() -> Expected<void>;

  // Rows of what was forgotten are deleted some time later.
  void Forget(uint8_t shard, const RawId& id, std::string_view request_id);
  void Forget(const Account& account);
  void Forget(const BreakerAccount& account);
  void DeleteForgotten();

  auto store() -> Store& { return *store_; }

 private:
  // One row to be loaded, and what it is of.
  struct Row {
    Account* account = nullptr;
    BreakerAccount* breaker = nullptr;
  };

  auto LoadRows(std::vector<Row>& rows) -> Expected<void>;
  auto CommitAccounts(std::span<Account* const> accounts) -> Expected<bool>;
  auto Reachable(LockedAccounts& locked, const Ask& ask) -> Expected<void>;
  auto Lend(Account& account, const Claim& claim, int64_t now) const -> bool;
  auto GiveBackOne(Account& account) -> bool;
  void RecallOne(Account& account, int64_t now);
  void HearRecalls(std::span<AccountSlot* const> slots, int64_t now);
  // Calls `visit(row)` for each row with that prefix, until it fails.
  template <typename Visit>
  auto ForEachRow(std::string_view prefix, const Visit& visit) -> Expected<void>;
  auto AdoptRow(ReservationShard& shard, const StoredRow& row) -> Expected<void>;

  Ledger::State& state_;
  std::shared_ptr<Store> store_;
  std::atomic<bool> away_ = false;  // the store, when a lease was asked for or given back
  std::mutex mutex_;  // of what follows
  std::vector<std::pair<RowCheck, bool>> forgotten_;  // the row, and whether its version matters
  std::vector<AccountSlot*> leased_;  // with a reference each
  int64_t last_search_ = 0;
  int64_t last_heard_ = 0;  // of recalls
};

// With its accounts locked: what cannot be committed is not to be believed. The next operation loads it again.
void Distrust(Record& record);

}  // namespace remit::ledger
