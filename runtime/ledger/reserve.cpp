// Reserving: everything a request claims, or nothing.
#include <algorithm>
#include <optional>

#include "runtime/base/check.h"
#include "runtime/ledger/ledger_state.h"
#include "runtime/ledger/store_link.h"

namespace remit::ledger {
namespace {

auto Bit(uint32_t index) -> uint64_t { return uint64_t{1} << index; }

// `limit` less what is used, at least 0.
auto Room(int64_t limit, int64_t used) -> int64_t {
  int64_t room = 0;
  if (__builtin_sub_overflow(limit, used, &room)) return limit > 0 ? std::numeric_limits<int64_t>::max() : 0;
  return std::max<int64_t>(room, 0);
}

// What a claim with a place and room for so much becomes.
struct Plan {
  Place place;
  int64_t approved;
};

// The answer is written where the caller will read it: one that is put together elsewhere and copied is read before the processor has written it.
class Reserving {
 public:
  Reserving(Ledger::State& state, const Ask& ask, int64_t now, Reserved& answer)
      : state_(state), ask_(ask), now_(now), answer_(answer), shard_index_(ShardIndex()), shard_(state.reservations.shard(shard_index_)) {}

  auto Compared(std::span<const Reading> budgets, std::span<const BreakerReading> breakers) -> Expected<void> {
    budgets_ = budgets;
    breakers_ = breakers;
    return Locked();
  }

  // `told` is what is known, and becomes what is.
  auto Unread(std::span<Reading> told, std::span<const BreakerReading> breakers) -> Expected<void> {
    told_ = told.data();
    return Compared(told, breakers);
  }

  auto Held(const Evaluate& evaluate) -> Expected<void> {
    evaluate_ = &evaluate;
    return Locked();
  }

  // What this request has already, if it was asked before. With the shard locked.
  auto Earlier() -> Expected<bool> {
    if (ask_.request_id.empty()) return false;
    request_hash_ = ReservationTable::HashOf(ask_.request_id);
    const uint32_t slot = shard_.FindByRequest(ask_.request_id, request_hash_);
    if (slot != ReservationShard::kNone) return Repeated(shard_.at(slot).id, shard_.at(slot).digest, shard_.at(slot).expires_at);
    const SettledView settled = shard_.settled.FindByRequest(ask_.request_id, request_hash_);
    if (settled) return Repeated(settled.header().id, settled.digest(), settled.header().expires_at);
    return false;
  }

 private:
  auto Repeated(const RawId& id, const Digest& digest, int64_t expires_at) const -> Expected<bool> {
    if (digest != ask_.digest) return Fail("request-id-reused", "another request had the id `" + std::string(ask_.request_id) + "`");
    answer_ = {.status = Reserved::Status::Repeated, .id = ReservationId(shard_index_, id), .expires_at = expires_at};
    return true;
  }

  // Runs `Once` with the shard and the accounts locked. With a store, until what it did is committed or what it refused was read just now.
  auto Locked() -> Expected<void> {
    const std::lock_guard lock(shard_.lock);
    if (!ask_.request_id.empty()) {
      auto earlier = Earlier();
      if (!earlier) return std::unexpected(std::move(earlier.error()));
      if (*earlier) return {};
    }
    if (shard_.size() >= state_.most_in_shard && !MakeRoom())
      return Fail("too-many-reservations", "there is no room for another open reservation");
    LockedAccounts locked;
    if (!locked.LockOne(ask_, budgets_)) {
      if (auto done = locked.Lock(state_, ask_, budgets_, breakers_); !done) return done;
    }
    if (state_.link == nullptr) {
      Once(locked);
      return {};
    }
    leased_ = state_.link->IsLeased(ask_);
    return leased_ ? Leased(locked) : Stored(locked);
  }

