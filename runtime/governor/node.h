// A deciding node: everything that decisions depend on and leave behind, under one address.
//
//   address ─► store ─┬─► ledger                 budgets, breakers, reservations
//                     ├─► tickets and grants     escalations, who approved, what is redeemed
//                     └─► quarantine             what is stopped everywhere
//
// The engine is the host's, as are transports and who may call what: a server, the C API and the command line use this one class, so that none of
// them can forget a step. Giving each host the parts, the alternative, is how one of them would come to redeem without confirming.
//
// What a host must do: call `Maintain` about every second (or every `lease_ms`, if that is less). It expires reservations, gives idle leases back and
// learns what other nodes have quarantined. Without it decisions stay right, but idle units stay leased, and a quarantine made elsewhere is not seen.
//
// Threads: everything may be called from any thread, any number decide at once; a session belongs to one of them at a time. Nothing here starts one.
// Times are milliseconds since the epoch and always arguments.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/approval/shared_store.h"
#include "runtime/governor/governor.h"
#include "runtime/governor/policy_approvers.h"
#include "runtime/ledger/stored_quarantine.h"

namespace remit {

struct NodeOptions {
  std::string store = "memory:";  // an address: runtime/ledger/store_address.h
  bool sole = false;  // no other node uses the store while this one does
  ledger::LedgerOptions ledger = {};  // `store` and `sole` are those above
  std::optional<approval::SigningKey> signing_key = {};  // none: quorums are reached on other nodes
  approval::KeyRing accepted_keys = {};  // whose grants count, besides that of `signing_key`
  bool opens_tickets = true;  // false: who must wait for an approval is told so, and nobody else
};

class Node {
 public:
  // Codes: `store-address`, those of the stores and of `Ledger::Open`. The engine outlives the node.
  static auto Open(Engine& engine, const NodeOptions& options, int64_t now) -> Expected<std::unique_ptr<Node>>;

  // Both as `Governor::Decide`.
  auto Decide(Session& session, const GovernedRequest& request, Datetime now) const -> Expected<GovernedDecision>;
  auto Decide(Session& session, const GovernedRequest& request, Datetime now, GovernedDecision& answer) const -> Expected<void>;

  // ---- reservations: as in `Ledger`

  // Breakers trip by the policies that the engine has now. `PoliciesKnown::No`, for a host without policies: they count, and nothing trips.
  enum class PoliciesKnown : uint8_t { Yes, No };
  auto Settle(std::string_view reservation, ledger::Verdict verdict, std::span<const ledger::Actual> actual, Datetime now,
              PoliciesKnown known = PoliciesKnown::Yes) const -> Expected<ledger::Settled>;
  auto Extend(std::string_view reservation, int64_t hold_ms, int64_t now) const -> Expected<int64_t>;
  auto Describe(std::string_view reservation) const -> Expected<ledger::ReservationDetails>;
  auto Budgets(int64_t now) const -> std::vector<ledger::AccountStatus>;
  auto Breakers(int64_t now) const -> std::vector<ledger::BreakerStatus>;

  // ---- escalations: as in `Tickets`. Who may answer is decided by the engine's policies (policy_approvers.h).

  auto Approve(std::string_view ticket, approval::Approver approver) -> Expected<approval::Ticket>;
  auto Deny(std::string_view ticket, const approval::Approver& by, std::string_view reason) -> Expected<approval::Ticket>;
  auto Revoke(std::string_view ticket, const approval::Approver& by, std::string_view reason) -> Expected<approval::Ticket>;
  auto FindEscalation(std::string_view ticket, int64_t now) -> Expected<approval::Ticket>;
  auto ListEscalations(int64_t now, size_t limit) -> Expected<std::vector<approval::Ticket>>;
  // Replaces the ring, that of the signing key included.
  void SetAcceptedKeys(approval::KeyRing keys);
  auto accepted_keys() const -> std::shared_ptr<const approval::KeyRing>;

  // ---- quarantine. Who may do it is for the host to say.

  // False if it was there, or was not. Codes: `invalid-name`, `invalid-utf8`, those of `StoredQuarantine`.
  auto Quarantine(const ledger::QuarantineEntry& entry) -> Expected<bool>;
  auto Release(std::string_view type, std::string_view id) -> Expected<bool>;
  auto Quarantined() const -> std::shared_ptr<const ledger::QuarantineList>;

  // Expires what is due and learns what other nodes did. The error is that of a store that is away: everything else was done.
  auto Maintain(int64_t now) -> Expected<void>;
  // When `Maintain` has something to expire: a host that sleeps longer than its period may wake up then.
  auto NextExpiry() const -> int64_t { return ledger_->NextExpiry(); }

 private:
  Node(Engine& engine, std::shared_ptr<ledger::Store> store, std::unique_ptr<ledger::Ledger> ledger, const NodeOptions& options);

  Engine& engine_;
  const std::shared_ptr<ledger::Store> store_;  // null: in memory
  const std::unique_ptr<ledger::Ledger> ledger_;
  const std::unique_ptr<approval::ApprovalStore> approvals_;
  const PolicyApprovers approvers_;
  const approval::MayApprove may_approve_;
  const bool opens_tickets_;
  mutable approval::Tickets tickets_;
  mutable std::mutex keys_mutex_;  // of the pointer
  std::shared_ptr<const approval::KeyRing> keys_;
  ledger::StoredQuarantine quarantine_;
};

}  // namespace remit
