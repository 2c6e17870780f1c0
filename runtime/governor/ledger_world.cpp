#include "runtime/governor/ledger_world.h"

#include <algorithm>

namespace remit {
namespace {

constexpr int64_t kUsualHold = 60'000;

auto ToLedger(const ir::Window& window) -> ledger::Window { return static_cast<ledger::Window>(window.kind); }
static_assert(static_cast<int>(ir::WindowKind::Concurrent) == static_cast<int>(ledger::Window::Concurrent));

}  // namespace

// A uid that neither the engine nor the request has heard of is nobody's here.
LedgerWorld::LedgerWorld(const GovernorParts& parts, const Policies& policies, const GovernedRequest& request,
                         const approval::RequestFacts* facts, int64_t now)
    : parts_(parts), policies_(policies), program_(policies.program()), request_(request), facts_(facts), now_(now) {
  if (parts.ledger.quarantine().version() == 0) return;  // nobody ever was
  const auto list = parts.ledger.quarantine().list();
  for (const auto& entry : *list) {
    const EntityUid uid = {.type = request.interner.Find(entry.type), .id = request.interner.Find(entry.id)};
    if (uid.type.has_value() && uid.id.has_value()) quarantined_.push_back(uid);
  }
}

// ---- state ---------------------------------------------------------------------------------------------------------

auto LedgerWorld::FindKnown(const BudgetClaim& claim) const -> const KnownBudget* {
  const auto it =
      std::ranges::find_if(budgets_, [&](const KnownBudget& each) { return each.budget == claim.budget && each.key == claim.key; });
  return it == budgets_.end() ? nullptr : &*it;
}

auto LedgerWorld::FindKnown(const BreakerClaim& claim) const -> const KnownBreaker* {
  const auto it =
      std::ranges::find_if(breakers_, [&](const KnownBreaker& each) { return each.breaker == claim.breaker && each.key == claim.key; });
  return it == breakers_.end() ? nullptr : &*it;
}

auto LedgerWorld::ToLedger(const BudgetClaim& claim) const -> ledger::Claim {
  const auto& budget = program_.budgets[claim.budget];
  const auto& interner = request_.interner;
  return {.budget = interner.text(budget.name),
          .key = claim.key,
          .charge = claim.charge,
          .limit = claim.limit,
          .terms = {.window = remit::ToLedger(budget.window),
                    .window_ms = budget.window.duration,
                    .zone = budget.window.time_zone.has_value() ? interner.text(budget.window.time_zone) : std::string_view{},
                    .hold_ms = budget.hold == 0 ? kUsualHold : budget.hold,
                    .unsettled = budget.unsettled == ir::Unsettled::Charge ? ledger::Unsettled::Charge : ledger::Unsettled::Release},
          .observed = policies_.IsRead(claim.budget),
          .lifted = claim.is_lifted};
}

auto LedgerWorld::ToLedger(const BreakerClaim& claim) const -> ledger::BreakerClaim {
  const auto& breaker = program_.breakers[claim.breaker];
  return {.breaker = request_.interner.text(breaker.name),
          .key = claim.key,
          .terms = {.window_ms = breaker.within,
                    .cooldown_ms = breaker.cooldown,
                    .probe = static_cast<int32_t>(std::min<int64_t>(breaker.probe, INT32_MAX))},
          .lifted = claim.is_lifted};
}

// Of what is not known yet; the rest is as it was.
auto LedgerWorld::Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> {
  std::pmr::vector<const BudgetClaim*> new_budgets(&memory_);
  std::pmr::vector<const BreakerClaim*> new_breakers(&memory_);
  new_budgets.reserve(budgets.size());
  new_breakers.reserve(breakers.size());
  for (const auto& claim : budgets) {
    if (FindKnown(claim) == nullptr) new_budgets.push_back(&claim);
  }
  for (const auto& claim : breakers) {
    if (FindKnown(claim) == nullptr) new_breakers.push_back(&claim);
  }
  if (!new_budgets.empty() || !new_breakers.empty()) {
    if (is_held_)
      return std::unexpected(Error{.code = "state-moved", .message = "another account is needed now", .pointer = {}, .help = {}});
    LedgerAsk ask = AskOf(new_budgets, new_breakers);
    const ledger::Ask what = {.request_id = {}, .claims = ask.claims, .breakers = ask.breakers};
    if (auto read = parts_.ledger.Read(what, now_, ask.readings, ask.breaker_readings); !read) return read;
    budgets_.reserve(budgets_.size() + new_budgets.size());
    for (size_t i = 0; i < new_budgets.size(); ++i) {
      budgets_.push_back({.budget = new_budgets[i]->budget, .key = Keep(new_budgets[i]->key), .reading = ask.readings[i]});
    }
    for (size_t i = 0; i < new_breakers.size(); ++i) {
      breakers_.push_back({.breaker = new_breakers[i]->breaker, .key = Keep(new_breakers[i]->key), .reading = ask.breaker_readings[i]});
    }
  }
  for (auto& claim : budgets) claim.used = FindKnown(claim)->reading.used;
  for (auto& claim : breakers) claim.is_open = FindKnown(claim)->reading.blocked;
  return {};
}

// As long as this lives.
auto LedgerWorld::Keep(std::string_view text) const -> std::string_view {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::ranges::copy(text, copy);
  return {copy, text.size()};
}

auto LedgerWorld::AskOf(std::span<const BudgetClaim* const> budgets, std::span<const BreakerClaim* const> breakers) const -> LedgerAsk {
  LedgerAsk ask(&memory_);
  ask.claims.reserve(budgets.size());
  ask.readings.reserve(budgets.size());
  for (const auto* claim : budgets) {
    ask.claims.push_back(ToLedger(*claim));
    const auto* known = FindKnown(*claim);
    ask.readings.push_back(known != nullptr ? known->reading : ledger::Reading{});
  }
  for (const auto* claim : breakers) {
    ask.breakers.push_back(ToLedger(*claim));
    const auto* known = FindKnown(*claim);
    ask.breaker_readings.push_back(known != nullptr ? known->reading : ledger::BreakerReading{});
  }
  return ask;
}

auto LedgerWorld::MakeAsk(const Decision& decision) const -> LedgerAsk {
  std::pmr::vector<const BudgetClaim*> budgets(&memory_);
  std::pmr::vector<const BreakerClaim*> breakers(&memory_);
  budgets.reserve(decision.budgets.size());
  for (const auto& claim : decision.budgets) budgets.push_back(&claim);
  for (const auto& claim : decision.breakers) breakers.push_back(&claim);
  return AskOf(budgets, breakers);
}

void LedgerWorld::Hold(const Decision& decision, std::span<const ledger::Reading> budgets,
                       std::span<const ledger::BreakerReading> breakers) {
  is_held_ = true;
  budgets_.clear();
  breakers_.clear();
  for (size_t i = 0; i < decision.budgets.size(); ++i) {
    budgets_.push_back({.budget = decision.budgets[i].budget, .key = Keep(decision.budgets[i].key), .reading = budgets[i]});
  }
  for (size_t i = 0; i < decision.breakers.size(); ++i) {
    breakers_.push_back({.breaker = decision.breakers[i].breaker, .key = Keep(decision.breakers[i].key), .reading = breakers[i]});
  }
}

// ---- approvals -----------------------------------------------------------------------------------------------------

auto LedgerWorld::DigestOf(uint32_t policy) const -> const ir::TextDigest& {
  if (const auto* escalation = ir::FindClauses(program_.escalations, policy)) return escalation->text;
  if (const auto* budget = ir::FindClauses(program_.budgets, policy)) return budget->text;
  return ir::FindClauses(program_.breakers, policy)->text;
}

auto LedgerWorld::ToWanted(const WantedApproval& wanted) const -> approval::Wanted {
  return {.statement = std::string(request_.interner.text(program_.policies[wanted.policy].id)),
          .statement_digest = {.bytes = DigestOf(wanted.policy)},
          .by = wanted.by,
          .quorum = wanted.terms.quorum,
          .expires_ms = wanted.terms.expires,
          .uses = wanted.terms.uses,
          .scope = wanted.terms.scope == ir::ApprovalScope::Exact ? approval::Scope::Exact : approval::Scope::Session};
}

auto LedgerWorld::IsApproved(const WantedApproval& wanted) -> bool {
  if (parts_.redeemer == nullptr || facts_ == nullptr || request_.approvals.empty()) return false;
  const auto known = std::ranges::find(approvals_, wanted, &Covered::wanted);
  if (known != approvals_.end()) return known->coverage.covered;
  const approval::Wanted asked = ToWanted(wanted);
  const std::vector<std::string_view> tokens(request_.approvals.begin(), request_.approvals.end());
  auto coverages = parts_.redeemer->Check(*facts_, std::span(&asked, 1), tokens, request_.request_id, now_);
  approvals_.push_back({.wanted = wanted, .coverage = std::move(coverages.front())});
  return approvals_.back().coverage.covered;
}

auto LedgerWorld::WhyNot(const WantedApproval& wanted) const -> const Error* {
  const auto known = std::ranges::find(approvals_, wanted, &Covered::wanted);
  return known == approvals_.end() || known->coverage.covered ? nullptr : &known->coverage.why;
}

auto LedgerWorld::covered() const -> std::vector<CoveredCap> {
  std::vector<CoveredCap> caps;
  for (const auto& [wanted, coverage] : approvals_) {
    if (coverage.covered) caps.push_back({.policy = wanted.policy, .grant = coverage.grant.id});
  }
  return caps;
}

auto LedgerWorld::coverages() const -> std::vector<approval::Coverage> {
  std::vector<approval::Coverage> covering;
  std::vector<uint32_t> policies;
  for (const auto& [wanted, coverage] : approvals_) {
    if (!coverage.covered || std::ranges::find(policies, wanted.policy) != policies.end()) continue;
    policies.push_back(wanted.policy);
    covering.push_back(coverage);
  }
  return covering;
}

}  // namespace remit
