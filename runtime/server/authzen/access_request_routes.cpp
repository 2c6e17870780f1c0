// The endpoint that takes requests for access, and the one that says how they stand.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "runtime/server/authzen/access_requests.h"
#include "runtime/server/authzen/binding.h"
#include "runtime/server/authzen/canonical.h"
#include "runtime/server/authzen/handlers.h"
#include "runtime/server/authzen/times.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using json::Cursor;
using server::AppendMember;
using server::AppendName;
using server::Method;
using server::Place;
using server::Request;
using server::Response;
using server::Right;
using server::Worker;

// ---- problems (RFC 9457) ---------------------------------------------------------------------------------------------

struct Problem {
  std::string_view name;
  int status;
  std::string_view title;
};
constexpr Problem kMalformed = {.name = {}, .status = 400, .title = "the request is malformed"};
constexpr Problem kNotRequestable = {.name = "not_requestable", .status = 400, .title = "this denial cannot be lifted by a request"};
constexpr Problem kInvalidBinding = {
    .name = "invalid_denial_binding", .status = 400, .title = "the request is not about the denial it names"};
constexpr Problem kExpiredDenial = {.name = "expired_denial", .status = 410, .title = "the denial is too old to be asked about"};
constexpr Problem kDuplicate = {.name = "duplicate_request", .status = 409, .title = "the idempotency key belongs to another request"};
constexpr Problem kUnknownTask = {.name = "unknown_task", .status = 404, .title = "there is no such task"};
constexpr Problem kTaskExpired = {.name = "task_expired", .status = 410, .title = "the task is over"};
constexpr Problem kAway = {.name = {}, .status = 503, .title = "the store of approvals is away"};

void Refuse(Response& response, const Problem& problem, std::string_view detail = {}) {
  response.status = problem.status;
  response.content_type = "application/problem+json";
  response.body = "{";
  AppendMember(response.body, "type",
               problem.name.empty() ? std::string("about:blank") : fmt::format("urn:openid:authzen:access-request:error:{}", problem.name));
  AppendMember(response.body, "title", problem.title);
  server::AppendNumber(response.body, "status", problem.status);
  if (!detail.empty()) AppendMember(response.body, "detail", detail);
  response.body += '}';
}

// ---- repeated submissions --------------------------------------------------------------------------------------------

// Which submission an idempotency key of a caller belongs to. Bounded: the oldest are forgotten.
class Submissions {
 public:
  // Whether the key is new or belongs to this body.
  auto Claim(const server::Caller& caller, std::string_view key, std::string_view body_digest, int64_t now_ms) -> bool {
    const std::lock_guard lock(mutex_);
    Forget(now_ms);
    std::string name;  // unambiguous
    for (const std::string_view part : {std::string_view(caller.type), std::string_view(caller.id), key}) AppendJson(name, part);
    const auto [it, is_new] = rows_.try_emplace(name, Row{.digest = std::string(body_digest), .until_ms = now_ms + kKeepMs});
    if (is_new) order_.emplace(it->second.until_ms, name);
    return it->second.digest == body_digest;
  }

 private:
  static constexpr size_t kMost = 10'000;
  static constexpr int64_t kKeepMs = 2 * approval::kKeepAfterExpiryMs;

  struct Row {
    std::string digest;
    int64_t until_ms = 0;
  };

  void Forget(int64_t now_ms) {
    while (!order_.empty() && (order_.begin()->first < now_ms || order_.size() > kMost)) {
      rows_.erase(order_.begin()->second);
      order_.erase(order_.begin());
    }
  }

  std::mutex mutex_;
  std::map<std::string, Row> rows_;
  std::multimap<int64_t, std::string> order_;
};

// ---- tasks -----------------------------------------------------------------------------------------------------------

struct TaskState {
  std::string_view status;
  std::vector<approval::Ticket> tickets;
};

auto StatusOf(const std::vector<approval::Ticket>& tickets, int64_t now_ms) -> std::string_view {
  using approval::TicketState;
  const auto is_any = [&](TicketState state) {
    return std::ranges::any_of(tickets, [&](const auto& ticket) { return ticket.StateAt(now_ms) == state; });
  };
  if (is_any(TicketState::Denied)) return "denied";
  if (is_any(TicketState::Revoked)) return "cancelled";
  if (is_any(TicketState::Expired)) return "expired";
  return is_any(TicketState::Pending) ? "pending" : "approved";
}

