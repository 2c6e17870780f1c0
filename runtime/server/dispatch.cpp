#include "runtime/server/dispatch.h"

#include <fmt/format.h>

#include "runtime/server/failure.h"
#include "runtime/server/trace.h"

namespace remit::server {
namespace {

void EchoIds(const Request& request, Response& response) {
  constexpr size_t kLongest = 256;
  if (!request.request_id.empty() && request.request_id.size() <= kLongest) response.AddHeader("X-Request-ID", request.request_id);
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

void Run(const Route& route, Worker& worker, const Request& request, Response& response) {
  worker.SetExchange(&request);
  route.handler(worker, request, response);
  worker.SetExchange(nullptr);
}

// What asks for no right is asked by probes and browsers, again and again.
auto IsTraced(const Route& route) -> bool { return route.right != Right::Public && route.right != Right::ReadMetrics; }

// The answer names the span, so that who asked, or a proxy that goes on with the answer's headers, can go on with the trace.
void HandleTraced(SpanSink& traces, const Route& route, Worker& worker, const Request& request, Response& response) {
  const TraceParent parent = TraceParent::Parse(request.header("traceparent"));
  if (parent.trace_id.empty() ? !traces.Samples() : !parent.is_sampled) return Run(route, worker, request, response);
  RequestSpan span = BeginSpan(request, parent);
  span.route = route.pattern;
  Request traced = request;
  traced.trace_id = span.trace_id;
  worker.SetSpan(&span);
  Run(route, worker, traced, response);
  worker.SetSpan(nullptr);
  response.AddHeader("traceparent", TraceParentText(span));
  span.status = response.status;
  span.end_ns = SystemNanos();
  traces.Take(std::move(span));
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
    if (const std::string_view parent = request.header("traceparent"); !parent.empty())
      request.trace_id = TraceParent::Parse(parent).trace_id;
    return match.route;
  }
  EchoIds(request, response);
  return nullptr;
}

void Handle(const Route& route, Worker& worker, const Request& request, Response& response) {
  EchoIds(request, response);
  if (SpanSink* traces = worker.service().traces(); traces != nullptr && IsTraced(route)) {
    HandleTraced(*traces, route, worker, request, response);
  } else {
    Run(route, worker, request, response);
  }
  response.durable_after = worker.TakeRecorded();
  response.reservations = worker.TakeReserved();
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
