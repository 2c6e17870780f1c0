// A grant: that people approved one request, for one statement, as text that any node can verify with public keys alone.
//
// `remit1.KEY.PAYLOAD.SIGNATURE`: the key's id, the payload (canonical JSON) and the signature in base64url; what is signed is everything
// before the last dot, so that neither version nor key can be exchanged. Nothing of the payload is read before the signature is found right,
// and a payload that is not what we write ourselves is refused, so a grant has one text. JSON Web Tokens were the alternative: their header
// lets the writer name an algorithm, and several texts mean the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/digest.h"
#include "runtime/approval/key_ring.h"
#include "runtime/approval/limits.h"
#include "runtime/approval/request_facts.h"
#include "runtime/approval/uid_text.h"
#include "runtime/base/error.h"

namespace remit::approval {

// Somebody who approved, and for whom: a person who approves through an agent is the last of `acting_for`, not the agent alone.
struct Approver {
  UidText person;
  std::vector<UidText> acting_for;
  int64_t at_ms = 0;

  friend auto operator==(const Approver&, const Approver&) -> bool = default;
};

// Times are milliseconds since the epoch.
struct Grant {
  std::string id;
  std::string escalation;  // the ticket's id
  std::string statement;  // the id of the statement whose cap it lifts
  Digest statement_digest;
  Digest request_digest;
  Scope scope = Scope::Exact;
  std::vector<Approver> approvers;
  uint32_t uses = 1;
  int64_t issued_ms = 0;
  int64_t expires_ms = 0;

  friend auto operator==(const Grant&, const Grant&) -> bool = default;
};

// "grant-too-large": too many approvers for one token.
auto SignGrant(const Grant& grant, const SigningKey& key, const ApprovalLimits& limits = {}) -> Expected<std::string>;

// What is in a token that a key of the ring signed. Codes: "grant-too-large", "grant-malformed", "grant-version-unknown", and the ring's.
// Whether it has expired, is revoked or used up is not asked here.
auto VerifyGrant(std::string_view token, const KeyRing& keys, const ApprovalLimits& limits = {}) -> Expected<Grant>;

// The payload, and back: for whoever holds a payload that need not be trusted.
auto GrantPayload(const Grant& grant) -> std::string;
auto ReadGrantPayload(std::string_view payload) -> Expected<Grant>;

}  // namespace remit::approval
