#include "runtime/governor/node.h"

#include "runtime/approval/memory_store.h"
#include "runtime/base/text.h"
#include "runtime/ledger/store_address.h"

namespace remit {
namespace {

auto MakeApprovalStore(ledger::Store* store) -> std::unique_ptr<approval::ApprovalStore> {
  if (store == nullptr) return std::make_unique<approval::MemoryStore>();
  return std::make_unique<approval::SharedStore>(*store);
}

auto RingOf(const NodeOptions& options) -> std::shared_ptr<const approval::KeyRing> {
  auto ring = std::make_shared<approval::KeyRing>(options.accepted_keys);
  if (options.signing_key) ring->Add(options.signing_key->public_key());
  return ring;
}

// Rows are written as JSON: a text that is none would make a row that nobody can read again.
auto CheckText(std::string_view text) -> Expected<void> {
  return FindInvalidUtf8(text) ? Fail("invalid-utf8", "a text is not valid UTF-8") : Expected<void>{};
}

auto CheckUid(std::string_view type, std::string_view id) -> Expected<void> {
  if (!IsNormalizedName(type)) return Fail("invalid-name", "`" + EscapeString(type) + "` is not an entity type name");
  return CheckText(id);
}

auto CheckAnswer(const approval::Approver& by, std::string_view reason) -> Expected<void> {
  if (auto valid = CheckUid(by.person.type, by.person.id); !valid) return valid;
  for (const auto& person : by.acting_for) {
    if (auto valid = CheckUid(person.type, person.id); !valid) return valid;
  }
  return CheckText(reason);
}

}  // namespace

Node::Node(Engine& engine, std::shared_ptr<ledger::Store> store, std::unique_ptr<ledger::Ledger> ledger, const NodeOptions& options)
    : engine_(engine),
      store_(std::move(store)),
      ledger_(std::move(ledger)),
      approvals_(MakeApprovalStore(store_.get())),
      approvers_(engine, ledger_->quarantine()),
      may_approve_(
          [this](const approval::UidText& person, const approval::Escalation& escalation) { return approvers_.May(person, escalation); }),
      opens_tickets_(options.opens_tickets),
      tickets_(*approvals_, may_approve_, options.signing_key),
      keys_(RingOf(options)),
      quarantine_(ledger_->quarantine(), store_.get()) {}

auto Node::Open(Engine& engine, const NodeOptions& options, int64_t now) -> Expected<std::unique_ptr<Node>> {
  auto store = ledger::OpenStore(options.store, options.sole);
  if (!store) return std::unexpected(std::move(store.error()));
  ledger::LedgerOptions ledger_options = options.ledger;
  ledger_options.store = *store;
  ledger_options.sole = options.sole;
  auto ledger = ledger::Ledger::Open(ledger_options, now);
  if (!ledger) return std::unexpected(std::move(ledger.error()));
  std::unique_ptr<Node> node(new Node(engine, std::move(*store), std::move(*ledger), options));
  // Nothing is decided by a node that does not know who is stopped.
  if (auto polled = node->quarantine_.Poll(); !polled) return std::unexpected(std::move(polled.error()));
  return node;
}

// ---- deciding ---------------------------------------------------------------------------------------------------------------

auto Node::Decide(Session& session, const GovernedRequest& request, Datetime now) const -> Expected<GovernedDecision> {
  Expected<GovernedDecision> answer;
  if (auto done = Decide(session, request, now, *answer); !done) return std::unexpected(std::move(done.error()));
  return answer;
}

auto Node::Decide(Session& session, const GovernedRequest& request, Datetime now, GovernedDecision& answer) const -> Expected<void> {
  approval::Tickets* tickets = opens_tickets_ ? &tickets_ : nullptr;
  if (request.approvals.empty()) return Governor({.ledger = *ledger_, .tickets = tickets}).Decide(session, request, now, answer);
  const auto keys = accepted_keys();
  const approval::Redeemer redeemer(*approvals_, *keys, may_approve_);
  return Governor({.ledger = *ledger_, .redeemer = &redeemer, .tickets = tickets}).Decide(session, request, now, answer);
}

auto Node::Settle(std::string_view reservation, ledger::Verdict verdict, std::span<const ledger::Actual> actual, Datetime now,
                  PoliciesKnown known) const -> Expected<ledger::Settled> {
  if (known == PoliciesKnown::No) return ledger_->Settle(reservation, verdict, actual, nullptr, now.millis);
  SnapshotCell::Reader reader(engine_.snapshots());
  const auto& program = reader.Pin().policies->program();
  return Governor({.ledger = *ledger_}).Settle(program, engine_.interner(), reservation, verdict, actual, now);
}

auto Node::Extend(std::string_view reservation, int64_t hold_ms, int64_t now) const -> Expected<int64_t> {
  return ledger_->Extend(reservation, hold_ms, now);
}
auto Node::Describe(std::string_view reservation) const -> Expected<ledger::ReservationDetails> { return ledger_->Describe(reservation); }
auto Node::Budgets(int64_t now) const -> std::vector<ledger::AccountStatus> { return ledger_->Budgets(now); }
auto Node::Breakers(int64_t now) const -> std::vector<ledger::BreakerStatus> { return ledger_->Breakers(now); }

// ---- escalations ------------------------------------------------------------------------------------------------------------

auto Node::Approve(std::string_view ticket, approval::Approver approver) -> Expected<approval::Ticket> {
  if (auto valid = CheckAnswer(approver, {}); !valid) return std::unexpected(std::move(valid.error()));
  return tickets_.Approve(ticket, std::move(approver));
}
auto Node::Deny(std::string_view ticket, const approval::Approver& by, std::string_view reason) -> Expected<approval::Ticket> {
  if (auto valid = CheckAnswer(by, reason); !valid) return std::unexpected(std::move(valid.error()));
  return tickets_.Deny(ticket, by, reason);
}
auto Node::Revoke(std::string_view ticket, const approval::Approver& by, std::string_view reason) -> Expected<approval::Ticket> {
  if (auto valid = CheckAnswer(by, reason); !valid) return std::unexpected(std::move(valid.error()));
  return tickets_.Revoke(ticket, by, reason);
}
auto Node::FindEscalation(std::string_view ticket, int64_t now) -> Expected<approval::Ticket> { return tickets_.Find(ticket, now); }
auto Node::ListEscalations(int64_t now, size_t limit) -> Expected<std::vector<approval::Ticket>> { return tickets_.List(now, limit); }

void Node::SetAcceptedKeys(approval::KeyRing keys) {
  auto replaced = std::make_shared<const approval::KeyRing>(std::move(keys));
  const std::lock_guard lock(keys_mutex_);
  keys_.swap(replaced);
}
auto Node::accepted_keys() const -> std::shared_ptr<const approval::KeyRing> {
  const std::lock_guard lock(keys_mutex_);
  return keys_;
}

// ---- quarantine -------------------------------------------------------------------------------------------------------------

auto Node::Quarantine(const ledger::QuarantineEntry& entry) -> Expected<bool> {
  for (const auto& valid : {CheckUid(entry.type, entry.id), CheckText(entry.reason), CheckText(entry.who)}) {
    if (!valid) return std::unexpected(valid.error());
  }
  return quarantine_.Add(entry);
}
auto Node::Release(std::string_view type, std::string_view id) -> Expected<bool> { return quarantine_.Remove(type, id); }
auto Node::Quarantined() const -> std::shared_ptr<const ledger::QuarantineList> { return ledger_->quarantine().list(); }

auto Node::Maintain(int64_t now) -> Expected<void> {
  ledger_->Expire(now);
  return quarantine_.Poll();
}

}  // namespace remit
