#include "runtime/server/escalation_routes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

using approval::Approver;
using approval::Ticket;

constexpr size_t kMostListed = 1'000;

void AppendUid(std::string& out, std::string_view name, const approval::UidText& uid) {
  AppendName(out, name);
  out += approval::UidToJson(uid);
}

void TellChange(Worker& worker, std::string_view change, const Ticket& ticket) {
  std::string data = "{";
  AppendMember(data, "change", change);
  AppendMember(data, "id", ticket.id);
  AppendMember(data, "statement", ticket.wanted.statement);
  worker.service().Tell("escalations", data + "}");
}

void List(Worker& worker, const Request& request, Response& response) {
  const int64_t now = worker.service().now();
  const auto state = QueryValue(request.query, "state");
  const auto tickets = worker.service().node()->ListEscalations(now, kMostListed);
  if (!tickets) return Fail(response, tickets.error());
  std::string& out = response.body;
  out = R"({"escalations":[)";
  for (const Ticket& ticket : *tickets) {
    if (state && *state != approval::TicketStateName(ticket.StateAt(now))) continue;
    AppendComma(out);
    AppendTicket(out, ticket, now);
  }
  out += "]}";
}

auto Find(Worker& worker, const Request& request, Response& response) -> std::optional<Ticket> {
  const auto id = ReadCapture(request, 0, response);
  if (!id) return std::nullopt;
  auto ticket = worker.service().node()->FindEscalation(*id, worker.service().now());
  if (!ticket) {
    Fail(response, ticket.error());
    return std::nullopt;
  }
  return std::move(*ticket);
}

void Show(Worker& worker, const Request& request, Response& response) {
  const auto ticket = Find(worker, request, response);
  if (ticket) AppendTicket(response.body, *ticket, worker.service().now());
}

// For whoever asked and was told the ticket's id: the grant, once there is one.
void ShowGrant(Worker& worker, const Request& request, Response& response) {
  const auto ticket = Find(worker, request, response);
  if (!ticket) return;
  std::string& out = response.body;
  out = "{";
  AppendMember(out, "state", approval::TicketStateName(ticket->StateAt(worker.service().now())));
  if (ticket->StateAt(worker.service().now()) == approval::TicketState::Approved) AppendMember(out, "grant", ticket->grant);
  out += '}';
}

auto ApproverOf(Worker& worker, const Request& request) -> Approver {
  return {.person = {.type = request.caller->type, .id = request.caller->id}, .acting_for = {}, .at_ms = worker.service().now()};
}

using Answer = Expected<Ticket> (Node::*)(std::string_view, const Approver&, std::string_view);

// Says no, or takes a yes back.
void Refuse(Worker& worker, const Request& request, Response& response, Answer answer, audit::RecordKind kind, std::string_view change) {
  const auto object = ReadObject(request, response);
  if (!object) return;
  const auto reason = ReadText(*object, "reason", false, response);
  if (!reason) return;
  const auto id = ReadCapture(request, 0, response);
  if (!id) return;
  const Approver approver = ApproverOf(worker, request);
  const auto ticket = (worker.service().node()->*answer)(*id, approver, *reason);
  if (!ticket) return Fail(response, ticket.error());
  TellChange(worker, change, *ticket);
  const audit::EventRecord record = {.kind = kind,
                                     .ticket = *id,
                                     .statement = ticket->wanted.statement,
                                     .approver = {.type = approver.person.type, .id = approver.person.id},
                                     .reason = *reason};
  if (!Recorded(worker, record, response)) return;
  AppendTicket(response.body, *ticket, worker.service().now());
}

void Approve(Worker& worker, const Request& request, Response& response) {
  const auto id = ReadCapture(request, 0, response);
  if (!id) return;
  const Approver approver = ApproverOf(worker, request);
  // A yes that is not recorded must not be one.
  const audit::EventRecord record = {
      .kind = audit::RecordKind::Approval, .ticket = *id, .approver = {.type = approver.person.type, .id = approver.person.id}};
  const auto known = worker.service().node()->FindEscalation(*id, worker.service().now());
  if (!known) return Fail(response, known.error());
  if (!Recorded(worker, record, response)) return;
  const auto ticket = worker.service().node()->Approve(*id, approver);
  if (!ticket) return Fail(response, ticket.error());
  TellChange(worker, approval::TicketStateName(ticket->StateAt(worker.service().now())), *ticket);
  AppendTicket(response.body, *ticket, worker.service().now());
}

