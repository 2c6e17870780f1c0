// Settling, extending and expiring: what becomes of a reservation.
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "runtime/ledger/ledger_state.h"
#include "runtime/ledger/store_link.h"

namespace remit::ledger {
namespace {

auto UnknownReservation() -> std::unexpected<Error> {
  // The id is a capability: it is not repeated.
  return Fail("unknown-reservation", "there is no such reservation, or it ended so long ago that it is forgotten");
}

// What a line counts for when it is done.
struct Outcome {
  int64_t charged;    // within the limit or overdrawn
  int64_t approved;   // above it, by approval
  int64_t overdraft;  // of `charged`, what was never reserved
};

// What was reserved within the limit is used up first, then what an approval admitted; the rest is overdraft.
auto OutcomeOf(const Line& line, int64_t amount) -> Outcome {
  if (line.concurrent) return {.charged = 0, .approved = 0, .overdraft = 0};
  const int64_t within = std::min(amount, line.reserved - line.approved);
  const int64_t approved = std::min(amount - within, line.approved);
  const int64_t overdraft = amount - within - approved;
  return {.charged = within + overdraft, .approved = approved, .overdraft = overdraft};
}

auto AmountOf(const Line& line, Verdict verdict, std::span<const Actual> actual) -> int64_t {
  if (verdict == Verdict::NotDispatched) return 0;
  for (const Actual& item : actual) {
    if (item.budget == *line.budget) return item.amount;
  }
  return line.reserved;
}

auto Fits(const Line& line, const Outcome& outcome) -> bool {
  int64_t sum = 0;
  const int64_t change = outcome.charged - line.charged - line.held;
  return !__builtin_add_overflow(line.slot->body->counter.At(line.place).used(), change, &sum);
}

// With the account locked.
void Apply(Line& line, const Outcome& outcome, bool leased) {
  Account& account = *line.slot->body;
  if (leased) {
    account.lease.Spend(line.place, outcome.charged - line.charged - line.held);
    account.lease.reserved -= line.held;
    if (outcome.overdraft != line.overdraft)
      account.lease.overdraft = AddSaturated(account.lease.overdraft, outcome.overdraft - line.overdraft);
    account.lease.total_charged = AddSaturated(account.lease.total_charged, outcome.charged - line.charged);
  } else {
    account.counter.Add(line.place, {.reserved = -line.held, .charged = outcome.charged - line.charged});
    if (outcome.approved != line.approved_counted)
      account.approved = AddSaturated(account.approved, outcome.approved - line.approved_counted);
    if (outcome.overdraft != line.overdraft) account.overdraft = AddSaturated(account.overdraft, outcome.overdraft - line.overdraft);
    account.total_charged = AddSaturated(account.total_charged, outcome.charged - line.charged);
  }
  line.held = 0;
  line.charged = outcome.charged;
  line.approved_counted = outcome.approved;
  line.overdraft = outcome.overdraft;
}

auto CheckActual(const Record& record, Verdict verdict, std::span<const Actual> actual) -> Expected<void> {
  for (const Actual& item : actual) {
    if (item.amount < 0) return Fail("negative-charge", "the actual charge of budget `" + std::string(item.budget) + "` is negative");
    if (verdict == Verdict::NotDispatched && item.amount > 0) {
      return Fail("invalid-settlement",
                  "what was not dispatched charges nothing, but budget `" + std::string(item.budget) + "` has a charge");
    }
    const auto is_its = [&](const Line& line) { return *line.budget == item.budget; };
    if (std::none_of(record.lines.begin(), record.lines.end(), is_its)) {
      return Fail("unknown-budget", "the reservation has no budget `" + std::string(item.budget) + "`");
    }
  }
  return {};
}

// With the breaker locked.
void Report(const BreakerLine& line, Verdict verdict, const Trips& trips, int64_t now) {
  BreakerAccount& account = *line.slot->body;
  now = std::max(now, account.not_before);
  account.state.Advance(now);
  if (verdict == Verdict::NotDispatched) {
    account.state.GiveBack(line.term, line.probe);
    return;
  }
  if (!account.state.Report(line.term, line.probe, verdict == Verdict::Success, now) || !trips) return;
  if (trips(*account.breaker, account.key, account.state.calls(), account.state.failures())) account.state.Trip(now);
}

// In place: an answer that is put together elsewhere and copied is read before the processor has written it.
void Answer(const Record& record, bool repeated, Settled& answer) {
  answer.verdict = record.verdict;
  answer.repeated = repeated;
  answer.late = record.late;
  answer.overdrawn = record.overdrawn;
}

// Null, or the line whose charge is larger than can be counted: then nothing was changed.
auto SettleRecord(Record& record, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now) -> const Line* {
  std::array<Outcome, kMaxClaims> outcomes;  // not initialised: only those of the lines are read
  Outcome* outcome = outcomes.data();
  for (const Line& line : record.lines) {
    line.slot->body->PlaceAt(now);
    *outcome = OutcomeOf(line, AmountOf(line, verdict, actual));
    if (!Fits(line, *outcome)) return &line;
    ++outcome;
  }
  outcome = outcomes.data();
  record.overdrawn = false;
  for (Line& line : record.lines) {
    record.overdrawn |= outcome->overdraft > 0;
    Apply(line, *outcome, record.leased);
    ++outcome;
  }
  for (const BreakerLine& line : record.breakers) Report(line, verdict, trips, now);
  record.late = record.stage == Stage::Expired;
  if (record.stage == Stage::Open) record.ended_at = now;
  record.stage = Stage::Settled;
  record.verdict = verdict;
  return nullptr;
}

// The hold ended: charged or given back, as the terms say. Settling is still possible.
void ExpireRecord(Record& record, int64_t now) {
  for (Line& line : record.lines) {
    line.slot->body->PlaceAt(now);
    Apply(line, OutcomeOf(line, line.unsettled == Unsettled::Charge ? line.reserved : 0), record.leased);
  }
  for (BreakerLine& line : record.breakers) {
    line.slot->body->state.GiveBack(line.term, line.probe);
    line.probe = false;
  }
  record.ended_at = now;
  record.stage = Stage::Expired;
}

// `change` runs on what the store has, and again if others were first.
template <typename Change>
[[gnu::noinline]] auto ChangeStored(StoreLink& link, Record& record, LockedRecord& locked, const Change& change) -> Expected<void> {
  for (int attempt = 0; attempt < StoreLink::kAttempts; ++attempt) {
    if (auto loaded = link.Load(record, attempt > 0); !loaded) return loaded;
    const Record before = record;
    const bool changed = change();
    auto committed = changed ? link.Commit(record, false) : Expected<bool>(true);
    if (committed && *committed) {
      if (record.stage == Stage::Settled) locked.Release();
      return {};
    }
    record = before;
    Distrust(record);
    if (!committed) return std::unexpected(std::move(committed.error()));
  }
  return Fail("store-busy", "other ledgers changed the accounts of the reservation all the time");
}

// Changes a record, with its accounts locked and, if there is a store, in one step with it. `change` says whether it changed anything.
template <typename Change>
auto ChangeRecord(Ledger::State& state, Record& record, const Change& change) -> Expected<void> {
  LockedRecord locked(record);
  if (state.link != nullptr && !record.leased) return ChangeStored(*state.link, record, locked, change);
  change();
  if (record.leased) {
    for (const Line& line : record.lines) {
      const Lease& lease = line.slot->body->lease;
      if (!lease.listed && !lease.empty()) state.link->List(*line.slot);
    }
  }
  if (record.stage == Stage::Settled) locked.Release();
  return {};
}

}  // namespace

namespace {

// A reservation by its id, with its shard locked while this lives. From the store if it is not here.
class FoundRecord {
 public:
  FoundRecord() = default;
  ~FoundRecord() {
    if (shard_ != nullptr) shard_->lock.unlock();
  }
  FoundRecord(const FoundRecord&) = delete;
  auto operator=(const FoundRecord&) -> FoundRecord& = delete;

