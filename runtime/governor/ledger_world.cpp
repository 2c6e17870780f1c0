#include "runtime/governor/ledger_world.h"

#include <algorithm>

namespace remit {

// A uid that neither the engine nor the request has heard of is nobody's here.
LedgerWorld::LedgerWorld(const GovernorParts& parts, AccountMemory& memory, const Policies& policies, const GovernedRequest& request,
                         const approval::RequestFacts* facts, int64_t now, Asking asking)
    : parts_(parts),
      accounts_(memory),
      policies_(policies),
      program_(policies.program()),
      request_(request),
      facts_(facts),
      now_(now),
      asking_(asking) {
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

auto LedgerWorld::ToLedger(const BreakerClaim& claim) const -> ledger::BreakerClaim {
  const auto& breaker = program_.breakers[claim.breaker];
  return {.breaker = request_.interner.text(breaker.name),
          .key = claim.key,
          .terms = {.window_ms = breaker.within,
                    .cooldown_ms = breaker.cooldown,
                    .probe = static_cast<int32_t>(std::min<int64_t>(breaker.probe, INT32_MAX))},
          .lifted = claim.is_lifted};
}

// No policy reads them, and they are compared with their limits when they are reserved.
auto LedgerWorld::IsUnread(std::span<const BudgetClaim> budgets, std::span<const BreakerClaim> breakers) const -> bool {
  return asking_ == Asking::WhenReserving && breakers.empty() &&
         std::ranges::none_of(budgets, [&](const BudgetClaim& claim) { return policies_.IsRead(claim.budget); });
}

// Of what is not known yet; the rest is as it was.
auto LedgerWorld::Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> {
  if (IsUnread(budgets, breakers)) {
    has_unread_ = true;
    return {};
  }
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
    LedgerAsk& ask = accounts_.to_read;
    ask.Clear();
    for (const auto* claim : new_budgets) Add(ask, *claim);
    for (const auto* claim : new_breakers) Add(ask, *claim);
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

// In place: a struct that is put together elsewhere and copied is read before the processor has written it.
void LedgerWorld::Add(LedgerAsk& ask, const BudgetClaim& claim) const {
  ledger::Claim& asked = ask.claims.emplace_back(accounts_.TermsOf(claim.budget));
  asked.key = claim.key;
  asked.charge = claim.charge;
  asked.limit = claim.limit;
  asked.lifted = claim.is_lifted;
  const auto* known = budgets_.empty() ? nullptr : FindKnown(claim);
  const ledger::AccountHandle& handle = known != nullptr ? known->reading.handle : accounts_.Find(claim);
  ledger::Reading& reading = ask.readings.emplace_back();
  if (known != nullptr) {
    reading = known->reading;
  } else {
    reading.handle = handle;
  }
  ask.remembered.push_back(handle);
}

void LedgerWorld::Add(LedgerAsk& ask, const BreakerClaim& claim) const {
  ask.breakers.push_back(ToLedger(claim));
  const auto* known = FindKnown(claim);
  ask.breaker_readings.push_back(known != nullptr ? known->reading : ledger::BreakerReading{});
}

auto LedgerWorld::MakeAsk(const Decision& decision) const -> LedgerAsk& {
  LedgerAsk& ask = accounts_.to_reserve;
  ask.Clear();
  for (const auto& claim : decision.budgets) Add(ask, claim);
  for (const auto& claim : decision.breakers) Add(ask, claim);
  return ask;
}

void LedgerWorld::Tell(Decision& decision, const LedgerAsk& ask) {
  for (size_t i = 0; i < decision.budgets.size(); ++i) {
    BudgetClaim& claim = decision.budgets[i];
    claim.used = ask.readings[i].used;
    const ledger::AccountHandle& handle = ask.readings[i].handle;
    const ledger::AccountHandle& before = ask.remembered[i];
    if (handle.account != before.account || handle.generation != before.generation) accounts_.Keep(claim, handle);
  }
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
