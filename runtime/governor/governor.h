// Decisions that spend: what a decision read is reserved in one step, or it is made again.
//
//   engine    decides, a pure function of policies, entities, request, time and what the ledger says (runtime/eval/world.h)
//   ledger    reserves all claims or none, and says if something that was read has moved since
//   approval  says which caps presented grants lift, and takes a use of each
//
// Order: quarantine and idempotent repeats; evaluate; take the uses of grants; reserve; confirm the uses, or give them back. If something moved, or
// another request was faster to the last unit, all of it again; after a few rounds with the accounts held, so that it ends. Holding them from the
// start, the alternative, would make every decision on a shared budget wait for the others' evaluation.
//
// What no policy reads of budgets is not read first: it is evaluated as if there were room, which the reservation finds out with the same locks. If
// there is none, or nothing is reserved, the ledger is read after all, and it is decided again where that matters.
//
// Threads: any; a session belongs to one at a time. Borrows everything.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/redemption.h"
#include "runtime/approval/tickets.h"
#include "runtime/engine/session.h"
#include "runtime/ledger/ledger.h"

namespace remit {

// What is decided; borrows all of it. Members as in docs/language.md, "Requests".
struct GovernedRequest {
  const Request& request;
  const Interner& interner;  // of its symbols: an overlay over the engine's, or the engine's own
  const EntityStore* entities = nullptr;  // the request's own, or null
  bool conforms = false;  // request and own entities were validated
  std::span<const EntityUid> delegation = {};
  std::string_view session = {};
  std::string_view request_id = {};
  std::span<const std::string> approvals = {};
  bool dry_run = false;
};

// A ticket that waits for people, for one of the decision's wanted approvals.
struct OpenedTicket {
  uint32_t policy = 0;
  std::string id;
  std::string digest;  // of the request in the wanted scope, 64 hexadecimal digits
  int64_t expires_at = 0;
};

// Why what was presented does not lift a cap: the code and message of `approval::Coverage`.
struct RefusedApproval {
  uint32_t policy = 0;
  Error why;
};

// A cap that a presented grant lifted.
struct CoveredCap {
  uint32_t policy = 0;
  std::string grant;  // its id
};

struct GovernedDecision {
  Decision decision;
  std::string reservation = {};  // empty: nothing was reserved
  int64_t expires_at = 0;  // of the reservation
  bool is_repeated = false;  // the reservation is that of an earlier request with this id
  std::vector<OpenedTicket> tickets = {};
  std::vector<RefusedApproval> refused = {};  // of the decision's wanted approvals, if grants were presented
  std::vector<CoveredCap> covered = {};  // what was decided with, by each statement and grant
  std::vector<Error> ticket_errors = {};  // why a ticket could not be opened: the outcome stays `approve`
};

// Without `redeemer` no grant covers anything, without `tickets` none are opened.
struct GovernorParts {
  ledger::Ledger& ledger;
  const approval::Redeemer* redeemer = nullptr;
  approval::Tickets* tickets = nullptr;
};

class Governor {
 public:
  explicit Governor(const GovernorParts& parts) : parts_(parts) {}

  // On the session's snapshot. An error executes nothing: those of the ledger and of approvals, "request-id-reused" among them, and "state-contended"
  // if others changed what decides the keys of budgets all the time.
  auto Decide(Session& session, const GovernedRequest& request, Datetime now) const -> Expected<GovernedDecision>;
  // The same into an answer whose memory is used again: a caller that keeps it allocates nothing, once warm, for what is allowed. With an error the
  // answer is that of a denial.
  auto Decide(Session& session, const GovernedRequest& request, Datetime now, GovernedDecision& answer) const -> Expected<void>;

  // What came of it: charges what it really cost and tells the breakers. Their `trip` is that of `program`; a breaker it no longer has trips.
  auto Settle(const ir::Program& program, const Interner& interner, std::string_view reservation, ledger::Verdict verdict,
              std::span<const ledger::Actual> actual, Datetime now) const -> Expected<ledger::Settled>;

 private:
  GovernorParts parts_;
};

// Whether the counts trip the breaker of this name. True if the condition fails: a breaker that cannot be asked is open.
auto IsTripped(const ir::Program& program, const Interner& interner, std::string_view breaker, const TripCounts& counts) -> bool;

}  // namespace remit