  // Either, once.
  auto Find(Ledger::State& state, std::string_view reservation) -> Expected<void> {
    const auto id = IdFactory::Parse(reservation);
    return id && (FindHere(state, *id) || FindThere(state, *id)) ? Expected<void>() : NotFound();
  }
  auto FindHere(Ledger::State& state, const ReservationId& id) -> bool {
    shard_ = &state.reservations.shard(id.shard());
    shard_->lock.lock();
    found_ = shard_->FindById(id.raw());
    return static_cast<bool>(found_);
  }
  auto FindThere(Ledger::State& state, const ReservationId& id) -> bool {
    if (state.link == nullptr) return false;
    auto adopted = state.link->Adopt(*shard_, ReservationKey(id.shard(), id.raw()));
    if (!adopted) {
      error_ = std::make_unique<Error>(std::move(adopted.error()));
      return false;
    }
    found_ = shard_->FindById(id.raw());
    return static_cast<bool>(found_);
  }
  auto NotFound() -> std::unexpected<Error> { return error_ ? std::unexpected(std::move(*error_)) : UnknownReservation(); }

  // Not of one that is settled.
  auto record() -> Record& { return shard_->at(found_.slot); }
  auto shard() -> ReservationShard& { return *shard_; }
  auto slot() const -> uint32_t { return found_.slot; }
  // Nothing of one that is not.
  auto settled() const -> const SettledView& { return found_.settled; }

