#include "runtime/governor/node_json.h"

#include <algorithm>

#include "runtime/approval/canonical_json.h"

namespace remit {
namespace {

using approval::CanonicalArray;
using approval::CanonicalObject;
using approval::UidsToJson;
using approval::UidToJson;

auto StageName(ledger::Stage stage) -> std::string_view {
  switch (stage) {
    case ledger::Stage::Open: return "open";
    case ledger::Stage::Expired: return "expired";
    case ledger::Stage::Settled: return "settled";
  }
  return "";
}

// `{"NAME": [..]}`, each row by `write`.
template <typename Rows, typename Write>
auto List(std::string_view name, const Rows& rows, const Write& write) -> std::string {
  std::vector<std::string> elements;
  for (const auto& row : rows) elements.push_back(write(row));
  return CanonicalObject().Add(name, CanonicalArray(elements)).Finish();
}

auto RequestJson(const approval::RequestFacts& facts) -> std::string {
  CanonicalObject json;
  json.Add("principal", UidToJson(facts.principal))
      .Add("action", UidToJson(facts.action))
      .Add("resource", UidToJson(facts.resource))
      .Add("context", facts.context);
  if (!facts.delegation.empty()) json.Add("delegation", UidsToJson(facts.delegation));
  if (!facts.session.empty()) json.AddString("session", facts.session);
  return json.Finish();
}

auto ApproversJson(const std::vector<approval::Approver>& approvers) -> std::string {
  std::vector<std::string> elements;
  for (const auto& approver : approvers) {
    CanonicalObject json;
    json.Add("person", UidToJson(approver.person)).AddInteger("at", approver.at_ms);
    if (!approver.acting_for.empty()) json.Add("actingFor", UidsToJson(approver.acting_for));
    elements.push_back(json.Finish());
  }
  return CanonicalArray(elements);
}

}  // namespace

auto TicketAnswer(const approval::Ticket& ticket) -> std::string {
  CanonicalObject json;
  json.AddString("id", ticket.id)
      .AddString("state", TicketStateName(ticket.state))
      .AddString("policyId", ticket.wanted.statement)
      .Add("request", RequestJson(ticket.facts))
      .Add("by", UidsToJson(ticket.wanted.by))
      .AddInteger("quorum", ticket.wanted.quorum)
      .AddInteger("uses", ticket.wanted.uses)
      .AddString("scope", ScopeName(ticket.wanted.scope))
      .AddString("digest", ToHex(ticket.digest))
      .AddInteger("openedAt", ticket.opened_ms)
      .AddInteger("expiresAt", ticket.expires_ms)
      .Add("approvers", ApproversJson(ticket.approvers));
  if (!ticket.grant.empty()) json.AddString("grant", ticket.grant);
  if (!ticket.decided_by.type.empty()) json.Add("decidedBy", UidToJson(ticket.decided_by));
  if (!ticket.reason.empty()) json.AddString("reason", ticket.reason);
  return json.Finish();
}

auto TicketsAnswer(const std::vector<approval::Ticket>& tickets) -> std::string { return List("escalations", tickets, TicketAnswer); }

auto Remaining(const ledger::AccountStatus& row) -> int64_t { return row.used >= row.limit ? 0 : row.limit - row.used; }

auto BudgetsAnswer(const std::vector<ledger::AccountStatus>& rows) -> std::string {
  return List("budgets", rows, [](const ledger::AccountStatus& row) {
    CanonicalObject json;
    json.AddString("budget", row.budget)
        .AddString("key", row.key)
        .AddString("window", WindowName(row.window))
        .AddInteger("used", row.used)
        .AddInteger("reserved", row.reserved)
        .AddInteger("limit", row.limit)
        .AddInteger("remaining", Remaining(row))
        .AddInteger("approved", row.approved)
        .AddInteger("overdraft", row.overdraft)
        .AddInteger("totalCharged", row.total_charged);
    if (row.window_end != ledger::kForever) json.AddInteger("windowEnd", row.window_end);
    return json.Finish();
  });
}

auto BreakersAnswer(const std::vector<ledger::BreakerStatus>& rows) -> std::string {
  return List("breakers", rows, [](const ledger::BreakerStatus& row) {
    CanonicalObject json;
    json.AddString("breaker", row.breaker)
        .AddString("key", row.key)
        .AddString("state", BreakerStateName(row.state))
        .AddInteger("calls", row.calls)
        .AddInteger("failures", row.failures);
    if (row.state == ledger::BreakerState::Open) json.AddInteger("openUntil", row.open_until);
    return json.Finish();
  });
}

auto QuarantineAnswer(const ledger::QuarantineList& list) -> std::string {
  return List("quarantined", list, [](const ledger::QuarantineEntry& entry) {
    return CanonicalObject()
        .Add("entity", UidToJson({.type = entry.type, .id = entry.id}))
        .AddString("reason", entry.reason)
        .AddString("who", entry.who)
        .AddInteger("since", entry.since)
        .Finish();
  });
}

auto ReservationAnswer(const ledger::ReservationDetails& details) -> std::string {
  std::vector<std::string> lines;
  for (const auto& line : details.lines) {
    lines.push_back(CanonicalObject()
                        .AddString("budget", line.budget)
                        .AddInteger("reserved", line.reserved)
                        .AddInteger("approved", line.approved)
                        .AddInteger("charged", line.charged)
                        .AddInteger("overdraft", line.overdraft)
                        .Finish());
  }
  CanonicalObject json;
  json.AddString("stage", StageName(details.stage)).AddInteger("expiresAt", details.expires_at).Add("budgets", CanonicalArray(lines));
  if (details.stage == ledger::Stage::Settled) json.AddString("verdict", VerdictName(details.verdict));
  return json.Finish();
}

// ---- names ------------------------------------------------------------------------------------------------------------------

auto WindowName(ledger::Window window) -> std::string_view {
  switch (window) {
    case ledger::Window::Lifetime: return "lifetime";
    case ledger::Window::Hour: return "hour";
    case ledger::Window::Day: return "day";
    case ledger::Window::Week: return "week";
    case ledger::Window::Month: return "month";
    case ledger::Window::Sliding: return "sliding";
    case ledger::Window::Refill: return "refill";
    case ledger::Window::Concurrent: return "concurrent";
  }
  return "";
}

auto BreakerStateName(ledger::BreakerState state) -> std::string_view {
  switch (state) {
    case ledger::BreakerState::Closed: return "closed";
    case ledger::BreakerState::Open: return "open";
    case ledger::BreakerState::HalfOpen: return "half-open";
  }
  return "";
}

auto VerdictName(ledger::Verdict verdict) -> std::string_view {
  switch (verdict) {
    case ledger::Verdict::Success: return "success";
    case ledger::Verdict::Failure: return "failure";
    case ledger::Verdict::NotDispatched: return "not-dispatched";
  }
  return "";
}

}  // namespace remit
