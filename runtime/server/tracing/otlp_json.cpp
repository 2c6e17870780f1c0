#include "runtime/server/tracing/otlp_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace remit::server {
namespace {

using nlohmann::json;

constexpr int kInternal = 1;
constexpr int kServer = 2;
constexpr int kFailed = 2;  // STATUS_CODE_ERROR

auto TextValue(std::string_view text) -> json { return {{"stringValue", text}}; }
auto TypedAttribute(std::string_view key, json value) -> json { return {{"key", key}, {"value", std::move(value)}}; }
auto Attribute(std::string_view key, std::string_view text) -> json { return TypedAttribute(key, TextValue(text)); }

auto TextsValue(const std::vector<std::string>& texts) -> json {
  json values = json::array();
  for (const std::string& text : texts) values.push_back(TextValue(text));
  return {{"arrayValue", {{"values", std::move(values)}}}};
}

// 64-bit numbers are texts in this encoding.
auto Number(int64_t number) -> std::string { return fmt::format("{}", number); }

auto SpanOf(const RequestSpan& request, std::string_view id, std::string_view parent, std::string_view name, int kind) -> json {
  json span = {{"traceId", request.trace_id}, {"spanId", id}, {"name", name}, {"kind", kind}};
  if (!parent.empty()) span["parentSpanId"] = parent;
  if (!request.trace_state.empty()) span["traceState"] = request.trace_state;
  return span;
}

auto ToJson(const RequestSpan& request) -> json {
  json span = SpanOf(request, request.span_id, request.parent_id, fmt::format("{} {}", request.method, request.route), kServer);
  span["startTimeUnixNano"] = Number(request.begin_ns);
  span["endTimeUnixNano"] = Number(request.end_ns);
  span["attributes"] = json::array({Attribute("http.request.method", request.method), Attribute("http.route", request.route),
                                    TypedAttribute("http.response.status_code", json{{"intValue", Number(request.status)}})});
  if (request.status >= 500) span["status"] = {{"code", kFailed}};
  return span;
}

auto ToJson(const RequestSpan& request, const DecisionSpan& decision) -> json {
  json span = SpanOf(request, NewSpanId(), request.span_id, "decide", kInternal);
  span["startTimeUnixNano"] = Number(decision.begin_ns);
  span["endTimeUnixNano"] = Number(decision.end_ns);
  json attributes =
      json::array({Attribute("remit.decision_id", decision.decision_id), Attribute("remit.policy_version", decision.policy_version),
                   Attribute("remit.principal.type", decision.principal), Attribute("remit.action", decision.action),
                   Attribute("remit.resource.type", decision.resource)});
  if (decision.error_code.empty()) {
    attributes.push_back(Attribute("remit.outcome", OutcomeName(decision.outcome)));
    attributes.push_back(TypedAttribute("remit.determining", TextsValue(decision.determining)));
  } else {
    attributes.push_back(Attribute("error.type", decision.error_code));
    span["status"] = {{"code", kFailed}, {"message", decision.error_code}};
  }
  span["attributes"] = std::move(attributes);
  return span;
}

}  // namespace

auto SpansToJson(const TraceResource& resource, std::span<const RequestSpan> spans) -> std::string {
  json all = json::array();
  for (const RequestSpan& request : spans) {
    all.push_back(ToJson(request));
    for (const DecisionSpan& decision : request.decisions) all.push_back(ToJson(request, decision));
  }
  const json of_process = {
      {"attributes", json::array({Attribute("service.name", resource.service), Attribute("service.instance.id", resource.node)})}};
  const json scope = {{"scope", {{"name", "remit"}}}, {"spans", std::move(all)}};
  const json document = {{"resourceSpans", json::array({json{{"resource", of_process}, {"scopeSpans", json::array({scope})}}})}};
  // Ids may have any bytes that policies have; what is not UTF-8 is replaced rather than thrown about.
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace remit::server