void AppendResult(std::string& out, const std::vector<approval::Ticket>& tickets) {
  std::vector<std::string> grants;
  int64_t approved_ms = 0;
  int64_t until_ms = INT64_MAX;
  for (const auto& ticket : tickets) {
    grants.push_back(ticket.grant);
    until_ms = std::min(until_ms, ticket.expires_ms);
    for (const auto& approver : ticket.approvers) approved_ms = std::max(approved_ms, approver.at_ms);
  }
  AppendName(out, "result");
  out += '{';
  AppendMember(out, "mode", "reevaluate");
  AppendName(out, "approval");
  out += '{';
  AppendMember(out, "id", ApprovalId(grants));
  AppendMember(out, "approved_at", FormatTime(approved_ms));
  AppendMember(out, "approved_until", FormatTime(until_ms));
  AppendName(out, "state");
  out += '[';
  for (const auto& grant : grants) {
    server::AppendComma(out);
    AppendJson(out, grant);
  }
  out += "]}}";
}

class Tasks {
 public:
  explicit Tasks(const State& state) : state_(state) {}

  void Submit(const Request& request, Response& response) {
    if (const auto document = ReadBody(state_, request, response)) {
      Submit(Cursor(document->root()), request, response);
    } else {
      Refuse(response, kMalformed, "the body is no JSON");
    }
  }

  void Show(std::string_view id, const Request& request, Response& response) const {
    const auto task = OpenTask(state_, id);
    if (!task) return Refuse(response, kUnknownTask);
    Answer(*task, id, request, response);
  }

 private:
  auto now() const -> int64_t { return state_.service().now(); }

  void Submit(const Cursor& body, const Request& request, Response& response) {
    if (!body.is_object()) return Refuse(response, kMalformed, "the body is no object");
    if (body.Find("items")) return Refuse(response, kNotRequestable, "each denial is asked about by itself: `items` is not served");
    if (body.Find("callback")) return Refuse(response, kMalformed, "no callback is registered for this caller");
    const auto question = ReadQuestion(body, nullptr, Asks::Decision);
    if (!question) return Refuse(response, kMalformed, FormatError(question.error()));
    const auto binding = OpenDenial(body, *question, response);
    if (!binding) return;
    if (const auto key = request.header("idempotency-key"); !key.empty()) {
      std::string text;
      AppendCanonical(text, body.element());
      if (!submissions_.Claim(*request.caller, key, approval::ToHex(approval::Sha256(text)), now())) return Refuse(response, kDuplicate);
    }
    const Task task{.tickets = binding->tickets, .expires_ms = binding->expires_ms};
    const auto id = SealTask(state_, task);
    if (!Answer(task, id, request, response)) return;
    response.status = response.body.find(R"("status":"pending")") == std::string::npos ? 201 : 202;
    response.AddHeader("Location", Endpoint(id, request));
  }

  // What the submission says of the denial, if all of it is so.
  auto OpenDenial(const Cursor& body, const Question& question, Response& response) const -> std::optional<Binding> {
    const auto refuse = [&](const Problem& problem, std::string_view detail) {
      Refuse(response, problem, detail);
      return std::nullopt;
    };
    const auto denial = body.Find("denial");
    if (!denial || !denial->is_object()) return refuse(kInvalidBinding, "`denial` is missing");
    const auto text = [&](std::string_view key) -> std::string_view {
      const auto found = json::MemberOf(*denial, key);
      return found && found->is_string() ? found->get_string().value_unsafe() : std::string_view();
    };
    if (text("binding_token").empty()) return refuse(kInvalidBinding, "`denial.binding_token` is missing");
    auto binding = OpenBinding(state_, text("binding_token"));
    if (!binding) return refuse(kInvalidBinding, "this binding token is none of ours");
    if (text("expires_at") != FormatTime(binding->expires_ms))
      return refuse(kInvalidBinding, "`denial.expires_at` is not that of the denial");
    if (!text("evaluation_id").empty() && text("evaluation_id") != binding->evaluation) {
      return refuse(kInvalidBinding, "`denial.evaluation_id` is that of another evaluation");
    }
    if (binding->expires_ms <= now()) return refuse(kExpiredDenial, {});
    if (DigestOfQuestion(question, binding->members) != binding->question) {
      return refuse(kInvalidBinding, "subject, action, resource or context are not those that were denied");
    }
    return binding;
  }

