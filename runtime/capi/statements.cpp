// What Remit's statements and a ledger add to a decision: obligations, approvals that are wanted, the reservation.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "runtime/capi/decision.h"
#include "runtime/capi/json_text.h"
#include "runtime/capi/versioned.h"

namespace remit::capi {
namespace {

// `,"NAME":[..]` of what there is; nothing of nothing.
template <typename Items, typename Append>
void AppendSome(std::string& out, std::string_view name, const Items& items, Append append) {
  if (items.empty()) return;
  fmt::format_to(std::back_inserter(out), ",\"{}\":[", name);
  bool is_first = true;
  for (const auto& item : items) {
    if (!std::exchange(is_first, false)) out += ',';
    out += '{';
    append(item);
    out += '}';
  }
  out += ']';
}

void AppendText(std::string& out, std::string_view name, std::string_view value, bool is_first = false) {
  fmt::format_to(std::back_inserter(out), "{}\"{}\":", is_first ? "" : ",", name);
  AppendJson(out, value);
}

void AppendPolicyId(std::string& out, const remit_decision& decision, uint32_t policy) {
  AppendText(out, "policyId", PolicyId(decision, policy), true);
}

void AppendError(std::string& out, const Error& error, bool is_first) {
  AppendText(out, "code", error.code, is_first);
  AppendText(out, "message", error.message);
}

auto ScopeName(ir::ApprovalScope scope) -> std::string_view { return scope == ir::ApprovalScope::Exact ? "exact" : "session"; }

void AppendDecided(std::string& out, const remit_decision& decision, const Decision& decided) {
  AppendSome(out, "obligations", decided.obligations, [&](const ObligationRecord& obligation) {
    AppendPolicyId(out, decision, obligation.policy);
    out += ",\"obligations\":" + obligation.record;
  });
  AppendSome(out, "approvals", decided.approvals, [&](const WantedApproval& wanted) {
    AppendPolicyId(out, decision, wanted.policy);
    out += ",\"by\":[";
    for (size_t i = 0; i < wanted.by.size(); ++i) {
      out += i == 0 ? "{" : ",{";
      AppendText(out, "type", wanted.by[i].type, true);
      AppendText(out, "id", wanted.by[i].id);
      out += '}';
    }
    fmt::format_to(std::back_inserter(out), R"(],"quorum":{},"expiresMs":{},"uses":{},"scope":"{}")", wanted.terms.quorum,
                   wanted.terms.expires, wanted.terms.uses, ScopeName(wanted.terms.scope));
  });
  if (!decided.quarantined.empty()) AppendText(out, "quarantined", decided.quarantined);
}

void AppendGoverned(std::string& out, const remit_decision& decision, const GovernedDecision& governed) {
  if (!governed.reservation.empty()) {
    fmt::format_to(std::back_inserter(out), R"(,"reservation":{{"id":"{}","expiresAt":{},"repeated":{}}})", governed.reservation,
                   governed.expires_at, governed.is_repeated);
  }
  AppendSome(out, "escalations", governed.tickets, [&](const OpenedTicket& ticket) {
    AppendText(out, "id", ticket.id, true);
    AppendText(out, "policyId", PolicyId(decision, ticket.policy));
    AppendText(out, "digest", ticket.digest);
    fmt::format_to(std::back_inserter(out), ",\"expiresAt\":{}", ticket.expires_at);
  });
  AppendSome(out, "notLifted", governed.refused, [&](const RefusedApproval& refused) {
    AppendPolicyId(out, decision, refused.policy);
    AppendError(out, refused.why, false);
  });
  AppendSome(out, "escalationErrors", governed.ticket_errors, [&](const Error& error) { AppendError(out, error, true); });
}

auto Describe(const remit_decision& decision, const WantedApproval& wanted) -> remit_wanted_approval {
  remit_wanted_approval values = {};
  values.policy = ToC(PolicyId(decision, wanted.policy));
  values.quorum = wanted.terms.quorum;
  values.uses = wanted.terms.uses;
  values.lasts_millis = wanted.terms.expires;
  values.escalation = values.code = values.message = ToC("");
  if (decision.governed() == nullptr) return values;
  const auto say = [&](const Error& why) { values.code = ToC(why.code), values.message = ToC(why.message); };
  const auto& governed = *decision.governed();
  if (!governed.ticket_errors.empty()) say(governed.ticket_errors.front());
  for (const auto& ticket : governed.tickets) {
    if (ticket.policy != wanted.policy) continue;
    values.escalation = ToC(ticket.id);
    values.expires_millis = ticket.expires_at;
    values.code = values.message = ToC("");
  }
  for (const auto& refused : governed.refused) {
    if (refused.policy == wanted.policy) say(refused.why);
  }
  return values;
}

}  // namespace

void AppendStatements(std::string& out, const remit_decision& decision) {
  if (decision.statements != nullptr) AppendDecided(out, decision, *decision.statements);
  if (decision.governed() != nullptr) AppendGoverned(out, decision, *decision.governed());
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_decision_reservation(const remit_decision* decision) noexcept -> remit_string {
  return decision != nullptr && decision->governed() != nullptr ? ToC(decision->governed()->reservation) : ToC("");
}
auto remit_decision_reservation_expires(const remit_decision* decision) noexcept -> int64_t {
  const bool has_one = decision != nullptr && decision->governed() != nullptr && !decision->governed()->reservation.empty();
  return has_one ? decision->governed()->expires_at : 0;
}
auto remit_decision_is_repeated(const remit_decision* decision) noexcept -> int {
  return decision != nullptr && decision->governed() != nullptr && decision->governed()->is_repeated ? 1 : 0;
}

auto remit_decision_obligation_count(const remit_decision* decision) noexcept -> size_t {
  return decision != nullptr && decision->statements != nullptr ? decision->statements->obligations.size() : 0;
}

auto remit_decision_obligation(const remit_decision* decision, size_t index, remit_obligation* obligation, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"obligation", obligation}}); !given) return given;
    if (index >= remit_decision_obligation_count(decision)) return FailArgument("the decision has no obligation of this position");
    const auto& record = decision->statements->obligations[index];
    const remit_obligation values = {.size = 0, .policy = ToC(PolicyId(*decision, record.policy)), .json = ToC(record.record)};
    return WriteStruct(values, obligation) ? Result{} : FailArgument("the size of `obligation` is not set");
  });
}

auto remit_decision_approval_count(const remit_decision* decision) noexcept -> size_t {
  return decision != nullptr && decision->statements != nullptr ? decision->statements->approvals.size() : 0;
}

auto remit_decision_approval(const remit_decision* decision, size_t index, remit_wanted_approval* approval, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"approval", approval}}); !given) return given;
    if (index >= remit_decision_approval_count(decision)) return FailArgument("the decision wants no approval of this position");
    const auto values = Describe(*decision, decision->statements->approvals[index]);
    return WriteStruct(values, approval) ? Result{} : FailArgument("the size of `approval` is not set");
  });
}