  [[gnu::noinline]] auto Stored(LockedAccounts& locked) -> Expected<void> {
    StoreLink& link = *state_.link;
    bool fresh = state_.options.sole;
    if (auto loaded = link.Load(locked, false); !loaded) return loaded;
    for (int attempt = 0; attempt < StoreLink::kAttempts; ++attempt) {
      // Leases of this ledger are room for this request.
      std::array<std::optional<Lease>, kMaxClaims> leases;
      for (const auto& pick : locked.budgets()) leases[pick.index] = pick.slot->body->Suspend();
      Once(locked);
      if (answer_.status == Reserved::Status::Granted) {
        auto committed = link.Commit(shard_.at(slot_), true);
        if (committed && *committed) return {};
        Discard();
        for (const auto& pick : locked.budgets()) pick.slot->body->lease = *leases[pick.index];
        if (!committed) return std::unexpected(std::move(committed.error()));
        auto earlier = link.FindRequest(ask_.request_id, ask_.digest);
        if (!earlier) return std::unexpected(std::move(earlier.error()));
        if (earlier->has_value()) {
          answer_ = **earlier;
          return {};
        }
      } else {
        for (const auto& pick : locked.budgets()) pick.slot->body->Resume(*leases[pick.index]);
        if (fresh && answer_.status == Reserved::Status::Exhausted) link.Recall(locked, ask_, answer_.claims, now_);
        if (fresh) return {};
      }
      if (auto loaded = link.Load(locked, true); !loaded) return loaded;
      fresh = true;
    }
    return Fail("store-busy", "other ledgers changed the accounts of the request all the time");
  }

  // From what was leased before, or is leased now.
  auto Leased(LockedAccounts& locked) -> Expected<void> {
    StoreLink& link = *state_.link;
    if (!link.IsCovered(locked, ask_, now_)) return Lent(locked);
    Once(locked);
    return {};
  }

  [[gnu::noinline]] auto Lent(LockedAccounts& locked) -> Expected<void> {
    StoreLink& link = *state_.link;
    if (auto loaded = link.Load(locked, false); !loaded) return loaded;
    for (int attempt = 0; attempt < StoreLink::kAttempts; ++attempt) {
      auto covered = link.Cover(locked, ask_, now_);
      if (!covered) return std::unexpected(std::move(covered.error()));
      if (*covered == StoreLink::Covered::Again) continue;
      Once(locked);
      if (*covered == StoreLink::Covered::Yes) return {};
      CHECK(!answer_.granted(), "what no lease covers is refused");
      if (answer_.status == Reserved::Status::Exhausted) link.Recall(locked, ask_, answer_.claims, now_);
      return {};
    }
    return Fail("store-busy", "other ledgers changed the accounts of the request all the time");
  }

  // The record came to nothing, and what it changed in memory is not what the store has.
  void Discard() {
    Record& record = shard_.at(slot_);
    Distrust(record);
    for (const Line& line : record.lines) --line.slot->references;
    for (const BreakerLine& line : record.breakers) --line.slot->references;
    shard_.Discard(slot_);
  }

  auto ShardIndex() const -> uint8_t {
    return ask_.request_id.empty() ? state_.reservations.NextShard() : ReservationTable::ShardOfRequest(ask_.request_id);
  }

  void Once(LockedAccounts& locked) {
    if (evaluate_ != nullptr) return EvaluateHeld(locked);
    Finish(locked, budgets_, breakers_);
  }

  [[gnu::noinline]] void EvaluateHeld(LockedAccounts& locked) {
    std::array<Reading, kMaxClaims> budgets;
    std::array<BreakerReading, kMaxClaims> breakers;
    for (const auto& pick : locked.budgets()) budgets[pick.index] = ReadAccount(*pick.slot, ask_.claims[pick.index], pick.generation, now_);
    for (const auto& pick : locked.breakers()) {
      breakers[pick.index] = ReadBreaker(*pick.slot, ask_.breakers[pick.index], pick.generation, now_);
    }
    const std::span read_budgets(budgets.data(), ask_.claims.size());
    const std::span read_breakers(breakers.data(), ask_.breakers.size());
    if ((*evaluate_)(read_budgets, read_breakers)) return Finish(locked, read_budgets, read_breakers);
    answer_ = {.status = Reserved::Status::Declined};
  }

  void Finish(LockedAccounts& locked, std::span<const Reading> budgets, std::span<const BreakerReading> breakers) {
    moved_ = full_ = moved_breakers_ = blocked_ = 0;
    CompareBudgets(locked, budgets);
    CompareBreakers(locked, breakers);
    if ((moved_ | moved_breakers_ | full_ | blocked_) == 0) return File(locked);
    const bool moved = (moved_ | moved_breakers_) != 0;
    answer_.status = moved ? Reserved::Status::Moved : Reserved::Status::Exhausted;
    answer_.claims = moved ? moved_ : full_;
    answer_.breakers = moved ? moved_breakers_ : blocked_;
  }

