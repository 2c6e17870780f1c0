#include "runtime/governor/governor.h"

#include <algorithm>
#include <optional>

#include "runtime/governor/ledger_world.h"

namespace remit {
namespace {

using ledger::Reserved;

// Claims of the same accounts with the same amounts: what was asked for can be reserved as it is.
auto SameClaims(const Decision& a, const Decision& b) -> bool {
  const auto same_budget = [](const BudgetClaim& x, const BudgetClaim& y) {
    return x.budget == y.budget && x.key == y.key && x.charge == y.charge && x.limit == y.limit && x.is_lifted == y.is_lifted;
  };
  const auto same_breaker = [](const BreakerClaim& x, const BreakerClaim& y) {
    return x.breaker == y.breaker && x.key == y.key && x.is_lifted == y.is_lifted;
  };
  return std::ranges::equal(a.budgets, b.budgets, same_budget) && std::ranges::equal(a.breakers, b.breakers, same_breaker);
}

// All that an answer has, but for its memory.
void Clear(GovernedDecision& answer) {
  answer.decision.outcome = Outcome::Deny;
  answer.reservation.clear();
  answer.expires_at = 0;
  answer.is_repeated = false;
  answer.tickets.clear();
  answer.refused.clear();
  answer.covered.clear();
  answer.ticket_errors.clear();
}

// One request on its way to an answer, which is filled in where the caller will read it.
class Attempt {
 public:
  Attempt(const GovernorParts& parts, Session& session, const GovernedRequest& request, Datetime now, GovernedDecision& answer)
      : parts_(parts),
        session_(session),
        request_(request),
        now_(now),
        memory_(AccountMemory::Of(session, parts.ledger)),
        answer_(answer),
        decision_(answer.decision) {}

  auto Run() -> Expected<void> {
    if (auto described = Describe(); !described) return described;
    auto earlier = Recall();
    if (!earlier) return std::unexpected(std::move(earlier.error()));
    if (*earlier) return {};
    constexpr int kRounds = 3;
    Asking asking = FirstAsking();
    for (int round = 0; round < kRounds; ++round) {
      LedgerWorld world = NewWorld(asking);
      asking = Asking::First;
      EvaluateIn(world);
      if (!Spends()) {
        if (world.has_unread() && !StandsAsRead(world)) continue;
        Finish(world);
        return {};
      }
      auto reserved = Reserve(world);
      if (!reserved) return world.has_unread() ? Unreachable(std::move(reserved.error())) : std::unexpected(std::move(reserved.error()));
      if (reserved->granted()) {
        Granted(*reserved);
        return {};
      }
    }
    return RunHeld();
  }

 private:
  // Digests are for grants, tickets and idempotency; a request without any of these is not serialised.
  auto Describe() -> Expected<void> { return IsIdempotent() || !request_.approvals.empty() ? DescribeNow() : Expected<void>{}; }
  auto DescribeNow() -> Expected<void> {
    if (facts_) return {};
    auto facts = approval::DescribeRequest(request_.request, request_.delegation, request_.session, request_.interner);
    if (!facts) return std::unexpected(facts.error());
    facts_ = std::move(*facts);
    return {};
  }
  auto IsIdempotent() const -> bool { return !request_.request_id.empty() && !request_.dry_run; }
  auto digest() const -> ledger::Digest { return facts_ ? facts_->exact.bytes : ledger::Digest{}; }

  // What this request was given before: the state has moved since, so it is not decided again. Quarantine stops it all the same. False if it was
  // given nothing.
  auto Recall() -> Expected<bool> {
    if (!IsIdempotent()) return false;
    const auto recalled = parts_.ledger.Recall(request_.request_id, digest());
    if (!recalled) return std::unexpected(recalled.error());
    if (recalled->status != Reserved::Status::Repeated) return false;
    LedgerWorld world = NewWorld(Asking::First);
    EvaluateIn(world);
    if (decision_.quarantined.empty()) {
      Granted(*recalled);
    } else {
      answer_.covered.clear();
    }
    return true;
  }

