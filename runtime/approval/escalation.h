// What an unlifted cap asks for, and who may give it.
//
// Who may approve is policy: the action `Remit::Action::"approve"` on an entity of type `Remit::Escalation`. This library asks through a callback,
// so that it needs no engine; whoever has one makes the entity with EscalationToJson and decides.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/approval/digest.h"
#include "runtime/approval/request_facts.h"
#include "runtime/approval/uid_text.h"
#include "runtime/base/error.h"

namespace remit::approval {

// The `approval { .. }` of a satisfied statement, evaluated for one request.
struct Wanted {
  std::string statement;  // its id
  Digest statement_digest;  // SHA-256 of its text as the printer writes it
  std::vector<UidText> by;  // whom the approver must be in
  int64_t quorum = 1;  // as the statement says; what is beyond the limits is refused, never cut off
  int64_t expires_ms = 0;  // how long, from the opening of a ticket
  int64_t uses = 1;
  Scope scope = Scope::Exact;
};

// The resource of the action `approve`.
struct Escalation {
  std::string id;
  std::string statement;
  std::vector<UidText> by;
  UidText requester;
  UidText action;
  UidText resource;
  std::vector<UidText> delegation;
  std::string session;
  std::string context;  // canonical JSON
  int64_t asked_ms = 0;  // when somebody wants to know: the time that policies decide by, no attribute
};

auto DescribeEscalation(std::string id, const Wanted& wanted, const RequestFacts& facts, int64_t asked_ms) -> Escalation;

// The entity `Remit::Escalation::"id"` as Cedar's JSON: attributes `by`, `statement`, `requester`, `action`, `resource`, `delegation` (a set),
// `session` if there is one, and `context`, which is left out where entities must conform to a schema: it is that of any action and has no type.
enum class ContextAttribute : uint8_t { Given, LeftOut };
auto EscalationToJson(const Escalation& escalation, ContextAttribute context = ContextAttribute::Given) -> std::string;

// Whether policy lets `person` approve. An error is no: nothing is approved, signed or redeemed then.
using MayApprove = std::function<Expected<bool>(const UidText& person, const Escalation& escalation)>;

}  // namespace remit::approval
