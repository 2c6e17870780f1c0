#include "compiler/testing/test_world.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit::tests {
namespace {

// A test is short; what is beyond is refused by the ledger.
auto SmallLedger() -> ledger::LedgerOptions {
  ledger::LedgerOptions options;
  options.max_accounts = 10'000;
  options.max_reservations = 10'000;
  options.remembered = 1'000;
  return options;
}

}  // namespace

TestWorld::TestWorld(ApproverPolicy& approvers, const approval::SigningKey& key, TestEngine& engine, Interner& interner)
    : approvers_(approvers),
      engine_(engine),
      interner_(interner),
      ledger_(SmallLedger()),
      keys_(KeyRingOf(key)),
      tickets_(
          store_, [this](const auto& person, const auto& escalation) { return MayApprove(person, escalation); }, key),
      redeemer_(store_, keys_, [this](const auto& person, const auto& escalation) { return MayApprove(person, escalation); }),
      governor_({.ledger = ledger_, .redeemer = &redeemer_, .tickets = &tickets_}) {}

auto TestWorld::KeyRingOf(const approval::SigningKey& key) -> approval::KeyRing {
  approval::KeyRing ring;
  ring.Add(key.public_key());
  return ring;
}

auto TestWorld::Decide(const Request& request, std::span<const EntityUid> delegation, const EntityStore& entities, Datetime now)
    -> Expected<GovernedDecision> {
  entities_ = &entities;
  now_ = now;
  tickets_open_.clear();
  last_keys_.clear();
  // Who asks presents what it has; of too many the latest.
  const size_t presented = std::min<size_t>(grants_.size(), approval::ApprovalLimits{}.max_tokens);
  const GovernedRequest governed = {.request = request,
                                    .interner = interner_,
                                    .entities = &entities == &engine_.base() ? nullptr : &entities,
                                    .conforms = engine_.uses_types(),
                                    .delegation = delegation,
                                    .session = "test",
                                    .approvals = std::span(grants_).last(presented)};
  auto& session = engine_.session();
  session.Pin();
  session.ResetArena();
  const TraceScope trace(engine_.recorder());
  auto answer = governor_.Decide(session, governed, now);
  if (!answer) return answer;
  for (const auto& ticket : answer->tickets) tickets_open_.push_back(ticket.id);
  for (const auto& claim : answer->decision.budgets) {
    const std::string budget{interner_.text(engine_.program().budgets[claim.budget].name)};
    last_keys_[budget].push_back(claim.key);
    limits_[{budget, claim.key}] = claim.limit;
  }
  if (engine_.recorder() != nullptr) {
    std::vector<Request> members = {request};
    for (const EntityUid member : delegation) {
      members.push_back(request);
      members.back().principal = member;
    }
    engine_.recorder()->Decided(members, entities, answer->decision);
  }
  return answer;
}

auto TestWorld::MayApprove(const approval::UidText& person, const approval::Escalation& escalation) -> Expected<bool> {
  auto builder = EntityStoreBuilder::Over(interner_, *entities_);
  for (const auto& [uid, roles] : roles_) {
    Entity entity = {.uid = uid, .attrs = {}, .tags = {}, .parents = {}};
    if (const auto* known = entities_->Find(uid)) entity = *known;
    std::vector<EntityUid> parents{entity.parents.begin(), entity.parents.end()};
    parents.insert(parents.end(), roles.begin(), roles.end());
    std::ranges::sort(parents);
    parents.erase(std::ranges::unique(parents).begin(), parents.end());
    entity.parents = builder.arena().Copy<EntityUid>(parents);
    entity.ancestors = nullptr;
    builder.AddOrReplace(entity);
  }
  const TraceScope untraced(nullptr);
  const auto people = std::move(builder).Build();
  if (!people) return std::unexpected(people.error());
  return approvers_.MayApprove(person, escalation, *people, now_);
}

auto TestWorld::Answer(const ast::TestApprove& answer, const EntityStore& entities, Datetime now) -> std::vector<Error> {
  entities_ = &entities;
  now_ = now;
  roles_[answer.approver] = answer.parents;
  std::vector<Error> refused;
  approval::Approver by = {.person = approval::ToUidText(answer.approver, interner_), .acting_for = {}, .at_ms = now.millis};
  for (const EntityUid other : answer.acting_for) by.acting_for.push_back(approval::ToUidText(other, interner_));
  for (const auto& id : tickets_open_) {
    auto ticket = answer.is_denial ? tickets_.Deny(id, by, "a step of the test") : tickets_.Approve(id, by);
    if (!ticket) {
      refused.push_back(ticket.error());
    } else if (!ticket->grant.empty() && std::ranges::find(grants_, ticket->grant) == grants_.end()) {
      grants_.push_back(ticket->grant);
    }
  }
  return refused;
}

auto TestWorld::Settle(std::string_view reservation, ledger::Verdict verdict, std::span<const ledger::Actual> actual, Datetime now)
    -> Expected<ledger::Settled> {
  const TraceScope trace(engine_.recorder());
  return governor_.Settle(engine_.program(), interner_, reservation, verdict, actual, now);
}

auto TestWorld::Quarantine(EntityUid uid, Datetime now) -> bool {
  const auto [type, id] = approval::ToUidText(uid, interner_);
  return ledger_.quarantine().Add({.type = type, .id = id, .reason = "of the test", .who = "test", .since = now.millis});
}

auto TestWorld::Release(EntityUid uid) -> bool {
  const auto [type, id] = approval::ToUidText(uid, interner_);
  return ledger_.quarantine().Remove(type, id);
}

auto TestWorld::FiguresOf(std::string_view budget, Datetime now) -> Expected<std::optional<BudgetFigures>> {
  const auto last = last_keys_.find(budget);
  std::vector<ledger::AccountStatus> accounts = ledger_.Budgets(now.millis);
  std::erase_if(accounts, [&](const ledger::AccountStatus& account) {
    return account.budget != budget || (last != last_keys_.end() && std::ranges::find(last->second, account.key) == last->second.end());
  });
  const size_t keys = last != last_keys_.end() ? last->second.size() : accounts.size();
  if (keys > 1) {
    const auto message = fmt::format("budget `{}` has {} keys here", budget, keys);
    return std::unexpected(Error{.code = "several-keys",
                                 .message = message,
                                 .pointer = {},
                                 .help = "ask right after a request that it applies to, made on nobody's behalf"});
  }
  if (!accounts.empty()) {
    const auto& account = accounts[0];
    const auto limit = limits_.find({std::string(budget), account.key});
    return BudgetFigures{
        .used = account.used, .reserved = account.reserved, .limit = limit == limits_.end() ? account.limit : limit->second};
  }
  if (last == last_keys_.end()) return std::nullopt;
  return BudgetFigures{.used = 0, .reserved = 0, .limit = limits_[{std::string(budget), last->second[0]}]};
}

}  // namespace remit::tests
