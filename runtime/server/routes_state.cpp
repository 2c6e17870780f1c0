// What has been spent and what is stopped: `/v1/budgets`, `/v1/breakers`, `/v1/quarantine`, and `/v1/events`, which tells of changes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/governor/node_json.h"
#include "runtime/server/escalation_routes.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

auto StateName(ledger::BreakerState state) -> std::string_view {
  switch (state) {
    case ledger::BreakerState::Closed: return "closed";
    case ledger::BreakerState::Open: return "open";
    case ledger::BreakerState::HalfOpen: return "half_open";
  }
  return {};
}

void ListBudgets(Worker& worker, const Request& /*request*/, Response& response) {
  std::string& out = response.body;
  out = R"({"budgets":[)";
  for (const auto& row : worker.service().node()->Budgets(worker.service().now())) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "budget", row.budget);
    AppendMember(out, "key", row.key);
    AppendMember(out, "window", WindowName(row.window));
    AppendNumber(out, "used", row.used);
    AppendNumber(out, "reserved", row.reserved);
    AppendNumber(out, "limit", row.limit);
    AppendNumber(out, "approved", row.approved);
    AppendNumber(out, "overdraft", row.overdraft);
    if (row.window_end != ledger::kForever) AppendNumber(out, "window_end", row.window_end);
    out += '}';
  }
  out += "]}";
}

void ListBreakers(Worker& worker, const Request& /*request*/, Response& response) {
  std::string& out = response.body;
  out = R"({"breakers":[)";
  for (const auto& row : worker.service().node()->Breakers(worker.service().now())) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "breaker", row.breaker);
    AppendMember(out, "key", row.key);
    AppendMember(out, "state", StateName(row.state));
    AppendNumber(out, "calls", row.calls);
    AppendNumber(out, "failures", row.failures);
    if (row.open_until != 0) AppendNumber(out, "open_until", row.open_until);
    out += '}';
  }
  out += "]}";
}

void ListQuarantined(Worker& worker, const Request& /*request*/, Response& response) {
  std::string& out = response.body;
  out = R"({"quarantined":[)";
  const auto quarantined = worker.service().node()->Quarantined();  // kept: another thread may replace it
  for (const auto& entry : *quarantined) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "type", entry.type);
    AppendMember(out, "id", entry.id);
    AppendMember(out, "reason", entry.reason);
    AppendMember(out, "who", entry.who);
    AppendNumber(out, "since", entry.since);
    out += '}';
  }
  out += "]}";
}

void TellQuarantine(Worker& worker, std::string_view change, std::string_view type, std::string_view id) {
  std::string data = "{";
  AppendMember(data, "change", change);
  AppendMember(data, "type", type);
  AppendMember(data, "id", id);
  worker.service().Tell("quarantine", data + "}");
}

// What stops something is done even if it cannot be recorded: then the answer is an error, and it is stopped all the same.
void AddQuarantine(Worker& worker, const Request& request, Response& response) {
  const auto object = ReadObject(request, response);
  if (!object) return;
  const auto type = ReadText(*object, "type", true, response);
  if (!type) return;
  const auto id = ReadText(*object, "id", true, response);
  if (!id) return;
  const auto reason = ReadText(*object, "reason", false, response);
  if (!reason) return;
  const Caller& caller = *request.caller;
  const auto added = worker.service().node()->Quarantine({.type = *type,
                                                          .id = *id,
                                                          .reason = *reason,
                                                          .who = fmt::format("{}::\"{}\"", caller.type, caller.id),
                                                          .since = worker.service().now()});
  if (!added) return Fail(response, added.error());
  TellQuarantine(worker, "quarantined", *type, *id);
  const audit::EventRecord record = {.kind = audit::RecordKind::Quarantine, .reason = *reason, .subject = {.type = *type, .id = *id}};
  if (!Recorded(worker, record, response)) return;
  response.body = fmt::format(R"({{"added":{}}})", *added);
}

// What lets something go is recorded first.
void ReleaseQuarantine(Worker& worker, const Request& request, Response& response) {
  const auto type = ReadCapture(request, 0, response);
  if (!type) return;
  const auto id = ReadCapture(request, 1, response);
  if (!id) return;
  const audit::EventRecord record = {.kind = audit::RecordKind::Release, .subject = {.type = *type, .id = *id}};
  if (!Recorded(worker, record, response)) return;
  const auto released = worker.service().node()->Release(*type, *id);
  if (!released) return Fail(response, released.error());
  if (!*released) return Fail(response, 404, "not-quarantined", "it is not in quarantine");
  TellQuarantine(worker, "released", *type, *id);
  response.body = R"({"released":true})";
}

void StreamEvents(Worker& /*worker*/, const Request& /*request*/, Response& response) {
  response.content_type = "text/event-stream";
  response.stream = Stream::Events;
  response.topics = "escalations,quarantine";
}

}  // namespace

void AddStateRoutes(Service& service) {
  Router& router = service.router();
  router.Add({.method = Method::Get,
              .pattern = "/v1/budgets",
              .right = Right::ReadState,
              .place = Place::Background,
              .handler = ListBudgets,
              .docs = {.operation = "budgets",
                       .summary = "What has been spent, by budget and key",
                       .tag = "state",
                       .response = R"({"type":"object","required":["budgets"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/v1/breakers",
              .right = Right::ReadState,
              .place = Place::Background,
              .handler = ListBreakers,
              .docs = {.operation = "breakers",
                       .summary = "Which breakers are open",
                       .tag = "state",
                       .response = R"({"type":"object","required":["breakers"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/v1/quarantine",
              .right = Right::ReadState,
              .handler = ListQuarantined,
              .docs = {.operation = "quarantined",
                       .summary = "What is stopped",
                       .tag = "state",
                       .response = R"({"type":"object","required":["quarantined"]})"}});
  router.Add(
      {.method = Method::Post,
       .pattern = "/v1/quarantine",
       .right = Right::Quarantine,
       .place = Place::Background,
       .handler = AddQuarantine,
       .docs = {
           .operation = "quarantine",
           .summary = "Stop an agent, a tool or a tenant everywhere",
           .tag = "state",
           .request =
               R"({"type":"object","required":["type","id"],"properties":{"type":{"type":"string"},"id":{"type":"string"},"reason":{"type":"string"}}})",
           .response = R"({"type":"object","required":["added"]})"}});
  router.Add(
      {.method = Method::Delete,
       .pattern = "/v1/quarantine/{type}/{id}",
       .right = Right::Release,
       .place = Place::Background,
       .handler = ReleaseQuarantine,
       .docs = {
           .operation = "release", .summary = "Let it go on", .tag = "state", .response = R"({"type":"object","required":["released"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/v1/events",
              .right = Right::ReadEscalations,
              .handler = StreamEvents,
              .docs = {.operation = "events",
                       .summary = "Escalations and quarantine as they happen, as server-sent events",
                       .tag = "state",
                       .media_type = "text/event-stream"}});
  AddEscalationRoutes(service);
}

}  // namespace remit::server
