#include "tests/server/authzen_world.h"

namespace remit::authzen {
namespace {

// Lee may approve whatever it is.
auto May() -> approval::MayApprove {
  return [](const approval::UidText& person, const approval::Escalation&) -> Expected<bool> { return person.id == "lee"; };
}

}  // namespace

World::World(const WorldTexts& texts, bool is_governed, AuthzenOptions options)
    : engine_({.tier = CodeTier::Never}, nullptr, std::shared_ptr<Interner>(std::shared_ptr<void>(), &job_.interner)),
      tickets_(store_, May(), key_),
      redeemer_(store_, keys_, May()),
      governor_({.ledger = ledger_, .redeemer = &redeemer_, .tickets = &tickets_}),
      service_({.engine = engine_, .governor = is_governed ? &governor_ : nullptr, .clock = [this] { return now; }}) {
  keys_.Add(key_.public_key());
  Publish(texts);
  if (is_governed) options.find_ticket = [this](std::string_view id, int64_t at_ms) { return tickets_.Find(id, at_ms); };
  options.keys = {key_.public_key()};
  if (!texts.mapping.empty()) {
    auto mapping = ReadMapping(texts.mapping);
    EXPECT_TRUE(mapping.has_value()) << FormatError(mapping.error());
    if (mapping) options.mapping = std::move(*mapping);
  }
  AddAuthzenRoutes(service_, std::move(options));
  worker_.emplace(service_);
  for (size_t i = 0; i < server::kRights; ++i) caller_.rights.Add(static_cast<server::Right>(i));
  caller_.kind = server::CallerKind::Loopback;
}

void World::Publish(const WorldTexts& texts) {
  job_.ast = {};
  std::shared_ptr<const Schema> schema;
  if (!texts.schema.empty()) {
    auto loaded = LoadSchema(job_, "schema", texts.schema);
    ASSERT_TRUE(loaded.has_value()) << job_.sink.diagnostics()[0].message;
    schema = std::make_shared<const Schema>(std::move(*loaded));
  }
  ASSERT_TRUE(LoadPolicies(job_, "policies", texts.policies, PolicyFormat::Text)) << job_.sink.diagnostics()[0].message;
  auto program = CompileProgram(job_, ast::IdConvention::Remit, schema.get());
  ASSERT_TRUE(program.has_value()) << job_.sink.diagnostics()[0].message;
  auto entities = LoadEntities(job_, "entities", texts.entities, schema.get());
  ASSERT_TRUE(entities.has_value()) << job_.sink.diagnostics()[0].message;
  engine_.Publish(std::make_shared<Policies>(std::make_shared<const ir::Program>(std::move(*program)), schema),
                  std::make_shared<const EntityStore>(std::move(*entities)), schema != nullptr);
}

auto World::Post(std::string_view path, std::string_view body, const Headers& headers) -> Reply {
  return Send(server::Method::Post, path, body, headers);
}

auto World::Get(std::string_view path, const Headers& headers) -> Reply { return Send(server::Method::Get, path, {}, headers); }

auto World::Send(server::Method method, std::string_view path, std::string_view body, const Headers& headers) -> Reply {
  std::vector<server::Header> lines;
  for (const auto& [name, value] : headers) lines.push_back({.name = name, .value = value});
  server::Request request;
  request.method = method;
  request.path = path;
  request.headers = lines;
  request.body = body;
  request.peer = &peer_;
  request.caller = &caller_;
  request.request_id = request.header("x-request-id");
  server::Response response;
  server::RouteMatch match;
  if (const auto* route = server::FindRoute(service_, request, match, response)) server::Handle(*route, *worker_, request, response);
  return {.status = response.status,
          .headers = std::string(response.headers()),
          .body = response.body,
          .json = Json::parse(response.body, nullptr, false)};
}

auto World::Decide(const Json& body) -> int {
  const auto reply = Post("/access/v1/evaluation", body.dump());
  if (reply.status != 200 || !reply.json.is_object() || !reply.json.contains("decision") || !reply.json["decision"].is_boolean()) return -1;
  return reply.json["decision"].get<bool>() ? 1 : 0;
}

auto World::FindAll(std::string_view what, Json body, int limit) -> std::vector<std::string> {
  std::vector<std::string> found;
  if (limit > 0) body["page"]["limit"] = limit;
  for (int pages = 0; pages < 1000; ++pages) {
    const auto reply = Post("/access/v1/search/" + std::string(what), body.dump());
    EXPECT_EQ(reply.status, 200) << reply.body;
    if (reply.status != 200) return found;
    for (const auto& each : reply.json["results"]) found.push_back(each.contains("id") ? each["id"] : each["name"]);
    const std::string next = reply.json["page"]["next_token"];
    if (next.empty()) return found;
    body["page"]["token"] = next;
  }
  ADD_FAILURE() << "the pages do not end";
  return found;
}

}  // namespace remit::authzen
