// Taking leases from the store and giving them back.
#include <algorithm>
#include <utility>

#include "runtime/ledger/store_link.h"

namespace remit::ledger {
namespace {

// By what the store said just now.
auto HaveRoom(LockedAccounts& locked, const Ask& ask, int64_t now) -> bool {
  const auto budgets = locked.budgets();
  return std::all_of(budgets.begin(), budgets.end(), [&](const auto& pick) {
    Account& account = *pick.slot->body;
    const Claim& claim = ask.claims[pick.index];
    int64_t room = 0;
    return !__builtin_sub_overflow(claim.limit, account.Used(account.PlaceAt(now)), &room) && room >= claim.charge;
  });
}

// Half of it is what a holder needs to hear of it; the other half, for whoever asked to come back. A recall from a clock that ran ahead is none.
auto RecallTime(int64_t lease_ms) -> int64_t { return 2 * lease_ms; }
auto IsRecalled(const Account& account, int64_t now, int64_t lease_ms) -> bool {
  return account.recalled_until > now && account.recalled_until - now <= RecallTime(lease_ms);
}

auto HasLeases(Window window) -> bool { return window != Window::Refill && window != Window::Concurrent; }

}  // namespace

// Breakers are in the store, and so are the probes that a request reserves.
auto StoreLink::IsLeased(const Ask& ask) const -> bool {
  if (state_.options.durability != Durability::Lease || !ask.breakers.empty()) return false;
  return std::all_of(ask.claims.begin(), ask.claims.end(), [&](const Claim& claim) {
    return HasLeases(claim.terms.window) && !claim.lifted && (!claim.observed || state_.options.sole);
  });
}

auto StoreLink::Refresh(LockedAccounts& locked, const Ask& ask, int64_t now) -> Expected<void> {
  const bool sole = state_.options.sole;
  if (!sole && !IsLeased(ask)) return Load(locked, true);
  auto loaded = Load(locked, false);
  if (!loaded || sole || HaveRoom(locked, ask, now)) return loaded;
  return Load(locked, true);
}

auto StoreLink::CommitAccounts(std::span<Account* const> accounts) -> Expected<bool> {
  std::vector<RowCheck> checks;
  std::vector<RowWrite> writes;
  for (const Account* account : accounts) {
    checks.push_back({.key = AccountKey(account->identity()), .version = account->row.version});
    writes.push_back({.key = checks.back().key, .value = SaveAccount(*account)});
  }
  const auto committed = store_->Commit(checks, writes);
  if (!committed) return std::unexpected(committed.error());
  if (*committed == 0) return false;
  for (Account* account : accounts) account->row.version = *committed;
  return true;
}

// Charges a new lease, in memory. False if there is no room for the claim.
auto StoreLink::Lend(Account& account, const Claim& claim, int64_t now) const -> bool {
  const Place place = account.PlaceAt(now);
  int64_t room = 0;
  if (__builtin_sub_overflow(claim.limit, account.counter.At(place).used(), &room) || room < claim.charge) return false;
  Lease& lease = account.lease;
  lease.place = place;
  const bool recalled = IsRecalled(account, now, state_.options.lease_ms);
  lease.left = recalled ? claim.charge : lease.NextSize(claim.charge, room, now, state_.options.lease_ms);
  lease.granted = lease.left;
  account.leased = AddSaturated(account.leased, lease.granted);
  account.counter.Add(place, {.charged = lease.left});
  return true;
}

void StoreLink::List(AccountSlot& slot) {
  if (std::exchange(slot.body->lease.listed, true)) return;
  ++slot.references;
  const std::lock_guard lock(mutex_);
  leased_.push_back(&slot);
}

// While the store is away, budgets that want it refuse though they have leases; each request tries whether it is back.
auto StoreLink::Reachable(LockedAccounts& locked, const Ask& ask) -> Expected<void> {
  const auto refuses = [](const Claim& claim) { return claim.terms.when_away == WhenAway::Refuse; };
  if (!away_.load(std::memory_order_relaxed) || std::none_of(ask.claims.begin(), ask.claims.end(), refuses)) return {};
  auto loaded = Load(locked, true);
  if (loaded) away_.store(false, std::memory_order_relaxed);
  return loaded;
}

auto StoreLink::Cover(LockedAccounts& locked, const Ask& ask, int64_t now) -> Expected<Covered> {
  if (auto reachable = Reachable(locked, ask); !reachable) return std::unexpected(std::move(reachable.error()));
  const auto budgets = locked.budgets();
  const bool contested = std::any_of(budgets.begin(), budgets.end(), [&](const auto& pick) {
    Account& account = *pick.slot->body;
    return account.row.contested && account.lease.At(account.PlaceAt(now)) < ask.claims[pick.index].charge;
  });
  if (contested) {
    if (auto loaded = Load(locked, true); !loaded) return std::unexpected(std::move(loaded.error()));
  }
  std::vector<std::pair<AccountSlot*, Lease>> suspended;
  bool room = true;
  const auto renew = [&](const auto& pick) {
    Account& account = *pick.slot->body;
    suspended.emplace_back(pick.slot, account.Suspend());
    room = room && Lend(account, ask.claims[pick.index], now);
  };
  const auto left = [&](const auto& pick) { return pick.slot->body->lease.At(pick.slot->body->PlaceAt(now)); };
  for (const auto& pick : budgets) {
    if (left(pick) < ask.claims[pick.index].charge) renew(pick);
  }
  if (suspended.empty()) return Covered::Yes;
  // The others of the request that have less than half of theirs come along: one commit for all of them.
  for (const auto& pick : budgets) {
    const Lease& lease = pick.slot->body->lease;
    if (left(pick) >= ask.claims[pick.index].charge && lease.granted > 0 && left(pick) < lease.granted / 2) renew(pick);
  }
  std::vector<Account*> accounts;
  for (const auto& [slot, lease] : suspended) accounts.push_back(&*slot->body);
  auto committed = room ? CommitAccounts(accounts) : Expected<bool>(false);
  if (committed && *committed) {
    away_.store(false, std::memory_order_relaxed);
    for (const auto& [slot, lease] : suspended) List(*slot);
    return Covered::Yes;
  }
  for (auto& [slot, lease] : suspended) {
    Account& account = *slot->body;
    account.counter.Add(account.lease.place, {.charged = -account.lease.left});
    account.leased -= account.lease.granted;
    account.Resume(lease);
    account.row.contested |= room;
  }
  if (!committed) away_.store(true, std::memory_order_relaxed);
  if (!committed) return std::unexpected(std::move(committed.error()));
  if (auto loaded = Load(locked, true); !loaded) return std::unexpected(std::move(loaded.error()));
  return room || HaveRoom(locked, ask, now) ? Covered::Again : Covered::No;
}

// With the account locked.
auto StoreLink::GiveBackOne(Account& account) -> bool {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::vector<Row> rows = {{.account = &account}};
    if (!account.row.loaded && !LoadRows(rows)) return false;
    Account* const changed = &account;
    const Lease lease = account.Suspend();
    const auto committed = CommitAccounts({&changed, 1});
    if (committed && *committed) return true;
    account.Resume(lease);
    account.row.loaded = committed.has_value() ? false : account.row.loaded;
    if (!committed) return false;
  }
  return false;
}

