// The routes, and what all of them do with a body.
#include "runtime/server/authzen/authzen.h"

#include "runtime/server/authzen/access_requests.h"
#include "runtime/server/authzen/handlers.h"
#include "runtime/server/authzen/mcp_route.h"
#include "runtime/server/failure.h"

namespace remit::authzen {
namespace {

using server::Method;
using server::Place;
using server::Request;
using server::Response;
using server::Right;
using server::Worker;

// clang-format off
constexpr std::string_view kEvaluation = R"({"type":"object","required":["subject","action","resource"],"properties":{"subject":{"type":"object"},"action":{"type":"object","required":["name"]},"resource":{"type":"object"},"context":{"type":"object"}}})";
constexpr std::string_view kEvaluations = R"({"type":"object","properties":{"subject":{"type":"object"},"action":{"type":"object"},"resource":{"type":"object"},"context":{"type":"object"},"evaluations":{"type":"array","items":{"type":"object"}},"options":{"type":"object"}}})";
constexpr std::string_view kSearch = R"({"type":"object","required":["subject","resource"],"properties":{"subject":{"type":"object","required":["type"]},"action":{"type":"object"},"resource":{"type":"object","required":["type"]},"context":{"type":"object"},"page":{"type":"object"}}})";
constexpr std::string_view kDecision = R"({"type":"object","required":["decision"],"properties":{"decision":{"type":"boolean"},"context":{"type":"object"}}})";
constexpr std::string_view kDecisions = R"({"type":"object","properties":{"evaluations":{"type":"array","items":{"type":"object","required":["decision"]}},"decision":{"type":"boolean"}}})";
constexpr std::string_view kResults = R"({"type":"object","required":["results"],"properties":{"page":{"type":"object","required":["next_token"]},"results":{"type":"array","items":{"type":"object"}}}})";
// clang-format on

void AddSearches(server::Service& service, const SharedState& state) {
  struct Row {
    std::string_view pattern;
    SearchFor wanted;
    std::string_view operation;
    std::string_view summary;
  };
  constexpr std::array kRows = {
      Row{"/access/v1/search/subject", SearchFor::Subjects, "authzenSearchSubject", "Who may do it"},
      Row{"/access/v1/search/resource", SearchFor::Resources, "authzenSearchResource", "What it may be done to"},
      Row{"/access/v1/search/action", SearchFor::Actions, "authzenSearchAction", "Which actions may be done"},
  };
  for (const auto& row : kRows) {
    service.router().Add(
        {.method = Method::Post,
         .pattern = row.pattern,
         .right = Right::Search,
         .place = Place::Background,
         .handler = [state, wanted = row.wanted](Worker& worker, const Request& request,
                                                 Response& response) { HandleSearch(*state, wanted, worker, request, response); },
         .docs = {.operation = row.operation, .summary = row.summary, .tag = "authzen", .request = kSearch, .response = kResults},
         .not_json = 400});
  }
}

}  // namespace

auto ReadBody(const State& state, const Request& request, Response& response) -> std::optional<json::Document> {
  if (request.header("content-type").empty()) {
    server::Fail(response, 400, "not-json", "the body must be `application/json`, and the header say so");
    return std::nullopt;
  }
  const auto& limits = state.service().limits();
  auto document = json::Document::Parse(request.body, limits.max_request_bytes, limits.max_json_depth);
  if (document) return std::move(*document);
  server::Fail(response, 400, document.error());
  return std::nullopt;
}

void AddAuthzenRoutes(server::Service& service, AuthzenOptions options) {
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  const auto state = std::make_shared<State>(service, std::move(options));
  auto& router = service.router();
  router.Add({.method = Method::Post,
              .pattern = "/access/v1/evaluation",
              .right = Right::Decide,
              .place = Place::Deciding,
              .handler = [state](Worker& worker, const Request& request,
                                 Response& response) { HandleEvaluation(*state, worker, request, response); },
              .docs = {.operation = "authzenEvaluation",
                       .summary = "AuthZEN: a decision",
                       .tag = "authzen",
                       .request = kEvaluation,
                       .response = kDecision},
              .not_json = 400});
  router.Add({.method = Method::Post,
              .pattern = "/access/v1/evaluations",
              .right = Right::Decide,
              .place = Place::Deciding,
              .handler = [state](Worker& worker, const Request& request,
                                 Response& response) { HandleEvaluations(*state, worker, request, response); },
              .docs = {.operation = "authzenEvaluations",
                       .summary = "AuthZEN: many decisions",
                       .tag = "authzen",
                       .request = kEvaluations,
                       .response = kDecisions},
              .not_json = 400});
  AddSearches(service, state);
  AddMcpRoute(service, state);
  if (state->options().find_ticket) AddAccessRequestRoutes(service, state);
  router.Add({.method = Method::Get,
              .pattern = state->well_known_path(),
              .handler = [state](Worker&, const Request& request, Response& response) { HandleMetadata(*state, request, response); },
              .docs = {.operation = "authzenConfiguration", .summary = "AuthZEN: what is served", .tag = "authzen"}});
}

}  // namespace remit::authzen
