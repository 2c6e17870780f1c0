// The certification scenario of the OpenID Foundation for the Authorization API 1.0, level by level. Its data stands here in our own form.
#include "tests/server/authzen_fixture.h"

namespace remit::authzen {
namespace {

constexpr const char* kEvaluation = "/access/v1/evaluation";
constexpr const char* kEvaluations = "/access/v1/evaluations";

// With a schema and without one, with a ledger and without: what is certified holds for all.
class Certification : public ::testing::TestWithParam<std::pair<bool, bool>> {
 protected:
  Certification() : world_(Texts(GetParam().first), GetParam().second) {}

  static auto Texts(bool has_schema) -> WorldTexts {
    auto texts = FixtureTexts();
    if (!has_schema) texts.schema.clear();
    return texts;
  }
  auto Decisions(const Json& body) -> std::vector<bool> {
    const auto reply = world_.Post(kEvaluations, body.dump());
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::vector<bool> decisions;
    for (const auto& each : reply.json["evaluations"]) decisions.push_back(each["decision"].get<bool>());
    return decisions;
  }
  auto StatusOf(const char* path, const Json& body) -> int { return world_.Post(path, body.dump()).status; }
  auto Finds(const char* what, const Json& body, const std::vector<std::string>& expected) -> bool {
    const auto found = world_.FindAll(what, body);
    return std::ranges::all_of(expected, [&](const auto& each) { return std::ranges::find(found, each) != found.end(); });
  }