void Deny(Worker& worker, const Request& request, Response& response) {
  Refuse(worker, request, response, &Node::Deny, audit::RecordKind::Denial, "denied");
}
void Revoke(Worker& worker, const Request& request, Response& response) {
  Refuse(worker, request, response, &Node::Revoke, audit::RecordKind::Revocation, "revoked");
}

}  // namespace

void AppendTicket(std::string& out, const Ticket& ticket, int64_t now_ms) {
  out += '{';
  AppendMember(out, "id", ticket.id);
  AppendMember(out, "state", approval::TicketStateName(ticket.StateAt(now_ms)));
  AppendMember(out, "statement", ticket.wanted.statement);
  AppendName(out, "by");
  out += approval::UidsToJson(ticket.wanted.by);
  AppendNumber(out, "quorum", ticket.wanted.quorum);
  AppendNumber(out, "uses", ticket.wanted.uses);
  AppendMember(out, "scope", approval::ScopeName(ticket.wanted.scope));
  AppendUid(out, "principal", ticket.facts.principal);
  AppendUid(out, "action", ticket.facts.action);
  AppendUid(out, "resource", ticket.facts.resource);
  AppendName(out, "delegation");
  out += approval::UidsToJson(ticket.facts.delegation);
  if (!ticket.facts.session.empty()) AppendMember(out, "session", ticket.facts.session);
  AppendName(out, "context");
  out += ticket.facts.context;
  AppendMember(out, "digest", approval::ToHex(ticket.digest));
  AppendNumber(out, "opened_at", ticket.opened_ms);
  AppendNumber(out, "expires_at", ticket.expires_ms);
  AppendName(out, "approvers");
  out += '[';
  for (const Approver& approver : ticket.approvers) {
    AppendComma(out);
    out += '{';
    AppendUid(out, "person", approver.person);
    AppendNumber(out, "at", approver.at_ms);
    out += '}';
  }
  out += ']';
  if (!ticket.decided_by.type.empty()) AppendUid(out, "decided_by", ticket.decided_by);
  if (!ticket.reason.empty()) AppendMember(out, "reason", ticket.reason);
  out += '}';
}

void AddEscalationRoutes(Service& service) {
  Router& router = service.router();
  constexpr std::string_view kTicket = R"({"$ref":"#/components/schemas/Escalation"})";
  constexpr std::string_view kReason = R"({"type":"object","properties":{"reason":{"type":"string"}}})";
  const auto add = [&](Method method, std::string_view pattern, Right right, Handler handler, const RouteDocs& docs) {
    router.Add(
        {.method = method, .pattern = pattern, .right = right, .place = Place::Background, .handler = std::move(handler), .docs = docs});
  };
  add(Method::Get, "/v1/escalations", Right::ReadEscalations, List,
      {.operation = "escalations",
       .summary = "What waits for people; `?state=pending`",
       .tag = "escalations",
       .response = R"({"type":"object","required":["escalations"]})"});
  add(Method::Get, "/v1/escalations/{id}", Right::ReadEscalations, Show,
      {.operation = "escalation", .summary = "One escalation with all that it is about", .tag = "escalations", .response = kTicket});
  add(Method::Get, "/v1/escalations/{id}/grant", Right::Decide, ShowGrant,
      {.operation = "grant",
       .summary = "The signed grant, once people said yes",
       .tag = "escalations",
       .response = R"({"type":"object","required":["state"]})"});
  add(Method::Post, "/v1/escalations/{id}/approve", Right::Approve, Approve,
      {.operation = "approve",
       .summary = "Say yes, as the caller",
       .tag = "escalations",
       .request = "{\"type\":\"object\"}",
       .response = kTicket});
  add(Method::Post, "/v1/escalations/{id}/deny", Right::Approve, Deny,
      {.operation = "deny", .summary = "Say no, as the caller", .tag = "escalations", .request = kReason, .response = kTicket});
  add(Method::Post, "/v1/escalations/{id}/revoke", Right::Approve, Revoke,
      {.operation = "revoke", .summary = "Take a yes back, as the caller", .tag = "escalations", .request = kReason, .response = kTicket});
}

}  // namespace remit::server
