#include "runtime/audit/export.h"

#include <fmt/format.h>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "runtime/audit/query.h"

namespace remit::audit {
namespace {

using Json = nlohmann::ordered_json;

// RFC 3339, in UTC.
auto TimeText(int64_t time_ms) -> std::string {
  const int64_t millis = ((time_ms % 1000) + 1000) % 1000;
  const std::time_t seconds = (time_ms - millis) / 1000;
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                     parts.tm_min, parts.tm_sec, millis);
}

auto Member(const Json& json, const char* key) -> Json { return json.contains(key) ? json[key] : Json(); }

void Copy(Json& to, const Json& from, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (from.contains(key)) to[key] = from[key];
  }
}

// ---- OPA -----------------------------------------------------------------------------------------------------------

// Masked values are what OPA calls `masked`; its pointers begin at the event.
auto ToOpa(uint64_t number, const RecordView& record, const std::string& origin) -> Json {
  const Json json = RecordToJson(record);
  Json input = Json::object();
  Copy(input, json, {"principal", "action", "resource", "delegation", "session"});
  input["context"] = json.contains("context") ? json["context"] : Json::object();
  Copy(input, json, {"entities", "entitiesDigest"});
  Json result = {{"allow", record.Text(Field::Outcome) == "execute"}};
  Copy(result, json, {"outcome", "determining", "obligations", "escalations", "reservation"});
  Json event = {{"labels", {{"id", origin}}},
                {"decision_id", json.contains("id") ? json["id"] : Json(fmt::format("{}/{}", origin, number))},
                {"path", "remit/decide"},
                {"input", std::move(input)},
                {"result", std::move(result)},
                {"timestamp", TimeText(record.Integer(Field::Time))},
                {"req_id", number}};
  if (json.contains("policyVersion")) event["bundles"] = {{"policies", {{"revision", json["policyVersion"]}}}};
  if (json.contains("caller")) event["requested_by"] = json["caller"];
  if (json.contains("traceId")) event["trace_id"] = json["traceId"];
  for (const auto& pointer : Member(json, "masked")) event["masked"].push_back(fmt::format("/input{}", pointer.get<std::string>()));
  if (json.contains("errors")) event["error"] = {{"code", "eval_error"}, {"message", "statements failed"}, {"errors", json["errors"]}};
  if (json.contains("refusalCode")) event["error"] = {{"code", json["refusalCode"]}, {"message", Member(json, "refusalMessage")}};
  return event;
}

// ---- OCSF ----------------------------------------------------------------------------------------------------------

constexpr int kCategory = 6;  // Application Activity
constexpr int kClass = 6003;  // API Activity
constexpr std::string_view kOcsfVersion = "1.4.0";

enum Activity : int { kCreate = 1, kRead = 2, kUpdate = 3, kDelete = 4, kOther = 99 };

auto ActivityOf(RecordKind kind) -> Activity {
  switch (kind) {
    case RecordKind::Decision: return kOther;
    case RecordKind::Settlement:
    case RecordKind::Extension: return kUpdate;
    case RecordKind::Approval:
    case RecordKind::Denial:
    case RecordKind::Quarantine: return kCreate;
    case RecordKind::Revocation:
    case RecordKind::Release:
    case RecordKind::Erasure: return kDelete;
    case RecordKind::Publication:
    case RecordKind::Rollback:
    case RecordKind::Entities:
    case RecordKind::Configuration: return kUpdate;
    case RecordKind::Start:
    case RecordKind::Stop:
    case RecordKind::Recovery: return kOther;
  }
  return kOther;
}

auto UidOf(const RecordView& record, Field field) -> std::string {
  const auto* value = record.Find(field);
  return value == nullptr ? std::string() : EntityText(value->entity);
}

