#include "runtime/governor/governor.h"

#include <algorithm>
#include <optional>

#include "runtime/governor/ledger_world.h"

namespace remit {
namespace {

using ledger::Reserved;

auto Fail(std::string_view code, std::string_view message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::string(code), .message = std::string(message), .pointer = {}, .help = {}});
}

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

// One request on its way to an answer.
class Attempt {
 public:
  Attempt(const GovernorParts& parts, Session& session, const GovernedRequest& request, Datetime now)
      : parts_(parts), session_(session), request_(request), now_(now) {}

  auto Run() -> Expected<GovernedDecision> {
    if (auto described = Describe(); !described) return std::unexpected(described.error());
    auto earlier = Recall();
    if (!earlier) return std::unexpected(earlier.error());
    if (*earlier) return std::move(**earlier);
    constexpr int kRounds = 3;
    for (int round = 0; round < kRounds; ++round) {
      LedgerWorld world = NewWorld();
      EvaluateIn(world);
      if (!Spends()) return Finish(world);
      auto reserved = Reserve(world);
      if (!reserved) return std::unexpected(reserved.error());
      if (reserved->granted()) return Granted(*reserved);
    }
    return RunHeld();
  }

 private:
  using Answer = Expected<GovernedDecision>;

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

  // What this request was given before: the state has moved since, so it is not decided again. Quarantine stops it all the same.
  auto Recall() -> Expected<std::optional<GovernedDecision>> {
    if (!IsIdempotent()) return std::optional<GovernedDecision>();
    const auto recalled = parts_.ledger.Recall(request_.request_id, digest());
    if (!recalled) return std::unexpected(recalled.error());
    if (recalled->status != Reserved::Status::Repeated) return std::optional<GovernedDecision>();
    LedgerWorld world = NewWorld();
    EvaluateIn(world);
    if (!decision_.quarantined.empty()) return std::optional(GovernedDecision{.decision = std::move(decision_)});
    return std::optional(Granted(*recalled));
  }

  auto NewWorld() -> LedgerWorld {
    return LedgerWorld(parts_, *session_.snapshot()->policies, request_, facts_ ? &*facts_ : nullptr, now_.millis);
  }
  void EvaluateIn(LedgerWorld& world) {
    session_.Decide(request_.request, request_.interner, request_.entities, request_.conforms,
                    {.now = now_, .world = &world, .delegation = request_.delegation});
    decision_ = session_.ToDecision();
    covered_ = world.covered();
  }
  auto Spends() const -> bool { return decision_.allowed() && !request_.dry_run; }

  // Takes the uses of grants and reserves the claims, or neither.
  auto Reserve(const LedgerWorld& world) -> Expected<Reserved> {
    auto redemption = TakeUses(world);
    if (!redemption) return std::unexpected(redemption.error());
    const LedgerAsk ask = world.MakeAsk(decision_);
    const bool needs_ledger = !ask.claims.empty() || !ask.breakers.empty() || IsIdempotent();
    auto reserved = needs_ledger ? parts_.ledger.Reserve(ToAsk(ask), ask.readings, ask.breaker_readings, now_.millis) : Reserved{};
    if (auto settled = SettleUses(*redemption, reserved && reserved->granted()); !settled) return std::unexpected(settled.error());
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
  auto RunHeld() -> Answer {
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
      LedgerWorld world = NewWorld();
      EvaluateIn(world);
      if (!Spends()) return Finish(world);
      const Decision asked = decision_;
      const LedgerAsk ask = world.MakeAsk(asked);
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
      if (reserved->granted()) return Granted(*reserved);
    }
    return Fail("state-contended", "what this request depends on changes all the time");
  }

  auto Granted(const Reserved& reserved) -> GovernedDecision {
    GovernedDecision answer = {.decision = std::move(decision_),
                               .reservation = std::string(reserved.id.empty() ? std::string_view{} : reserved.id.text()),
                               .expires_at = reserved.expires_at,
                               .is_repeated = reserved.status == Reserved::Status::Repeated,
                               .covered = std::move(covered_)};
    if (answer.is_repeated && !answer.decision.allowed()) {
      answer.decision = {};  // what it was decided by then is no longer known
      answer.decision.outcome = Outcome::Execute;
    }
    return answer;
  }

  auto Finish(const LedgerWorld& world) -> GovernedDecision {
    GovernedDecision answer = {.decision = std::move(decision_), .covered = std::move(covered_)};
    for (const auto& wanted : answer.decision.approvals) {
      if (const auto* why = world.WhyNot(wanted)) answer.refused.push_back({.policy = wanted.policy, .why = *why});
    }
    if (parts_.tickets == nullptr || request_.dry_run || answer.decision.approvals.empty()) return answer;
    if (auto described = DescribeNow(); !described) {
      answer.ticket_errors.push_back(std::move(described.error()));
      return answer;
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
    return answer;
  }

  const GovernorParts& parts_;
  Session& session_;
  const GovernedRequest& request_;
  Datetime now_;
  std::optional<approval::RequestFacts> facts_;
  Decision decision_;
  std::vector<CoveredCap> covered_;
};

}  // namespace

auto Governor::Decide(Session& session, const GovernedRequest& request, Datetime now) const -> Expected<GovernedDecision> {
  if (session.snapshot() == nullptr) session.Pin();
  return Attempt(parts_, session, request, now).Run();
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
