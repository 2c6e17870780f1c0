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

class Reserving {
 public:
  Reserving(Ledger::State& state, const Ask& ask, int64_t now)
      : state_(state), ask_(ask), now_(now), shard_index_(ShardIndex()), shard_(state.reservations.shard(shard_index_)) {}

  auto Compared(std::span<const Reading> budgets, std::span<const BreakerReading> breakers) -> Expected<Reserved> {
    return Locked(budgets, breakers, [&](LockedAccounts& locked) { return Finish(locked, budgets, breakers); });
  }

  auto Held(const Evaluate& evaluate) -> Expected<Reserved> {
    return Locked({}, {}, [&](LockedAccounts& locked) {
      std::array<Reading, kMaxClaims> budgets;
      std::array<BreakerReading, kMaxClaims> breakers;
      for (const auto& pick : locked.budgets())
        budgets[pick.index] = ReadAccount(*pick.slot, ask_.claims[pick.index], pick.generation, now_);
      for (const auto& pick : locked.breakers())
        breakers[pick.index] = ReadBreaker(*pick.slot, ask_.breakers[pick.index], pick.generation, now_);
      const std::span read_budgets(budgets.data(), ask_.claims.size());
      const std::span read_breakers(breakers.data(), ask_.breakers.size());
      if (!evaluate(read_budgets, read_breakers)) return Reserved{.status = Reserved::Status::Declined};
      return Finish(locked, read_budgets, read_breakers);
    });
  }

  // What this request has already, if it was asked before.
  auto Earlier() -> std::optional<Expected<Reserved>> {
    if (ask_.request_id.empty()) return std::nullopt;
    request_hash_ = ReservationTable::HashOf(ask_.request_id);
    const uint32_t slot = shard_.FindByRequest(ask_.request_id, request_hash_);
    if (slot != ReservationShard::kNone) return Repeated(shard_.at(slot).id, shard_.at(slot).digest, shard_.at(slot).expires_at);
    const SettledView settled = shard_.settled.FindByRequest(ask_.request_id, request_hash_);
    if (settled) return Repeated(settled.header().id, settled.digest(), settled.header().expires_at);
    return std::nullopt;
  }

 private:
  auto Repeated(const RawId& id, const Digest& digest, int64_t expires_at) const -> Expected<Reserved> {
    if (digest != ask_.digest) return LedgerError("request-id-reused", "another request had the id `" + std::string(ask_.request_id) + "`");
    return Reserved{.status = Reserved::Status::Repeated, .id = IdFactory::Text(shard_index_, id), .expires_at = expires_at};
  }

  // Runs `once` with the shard and the accounts locked. With a store, until what it did is committed or what it refused was read just now.
  template <typename Once>
  auto Locked(std::span<const Reading> budgets, std::span<const BreakerReading> breakers, const Once& once) -> Expected<Reserved> {
    const std::lock_guard lock(shard_.lock);
    if (auto earlier = Earlier()) return *earlier;
    if (!MakeRoom()) return LedgerError("too-many-reservations", "there is no room for another open reservation");
    LockedAccounts locked;
    if (auto done = locked.Lock(state_, ask_, budgets, breakers); !done) return std::unexpected(std::move(done.error()));
    if (state_.link == nullptr) return once(locked);
    leased_ = state_.link->IsLeased(ask_);
    return leased_ ? Leased(locked, once) : Stored(locked, once);
  }

  template <typename Once>
  auto Stored(LockedAccounts& locked, const Once& once) -> Expected<Reserved> {
    StoreLink& link = *state_.link;
    bool fresh = state_.options.sole;
    if (auto loaded = link.Load(locked, false); !loaded) return std::unexpected(std::move(loaded.error()));
    for (int attempt = 0; attempt < StoreLink::kAttempts; ++attempt) {
      // Leases of this ledger are room for this request.
      std::array<std::optional<Lease>, kMaxClaims> leases;
      for (const auto& pick : locked.budgets()) leases[pick.index] = pick.slot->body->Suspend();
      const Reserved reserved = once(locked);
      if (reserved.status == Reserved::Status::Granted) {
        auto committed = link.Commit(shard_.at(slot_), true);
        if (committed && *committed) return reserved;
        Discard();
        for (const auto& pick : locked.budgets()) pick.slot->body->lease = *leases[pick.index];
        if (!committed) return std::unexpected(std::move(committed.error()));
        auto earlier = link.FindRequest(ask_.request_id, ask_.digest);
        if (!earlier) return std::unexpected(std::move(earlier.error()));
        if (earlier->has_value()) return **earlier;
      } else {
        for (const auto& pick : locked.budgets()) pick.slot->body->Resume(*leases[pick.index]);
        if (fresh && reserved.status == Reserved::Status::Exhausted) link.Recall(locked, ask_, reserved.claims, now_);
        if (fresh) return reserved;
      }
      if (auto loaded = link.Load(locked, true); !loaded) return std::unexpected(std::move(loaded.error()));
      fresh = true;
    }
    return LedgerError("store-busy", "other ledgers changed the accounts of the request all the time");
  }

