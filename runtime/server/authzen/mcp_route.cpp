#include "runtime/server/authzen/mcp_route.h"

#include <algorithm>
#include <array>

#include "runtime/server/authzen/mcp.h"
#include "runtime/server/failure.h"

namespace remit::authzen {
namespace {

using coaz::Json;
using coaz::McpNext;
using server::Request;
using server::Response;
using server::Worker;

constexpr size_t kMaxBody = size_t{64} << 10;  // expressions copy what they select
constexpr int kMessageDepth = 64;

// Codes of JSON-RPC: what the mapping could not do, what was refused, what could not be asked.
constexpr int kInvalidParams = -32602;
constexpr int kDenied = -32001;
constexpr int kInternal = -32603;

auto Refusal(const Json& message, int code, std::string_view text) -> Json {
  const auto id = message.is_object() ? message.find("id") : message.end();
  const bool has_id = message.is_object() && id != message.end() && (id->is_string() || id->is_number());
  return {{"allow", false},
          {"error", {{"jsonrpc", "2.0"}, {"id", has_id ? *id : Json(nullptr)}, {"error", {{"code", code}, {"message", text}}}}}};
}

auto ParseBody(std::string_view body) -> Json {
  int deepest = 0;
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    deepest = std::max(deepest, depth);
    return depth <= kMessageDepth;
  };
  Json json = Json::parse(body, watch, false);
  return deepest <= kMessageDepth ? json : Json(Json::value_t::discarded);
}

auto AllPermit(const Json& answer, bool is_batch, size_t asked) -> bool {
  const auto permits = [](const Json& each) { return each.is_object() && each.value("decision", false); };
  if (!is_batch) return permits(answer);
  const auto& all = answer.contains("evaluations") ? answer["evaluations"] : answer;
  return all.is_array() && all.size() == asked && std::ranges::all_of(all, permits);
}

void Answer(const State& state, Worker& worker, const Request& request, Response& response) {
  if (request.body.size() > kMaxBody) return server::Fail(response, 413, "too-large", "the message is larger than 64 KiB");
  const Json body = ParseBody(request.body);
  if (!body.is_object() || !body.contains("message"))
    return server::Fail(response, 400, "invalid-json", "expected an object with `message` and `token`");
  const Json& message = body["message"];
  const auto text = [&](const char* key, std::string fallback) {
    return body.contains(key) && body[key].is_string() ? body[key].get<std::string>() : fallback;
  };
  const std::string own = text("server", {});
  const std::string claim = text("identity_claim", "sub");
  const Json token = body.value("token", Json::object());
  static const Json::json_pointer kMapping("/tool/inputSchema/x-authzen-mapping");
  const bool is_declared = body.contains(kMapping);
  const auto mapped = coaz::MapMcp(
      {.message = message, .token = token, .mapping = is_declared ? &body[kMapping] : nullptr, .server = own, .identity_claim = claim});
  const auto write = [&](const Json& json) { response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  if (!mapped) return write(Refusal(message, kInvalidParams, "COAZ mapping error: " + mapped.error().message));
  if (mapped->next == McpNext::Pass) return write({{"allow", true}});
  if (mapped->next == McpNext::Deny) return write(Refusal(message, kDenied, "access denied: no mapping for this method"));
  const std::string asked = mapped->request.dump(-1, ' ', false, Json::error_handler_t::replace);
  const server::Header header{.name = "Content-Type", .value = "application/json"};
  Request inner = request;
  inner.body = asked;
  inner.headers = {&header, 1};
  Response answered;
  mapped->is_batch ? HandleEvaluations(state, worker, inner, answered) : HandleEvaluation(state, worker, inner, answered);
  const Json answer = Json::parse(answered.body, nullptr, false);
  const size_t count = mapped->is_batch ? mapped->request["evaluations"].size() : 1;
  Json result = {{"allow", true}};
  if (answered.status != 200) {
    result = Refusal(message, kInternal, "authorization service unavailable");
  } else if (!AllPermit(answer, mapped->is_batch, count)) {
    result = Refusal(message, kDenied, "access denied");
  }
  result["request"] = mapped->request;
  result["answer"] = answer;
  if (!mapped->is_anchored) result["warning"] = "the subject is what the mapping says, not whom the token is for";
  write(result);
}

}  // namespace

void AddMcpRoute(server::Service& service, const SharedState& state) {
  service.router().Add(
      {.method = server::Method::Post,
       .pattern = "/access/v1/mcp",
       .right = server::Right::Decide,
       .place = server::Place::Deciding,
       .handler = [state](Worker& worker, const Request& request, Response& response) { Answer(*state, worker, request, response); },
       .docs = {.operation = "authzenMcp",
                .summary = "COAZ: a message of the Model Context Protocol",
                .tag = "authzen",
                .request = R"({"type":"object","required":["message","token"]})",
                .response = R"({"type":"object","required":["allow"]})"},
       .not_json = 400});
}

}  // namespace remit::authzen