  // Approvals lift what is exhausted, so that has to be known; members of a chain claim the same accounts together.
  auto FirstAsking() const -> Asking {
    const bool may_wait = !request_.dry_run && request_.approvals.empty() && request_.delegation.empty();
    return may_wait ? Asking::WhenReserving : Asking::First;
  }
  auto NewWorld(Asking asking) -> LedgerWorld {
    return LedgerWorld(parts_, memory_, *session_.snapshot()->policies, request_, facts_ ? &*facts_ : nullptr, now_.millis, asking);
  }
  void EvaluateIn(LedgerWorld& world) {
    session_.Decide(request_.request, request_.interner, request_.entities, request_.conforms,
                    {.now = now_, .world = &world, .delegation = request_.delegation});
    session_.TakeStatements(decision_);
    answer_.covered = world.covered();
  }
  // Whether what nothing was reserved for would have been decided so with the ledger asked first; and what it says.
  auto StandsAsRead(LedgerWorld& world) -> bool {
    LedgerAsk& ask = world.MakeAsk(decision_);
    if (!parts_.ledger.Read(ToAsk(ask), now_.millis, ask.readings, ask.breaker_readings))
      return false;  // that is for the evaluation to say
    const auto is_exhausted = [](const BudgetClaim& claim) {
      int64_t sum = 0;
      return claim.charge > claim.limit || __builtin_add_overflow(claim.used, claim.charge, &sum) || sum > claim.limit;
    };
    world.Tell(decision_, ask);
    return std::ranges::none_of(decision_.budgets, is_exhausted);
  }
  auto Spends() const -> bool { return decision_.allowed() && !request_.dry_run; }

  // Of what was not read the reservation failed, perhaps because nothing could be read: then that is what denies, as if it had been read first. It
  // is not reserved again: a store whose answer was lost may have it.
  auto Unreachable(Error error) -> Expected<void> {
    LedgerWorld world = NewWorld(Asking::First);
    EvaluateIn(world);
    if (Spends()) return std::unexpected(std::move(error));
    Finish(world);
    return {};
  }

  // Takes the uses of grants and reserves the claims, or neither.
  auto Reserve(LedgerWorld& world) -> Expected<Reserved> {
    if (world.has_unread()) return ReserveUnread(world);
    auto redemption = TakeUses(world);
    if (!redemption) return std::unexpected(redemption.error());
    const LedgerAsk& ask = world.MakeAsk(decision_);
    const bool needs_ledger = !ask.claims.empty() || !ask.breakers.empty() || IsIdempotent();
    auto reserved = needs_ledger ? parts_.ledger.Reserve(ToAsk(ask), ask.readings, ask.breaker_readings, now_.millis) : Reserved{};
    if (auto settled = SettleUses(*redemption, reserved && reserved->granted()); !settled) return std::unexpected(settled.error());
    return reserved;
  }
  // Nothing was approved then.
  auto ReserveUnread(LedgerWorld& world) -> Expected<Reserved> {
    LedgerAsk& ask = world.MakeAsk(decision_);
    auto reserved = parts_.ledger.ReserveUnread(ToAsk(ask), ask.readings, ask.breaker_readings, now_.millis);
    if (!reserved || !reserved->granted()) return reserved;
    // Another with this request id was faster: then nothing was compared, and what there is to tell is read.
    if (reserved->status == Reserved::Status::Granted ||
        parts_.ledger.Read(ToAsk(ask), now_.millis, ask.readings, ask.breaker_readings).has_value()) {
      world.Tell(decision_, ask);
    }
    return reserved;
  }
  auto ToAsk(const LedgerAsk& ask) const -> ledger::Ask {
    return {.request_id = IsIdempotent() ? request_.request_id : std::string_view{},
            .digest = digest(),
            .claims = ask.claims,
            .breakers = ask.breakers};
  }

  auto TakeUses(const LedgerWorld& world) const -> Expected<approval::Redemption> {
    const auto coverages = world.coverages();
    if (coverages.empty()) return approval::Redemption{};
    return parts_.redeemer->Take(*facts_, coverages, request_.request_id);
  }
  auto SettleUses(const approval::Redemption& redemption, bool is_reserved) const -> Expected<void> {
    if (redemption.uses.empty()) return {};
    return is_reserved ? parts_.redeemer->Confirm(redemption) : parts_.redeemer->GiveBack(redemption);
  }

