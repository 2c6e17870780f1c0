// Entities: `/v1/entities`. Every change is one step: all of it, or none.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/server/failure.h"
#include "runtime/server/json_slices.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

auto RecordChange(Worker& worker, std::string_view detail, Response& response) -> bool {
  return Recorded(worker, {.kind = audit::RecordKind::Entities, .detail = detail}, response);
}

void Answer(const Publisher& publisher, Response& response) {
  response.body = fmt::format(R"({{"entities":{}}})", publisher.EntityCount());
}

void Upsert(Publisher& publisher, Worker& worker, const Request& request, Response& response) {
  if (request.body.empty()) return Fail(response, 400, "malformed-json", "the body must be an array of entities");
  const std::string json(request.body);
  if (auto changed = publisher.UpsertEntities(json); !changed) return Fail(response, changed.error());
  if (RecordChange(worker, json, response)) Answer(publisher, response);
}

void Replace(Publisher& publisher, Worker& worker, const Request& request, Response& response) {
  if (auto changed = publisher.ReplaceEntities(std::string(request.body)); !changed) return Fail(response, changed.error());
  if (RecordChange(worker, R"({"replaced":true})", response)) Answer(publisher, response);
}

// {"upsert": [..], "delete": [{"type", "id"}]}
void Change(Publisher& publisher, Worker& worker, const Request& request, Response& response) {
  if (request.body.empty()) return Fail(response, 400, "malformed-json", "the body must be an object with `upsert` or `delete`");
  const auto object = ReadObject(request, response);
  if (!object) return;
  std::vector<Publisher::Deletion> deletions;
  for (const auto& each : object->value("delete", nlohmann::json::array())) {
    if (!each.is_object()) return Fail(response, 400, "malformed-deletion", "`delete` is an array of objects with `type` and `id`");
    const auto type = ReadText(each, "type", true, response);
    if (!type) return;
    const auto id = ReadText(each, "id", true, response);
    if (!id) return;
    deletions.push_back({.type = *type, .id = *id});
  }
  const std::string upserts(MemberSlice(request.body, "upsert"));
  if (auto changed = publisher.ChangeEntities(upserts, deletions); !changed) return Fail(response, changed.error());
  if (RecordChange(worker, request.body, response)) Answer(publisher, response);
}

void Delete(Publisher& publisher, Worker& worker, const Request& request, Response& response) {
  const auto type = ReadCapture(request, 0, response);
  if (!type) return;
  const auto id = ReadCapture(request, 1, response);
  if (!id) return;
  const auto deleted = publisher.DeleteEntity(*type, *id);
  if (!deleted) return Fail(response, deleted.error());
  if (!*deleted) return Fail(response, 404, "unknown-entity", "there is no such entity");
  const audit::EventRecord record = {
      .kind = audit::RecordKind::Entities, .subject = {.type = *type, .id = *id}, .detail = R"({"deleted":true})"};
  if (Recorded(worker, record, response)) Answer(publisher, response);
}

using EntityHandler = void (*)(Publisher&, Worker&, const Request&, Response&);

}  // namespace

void AddEntityRoutes(Service& service, Publisher& publisher) {
  const auto add = [&](Method method, std::string_view pattern, EntityHandler change, RouteDocs docs) {
    docs.tag = "entities";
    docs.response = R"({"type":"object","required":["entities"]})";
    service.router().Add(
        {.method = method,
         .pattern = pattern,
         .right = Right::WriteEntities,
         .place = Place::Background,
         .handler = [&publisher, change](Worker& worker, const Request& in, Response& out) { change(publisher, worker, in, out); },
         .docs = docs});
  };
  constexpr std::string_view kEntities = R"({"type":"array","items":{"$ref":"#/components/schemas/Entity"}})";
  add(Method::Post, "/v1/entities", Upsert,
      {.operation = "upsertEntities", .summary = "Add entities, or replace them", .request = kEntities});
  add(Method::Put, "/v1/entities", Replace, {.operation = "replaceEntities", .summary = "Replace all entities", .request = kEntities});
  add(Method::Post, "/v1/entities/changes", Change,
      {.operation = "changeEntities",
       .summary = "Add, replace and delete entities in one step",
       .request =
           R"({"type":"object","properties":{"upsert":{"type":"array","items":{"$ref":"#/components/schemas/Entity"}},"delete":{"type":"array","items":{"$ref":"#/components/schemas/Uid"}}}})"});
  add(Method::Delete, "/v1/entities/{type}/{id}", Delete, {.operation = "deleteEntity", .summary = "Delete one entity"});
}

}  // namespace remit::server
