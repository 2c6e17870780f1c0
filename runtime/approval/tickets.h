// Tickets, from the opening of an escalation to the grant or the denial.
//
// A ticket is one record under a key made of what it is for (request digest, statement, by whom): opening the same escalation twice, on any
// nodes, finds the same ticket. It is replaced by a new one when it has expired or its grant is used up; a denied or revoked one stays until its
// time is over, so that asking again does not wear people down. Time is an argument; nothing here runs by itself.
//
// Threads: any; every change is one compare-and-set, tried again if another was faster.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/approval_store.h"
#include "runtime/approval/ticket.h"

namespace remit::approval {

class Tickets {
 public:
  // Borrows the store. Without a signing key tickets are opened and denied here, but a quorum is not reached.
  Tickets(ApprovalStore& store, MayApprove may_approve, std::optional<SigningKey> key, ApprovalLimits limits = {})
      : store_(store), may_approve_(std::move(may_approve)), key_(std::move(key)), limits_(limits) {}

  // Codes: "approval-needs-session", "approval-invalid" (a quorum or uses that cannot be), the store's.
  auto Open(const RequestFacts& facts, const Wanted& wanted, int64_t now_ms) -> Expected<Ticket>;

  // One more approver; the last that the quorum needs makes the grant. Approving twice changes nothing, and further approvers may be added to
  // an approved ticket: its grant, with the same id and the same uses, then names them, too.
  // Codes: "escalation-unknown", "escalation-expired", "escalation-denied", "escalation-revoked", "approval-by-requester",
  // "approver-not-eligible", "too-many-approvers", "no-signing-key", the callback's, the store's, "approval-store-busy".
  auto Approve(std::string_view id, Approver approver) -> Expected<Ticket>;

  // One who may approve may say no. Codes as above, "escalation-approved".
  auto Deny(std::string_view id, const Approver& by, std::string_view reason) -> Expected<Ticket>;

  // Takes an approval back, or a ticket that nobody has answered. Also by those who approved, eligible or not. Uses that were redeemed stay so.
  auto Revoke(std::string_view id, const Approver& by, std::string_view reason) -> Expected<Ticket>;

  // With its state at that time.
  auto Find(std::string_view id, int64_t now_ms) -> Expected<Ticket>;
  auto List(int64_t now_ms, size_t limit) -> Expected<std::vector<Ticket>>;

 private:
  using Change = std::function<Expected<bool>(Ticket&)>;  // false: nothing to change

  // Reads, changes and writes the ticket, again if it was changed meanwhile. `now_ms`: when it must not have expired.
  auto Update(std::string_view id, int64_t now_ms, const Change& change) -> Expected<Ticket>;
  auto IsLive(const Ticket& ticket, int64_t now_ms) -> Expected<bool>;
  auto RequireEligible(const Ticket& ticket, const Approver& approver) -> Expected<void>;
  auto AddApprover(Ticket& ticket, const Approver& approver) -> Expected<bool>;
  auto SignIfQuorum(Ticket& ticket, int64_t now_ms) -> Expected<void>;
  void ForgetNowAndThen(int64_t now_ms);

  ApprovalStore& store_;
  const MayApprove may_approve_;
  const std::optional<SigningKey> key_;
  const ApprovalLimits limits_;
  std::atomic<int64_t> forgotten_ms_ = 0;
};

}  // namespace remit::approval