  // Others were faster a few times: the accounts are held while it is decided once more.
  auto RunHeld() -> Expected<void> {
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
      LedgerWorld world = NewWorld(Asking::First);
      EvaluateIn(world);
      if (!Spends()) {
        Finish(world);
        return {};
      }
      const Decision asked = decision_;
      const LedgerAsk& ask = world.MakeAsk(asked);
      Expected<approval::Redemption> redemption = approval::Redemption{};
      const auto evaluate = [&](std::span<const ledger::Reading> budgets, std::span<const ledger::BreakerReading> breakers) {
        world.Hold(asked, budgets, breakers);
        EvaluateIn(world);
        if (!decision_.allowed() || !SameClaims(asked, decision_)) return false;
        redemption = TakeUses(world);
        return redemption.has_value();
      };
      const auto reserved = parts_.ledger.ReserveHeld(ToAsk(ask), now_.millis, evaluate);
      if (!redemption) return std::unexpected(redemption.error());
      if (auto settled = SettleUses(*redemption, reserved && reserved->granted()); !settled) return std::unexpected(settled.error());
      if (!reserved) return std::unexpected(reserved.error());
      if (reserved->granted()) {
        Granted(*reserved);
        return {};
      }
    }
    return Fail("state-contended", "what this request depends on changes all the time");
  }

  void Granted(const Reserved& reserved) {
    if (!reserved.id.empty()) {
      // In place: a text that is copied at once is read before the processor has written it.
      answer_.reservation.resize_and_overwrite(ledger::ReservationId::kLength, [&](char* text, size_t) {
        reserved.id.Print(text);
        return ledger::ReservationId::kLength;
      });
    }
    answer_.expires_at = reserved.expires_at;
    answer_.is_repeated = reserved.status == Reserved::Status::Repeated;
    if (!answer_.is_repeated || decision_.allowed()) return;
    decision_ = {};  // what it was decided by then is no longer known
    decision_.outcome = Outcome::Execute;
  }

  void Finish(const LedgerWorld& world) {
    GovernedDecision& answer = answer_;
    for (const auto& wanted : answer.decision.approvals) {
      if (const auto* why = world.WhyNot(wanted)) answer.refused.push_back({.policy = wanted.policy, .why = *why});
    }
    if (parts_.tickets == nullptr || request_.dry_run || answer.decision.approvals.empty()) return;
    if (auto described = DescribeNow(); !described) {
      answer.ticket_errors.push_back(std::move(described.error()));
      return;
    }
    for (const auto& wanted : answer.decision.approvals) {
      auto ticket = parts_.tickets->Open(*facts_, world.ToWanted(wanted), now_.millis);
      if (!ticket) {
        answer.ticket_errors.push_back(ticket.error());
        continue;
      }
      answer.tickets.push_back(
          {.policy = wanted.policy, .id = ticket->id, .digest = approval::ToHex(ticket->digest), .expires_at = ticket->expires_ms});
    }
  }

  const GovernorParts& parts_;
  Session& session_;
  const GovernedRequest& request_;
  Datetime now_;
  AccountMemory& memory_;
  std::optional<approval::RequestFacts> facts_;
  GovernedDecision& answer_;
  Decision& decision_;  // of the answer
};

}  // namespace

auto Governor::Decide(Session& session, const GovernedRequest& request, Datetime now) const -> Expected<GovernedDecision> {
  Expected<GovernedDecision> answer;
  if (auto done = Decide(session, request, now, *answer); !done) return std::unexpected(std::move(done.error()));
  return answer;
}

auto Governor::Decide(Session& session, const GovernedRequest& request, Datetime now, GovernedDecision& answer) const -> Expected<void> {
  if (session.snapshot() == nullptr) session.Pin();
  Clear(answer);
  auto done = Attempt(parts_, session, request, now, answer).Run();
  if (!done) answer = {};
  return done;
}

auto Governor::Settle(const ir::Program& program, const Interner& interner, std::string_view reservation, ledger::Verdict verdict,
                      std::span<const ledger::Actual> actual, Datetime now) const -> Expected<ledger::Settled> {
  const auto trips = [&](std::string_view breaker, std::string_view /*key*/, int64_t calls, int64_t failures) {
    return IsTripped(program, interner, breaker, {.calls = calls, .failures = failures});
  };
  return parts_.ledger.Settle(reservation, verdict, actual, trips, now.millis);
}

auto IsTripped(const ir::Program& program, const Interner& interner, std::string_view breaker, const TripCounts& counts) -> bool {
  const auto it = std::ranges::find_if(program.breakers, [&](const ir::Breaker& each) { return interner.text(each.name) == breaker; });
  if (it == program.breakers.end()) return true;
  Arena arena;
  const EntityStore nothing;
  const Request nobody = {};
  const auto value = Evaluate(program, it->trip,
                              {.entities = nothing, .request = nobody, .interner = interner, .arena = arena, .state = {.trip = &counts}});
  return !value || !value->is(Kind::Bool) || value->as_bool();
}

}  // namespace remit