// With the account locked. What this ledger has itself goes back with it: it was not enough.
void StoreLink::RecallOne(Account& account, int64_t now) {
  if (IsRecalled(account, now, state_.options.lease_ms)) return;
  const int64_t before = account.recalled_until;
  const Lease lease = account.Suspend();
  account.recalled_until = now + RecallTime(state_.options.lease_ms);
  Account* const changed = &account;
  // Whoever was faster may have made room or asked the same: the next refusal asks again.
  const auto committed = account.leased > 0 ? CommitAccounts({&changed, 1}) : Expected<bool>(false);
  if (committed && *committed) return;
  account.recalled_until = before;
  account.Resume(lease);
}

void StoreLink::Recall(LockedAccounts& locked, const Ask& ask, uint64_t claims, int64_t now) {
  if (state_.options.sole) return;
  for (const auto& pick : locked.budgets()) {
    if ((claims >> pick.index & 1) != 0 && HasLeases(ask.claims[pick.index].terms.window)) RecallOne(*pick.slot->body, now);
  }
}

// What is leased is read again now and then, to hear of recalls.
void StoreLink::HearRecalls(std::span<AccountSlot* const> slots, int64_t now) {
  if (state_.options.sole || slots.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (now >= last_heard_ && now < last_heard_ + state_.options.lease_ms / 4) return;
    last_heard_ = now;
  }
  std::vector<std::string> keys;
  std::vector<AccountSlot*> read;
  for (AccountSlot* slot : slots) {
    const std::lock_guard lock(slot->lock);
    const Lease& lease = slot->body->lease;
    // Taking it was a look at the row, too.
    if (lease.left == 0 || (now >= lease.taken_at && now < lease.taken_at + state_.options.lease_ms / 4)) continue;
    keys.push_back(AccountKey(slot->body->identity()));
    read.push_back(slot);
  }
  const auto rows = keys.empty() ? Expected<std::vector<StoredRow>>() : store_->Get(keys);
  if (!rows) return;
  for (size_t i = 0; i < read.size(); ++i) {
    const std::lock_guard lock(read[i]->lock);
    Account& account = *read[i]->body;
    const auto recalled_until = RecalledUntil((*rows)[i].value);
    if ((*rows)[i].version > account.row.version && recalled_until != account.recalled_until) {
      account.row.loaded = false;
      account.recalled_until = recalled_until;
    }
  }
}

void StoreLink::GiveBack(int64_t now, bool all) {
  std::vector<AccountSlot*> slots;
  {
    const std::lock_guard lock(mutex_);
    slots.swap(leased_);
  }
  if (!all) HearRecalls(slots, now);
  std::erase_if(slots, [&](AccountSlot* slot) {
    const std::lock_guard lock(slot->lock);
    Account& account = *slot->body;
    const bool idle = all || now >= account.lease.used_at + state_.options.lease_ms || IsRecalled(account, now, state_.options.lease_ms);
    // Totals can wait for the next commit; what was charged beyond a lease counts for others, too.
    if ((!idle && account.lease.changes.empty()) || !GiveBackOne(account)) return false;
    account.lease.listed = false;
    --slot->references;
    return true;
  });
  const std::lock_guard lock(mutex_);
  leased_.insert(leased_.end(), slots.begin(), slots.end());
}

}  // namespace remit::ledger