  void CompareBudgets(LockedAccounts& locked, std::span<const Reading> readings) {
    for (const auto& pick : locked.budgets()) {
      const Claim& claim = ask_.claims[pick.index];
      Account& account = *pick.slot->body;
      const Place place = account.PlaceAt(now_);
      account.SetLimit(claim.limit);
      const int64_t used = account.Used(place);
      if (claim.observed && used != readings[pick.index].used) moved_ |= Bit(pick.index);
      const int64_t room = Room(claim.limit, used);
      const int64_t beyond = claim.charge > room ? claim.charge - room : used > claim.limit && !claim.lifted ? 1 : 0;
      if (beyond > 0 && !claim.lifted) full_ |= Bit(pick.index);
      Plan& plan = plans_[pick.index];
      plan.place = place;
      plan.approved = claim.lifted ? beyond : 0;
      if (told_ == nullptr) continue;
      told_[pick.index].used = used;
      told_[pick.index].handle = {pick.slot, pick.generation};
    }
  }

  void CompareBreakers(LockedAccounts& locked, std::span<const BreakerReading> readings) {
    for (const auto& pick : locked.breakers()) {
      const BreakerClaim& claim = ask_.breakers[pick.index];
      const BreakerReading now = ReadBreaker(*pick.slot, claim, pick.generation, now_);
      if (now.blocked != readings[pick.index].blocked) moved_breakers_ |= Bit(pick.index);
      if (now.blocked && !claim.lifted) blocked_ |= Bit(pick.index);
    }
  }

  // Room in the shard, by forgetting what ended first if need be. Before accounts are locked: that may have some of its own.
  auto MakeRoom() -> bool {
    while (shard_.size() >= state_.most_in_shard) {
      if (!state_.ForgetSomeOf(shard_)) return false;
    }
    return true;
  }

  void File(LockedAccounts& locked) {
    slot_ = shard_.Take();
    Record& record = shard_.at(slot_);
    record.leased = leased_;
    int64_t hold = ask_.claims.empty() ? Terms{}.hold_ms : 0;
    for (const auto& pick : locked.budgets()) {
      hold = std::max(hold, ask_.claims[pick.index].terms.hold_ms);
      AddLine(record, *pick.slot, ask_.claims[pick.index], plans_[pick.index], now_);
    }
    for (const auto& pick : locked.breakers()) AddBreakerLine(record, *pick.slot, ask_.breakers[pick.index]);
    // It is counted. Nobody finds the record before the shard is let go; unless it has to be committed first, others may count on.
    if (state_.link == nullptr || leased_) locked.Unlock();
    const RawId id = shard_.Name(record);
    record.shard = shard_index_;
    record.row_version = 0;
    record.stale = false;
    record.request_hash = request_hash_;
    if (!ask_.request_id.empty()) record.request_id.assign(ask_.request_id);
    record.digest = ask_.digest;
    record.stage = Stage::Open;
    record.late = record.overdrawn = false;
    record.expires_at = AddSaturated(now_, hold);
    shard_.File(slot_);
    state_.WillExpire(record.expires_at);
    answer_.status = Reserved::Status::Granted;
    answer_.id = ReservationId(shard_index_, id);
    answer_.expires_at = record.expires_at;
  }

  static void AddLine(Record& record, AccountSlot& slot, const Claim& claim, const Plan& plan, int64_t now) {
    Account& account = *slot.body;
    const int64_t inside = claim.charge - plan.approved;
    if (record.leased) {
      account.lease.Spend(plan.place, inside);
      account.lease.reserved += inside;
      account.lease.used_at = now;
    } else {
      account.counter.Add(plan.place, {.reserved = inside});
    }
    if (plan.approved != 0) account.approved = AddSaturated(account.approved, plan.approved);
    ++slot.references;
    Line& line = record.lines.emplace_back();
    line.slot = &slot;
    line.budget = account.budget;
    line.reserved = claim.charge;
    line.approved = plan.approved;
    line.held = inside;
    line.approved_counted = plan.approved;
    line.place = plan.place;
    line.unsettled = claim.terms.unsettled;
    line.concurrent = claim.terms.window == Window::Concurrent;
  }