  World world_;
};

auto Deleting(bool is_soft) -> Json {
  auto body = Ask(Alice(), "delete", Record("record-1"));
  body["action"]["properties"] = {{"soft", is_soft}};
  return body;
}
auto Archived() -> Json { return With(Record("record-2"), {{"status", "archived"}}); }
auto Admin() -> Json { return With(User("bob"), {{"role", "admin"}}); }
auto WithContext(Json body) -> Json {
  body["context"] = {{"time", "2025-06-27T18:03-07:00"}, {"ip", "192.168.1.1"}};
  return body;
}

TEST_P(Certification, BasicCoreDecides) {
  EXPECT_EQ(world_.Decide(Ask(Alice(), "read", Record("record-1"))), 1);
  EXPECT_EQ(world_.Decide(Ask(Alice(), "write", Record("record-1"))), 1);
  EXPECT_EQ(world_.Decide(Ask(User("bob"), "read", Record("record-1"))), 1);
  EXPECT_EQ(world_.Decide(Ask(User("bob"), "write", Record("record-1"))), 0);
  EXPECT_EQ(world_.Decide(WithContext(Ask(Alice(), "read", Record("record-1")))), 1);
}

TEST_P(Certification, BasicCoreAcceptsWhatItDoesNotKnow) {
  auto body = Ask(With(Alice(), {{"department", "Sales"}, {"role", "manager"}}), "read",
                  With(Record("record-1"), {{"status", "active"}, {"owner", "bob"}}));
  body["action"]["properties"] = {{"method", "GET"}};
  EXPECT_EQ(world_.Decide(body), 1);
  body["foo"] = "bar";
  body["futureField"] = {{"nested", true}};
  EXPECT_EQ(world_.Decide(body), 1);
}

TEST_P(Certification, BasicCoreRefusesWhatIsMalformed) {
  const auto whole = Ask(Alice(), "read", Record("record-1"));
  for (const char* part : {"subject", "action", "resource"}) {
    auto body = whole;
    body.erase(part);
    EXPECT_EQ(StatusOf(kEvaluation, body), 400) << part;
  }
  for (const auto& [part, key] :
       {std::pair("subject", "type"), {"subject", "id"}, {"action", "name"}, {"resource", "type"}, {"resource", "id"}}) {
    auto body = whole;
    body[part].erase(key);
    EXPECT_EQ(StatusOf(kEvaluation, body), 400) << part << " " << key;
    body[part][key] = 123;
    EXPECT_EQ(StatusOf(kEvaluation, body), 400) << part << " " << key;
  }
  auto text = whole;
  text["subject"] = "alice";
  EXPECT_EQ(StatusOf(kEvaluation, text), 400);
  EXPECT_EQ(world_.Post(kEvaluation, whole.dump(), {{"Content-Type", "text/plain"}}).status, 400);
  EXPECT_EQ(world_.Post(kEvaluation, whole.dump(), {{"Content-Type", "application/json; charset=utf-8"}}).status, 200);
  EXPECT_EQ(world_.Post(kEvaluation, R"({"subject": )").status, 400);
  EXPECT_EQ(world_.Post(kEvaluation, "").status, 400);
}

TEST_P(Certification, BasicCoreEchoesTheRequestId) {
  const auto body = Ask(Alice(), "read", Record("record-1")).dump();
  const auto reply = world_.Post(kEvaluation, body, {{"Content-Type", "application/json"}, {"X-Request-ID", "bfe9eb29"}});
  EXPECT_NE(reply.headers.find("X-Request-ID: bfe9eb29\r\n"), std::string::npos) << reply.headers;
  const auto refused = world_.Post(kEvaluation, "{", {{"Content-Type", "application/json"}, {"X-Request-ID", "r2"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.headers.find("X-Request-ID: r2\r\n"), std::string::npos);
}

TEST_P(Certification, BasicCoreAnswersAlikeEachTime) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world_.Decide(Ask(User("bob"), "write", Record("record-1"))), 0);
}

TEST_P(Certification, BasicProperties) {
  EXPECT_EQ(world_.Decide(Ask(Alice(), "write", Archived())), 0);
  EXPECT_EQ(world_.Decide(Ask(Admin(), "write", Archived())), 1);
  EXPECT_EQ(world_.Decide(Deleting(true)), 1);
  EXPECT_EQ(world_.Decide(Deleting(false)), 0);
}

TEST_P(Certification, BatchCore) {
  const Json reads = {{"subject", Alice()},
                      {"action", {{"name", "read"}}},
                      {"evaluations", {{{"resource", Record("record-1")}}, {{"resource", Record("record-2")}}}}};
  EXPECT_EQ(Decisions(reads).size(), 2U);
  EXPECT_EQ(Decisions({{"subject", User("bob")},
                       {"resource", Record("record-1")},
                       {"evaluations", {{{"action", {{"name", "read"}}}}, {{"action", {{"name", "write"}}}}}}}),
            (std::vector{true, false}));
  EXPECT_EQ(Decisions({{"evaluations", {Ask(Alice(), "read", Record("record-1")), Ask(User("bob"), "write", Record("record-1"))}}}),
            (std::vector{true, false}));
  auto inherited = WithContext(reads);
  inherited["evaluations"][1]["context"] = {{"time", "2025-06-27T19:00-07:00"}, {"source", "batch-override"}};
  EXPECT_EQ(Decisions(inherited), (std::vector{true, true}));
}

TEST_P(Certification, BatchCoreErrorsAreOfTheirItem) {
  const auto reply = world_.Post(kEvaluations, Json{{"subject", Alice()},
                                                    {"action", {{"name", "read"}}},
                                                    {"options", {{"evaluations_semantic", "execute_all"}}},
                                                    {"evaluations", {{{"resource", Record("record-1")}}, Json::object()}}}
                                                   .dump());
  ASSERT_EQ(reply.status, 200);
  ASSERT_EQ(reply.json["evaluations"].size(), 2U);
  EXPECT_EQ(reply.json["evaluations"][0]["decision"], true);
  EXPECT_EQ(reply.json["evaluations"][1]["decision"], false);
  EXPECT_TRUE(reply.json["evaluations"][1]["context"].is_object());
  EXPECT_FALSE(reply.json.contains("decision"));
}

TEST_P(Certification, BatchCoreWithoutEvaluationsIsOneEvaluation) {
  auto body = Ask(Alice(), "read", Record("record-1"));
  EXPECT_EQ(world_.Post(kEvaluations, body.dump()).json["decision"], true);
  body["evaluations"] = Json::array();
  EXPECT_EQ(world_.Post(kEvaluations, body.dump()).json["decision"], true);
  body.erase("resource");
  EXPECT_EQ(StatusOf(kEvaluations, body), 400);
}

TEST_P(Certification, BatchProperties) {
  EXPECT_EQ(Decisions({{"subject", Alice()},
                       {"action", {{"name", "write"}}},
                       {"evaluations", {{{"resource", With(Record("record-1"), {{"status", "active"}})}}, {{"resource", Archived()}}}}}),
            (std::vector{true, false}));
  EXPECT_EQ(
      Decisions(
          {{"action", {{"name", "write"}}}, {"resource", Archived()}, {"evaluations", {{{"subject", Alice()}}, {{"subject", Admin()}}}}}),
      (std::vector{false, true}));
  auto inherited = Ask(Alice(), "write", With(Record("record-1"), {{"status", "active"}}));
  inherited["evaluations"] = {Json::object(), {{"resource", Archived()}}};
  EXPECT_EQ(Decisions(inherited), (std::vector{true, false}));
}

TEST_P(Certification, SearchCoreSubjects) {
  const Json body = {{"subject", {{"type", "user"}}}, {"action", {{"name", "read"}}}, {"resource", Record("record-1")}};
  EXPECT_TRUE(Finds("subject", body, {"alice", "bob"}));
  EXPECT_TRUE(Finds("subject", WithContext(body), {"alice", "bob"}));
  auto with_id = body;
  with_id["subject"]["id"] = "alice";
  EXPECT_EQ(world_.FindAll("subject", with_id), world_.FindAll("subject", body));
  const auto reply = world_.Post("/access/v1/search/subject", body.dump());
  for (const auto& each : reply.json["results"]) EXPECT_EQ(each["type"], "user");
}

TEST_P(Certification, SearchCoreResources) {
  const Json body = {{"subject", Alice()}, {"action", {{"name", "read"}}}, {"resource", {{"type", "record"}}}};
  EXPECT_TRUE(Finds("resource", body, {"record-1"}));
  EXPECT_TRUE(Finds("resource", WithContext(body), {"record-1"}));
  auto with_id = body;
  with_id["resource"]["id"] = "record-1";
  EXPECT_EQ(world_.FindAll("resource", with_id), world_.FindAll("resource", body));
}

TEST_P(Certification, SearchCoreActions) {
  const Json body = {{"subject", Alice()}, {"resource", Record("record-1")}};
  EXPECT_TRUE(Finds("action", body, {"read", "write"}));
  EXPECT_TRUE(Finds("action", WithContext(body), {"read", "write"}));
}

TEST_P(Certification, SearchProperties) {
  EXPECT_TRUE(Finds("subject", {{"subject", {{"type", "user"}}}, {"action", {{"name", "write"}}}, {"resource", Archived()}}, {"bob"}));
  EXPECT_TRUE(Finds("resource", {{"subject", Admin()}, {"action", {{"name", "write"}}}, {"resource", {{"type", "record"}}}}, {"record-2"}));
  EXPECT_TRUE(Finds("action", {{"subject", Admin()}, {"resource", Archived()}}, {"write"}));
}

TEST_P(Certification, SearchCorePages) {
  Json body = {{"subject", {{"type", "user"}}}, {"action", {{"name", "read"}}}, {"resource", Record("record-1")}, {"page", {{"limit", 1}}}};
  const auto first = world_.Post("/access/v1/search/subject", body.dump());
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(first.json["results"].size(), 1U);
  EXPECT_EQ(first.json["page"]["count"], 1);
  const std::string next = first.json["page"]["next_token"];
  ASSERT_FALSE(next.empty());
  body["page"] = {{"token", next}};
  const auto second = world_.Post("/access/v1/search/subject", body.dump());
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(second.json["results"].size(), 1U);
  EXPECT_EQ(second.json["page"]["next_token"], "");
  EXPECT_NE(first.json["results"][0], second.json["results"][0]);
}

TEST_P(Certification, SearchCoreFindsNothingOfWhatIsUnknown) {
  EXPECT_TRUE(world_.FindAll("action", {{"subject", User("nobody")}, {"resource", Record("record-1")}}).empty());
  EXPECT_TRUE(world_.FindAll("action", {{"subject", {{"type", "spaceship"}, {"id", "x"}}}, {"resource", Record("record-1")}}).empty());
  for (const auto* what : {"subject", "resource"}) {
    Json body = Ask(Alice(), "read", Record("record-1"));
    body[what] = {{"type", "spaceship"}};
    EXPECT_TRUE(world_.FindAll(what, body).empty());
    body = Ask(Alice(), "fly", Record("record-1"));
    EXPECT_TRUE(world_.FindAll(what, body).empty());
  }
}

TEST_P(Certification, SearchCoreRefusesWhatIsMalformed) {
  const auto whole = Ask(Alice(), "read", Record("record-1"));
  const auto without = [&](const char* part, const char* key = nullptr) {
    auto body = whole;
    key == nullptr ? body.erase(part) : body[part].erase(key);
    return body;
  };
  const auto status = [&](const char* what, const Json& body) { return StatusOf(what, body); };
  constexpr auto kSubject = "/access/v1/search/subject";
  constexpr auto kResource = "/access/v1/search/resource";
  constexpr auto kAction = "/access/v1/search/action";
  for (const auto* path : {kSubject, kResource}) {
    for (const auto* part : {"subject", "action", "resource"}) EXPECT_EQ(status(path, without(part)), 400) << path << part;
  }
  for (const auto* part : {"subject", "resource"}) {
    EXPECT_EQ(status(kAction, without(part)), 400);
    EXPECT_EQ(status(kAction, without(part, "id")), 400);
    EXPECT_EQ(status(kAction, without(part, "type")), 400);
  }
  EXPECT_EQ(status(kSubject, without("resource", "id")), 400);
  EXPECT_EQ(status(kSubject, without("subject", "id")), 200);
  EXPECT_EQ(status(kResource, without("subject", "id")), 400);
  EXPECT_EQ(status(kResource, without("resource", "id")), 200);
  EXPECT_EQ(status(kAction, without("action")), 200);
}

TEST_P(Certification, Discovery) {
  const auto reply = world_.Get("/.well-known/authzen-configuration");
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json["policy_decision_point"], "https://pdp.example.com");
  EXPECT_EQ(reply.json["access_evaluation_endpoint"], "https://pdp.example.com/access/v1/evaluation");
  for (const auto& [name, value] : reply.json.items()) {
    if (name.ends_with("_endpoint")) {
      EXPECT_TRUE(value.get<std::string>().starts_with("https://pdp.example.com/access/v1/")) << name;
    }
    EXPECT_FALSE(value.is_null() || (value.is_string() && value.get<std::string>().empty())) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Certification,
                         ::testing::Values(std::pair(true, true), std::pair(false, true), std::pair(true, false), std::pair(false, false)),
                         [](const auto& test) {
                           return std::string(test.param.first ? "Schema" : "Bare") + (test.param.second ? "Ledger" : "Stateless");
                         });

}  // namespace
}  // namespace remit::authzen
