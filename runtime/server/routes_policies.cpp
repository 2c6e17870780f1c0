// Versions of the policies: `/v1/policies`. Uploading checks and keeps, publishing swaps in, a trial runs beside.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

class PolicyRoutes {
 public:
  explicit PolicyRoutes(Publisher& publisher) : publisher_(publisher) {}

  void List(Response& response) const {
    std::string& out = response.body;
    out = "{";
    AppendMember(out, "live", publisher_.live());
    AppendName(out, "versions");
    out += '[';
    for (const VersionInfo& info : publisher_.List()) {
      AppendComma(out);
      out += '{';
      AppendMember(out, "version", info.version);
      AppendMember(out, "live", info.is_live);
      AppendMember(out, "candidate", info.is_candidate);
      AppendMember(out, "compiled", info.is_compiled);
      out += '}';
    }
    out += "]}";
  }

  void Show(const Request& request, Response& response) const {
    const auto sources = publisher_.Sources(request.captures[0]);
    if (!sources) return Fail(response, sources.error());
    response.body = SourcesToJson(*sources);
  }

  void Validate(const Request& request, Response& response) const {
    const auto sources = SourcesFromJson(request.body);
    if (!sources) return Fail(response, sources.error());
    const auto checked = publisher_.Validate(*sources);
    if (!checked) return Fail(response, checked.error());
    Say(*checked, response);
  }

  void Upload(Worker& worker, const Request& request, Response& response) {
    const auto sources = SourcesFromJson(request.body);
    if (!sources) return Fail(response, sources.error());
    const auto checked = publisher_.Store(*sources);
    if (!checked) return Fail(response, checked.error());
    if (QueryValue(request.query, "publish") == "true") {
      if (!PublishVersion(worker, checked->version, response)) return;
    }
    response.status = 201;
    Say(*checked, response);
  }

  void Publish(Worker& worker, const Request& request, Response& response) {
    const std::string version(request.captures[0]);
    if (!PublishVersion(worker, version, response)) return;
    response.body = fmt::format(R"({{"live":"{}"}})", version);
  }

  void RollBack(Worker& worker, Response& response) {
    const std::string former = publisher_.live();
    const auto version = publisher_.RollBack();
    if (!version) return Fail(response, version.error());
    if (!RecordSwap(worker, audit::RecordKind::Rollback, *version, former, response)) return;
    response.body = fmt::format(R"({{"live":"{}"}})", *version);
  }

  // {"percent": 5}: that share of the principals is decided by it; 0, or nothing: it decides beside the live one.
  void Try(const Request& request, Response& response) {
    const auto object = ReadObject(request, response);
    if (!object) return;
    const auto percent = object->find("percent");
    const bool is_number = percent != object->end() && percent->is_number();
    const double share = is_number ? percent->get<double>() : 0;
    if ((percent != object->end() && !is_number) || !(share >= 0 && share <= 100)) {
      return Fail(response, 400, "malformed-percent", "`percent` is a number from 0 to 100");
    }
    if (auto tried = publisher_.Try(request.captures[0], share); !tried) return Fail(response, tried.error());
    response.body = fmt::format(R"({{"candidate":"{}","percent":{}}})", request.captures[0], share);
  }

  void EndTrial(Response& response) {
    publisher_.EndTrial();
    response.body = R"({"candidate":null})";
  }

 private:
  static void Say(const CheckedVersion& checked, Response& response) {
    std::string& out = response.body;
    out = "{";
    AppendMember(out, "version", checked.version);
    AppendNumber(out, "policies", static_cast<int64_t>(checked.policies));
    AppendName(out, "diagnostics");
    out += checked.diagnostics + "}";
  }

  static auto BytesOf(const std::string& version) -> std::string {
    const auto digest = approval::DigestFromHex(version);
    return digest ? std::string(reinterpret_cast<const char*>(digest->bytes.data()), digest->bytes.size()) : std::string{};
  }

