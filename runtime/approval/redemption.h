// Redeeming grants: which caps of a decision are lifted, and each use once, on all nodes together.
//
//   coverages = redeemer.Check(..)            reads; before or while the policies are evaluated
//   redemption = redeemer.Take(..)            takes the uses, all or none, when the outcome would be execute
//   ... the ledger reserves ...
//   redeemer.Confirm(redemption)              if it did
//   redeemer.GiveBack(redemption)             if it did not
//
// Uses are taken before the ledger reserves. Reserving first, the alternative, would let a decision execute whose use another node takes in
// between. A node that dies in between leaves the use held: nobody but the same request (id and digest) can take it over.
//
// Threads: any. Borrows the store and the keys.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/approval_store.h"
#include "runtime/approval/escalation.h"
#include "runtime/approval/grant.h"

namespace remit::approval {

// Whether a presented grant lifts the cap of one statement.
struct Coverage {
  bool covered = false;
  Grant grant;  // if covered
  uint32_t uses = 0;  // that it has by its own word and by the statement
  // If not: the most telling of what is wrong with the presented grants. Codes: "approval-not-presented", VerifyGrant's, "grant-for-another-text"
  // (the statement was edited), "grant-for-another-request", "grant-not-yet-valid", "grant-expired", "grant-revoked", "quorum-not-met",
  // "grant-used-up", the store's and the callback's.
  Error why;
  // Used up, and by this very request: it has been executed, and the ledger knows its reservation. Not covered all the same.
  bool used_by_same = false;
};

// Uses that are held for a decision.
struct Redemption {
  struct Held {
    std::string key;
    std::string record;
    int64_t keep_until_ms = 0;
    bool taken_over = false;  // from an earlier attempt of the same request, which may have been executed: never given back
  };
  std::vector<Held> uses;
};

class Redeemer {
 public:
  Redeemer(ApprovalStore& store, const KeyRing& keys, MayApprove may_approve, ApprovalLimits limits = {})
      : store_(store), keys_(keys), may_approve_(std::move(may_approve)), limits_(limits) {}

  // One coverage for each of `wanted`, for any number of them. Whoever approved must be eligible now, too. Fails closed: an error covers nothing.
  auto Check(const RequestFacts& facts, std::span<const Wanted> wanted, std::span<const std::string_view> tokens,
             std::string_view request_id, int64_t now_ms) const -> std::vector<Coverage>;

  // One use of each grant among those that cover something. "grant-used-up": another was faster; nothing is held then.
  auto Take(const RequestFacts& facts, std::span<const Coverage> coverages, std::string_view request_id) const -> Expected<Redemption>;

  // Both may be called twice. After an error of Confirm the uses are taken all the same; after one of GiveBack they may be lost.
  auto Confirm(const Redemption& redemption) const -> Expected<void>;
  auto GiveBack(const Redemption& redemption) const -> Expected<void>;

 private:
  ApprovalStore& store_;
  const KeyRing& keys_;
  const MayApprove may_approve_;
  const ApprovalLimits limits_;
};

}  // namespace remit::approval