  auto Endpoint(std::string_view id, const Request& request) const -> std::string {
    const auto& base = state_.options().base_url;
    return fmt::format("{}/access/v1/requests/{}", base.empty() ? fmt::format("https://{}", request.header("host")) : base, id);
  }

  auto Answer(const Task& task, std::string_view id, const Request& request, Response& response) const -> bool {
    if (now() >= task.expires_ms + approval::kKeepAfterExpiryMs) return Refuse(response, kTaskExpired), false;
    std::vector<approval::Ticket> tickets;
    for (const auto& ticket : task.tickets) {
      auto found = state_.options().find_ticket(ticket, now());
      if (!found) return Refuse(response, found.error().code == "escalation-unknown" ? kUnknownTask : kAway), false;
      tickets.push_back(std::move(*found));
    }
    const auto status = StatusOf(tickets, now());
    response.content_type = "application/json";
    std::string& out = response.body;
    out = R"({"task":{)";
    AppendMember(out, "id", id);
    AppendMember(out, "status", status);
    AppendMember(out, "status_endpoint", Endpoint(id, request));
    AppendMember(out, "expires_at", FormatTime(task.expires_ms + approval::kKeepAfterExpiryMs));
    out += '}';
    if (status == "approved") AppendResult(out, tickets);
    out += '}';
    response.AddHeader("Cache-Control", "no-store");
    if (status == "pending") response.AddHeader("Retry-After", "5");
    return true;
  }

  const State& state_;
  Submissions submissions_;
};

// ---- keys (RFC 7517, RFC 8037) ---------------------------------------------------------------------------------------

// The 32 bytes of an Ed25519 key, in base64url: in its PEM they stand behind twelve others, on a border of base64.
auto RawKey(const approval::PublicKey& key) -> std::string {
  std::string base64;
  bool is_inside = false;
  const std::string pem = key.ToPem();
  for (size_t begin = 0; begin < pem.size();) {
    const size_t end = std::min(pem.find('\n', begin), pem.size());
    const auto line = std::string_view(pem).substr(begin, end - begin);
    if (line.starts_with("-----")) {
      is_inside = !is_inside;
    } else if (is_inside) {
      base64 += line;
    }
    begin = end + 1;
  }
  constexpr size_t kBefore = 16;
  constexpr size_t kSize = 43;
  if (base64.size() < kBefore + kSize) return {};
  std::string raw = base64.substr(kBefore, kSize);
  std::ranges::replace(raw, '+', '-');
  std::ranges::replace(raw, '/', '_');
  return raw;
}

void ShowKeys(const State& state, Response& response) {
  std::string& out = response.body;
  out = R"({"keys":[)";
  for (const auto& key : state.options().keys) {
    server::AppendComma(out);
    out += R"({"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA")";
    AppendMember(out, "kid", key.id());
    AppendMember(out, "x", RawKey(key));
    out += '}';
  }
  out += "]}";
  response.content_type = "application/jwk-set+json";
  response.AddHeader("Cache-Control", "max-age=300");
}

}  // namespace

void AddAccessRequestRoutes(server::Service& service, const std::shared_ptr<State>& state) {
  const auto tasks = std::make_shared<Tasks>(*state);
  auto& router = service.router();
  router.Add({.method = Method::Post,
              .pattern = "/access/v1/requests",
              .right = Right::Decide,
              .place = Place::Background,
              .handler = [state, tasks](Worker&, const Request& request, Response& response) { tasks->Submit(request, response); },
              .docs = {.operation = "authzenRequestAccess",
                       .summary = "AuthZEN: ask people for what was denied",
                       .tag = "authzen",
                       .request = R"({"type":"object","required":["subject","action","resource","denial"]})",
                       .response = R"({"type":"object","required":["task"]})"},
              .not_json = 400});
  router.Add({.method = Method::Get,
              .pattern = "/access/v1/requests/{task}",
              .right = Right::Decide,
              .place = Place::Background,
              .handler = [state, tasks](Worker&, const Request& request,
                                        Response& response) { tasks->Show(request.captures[0], request, response); },
              .docs = {.operation = "authzenAccessTask",
                       .summary = "AuthZEN: how a request for access stands",
                       .tag = "authzen",
                       .response = R"({"type":"object","required":["task"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/access/v1/jwks",
              .handler = [state](Worker&, const Request&, Response& response) { ShowKeys(*state, response); },
              .docs = {.operation = "authzenKeys", .summary = "The keys that sign grants", .tag = "authzen"}});
}

}  // namespace remit::authzen