  static auto RecordSwap(Worker& worker, audit::RecordKind kind, const std::string& version, const std::string& former, Response& response)
      -> bool {
    const std::string bytes = BytesOf(version);
    const std::string former_bytes = BytesOf(former);
    return Recorded(worker, {.kind = kind, .policy_version = bytes, .former_version = former_bytes}, response);
  }

  auto PublishVersion(Worker& worker, const std::string& version, Response& response) -> bool {
    const std::string former = publisher_.live();
    if (auto published = publisher_.Publish(version); !published) return Fail(response, published.error()), false;
    return RecordSwap(worker, audit::RecordKind::Publication, version, former, response);
  }

  Publisher& publisher_;
};

constexpr std::string_view kSources = R"({"$ref":"#/components/schemas/Sources"})";
constexpr std::string_view kChecked = R"({"type":"object","required":["version","policies","diagnostics"]})";
constexpr std::string_view kLive = R"({"type":"object","required":["live"]})";

}  // namespace

void AddPolicyRoutes(Service& service, Publisher& publisher) {
  const auto routes = std::make_shared<PolicyRoutes>(publisher);
  const auto add = [&](Method method, std::string_view pattern, Right right, Handler handler, RouteDocs docs) {
    docs.tag = "policies";
    service.router().Add(
        {.method = method, .pattern = pattern, .right = right, .place = Place::Background, .handler = std::move(handler), .docs = docs});
  };
  add(Method::Get, "/v1/policies", Right::ReadPolicies, [routes](Worker&, const Request&, Response& out) { routes->List(out); },
      {.operation = "policies",
       .summary = "Which versions there are, and which is live",
       .response = R"({"type":"object","required":["live","versions"]})"});
  add(Method::Post, "/v1/policies", Right::Publish,
      [routes](Worker& worker, const Request& in, Response& out) { routes->Upload(worker, in, out); },
      {.operation = "upload",
       .summary = "Check and keep a version; `?publish=true` makes it live",
       .request = kSources,
       .response = kChecked});
  add(Method::Post, "/v1/policies/validate", Right::ReadPolicies,
      [routes](Worker&, const Request& in, Response& out) { routes->Validate(in, out); },
      {.operation = "validate", .summary = "Check a version and keep nothing", .request = kSources, .response = kChecked});
  add(Method::Post, "/v1/policies/rollback", Right::Publish,
      [routes](Worker& worker, const Request&, Response& out) { routes->RollBack(worker, out); },
      {.operation = "rollback", .summary = "Go back to the version before", .request = "{\"type\":\"object\"}", .response = kLive});
  add(Method::Delete, "/v1/policies/candidate", Right::Publish, [routes](Worker&, const Request&, Response& out) { routes->EndTrial(out); },
      {.operation = "endTrial", .summary = "End the trial of a candidate", .response = R"({"type":"object"})"});
  add(Method::Get, "/v1/policies/{version}", Right::ReadPolicies,
      [routes](Worker&, const Request& in, Response& out) { routes->Show(in, out); },
      {.operation = "version", .summary = "The texts of a version", .response = kSources});
  add(Method::Post, "/v1/policies/{version}/publish", Right::Publish,
      [routes](Worker& worker, const Request& in, Response& out) { routes->Publish(worker, in, out); },
      {.operation = "publish", .summary = "Make a version live", .request = "{\"type\":\"object\"}", .response = kLive});
  add(Method::Post, "/v1/policies/{version}/try", Right::Publish,
      [routes](Worker&, const Request& in, Response& out) { routes->Try(in, out); },
      {.operation = "try",
       .summary = "Try a version on live requests: beside the live one, or in its place for some principals",
       .request = R"({"type":"object","properties":{"percent":{"type":"number","minimum":0,"maximum":100}}})",
       .response = R"({"type":"object","required":["candidate","percent"]})"});
}

}  // namespace remit::server
