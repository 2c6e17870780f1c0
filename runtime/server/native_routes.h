// The native API, `/v1/..`: each file of these adds the routes of one concern to the service (docs/server.md has the table).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "runtime/server/publisher.h"
#include "runtime/server/service.h"
#include "runtime/server/worker.h"

namespace remit::server {

// Needs a node: deciding in batches, explaining, settling, extending.
void AddDecideRoutes(Service& service);
// Budgets, breakers, quarantine, escalations, events.
void AddStateRoutes(Service& service);
void AddPolicyRoutes(Service& service, Publisher& publisher);
void AddEntityRoutes(Service& service, Publisher& publisher);
void AddOperationRoutes(Service& service);  // `/metrics`
// Of a service with an audit log, which is in this folder.
void AddAuditRoutes(Service& service, const std::string& folder);

// How the requests of a proxy become requests of ours: Envoy's `ext_authz` over HTTP.
struct ExtAuthzOptions {
  std::string principal_type = "User";
  std::string principal_header = "x-forwarded-user";
  std::string anonymous_id = "anonymous";
  std::string action_type = "Action";
  std::string resource_type = "Path";
};
void AddExtAuthzRoutes(Service& service, const ExtAuthzOptions& options);

// `/openapi.json`, of the routes that there are by now.
void AddOpenApiRoute(Service& service);
auto OpenApiDocument(const Router& router) -> std::string;

// ---- for the files of these routes

// The body as a JSON object. None: the response is complete.
auto ReadObject(const Request& request, Response& response) -> std::optional<nlohmann::json>;
// A member that is a text; `is_required`: the response is complete if it is missing or something else.
auto ReadText(const nlohmann::json& object, const char* name, bool is_required, Response& response) -> std::optional<std::string>;
// The decoded capture; none: the response is complete.
auto ReadCapture(const Request& request, size_t index, Response& response) -> std::optional<std::string>;
// The record must be written before anything is answered. False: the response is complete.
auto Recorded(Worker& worker, const audit::EventRecord& record, Response& response) -> bool;

}  // namespace remit::server
