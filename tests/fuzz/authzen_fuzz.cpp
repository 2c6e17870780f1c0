// Bodies from anywhere, for each endpoint: the answer is a status and JSON, a decision is a boolean, and the engine's names do not grow.
#include <nlohmann/json.hpp>

#include "runtime/base/check.h"
#include "runtime/server/authzen/authzen.h"
#include "runtime/server/dispatch.h"
#include "tests/fuzz/job.h"

namespace remit::fuzz {
namespace {

constexpr const char* kSchema = R"(
  entity Team; entity User in [Team] { role?: String, level?: Long, boss?: User };
  entity Doc { open?: Bool, price?: decimal, tags?: Set<String>, place?: { ip?: ipaddr, at?: datetime } };
  action read, write appliesTo { principal: User, resource: Doc, context: { soft?: Bool, amount?: Long } };)";
constexpr const char* kPolicies = R"(
  permit (principal, action, resource) when { resource has open && resource.open };
  forbid (principal, action == Action::"write", resource) unless { context has soft && context.soft };
  @id("ask") escalate (principal, action, resource) when { context has amount && context.amount > 5 } approval { by: [Team::"t"], expires: duration("1m") };)";
constexpr const char* kEntities = R"([{"uid":{"type":"User","id":"a"},"attrs":{"level":1},"parents":[]},
  {"uid":{"type":"Doc","id":"d"},"attrs":{"open":true},"parents":[]}])";
constexpr const char* kMapping =
    R"({"types":{"user":{"parents":{"teams":"Team"},"attributes":{"rank":"level"}}},"context":{"sum":"amount"}})";

class Point {
 public:
  explicit Point(bool has_schema)
      : engine_({.tier = CodeTier::Never}, nullptr, std::shared_ptr<Interner>(std::shared_ptr<void>(), &job_.interner)),
        service_({.engine = engine_, .clock = [] { return int64_t{1'800'000'000'000}; }}) {
    std::shared_ptr<const Schema> schema;
    if (has_schema) schema = std::make_shared<const Schema>(*LoadSchema(job_, "schema", kSchema));
    CHECK(LoadPolicies(job_, "policies", kPolicies, PolicyFormat::Text));
    auto program = CompileProgram(job_, ast::IdConvention::Remit, schema.get());
    auto entities = LoadEntities(job_, "entities", kEntities, schema.get());
    CHECK(program && entities);
    engine_.Publish(std::make_shared<Policies>(std::make_shared<const ir::Program>(std::move(*program)), schema),
                    std::make_shared<const EntityStore>(std::move(*entities)), has_schema);
    authzen::AuthzenOptions options;
    if (has_schema) options.mapping = *authzen::ReadMapping(kMapping);
    options.find_ticket = [](std::string_view, int64_t) -> Expected<approval::Ticket> {
      return std::unexpected(Error{.code = "escalation-unknown", .message = {}, .pointer = {}, .help = {}});
    };
    authzen::AddAuthzenRoutes(service_, std::move(options));
    worker_.emplace(service_);
    for (size_t i = 0; i < server::kRights; ++i) caller_.rights.Add(static_cast<server::Right>(i));
    names_ = engine_.interner().size();
  }

  void Ask(std::string_view path, std::string_view body) {
    const server::Header header{.name = "Content-Type", .value = "application/json"};
    server::Request request;
    request.method = server::Method::Post;
    request.path = path;
    request.headers = {&header, 1};
    request.body = body;
    request.peer = &peer_;
    request.caller = &caller_;
    server::Response response;
    server::RouteMatch match;
    const auto* route = server::FindRoute(service_, request, match, response);
    CHECK(route != nullptr);
    server::Handle(*route, *worker_, request, response);
    const auto json = nlohmann::json::parse(response.body, nullptr, false);
    CHECK(json.is_object());
    CHECK(response.status == 200 || response.status >= 400);
    if (response.status == 200 && json.contains("decision")) CHECK(json["decision"].is_boolean());
    CHECK(engine_.interner().size() == names_);
  }

 private:
  CompileJob job_{FuzzLimits()};
  Engine engine_;
  server::Service service_;
  std::optional<server::Worker> worker_;
  server::Peer peer_;
  server::Caller caller_;
  size_t names_ = 0;
};

}  // namespace
}  // namespace remit::fuzz

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  static remit::fuzz::Point with_schema(true);
  static remit::fuzz::Point bare(false);
  const auto text = remit::fuzz::InputText(data, size);
  (void)remit::authzen::ReadMapping(text);
  for (auto* point : {&with_schema, &bare}) {
    for (const auto* path : {"/access/v1/evaluation", "/access/v1/evaluations", "/access/v1/search/subject", "/access/v1/search/resource",
                             "/access/v1/search/action", "/access/v1/requests"}) {
      point->Ask(path, text);
    }
  }
  return 0;
}
