// Deciding and what follows it: `/v1/decide`, `/v1/decide/batch`, `/v1/explain`, `/v1/settle`, `/v1/extend`, `/v1/reservations/{id}`.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/server/decision_json.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_slices.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kRequestSchema = R"({"$ref":"#/components/schemas/Request"})";
constexpr std::string_view kDecisionSchema = R"({"$ref":"#/components/schemas/Decision"})";

// People who wait for something to approve are told at once.
void TellTickets(Worker& worker, const Decided& decided) {
  if (decided.governed == nullptr) return;
  for (const OpenedTicket& ticket : decided.governed->tickets) {
    std::string data = "{";
    AppendMember(data, "change", "opened");
    AppendMember(data, "id", ticket.id);
    AppendMember(data, "statement", decided.policy_id(ticket.policy));
    AppendNumber(data, "expires_at", ticket.expires_at);
    worker.service().Tell("escalations", data + "}");
  }
}

void Decide(Worker& worker, const Request& request, Response& response) {
  worker.Begin();
  const auto decided = worker.DecideJson(request.body);
  if (!decided) return Fail(response, decided.error());
  AppendDecision(response.body, *decided);
  TellTickets(worker, *decided);
}

// {"requests": [..]}: each is decided by itself, in their order; one that cannot be decided is answered with its error.
void DecideBatch(Worker& worker, const Request& request, Response& response) {
  constexpr size_t kMost = 10'000;
  const auto items = ItemSlices(MemberSlice(request.body, "requests"), kMost);
  if (!items) return Fail(response, 400, "malformed-batch", fmt::format("`requests` must be an array of at most {} requests", kMost));
  std::string out = R"({"decisions":[)";
  for (const std::string_view item : *items) {
    AppendComma(out);
    worker.Begin();
    const auto decided = worker.DecideJson(item);
    if (decided) {
      AppendDecision(out, *decided);
      TellTickets(worker, *decided);
      continue;
    }
    out += R"({"outcome":"deny","decision":"deny","refused":{)";
    AppendMember(out, "code", decided.error().code);
    AppendMember(out, "message", decided.error().message);
    if (!decided.error().pointer.empty()) AppendMember(out, "pointer", decided.error().pointer);
    out += "}}";
  }
  response.body = std::move(out) + "]}";
}

void Explain(Worker& worker, const Request& request, Response& response) {
  const Snapshot& snapshot = worker.Begin();
  auto document = ReadRequest(request.body, worker.names(), worker.arena(), worker.reading(), snapshot.entities.get());
  if (!document) return Fail(response, document.error());
  const auto governed = worker.Peek({.request = document->request,
                                     .interner = worker.names(),
                                     .entities = document->entities ? &*document->entities : nullptr,
                                     .conforms = snapshot.policies->schema() != nullptr,
                                     .delegation = document->delegation,
                                     .session = document->session,
                                     .approvals = document->approvals});
  if (!governed) return Fail(response, governed.error());
  AppendExplanation(response.body, worker, *governed);
}

auto FindVerdict(std::string_view name) -> std::optional<ledger::Verdict> {
  if (name == "success") return ledger::Verdict::Success;
  if (name == "failure") return ledger::Verdict::Failure;
  if (name == "not_dispatched") return ledger::Verdict::NotDispatched;
  return std::nullopt;
}

auto VerdictName(ledger::Verdict verdict) -> std::string_view {
  switch (verdict) {
    case ledger::Verdict::Success: return "success";
    case ledger::Verdict::Failure: return "failure";
    case ledger::Verdict::NotDispatched: return "not_dispatched";
  }
  return {};
}

// {"budget": 12, ..}; false: the response is complete.
auto ReadCharges(const Json& object, std::vector<ledger::Actual>& actual, Response& response) -> bool {
  const auto charges = object.find("charges");
  if (charges == object.end()) return true;
  const auto refuse = [&](const std::string& pointer) {
    Fail(
        response, 400,
        Error{.code = "malformed-charges", .message = "charges are whole numbers by the names of budgets", .pointer = pointer, .help = {}});
    return false;
  };
  if (!charges->is_object()) return refuse("/charges");
  for (const auto& [budget, amount] : charges->items()) {
    if (!amount.is_number_integer() || (amount.is_number_unsigned() && amount.get<uint64_t>() > INT64_MAX))
      return refuse("/charges/" + budget);
    actual.push_back({.budget = budget, .amount = amount.get<int64_t>()});
  }
  return true;
}

void Settle(Worker& worker, const Request& request, Response& response) {
  const auto object = ReadObject(request, response);
  if (!object) return;
  const auto reservation = ReadText(*object, "reservation", true, response);
  if (!reservation) return;
  const auto name = ReadText(*object, "outcome", true, response);
  if (!name) return;
  const auto verdict = FindVerdict(*name);
  if (!verdict) return Fail(response, 400, "unknown-outcome", "`outcome` is `success`, `failure` or `not_dispatched`");
  std::vector<ledger::Actual> actual;
  if (!ReadCharges(*object, actual, response)) return;
  const auto settled = worker.service().node()->Settle(*reservation, *verdict, actual, Datetime{worker.service().now()});
  if (!settled) return Fail(response, settled.error());
  std::vector<audit::Charge> charges;
  for (const auto& each : actual) charges.push_back({.budget = each.budget, .amount = each.amount});
  const audit::EventRecord record = {
      .kind = audit::RecordKind::Settlement, .reservation = *reservation, .verdict = VerdictName(*verdict), .charges = charges};
  if (!Recorded(worker, record, response)) return;
  std::string& out = response.body;
  out = "{";
  AppendMember(out, "outcome", VerdictName(settled->verdict));
  AppendMember(out, "repeated", settled->repeated);
  AppendMember(out, "late", settled->late);
  AppendMember(out, "overdrawn", settled->overdrawn);
  out += '}';
}