  // From what was leased before, or is leased now.
  template <typename Once>
  auto Leased(LockedAccounts& locked, const Once& once) -> Expected<Reserved> {
    StoreLink& link = *state_.link;
    if (auto loaded = link.Load(locked, false); !loaded) return std::unexpected(std::move(loaded.error()));
    for (int attempt = 0; attempt < StoreLink::kAttempts; ++attempt) {
      auto covered = link.Cover(locked, ask_, now_);
      if (!covered) return std::unexpected(std::move(covered.error()));
      if (*covered == StoreLink::Covered::Yes) return once(locked);
      if (*covered == StoreLink::Covered::No) {
        const Reserved refused = once(locked);
        CHECK(!refused.granted(), "what no lease covers is refused");
        if (refused.status == Reserved::Status::Exhausted) link.Recall(locked, ask_, refused.claims, now_);
        return refused;
      }
    }
    return LedgerError("store-busy", "other ledgers changed the accounts of the request all the time");
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
    return ask_.request_id.empty() ? ReservationTable::NextShard() : ReservationTable::ShardOfRequest(ask_.request_id);
  }

  auto Finish(LockedAccounts& locked, std::span<const Reading> budgets, std::span<const BreakerReading> breakers) -> Reserved {
    moved_ = full_ = moved_breakers_ = blocked_ = 0;
    CompareBudgets(locked, budgets);
    CompareBreakers(locked, breakers);
    if ((moved_ | moved_breakers_) != 0) return Reserved{.status = Reserved::Status::Moved, .claims = moved_, .breakers = moved_breakers_};
    if ((full_ | blocked_) != 0) return Reserved{.status = Reserved::Status::Exhausted, .claims = full_, .breakers = blocked_};
    return File(locked);
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
      plans_[pick.index] = {.place = place, .approved = claim.lifted ? beyond : 0};
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
    const size_t most = std::max<size_t>(1, state_.options.max_reservations / ReservationTable::kShards);
    while (shard_.size() >= most) {
      if (!state_.ForgetSomeOf(shard_)) return false;
    }
    return true;
  }

  auto File(LockedAccounts& locked) -> Reserved {
    slot_ = shard_.Take();
    Record& record = shard_.at(slot_);
    record.id = shard_.NewId();
    record.shard = shard_index_;
    record.row_version = 0;
    record.stale = false;
    record.leased = leased_;
    record.request_hash = request_hash_;
    record.request_id.assign(ask_.request_id);
    record.digest = ask_.digest;
    record.stage = Stage::Open;
    record.late = record.overdrawn = false;
    int64_t hold = 0;
    for (const auto& pick : locked.budgets()) {
      hold = std::max(hold, ask_.claims[pick.index].terms.hold_ms);
      AddLine(record, *pick.slot, ask_.claims[pick.index], plans_[pick.index], now_);
    }
    for (const auto& pick : locked.breakers()) AddBreakerLine(record, *pick.slot, ask_.breakers[pick.index]);
    record.expires_at = AddSaturated(now_, ask_.claims.empty() ? Terms{}.hold_ms : hold);
    shard_.File(slot_);
    state_.WillExpire(record.expires_at);
    return {.status = Reserved::Status::Granted, .id = IdFactory::Text(shard_index_, record.id), .expires_at = record.expires_at};
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
    account.approved = AddSaturated(account.approved, plan.approved);
    ++slot.references;
    record.lines.push_back({.slot = &slot,
                            .budget = account.budget,
                            .reserved = claim.charge,
                            .approved = plan.approved,
                            .held = inside,
                            .approved_counted = plan.approved,
                            .place = plan.place,
                            .unsettled = claim.terms.unsettled,
                            .concurrent = claim.terms.window == Window::Concurrent});
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
  if (request_id.empty()) return Reserved{.status = Reserved::Status::Declined};
  {
    Reserving reserving(*state_, ask, 0);
    const std::lock_guard lock(state_->reservations.shard(ReservationTable::ShardOfRequest(request_id)).lock);
    if (auto earlier = reserving.Earlier()) return *earlier;
  }
  if (state_->link != nullptr) {
    const auto stored = state_->link->FindRequest(request_id, digest);
    if (!stored) return std::unexpected(stored.error());
    if (stored->has_value()) return **stored;
  }
  return Reserved{.status = Reserved::Status::Declined};
}

auto Ledger::Reserve(const Ask& ask, std::span<const Reading> budgets, std::span<const BreakerReading> breakers, int64_t now)
    -> Expected<Reserved> {
  if (!IsTime(now)) return InvalidTime(now);
  if (!IsValid(ask)) return InvalidAsk(ask);
  CHECK(budgets.size() >= ask.claims.size() && breakers.size() >= ask.breakers.size(), "a reservation needs what was read");
  state_->ExpireIfDue(now);
  return Reserving(*state_, ask, now).Compared(budgets, breakers);
}

auto Ledger::ReserveHeld(const Ask& ask, int64_t now, const Evaluate& evaluate) -> Expected<Reserved> {
  if (!IsTime(now)) return InvalidTime(now);
  if (!IsValid(ask)) return InvalidAsk(ask);
  state_->ExpireIfDue(now);
  return Reserving(*state_, ask, now).Held(evaluate);
}

}  // namespace remit::ledger