 private:
  ReservationShard* shard_ = nullptr;
  ReservationShard::Found found_;
  std::unique_ptr<Error> error_;  // of the store; elsewhere, since all that is here is cleared for each settlement
};

}  // namespace

namespace {

[[gnu::noinline]] auto TooLarge(const std::string& budget) -> std::unexpected<Error> {
  return Fail("amount-overflow", "the charge of budget `" + budget + "` is larger than can be counted");
}

auto SettleFound(Ledger::State& state, FoundRecord& found, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now,
                 Settled& answer) -> Expected<void> {
  Record& record = found.record();
  if (!actual.empty()) {
    if (auto valid = CheckActual(record, verdict, actual); !valid) return valid;
  }
  const Stage before = record.stage;
  const std::string* too_large = nullptr;
  auto changed = ChangeRecord(state, record, [&] {
    const bool by_another = record.stage == Stage::Settled;
    const Line* line = by_another ? nullptr : SettleRecord(record, verdict, actual, trips, now);
    too_large = line == nullptr ? nullptr : line->budget;
    Answer(record, by_another, answer);
    return !by_another && too_large == nullptr;
  });
  state.Filed(found.shard(), found.slot(), before);
  if (changed && too_large != nullptr) return TooLarge(*too_large);
  return changed;
}

// With the reservation found, if it was.
auto SettleIt(Ledger::State& state, FoundRecord& found, bool is_found, Verdict verdict, std::span<const Actual> actual, const Trips& trips,
              int64_t now) -> Expected<Settled> {
  // Not a constant: the compiler would make that one by clearing all the room that an error could take.
  Expected<Settled> answer = Settled{.verdict = verdict};
  if (!is_found) {
    answer = found.NotFound();
  } else if (found.settled()) {
    *answer = found.settled().answer(true);
  } else if (auto done = SettleFound(state, found, verdict, actual, trips, now, *answer); !done) {
    answer = std::unexpected(std::move(done.error()));
  }
  return answer;
}

}  // namespace

auto Ledger::Settle(const ReservationId& id, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now)
    -> Expected<Settled> {
  if (!IsTime(now)) return InvalidTime(now);
  state_->ExpireIfDue(now);
  FoundRecord found;
  const bool is_found = !id.empty() && (found.FindHere(*state_, id) || found.FindThere(*state_, id));
  return SettleIt(*state_, found, is_found, verdict, actual, trips, now);
}

auto Ledger::Settle(std::string_view reservation, Verdict verdict, std::span<const Actual> actual, const Trips& trips, int64_t now)
    -> Expected<Settled> {
  return Settle(IdFactory::Parse(reservation).value_or(ReservationId()), verdict, actual, trips, now);
}

auto Ledger::Extend(std::string_view reservation, int64_t hold_ms, int64_t now) -> Expected<int64_t> {
  if (!IsTime(now)) return InvalidTime(now);
  state_->ExpireIfDue(now);
  FoundRecord found;
  if (auto done = found.Find(*state_, reservation); !done) return std::unexpected(std::move(done.error()));
  constexpr auto settled = [] { return Fail("reservation-settled", "the reservation is settled"); };
  if (found.settled()) return settled();
  Record& record = found.record();
  const Stage before = record.stage;
  Stage after = before;
  int64_t expires_at = record.expires_at;
  if (before == Stage::Open) {
    const auto changed = ChangeRecord(*state_, record, [&] {
      expires_at = std::max(record.expires_at, AddSaturated(now, std::max<int64_t>(hold_ms, 0)));
      if (record.stage == Stage::Open) record.expires_at = expires_at;
      return record.stage == Stage::Open;
    });
    after = record.stage;
    if (after == Stage::Open) found.shard().Reschedule(found.slot(), record.expires_at);
    state_->Filed(found.shard(), found.slot(), before);
    if (!changed) return std::unexpected(changed.error());
  }
  switch (after) {
    case Stage::Open: return expires_at;
    case Stage::Expired: return Fail("reservation-expired", "the reservation has expired; it can still be settled");
    case Stage::Settled: return settled();
  }
  return expires_at;
}

namespace {

auto DetailsOf(const SettledView& settled) -> ReservationDetails {
  ReservationDetails details = {.id = {},
                                .request_id = std::string(settled.request_id()),
                                .stage = Stage::Settled,
                                .verdict = settled.header().verdict,
                                .expires_at = settled.header().expires_at,
                                .lines = {}};
  for (size_t i = 0; i < settled.header().lines; ++i) {
    const SettledLine line = settled.line(i);
    details.lines.push_back({.budget = *line.budget,
                             .key = {},
                             .reserved = line.reserved,
                             .approved = line.approved,
                             .charged = line.charged,
                             .overdraft = line.overdraft});
  }
  return details;
}

}  // namespace

auto Ledger::Describe(std::string_view reservation) -> Expected<ReservationDetails> {
  FoundRecord found;
  if (auto done = found.Find(*state_, reservation); !done) return std::unexpected(std::move(done.error()));
  if (found.settled()) {
    ReservationDetails details = DetailsOf(found.settled());
    details.id = reservation;
    return details;
  }
  Record& record = found.record();
  ReservationDetails details = {.id = std::string(reservation),
                                .request_id = record.request_id,
                                .stage = record.stage,
                                .verdict = record.verdict,
                                .expires_at = record.expires_at,
                                .lines = {}};
  const LockedRecord locked(record);
  for (const Line& line : record.lines) {
    details.lines.push_back({.budget = *line.budget,
                             .key = line.slot->body->key,
                             .reserved = line.reserved,
                             .approved = line.approved,
                             .charged = record.stage == Stage::Open ? 0 : line.charged + line.approved_counted,
                             .overdraft = line.overdraft});
  }
  return details;
}

// ---- expiry -------------------------------------------------------------------------------------------------------------------

void Ledger::State::WillExpire(int64_t time) {
  int64_t next = next_expiry.load(std::memory_order_relaxed);
  while (time < next && !next_expiry.compare_exchange_weak(next, time, std::memory_order_acq_rel)) {}
}

// What is filed meanwhile lowers `next_expiry` again by itself.
auto Ledger::State::ExpireAll(int64_t now) -> size_t {
  next_expiry.store(kForever, std::memory_order_release);
  size_t expired = 0;
  for (ReservationShard& shard : reservations.shards()) {
    const std::lock_guard lock(shard.lock);
    expired += ExpireShard(shard, now);
    if (const int64_t next = shard.first_expiry(); next != kForever) WillExpire(next);
  }
  return expired;
}

auto Ledger::State::ExpireShard(ReservationShard& shard, int64_t now) -> size_t {
  size_t expired = 0;
  for (; shard.first_expiry() <= now; ++expired) {
    const uint32_t slot = shard.First();
    if (slot == ReservationShard::kNone) break;  // `now` is the end of time
    Record& record = shard.at(slot);
    const auto changed = ChangeRecord(*this, record, [&] {
      const bool due = record.stage == Stage::Open && record.expires_at <= now;
      if (due) ExpireRecord(record, now);
      return due;
    });
    if (record.stage != Stage::Open) {
      Filed(shard, slot, Stage::Open);
    } else {
      // Another ledger extended it, or the store is away: then it stays reserved, and is tried again soon.
      constexpr int64_t kPause = 1000;
      shard.Reschedule(slot, changed ? record.expires_at : AddSaturated(now, kPause));
    }
  }
  return expired;
}

void Ledger::State::Filed(ReservationShard& shard, uint32_t slot, Stage before) {
  const Record& record = shard.at(slot);
  if (record.stage == Stage::Settled) {
    shard.Settle(slot, remembered_in_shard(), [&](SettledLog::Walk walk) { Dropped(shard, walk); });
  } else if (before == Stage::Open && record.stage == Stage::Expired) {
    shard.End(slot, record.ended_at);
  }
  while (shard.expired() > remembered_in_shard()) ForgetExpired(shard);
}

// What expired kept its accounts, so that it could be settled late.
void Ledger::State::ForgetExpired(ReservationShard& shard) {
  Record& record = shard.at(shard.Oldest());
  LockedRecord(record).Release();
  if (link != nullptr && !record.leased) link->Forget(record.shard, record.id, record.request_id);
  shard.Discard(shard.Oldest());
}

void Ledger::State::Dropped(const ReservationShard& shard, SettledLog::Walk walk) {
  if (link == nullptr) return;
  for (SettledView each = walk.Next(); each; each = walk.Next()) {
    if (!each.header().has(SettledHeader::kLeased)) link->Forget(reservations.IndexOf(shard), each.header().id, each.request_id());
  }
}

auto Ledger::State::ForgetSomeOf(ReservationShard& shard) -> bool {
  if (shard.settled.Drop([&](SettledLog::Walk walk) { Dropped(shard, walk); })) return true;
  if (shard.Oldest() == ReservationShard::kNone) return false;
  ForgetExpired(shard);
  return true;
}

// Reservations that ended long ago, and a few of the accounts that are empty and idle.
void Ledger::State::ForgetSome(int64_t now) {
  const int64_t before = now - options.remember_ms;
  for (ReservationShard& shard : reservations.shards()) {
    const std::lock_guard lock(shard.lock);
    while (shard.Oldest() != ReservationShard::kNone && shard.at(shard.Oldest()).ended_at < before) ForgetExpired(shard);
    shard.settled.DropBefore(before, [&](SettledLog::Walk walk) { Dropped(shard, walk); });
  }
  constexpr size_t kStep = 1024;
  const auto note = [&](int64_t touched) {
    int64_t known = horizon.load(std::memory_order_relaxed);
    while (known < touched && !horizon.compare_exchange_weak(known, touched, std::memory_order_acq_rel)) {}
  };
  accounts.Sweep(kStep, [&](Account& account) {
    if (account.touched >= before) return false;
    const Place place = account.counter.PlaceAt(std::max(now, account.not_before));
    const bool keeps = link == nullptr && account.window == Window::Lifetime && (account.total_charged != 0 || account.approved != 0);
    if (keeps || account.counter.At(place).used() != 0) return false;
    if (link != nullptr && account.window != Window::Lifetime) link->Forget(account);
    note(now);
    return true;
  });
  breakers.Sweep(kStep, [&](BreakerAccount& account) {
    if (account.touched >= before) return false;
    account.state.Advance(std::max(now, account.not_before));
    if (account.state.state() != BreakerState::Closed || account.state.calls() != 0) return false;
    if (link != nullptr) link->Forget(account);
    note(now);
    return true;
  });
}

auto Ledger::Expire(int64_t now) -> size_t {
  if (!IsTime(now)) return 0;
  const size_t expired = now >= NextExpiry() ? state_->ExpireAll(now) : 0;
  state_->ForgetSome(now);
  if (state_->link != nullptr) {
    state_->link->GiveBack(now, false);
    state_->link->DeleteForgotten();
    state_->link->AdoptLost(now);
  }
  return expired;
}

}  // namespace remit::ledger