  static void AddBreakerLine(Record& record, BreakerSlot& slot, const BreakerClaim& claim) {
    Breaker& breaker = slot.body->state;
    ++slot.references;
    const bool probe = !claim.lifted && breaker.Begin();
    record.breakers.push_back({.slot = &slot, .term = breaker.term(), .probe = probe});
  }

  Ledger::State& state_;
  const Ask& ask_;
  int64_t now_;
  Reserved& answer_;
  std::span<const Reading> budgets_;
  std::span<const BreakerReading> breakers_;
  Reading* told_ = nullptr;  // of `budgets_`, if they may be written
  const Evaluate* evaluate_ = nullptr;
  uint8_t shard_index_;
  ReservationShard& shard_;
  uint64_t request_hash_ = 0;
  bool leased_ = false;
  uint32_t slot_ = ReservationShard::kNone;
  std::array<Plan, kMaxClaims> plans_;  // not initialised: only those of the ask are read
  uint64_t moved_ = 0;
  uint64_t full_ = 0;
  uint64_t moved_breakers_ = 0;
  uint64_t blocked_ = 0;
};

}  // namespace

auto Ledger::Recall(std::string_view request_id, const Digest& digest) -> Expected<Reserved> {
  const Ask ask = {.request_id = request_id, .digest = digest, .claims = {}, .breakers = {}};
  Expected<Reserved> answer = Reserved{.status = Reserved::Status::Declined};
  if (request_id.empty()) return answer;
  {
    Reserving reserving(*state_, ask, 0, *answer);
    const std::lock_guard lock(state_->reservations.shard(ReservationTable::ShardOfRequest(request_id)).lock);
    const auto earlier = reserving.Earlier();
    if (!earlier) return std::unexpected(earlier.error());
    if (*earlier) return answer;
  }
  if (state_->link != nullptr) {
    const auto stored = state_->link->FindRequest(request_id, digest);
    if (!stored) return std::unexpected(stored.error());
    if (stored->has_value()) return **stored;
  }
  return answer;
}

namespace {

auto Check(const Ask& ask, int64_t now) -> Expected<void> {
  if (!IsTime(now)) return InvalidTime(now);
  return IsValid(ask) ? Expected<void>() : InvalidAsk(ask);
}

// Where an answer is filled in. Not a constant: the compiler would make that one by clearing all the room that an error could take.
auto Unanswered(int64_t now) -> Expected<Reserved> { return Reserved{.expires_at = now}; }

}  // namespace

auto Ledger::Reserve(const Ask& ask, std::span<const Reading> budgets, std::span<const BreakerReading> breakers, int64_t now)
    -> Expected<Reserved> {
  CHECK(budgets.size() >= ask.claims.size() && breakers.size() >= ask.breakers.size(), "a reservation needs what was read");
  Expected<Reserved> answer = Unanswered(now);
  if (IsTime(now) && IsValid(ask)) [[likely]] {
    state_->ExpireIfDue(now);
    auto done = Reserving(*state_, ask, now, *answer).Compared(budgets, breakers);
    if (!done) answer = std::unexpected(std::move(done.error()));
  } else {
    answer = std::unexpected(Check(ask, now).error());
  }
  return answer;
}

auto Ledger::ReserveUnread(const Ask& ask, std::span<Reading> budgets, std::span<const BreakerReading> breakers, int64_t now)
    -> Expected<Reserved> {
  CHECK(budgets.size() >= ask.claims.size() && breakers.size() >= ask.breakers.size(), "a reservation needs room for what is read");
  Expected<Reserved> answer = Unanswered(now);
  if (IsTime(now) && IsValid(ask)) [[likely]] {
    state_->ExpireIfDue(now);
    auto done = Reserving(*state_, ask, now, *answer).Unread(budgets, breakers);
    if (!done) answer = std::unexpected(std::move(done.error()));
  } else {
    answer = std::unexpected(Check(ask, now).error());
  }
  return answer;
}

auto Ledger::ReserveHeld(const Ask& ask, int64_t now, const Evaluate& evaluate) -> Expected<Reserved> {
  Expected<Reserved> answer = Unanswered(now);
  auto done = Check(ask, now);
  if (done) {
    state_->ExpireIfDue(now);
    done = Reserving(*state_, ask, now, *answer).Held(evaluate);
  }
  if (!done) answer = std::unexpected(std::move(done.error()));
  return answer;
}

}  // namespace remit::ledger
