// One function for each part of the context.
#include "runtime/server/authzen/answer.h"

#include "runtime/approval/uid_text.h"
#include "runtime/server/authzen/access_requests.h"
#include "runtime/server/authzen/obligations.h"
#include "runtime/server/authzen/times.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using server::AppendComma;
using server::AppendMember;
using server::AppendName;
using server::AppendNumber;

void AppendReasons(std::string& out, const server::Decided& decided) {
  AppendName(out, "reasons");
  out += '[';
  for (const uint32_t policy : decided.determining) {
    AppendComma(out);
    AppendJson(out, decided.policy_id(policy));
  }
  out += ']';
}

void AppendErrors(std::string& out, const server::Decided& decided) {
  if (decided.errors.empty()) return;
  AppendName(out, "errors");
  out += '[';
  for (const auto& error : decided.errors) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "policy", decided.policy_id(error.policy));
    AppendMember(out, "code", error.code);
    AppendMember(out, "message", error.message);
    out += '}';
  }
  out += ']';
}

void AppendReservation(std::string& out, const GovernedDecision& governed) {
  if (governed.reservation.empty()) return;
  AppendName(out, "reservation");
  out += '{';
  AppendMember(out, "id", governed.reservation);
  AppendMember(out, "expires_at", FormatTime(governed.expires_at));
  out += '}';
}

void AppendEscalations(std::string& out, const server::Decided& decided, const GovernedDecision& governed) {
  if (governed.tickets.empty()) return;
  AppendName(out, "escalations");
  out += '[';
  for (const auto& ticket : governed.tickets) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "id", ticket.id);
    AppendMember(out, "statement", decided.policy_id(ticket.policy));
    AppendMember(out, "digest", ticket.digest);
    AppendMember(out, "expires_at", FormatTime(ticket.expires_at));
    for (const auto& wanted : governed.decision.approvals) {
      if (wanted.policy != ticket.policy) continue;
      AppendNumber(out, "quorum", wanted.terms.quorum);
      AppendName(out, "by");
      out += '[';
      for (const auto& who : wanted.by) {
        AppendComma(out);
        out += '{';
        AppendMember(out, "type", who.type);
        AppendMember(out, "id", who.id);
        out += '}';
      }
      out += ']';
      break;
    }
    out += '}';
  }
  out += ']';
}

}  // namespace

void AppendDecision(std::string& out, const State& state, server::Worker& worker, const server::Decided& decided, const Question& asked,
                    const Translation& translation) {
  out += '{';
  AppendMember(out, "decision", decided.outcome == Outcome::Execute);
  AppendName(out, "context");
  out += '{';
  AppendMember(out, "outcome", OutcomeName(decided.outcome));
  AppendReasons(out, decided);
  AppendErrors(out, decided);
  AppendMember(out, "evaluation_id", decided.decision_id);
  const Decision* decision = decided.governed != nullptr ? &decided.governed->decision : worker.session().statements();
  if (decision != nullptr && !decision->obligations.empty()) {
    AppendObligations(out, MakeObligations(decision->obligations, *decided.program, *decided.names));
  }
  if (decided.governed != nullptr) {
    AppendReservation(out, *decided.governed);
    AppendEscalations(out, decided, *decided.governed);
    if (!decided.governed->decision.quarantined.empty()) AppendMember(out, "quarantined", decided.governed->decision.quarantined);
  }
  AppendAccessRequest(out, state, decided, asked, translation);
  out += "}}";
}

void AppendError(std::string& out, int status, const Error& error) {
  out += '{';
  AppendMember(out, "decision", false);
  AppendName(out, "context");
  out += '{';
  AppendMember(out, "outcome", OutcomeName(Outcome::Deny));
  AppendName(out, "error");
  out += '{';
  AppendNumber(out, "status", status);
  AppendMember(out, "code", error.code);
  AppendMember(out, "message", error.message);
  if (!error.pointer.empty()) AppendMember(out, "pointer", error.pointer);
  if (!error.help.empty()) AppendMember(out, "help", error.help);
  out += "}}}";
}

}  // namespace remit::authzen