// The security-control profile's action and disposition.
struct Control {
  int action;
  std::string_view action_name;
  int disposition;
  std::string_view disposition_name;
};
auto ControlOf(std::string_view outcome) -> Control {
  if (outcome == "execute") return {.action = 1, .action_name = "Allowed", .disposition = 1, .disposition_name = "Allowed"};
  if (outcome == "observe") return {.action = 3, .action_name = "Observed", .disposition = 17, .disposition_name = "Logged"};
  return {.action = 2, .action_name = "Denied", .disposition = 2, .disposition_name = "Blocked"};
}

auto ActorOf(const RecordView& record, const Json& json) -> Json {
  std::string uid = UidOf(record, Field::Principal);
  if (uid.empty()) uid = UidOf(record, Field::Approver);
  Json actor = Json::object();
  if (!uid.empty()) actor["user"] = {{"uid", uid}};
  actor["app_name"] = json.contains("caller") ? json["caller"] : Json("remit");
  if (json.contains("session")) actor["session"] = {{"uid", json["session"]}};
  for (const auto& statement : Member(json, "determining")) {
    Json policy = {{"uid", statement}, {"is_applied", true}};
    if (json.contains("policyVersion")) policy["version"] = json["policyVersion"];
    actor["authorizations"].push_back({{"decision", json["outcome"]}, {"policy", std::move(policy)}});
  }
  return actor;
}

void AddDecision(Json& event, const RecordView& record, const Json& json) {
  const Control control = ControlOf(record.Text(Field::Outcome));
  event["action_id"] = control.action;
  event["action"] = control.action_name;
  event["disposition_id"] = control.disposition;
  event["disposition"] = control.disposition_name;
  event["status_detail"] = Member(json, json.contains("outcome") ? "outcome" : "refusalCode");
  event["api"]["operation"] = UidOf(record, Field::Action);
  if (const auto* resource = record.Find(Field::Resource)) {
    event["resources"] = {{{"uid", EntityText(resource->entity)}, {"type", std::string(resource->entity.type)}}};
  }
}

auto ToOcsf(uint64_t number, const RecordView& record, const std::string& origin) -> Json {
  const Json json = RecordToJson(record);
  const Activity activity = ActivityOf(record.kind);
  const bool failed = json.contains("refusalCode");
  Json event = {{"category_uid", kCategory},
                {"class_uid", kClass},
                {"class_name", "API Activity"},
                {"activity_id", static_cast<int>(activity)},
                {"type_uid", kClass * 100 + activity},
                {"severity_id", 1},
                {"time", record.Integer(Field::Time)},
                {"status_id", failed ? 2 : 1},
                {"metadata",
                 {{"version", kOcsfVersion},
                  {"product", {{"name", "Remit"}, {"vendor_name", "Remit"}}},
                  {"log_name", origin},
                  {"sequence", number},
                  {"profiles", {"security_control"}}}},
                {"actor", ActorOf(record, json)},
                {"api", {{"operation", KindName(record.kind)}, {"service", {{"name", "remit"}}}}},
                {"src_endpoint", {{"name", json.contains("node") ? json["node"] : Json(origin)}}}};
  if (activity == kOther) event["activity_name"] = KindName(record.kind);
  if (json.contains("id")) event["metadata"]["uid"] = json["id"];
  if (json.contains("traceId")) event["metadata"]["correlation_uid"] = json["traceId"];
  if (json.contains("requestId")) event["api"]["request"] = {{"uid", json["requestId"]}};
  if (record.kind == RecordKind::Decision) AddDecision(event, record, json);
  event["unmapped"] = json;
  return event;
}

}  // namespace

auto ExportRecord(uint64_t number, const RecordView& record, const std::string& origin, ExportFormat format)
    -> std::optional<nlohmann::ordered_json> {
  switch (format) {
    case ExportFormat::JsonLines: {
      Json json = {{"number", number}};
      json.update(RecordToJson(record));
      return json;
    }
    case ExportFormat::Opa: return record.kind == RecordKind::Decision ? std::optional(ToOpa(number, record, origin)) : std::nullopt;
    case ExportFormat::Ocsf: return ToOcsf(number, record, origin);
  }
  return std::nullopt;
}

}  // namespace remit::audit