void Extend(Worker& worker, const Request& request, Response& response) {
  const auto object = ReadObject(request, response);
  if (!object) return;
  const auto reservation = ReadText(*object, "reservation", true, response);
  if (!reservation) return;
  const auto hold = object->find("hold_ms");
  if (hold == object->end() || !hold->is_number_integer())
    return Fail(response, 400, "missing-member", "`hold_ms` must be a number of milliseconds");
  const auto expires = worker.service().node()->Extend(*reservation, hold->get<int64_t>(), worker.service().now());
  if (!expires) return Fail(response, expires.error());
  const audit::EventRecord record = {.kind = audit::RecordKind::Extension, .reservation = *reservation, .reservation_expires_ms = *expires};
  if (!Recorded(worker, record, response)) return;
  response.body = fmt::format(R"({{"expires_at":{}}})", *expires);
}

auto StageName(ledger::Stage stage) -> std::string_view {
  switch (stage) {
    case ledger::Stage::Open: return "open";
    case ledger::Stage::Expired: return "expired";
    case ledger::Stage::Settled: return "settled";
  }
  return {};
}

void ShowReservation(Worker& worker, const Request& request, Response& response) {
  const auto id = ReadCapture(request, 0, response);
  if (!id) return;
  const auto details = worker.service().node()->Describe(*id);
  if (!details) return Fail(response, details.error());
  std::string& out = response.body;
  out = "{";
  AppendMember(out, "id", details->id);
  if (!details->request_id.empty()) AppendMember(out, "request_id", details->request_id);
  AppendMember(out, "stage", StageName(details->stage));
  if (details->stage == ledger::Stage::Settled) AppendMember(out, "outcome", VerdictName(details->verdict));
  AppendNumber(out, "expires_at", details->expires_at);
  AppendName(out, "charges");
  out += '[';
  for (const auto& line : details->lines) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "budget", line.budget);
    AppendMember(out, "key", line.key);
    AppendNumber(out, "reserved", line.reserved);
    AppendNumber(out, "approved", line.approved);
    AppendNumber(out, "charged", line.charged);
    AppendNumber(out, "overdraft", line.overdraft);
    out += '}';
  }
  out += "]}";
}

}  // namespace

void AddDecideRoutes(Service& service) {
  Router& router = service.router();
  router.Add({.method = Method::Post,
              .pattern = "/v1/decide",
              .right = Right::Decide,
              .place = Place::Deciding,
              .handler = Decide,
              .docs = {.operation = "decide",
                       .summary = "Decide one request; reserves what it costs",
                       .tag = "decisions",
                       .request = kRequestSchema,
                       .response = kDecisionSchema}});
  router.Add(
      {.method = Method::Post,
       .pattern = "/v1/decide/batch",
       .right = Right::Decide,
       .place = Place::Deciding,
       .handler = DecideBatch,
       .docs = {
           .operation = "decideBatch",
           .summary = "Decide many requests, each by itself",
           .tag = "decisions",
           .request =
               R"({"type":"object","required":["requests"],"properties":{"requests":{"type":"array","maxItems":10000,"items":{"$ref":"#/components/schemas/Request"}}}})",
           .response =
               R"({"type":"object","required":["decisions"],"properties":{"decisions":{"type":"array","items":{"$ref":"#/components/schemas/Decision"}}}})"}});
  router.Add({.method = Method::Post,
              .pattern = "/v1/explain",
              .right = Right::Explain,
              .place = Place::Background,
              .handler = Explain,
              .docs = {.operation = "explain",
                       .summary = "Why a request would be decided as it would, clause by clause; nothing is reserved",
                       .tag = "decisions",
                       .request = kRequestSchema,
                       .response = R"({"type":"object","required":["outcome","policies"]})"}});
  router.Add(
      {.method = Method::Post,
       .pattern = "/v1/settle",
       .right = Right::Settle,
       .place = Place::Deciding,
       .handler = Settle,
       .docs = {
           .operation = "settle",
           .summary = "Say what came of an execution and what it cost",
           .tag = "decisions",
           .request =
               R"({"type":"object","required":["reservation","outcome"],"properties":{"reservation":{"type":"string"},"outcome":{"enum":["success","failure","not_dispatched"]},"charges":{"type":"object","additionalProperties":{"type":"integer"}}}})",
           .response = R"({"type":"object","required":["outcome","repeated","late","overdrawn"]})"}});
  router.Add(
      {.method = Method::Post,
       .pattern = "/v1/extend",
       .right = Right::Settle,
       .place = Place::Deciding,
       .handler = Extend,
       .docs = {
           .operation = "extend",
           .summary = "Hold a reservation for longer",
           .tag = "decisions",
           .request =
               R"({"type":"object","required":["reservation","hold_ms"],"properties":{"reservation":{"type":"string"},"hold_ms":{"type":"integer"}}})",
           .response = R"({"type":"object","required":["expires_at"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/v1/reservations/{id}",
              .right = Right::Settle,
              .place = Place::Background,
              .handler = ShowReservation,
              .docs = {.operation = "reservation",
                       .summary = "A reservation and what it was charged",
                       .tag = "decisions",
                       .response = R"({"type":"object","required":["id","stage","charges"]})"}});
}

}  // namespace remit::server
