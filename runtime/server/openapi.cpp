// The OpenAPI 3.1 document, made of the table that serves: what is not served is not in it, and what is in it is served.
#include <fmt/format.h>

#include <map>
#include <vector>

#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

constexpr std::string_view kSchemas = R"({
"Uid":{"type":"object","required":["type","id"],"properties":{"type":{"type":"string"},"id":{"type":"string"}}},
"Entity":{"type":"object","required":["uid"],"properties":{"uid":{"$ref":"#/components/schemas/Uid"},"attrs":{"type":"object"},"parents":{"type":"array","items":{"$ref":"#/components/schemas/Uid"}},"tags":{"type":"object"}}},
"Request":{"type":"object","required":["principal","action","resource"],"properties":{"principal":{"oneOf":[{"$ref":"#/components/schemas/Uid"},{"type":"string"}]},"action":{"oneOf":[{"$ref":"#/components/schemas/Uid"},{"type":"string"}]},"resource":{"oneOf":[{"$ref":"#/components/schemas/Uid"},{"type":"string"}]},"context":{"type":"object"},"entities":{"type":"array","items":{"$ref":"#/components/schemas/Entity"}},"delegation":{"type":"array"},"session":{"type":"string"},"approvals":{"type":"array","items":{"type":"string"}},"request_id":{"type":"string"},"dry_run":{"type":"boolean"}}},
"Decision":{"type":"object","required":["outcome","decision"],"properties":{"decision_id":{"type":"string"},"outcome":{"enum":["deny","observe","draft","approve","execute"]},"decision":{"enum":["allow","deny"]},"determining":{"type":"array"},"errors":{"type":"array"},"obligations":{"type":"array"},"reservation":{"type":"object"},"escalations":{"type":"array"},"policy_version":{"type":"string"}}},
"Escalation":{"type":"object","required":["id","state","statement","by","quorum","principal","action","resource","context","digest"]},
"Sources":{"type":"object","required":["policies"],"properties":{"policies":{"type":"array","items":{"$ref":"#/components/schemas/Source"}},"schema":{"type":"array","items":{"$ref":"#/components/schemas/Source"}},"links":{"type":"array","items":{"$ref":"#/components/schemas/Source"}}}},
"Source":{"type":"object","required":["name","text"],"properties":{"name":{"type":"string"},"text":{"type":"string"}}},
"Error":{"type":"object","required":["error"],"properties":{"error":{"type":"object","required":["code","message"],"properties":{"code":{"type":"string"},"message":{"type":"string"},"pointer":{"type":"string"},"help":{"type":"string"}}}}
}})";

void AppendParameters(std::string& out, std::string_view pattern) {
  AppendName(out, "parameters");
  out += '[';
  for (size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "name", pattern.substr(at + 1, pattern.find('}', at) - at - 1));
    AppendMember(out, "in", "path");
    AppendMember(out, "required", true);
    AppendName(out, "schema");
    out += R"({"type":"string"}})";
  }
  out += ']';
}

void AppendOperation(std::string& out, const Route& route) {
  std::string name(MethodName(route.method));
  for (char& c : name) c = static_cast<char>(c - 'A' + 'a');
  AppendName(out, name);
  out += '{';
  AppendMember(out, "operationId", route.docs.operation);
  AppendMember(out, "summary", route.docs.summary);
  AppendName(out, "tags");
  out += fmt::format("[\"{}\"]", route.docs.tag);
  AppendParameters(out, route.pattern);
  if (!route.docs.request.empty()) {
    AppendName(out, "requestBody");
    out += fmt::format(R"({{"required":true,"content":{{"application/json":{{"schema":{}}}}}}})", route.docs.request);
  }
  AppendName(out, "responses");
  const std::string_view schema = route.docs.response.empty() ? "{}" : route.docs.response;
  out += fmt::format(R"({{"2XX":{{"description":"done","content":{{"{}":{{"schema":{}}}}}}},)", route.docs.media_type, schema);
  out += R"("default":{"description":"refused","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}})";
  if (route.right != Right::Public) {
    AppendName(out, "security");
    out += R"([{"bearer":[]}])";
    AppendMember(out, "x-remit-action", RightName(route.right));
  }
  out += '}';
}

}  // namespace

auto OpenApiDocument(const Router& router) -> std::string {
  std::map<std::string_view, std::vector<const Route*>> by_path;
  for (const Route& route : router.routes()) {
    if (!route.docs.operation.empty()) by_path[route.pattern].push_back(&route);
  }
  std::string out = R"({"openapi":"3.1.0","info":{"title":"Remit decision server","version":"1"},"paths":{)";
  for (const auto& [path, routes] : by_path) {
    AppendName(out, path);
    out += '{';
    for (const Route* route : routes) AppendOperation(out, *route);
    out += '}';
  }
  out += R"(},"components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"}},"schemas":)";
  out += kSchemas;
  return out + "}}";
}

void AddOpenApiRoute(Service& service) {
  service.router().Add(
      {.method = Method::Get,
       .pattern = "/openapi.json",
       .handler = [](Worker& worker, const Request&, Response& response) { response.body = OpenApiDocument(worker.service().router()); },
       .docs = {.operation = "openapi", .summary = "This document", .tag = "operations"}});
}

}  // namespace remit::server
