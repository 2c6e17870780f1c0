// Envoy's external authorization over HTTP: a proxy sends a request's line and headers, and lets it pass if the answer is 200.
//
// The principal is a header that the proxy sets, the action is the method, the resource the path; context has method, path, query and host. Whoever may call this may ask for any principal, as a proxy must: it is for callers with the right to decide.
#include <fmt/format.h>

#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

constexpr std::string_view kPrefix = "/v1/ext_authz";

void AppendUid(std::string& out, std::string_view name, std::string_view type, std::string_view id) {
  AppendName(out, name);
  out += '{';
  AppendMember(out, "type", type);
  AppendMember(out, "id", id);
  out += '}';
}

auto ToRequest(const ExtAuthzOptions& options, const Request& request) -> std::string {
  std::string_view path = request.path.substr(kPrefix.size());
  if (path.empty()) path = "/";
  const std::string_view user = request.header(options.principal_header);
  std::string out = "{";
  AppendUid(out, "principal", options.principal_type, user.empty() ? options.anonymous_id : user);
  AppendUid(out, "action", options.action_type, MethodName(request.method));
  AppendUid(out, "resource", options.resource_type, path);
  AppendName(out, "context");
  out += '{';
  AppendMember(out, "method", MethodName(request.method));
  AppendMember(out, "path", path);
  AppendMember(out, "query", request.query);
  AppendMember(out, "host", request.header("host"));
  return out + "}}";
}

void Check(const ExtAuthzOptions& options, Worker& worker, const Request& request, Response& response) {
  worker.Begin();
  const auto decided = worker.DecideJson(ToRequest(options, request));
  if (!decided) return Fail(response, 403, decided.error());
  response.AddHeader("x-remit-decision-id", decided->decision_id);
  response.AddHeader("x-remit-outcome", OutcomeName(decided->outcome));
  if (decided->outcome == Outcome::Execute) {
    response.body = R"({"decision":"allow"})";
    return;
  }
  Fail(response, 403, "not-permitted", fmt::format("the outcome is `{}`", OutcomeName(decided->outcome)));
}

}  // namespace

void AddExtAuthzRoutes(Service& service, const ExtAuthzOptions& options) {
  for (size_t i = 0; i < kMethods; ++i) {
    const auto method = static_cast<Method>(i);
    if (method == Method::Head) continue;  // found by GET
    for (const std::string_view pattern : {"/v1/ext_authz", "/v1/ext_authz/{path...}"}) {
      const bool is_documented = method == Method::Get && pattern == kPrefix;
      service.router().Add(
          {.method = method,
           .pattern = pattern,
           .right = Right::Decide,
           .place = Place::Deciding,
           .handler = [options](Worker& worker, const Request& in, Response& out) { Check(options, worker, in, out); },
           .docs = is_documented
                       ? RouteDocs{.operation = "extAuthz",
                                   .summary = "Envoy ext_authz: any method, any path behind it; 200 lets the request pass, 403 does not",
                                   .tag = "proxies"}
                       : RouteDocs{}});
    }
  }
}

}  // namespace remit::server
