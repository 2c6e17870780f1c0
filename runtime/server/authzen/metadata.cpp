// What this decision point can do, at its well-known place.
#include <algorithm>

#include "runtime/server/authzen/handlers.h"
#include "runtime/server/authzen/obligations.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

// A host as a request may name it: nothing that could end the URL or begin another part of it.
auto IsHost(std::string_view host) -> bool {
  return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view(".-:[]_").contains(c);
  });
}

}  // namespace

void HandleMetadata(const State& state, const server::Request& request, server::Response& response) {
  std::string base = state.options().base_url;
  if (base.empty()) {
    const auto host = request.header("host");
    if (!IsHost(host)) return server::Fail(response, 400, "invalid-host", "the request names no host");
    base = "https://" + std::string(host);
  }
  std::string& out = response.body;
  out = "{";
  server::AppendMember(out, "policy_decision_point", base);
  const auto endpoint = [&](std::string_view name, std::string_view path) { server::AppendMember(out, name, base + std::string(path)); };
  endpoint("access_evaluation_endpoint", "/access/v1/evaluation");
  endpoint("access_evaluations_endpoint", "/access/v1/evaluations");
  endpoint("search_subject_endpoint", "/access/v1/search/subject");
  endpoint("search_resource_endpoint", "/access/v1/search/resource");
  endpoint("search_action_endpoint", "/access/v1/search/action");
  if (state.options().find_ticket) {
    endpoint("access_request_endpoint", "/access/v1/requests");
    endpoint("jwks_uri", "/access/v1/jwks");
    out += R"(,"capabilities":["urn:openid:authzen:capability:access-request"])";
  }
  server::AppendName(out, "supported_obligations");
  out += '[';
  for (const auto type : kObligationTypes) {
    server::AppendComma(out);
    AppendJson(out, type);
  }
  out += "]}";
  response.AddHeader("Cache-Control", "max-age=300");
}

}  // namespace remit::authzen
