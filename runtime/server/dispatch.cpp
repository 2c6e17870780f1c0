#include "runtime/server/dispatch.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/server/failure.h"

namespace remit::server {
namespace {

void EchoIds(const Request& request, Response& response) {
  constexpr size_t kLongest = 256;
  if (!request.request_id.empty() && request.request_id.size() <= kLongest) response.AddHeader("X-Request-ID", request.request_id);
}

// The trace id of `00-<32 digits>-<16 digits>-<2 digits>` (W3C Trace Context); empty: there is none that can be used.
auto TraceId(std::string_view traceparent) -> std::string_view {
  constexpr size_t kSize = 55;
  constexpr size_t kBegin = 3;
  constexpr size_t kDigits = 32;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (traceparent.size() < kSize || traceparent.substr(0, 2) == "ff" || traceparent[2] != '-' || traceparent[35] != '-') return {};
  const std::string_view id = traceparent.substr(kBegin, kDigits);
  if (!std::ranges::all_of(id, is_digit) || id.find_first_not_of('0') == std::string_view::npos) return {};
  return id;
}

// `application/json`, with or without parameters.
auto IsJson(std::string_view content_type) -> bool {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const size_t end = type.find_last_not_of(" \t");
  return EqualsIgnoringCase(type.substr(0, end == std::string_view::npos ? 0 : end + 1), "application/json");
}

void RefuseRight(const Request& request, const Route& route, Response& response) {
  if (request.caller->kind == CallerKind::Anonymous) {
    Fail(response, 401, "unauthenticated", "this needs a credential");
    response.AddHeader("WWW-Authenticate", "Bearer realm=\"remit\"");
    return;
  }
  Fail(response, 403, "forbidden", fmt::format("the caller has no right to `{}`", RightName(route.right)));
}

// A browser sends client certificates, and connects from loopback, for any page that asks it to; it also says which page that was. A token has to be
// sent by somebody who knows it, so that nothing else has to be asked.
auto IsFromElsewhere(const Request& request) -> bool {
  switch (request.caller->kind) {
    case CallerKind::Anonymous:
    case CallerKind::StaticToken:
    case CallerKind::Jwt: return false;
    case CallerKind::Loopback:
    case CallerKind::UnixPeer:
    case CallerKind::Certificate: break;
  }
  if (request.method == Method::Get || request.method == Method::Head) return false;  // what they answer, no other page can read
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return false;
  const size_t host = origin.find("://");
  return host == std::string_view::npos || !EqualsIgnoringCase(origin.substr(host + 3), request.header("host"));
}

// INVARIANT: whether a path exists is told to nobody who lacks the right to it, but for paths that nobody can have.
auto Check(const Route& route, const Request& request, Response& response) -> bool {
  if (!request.caller->rights.Has(route.right)) {
    RefuseRight(request, route, response);
    return false;
  }
  if (IsFromElsewhere(request)) {
    Fail(response, 403, "cross-origin", "a page of another origin may not do this under the caller's connection");
    return false;
  }
  const bool wants_json = !route.docs.request.empty();
  const std::string_view type = request.header("content-type");
  if (wants_json && !type.empty() && !IsJson(type)) {
    Fail(response, route.not_json, "not-json", "the body must be `application/json`");
    return false;
  }
  return true;
}

}  // namespace

auto FindRoute(Service& service, Request& request, RouteMatch& match, Response& response) -> const Route* {
  match = service.router().Find(request.method, request.path);
  if (match.allowed == 0) {
    Fail(response, 404, "not-found", "nothing is served here");
  } else if (match.route == nullptr) {
    Fail(response, 405, "method-not-allowed", "this path is not served by this method");
    response.AddHeader("Allow", AllowedMethods(match.allowed));
  } else if (Check(*match.route, request, response)) {
    request.captures = {match.captures.data(), match.captured};
    if (const std::string_view parent = request.header("traceparent"); !parent.empty()) request.trace_id = TraceId(parent);
    return match.route;
  }
  EchoIds(request, response);
  return nullptr;
}

void Handle(const Route& route, Worker& worker, const Request& request, Response& response) {
  EchoIds(request, response);
  worker.SetExchange(&request);
  route.handler(worker, request, response);
  worker.SetExchange(nullptr);
  response.durable_after = worker.TakeRecorded();
}

void AddHealthRoutes(Service& service) {
  service.router().Add({.method = Method::Get,
                        .pattern = "/healthz",
                        .handler = [](Worker&, const Request&, Response& response) { response.body = R"({"status":"alive"})"; },
                        .docs = {.operation = "health", .summary = "Whether the process answers", .tag = "operations"}});
  service.router().Add({.method = Method::Get,
                        .pattern = "/readyz",
                        .handler =
                            [](Worker& worker, const Request&, Response& response) {
                              const bool is_ready = worker.service().is_ready();
                              response.status = is_ready ? 200 : 503;
                              response.body = is_ready ? R"({"status":"ready"})" : R"({"status":"not ready"})";
                            },
                        .docs = {.operation = "ready", .summary = "Whether it takes requests", .tag = "operations"}});
}

}  // namespace remit::server
