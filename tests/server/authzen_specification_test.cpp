// The Authorization API 1.0, sentence by sentence: what it says a decision point must do (in our words, with the section), and what strangers send.
//
// | section                         | what must hold                                                                | test                              |
// |---------------------------------|-------------------------------------------------------------------------------|-----------------------------------|
// | Decision                        | `decision` is always there and a boolean; false for whatever is not execute   | OnlyExecuteIsTrue                 |
// | Access Evaluation request       | subject, action, resource; type, id and name are required strings             | Certification.BasicCoreRefuses..  |
// | Access Evaluations, defaults    | what an evaluation omits comes from the top level, as a whole                  | DefaultsAreTakenWhole             |
// | Access Evaluations, defaults    | what neither has is an error of that evaluation                                | DefaultsAreTakenWhole             |
// | Evaluations semantics           | three values, in their order, ending early                                     | SemanticsEndEarly                 |
// | Evaluations response            | the order and number of the request's evaluations                              | SemanticsEndEarly                 |
// | Errors                          | an evaluation that fails is denied, with an error in its context              | ErrorsAreDenials                  |
// | Pagination                      | an answer that is not all has a `page` with a `next_token` that is not empty   | PagesAreBoundToTheirRequest       |
// | Pagination                      | the last page has an empty `next_token`                                        | PagesAreBoundToTheirRequest       |
// | Pagination                      | entities and parameters must be those of the page before                       | PagesAreBoundToTheirRequest       |
// | Search response                 | `results` is there and has only what is searched for                           | Certification.SearchCore..        |
// | Subject and Resource Search     | the id of what is searched for is ignored                                      | Certification.SearchCore..        |
// | Metadata                        | at the well-known URL, GET, 200, application/json, an object                   | MetadataIsWhereItsIdentifierSays  |
// | Metadata validation             | `policy_decision_point` is the identifier the URL was made from                | MetadataIsWhereItsIdentifierSays  |
// | Metadata response               | parameters without a value are left out                                        | Certification.Discovery           |
// | HTTPS binding                   | POST, application/json, an object; 200 and application/json                    | TheBindingIsJsonObjects           |
// | JSON serialization              | a missing required attribute is 400                                            | Certification.BasicCoreRefuses..  |
// | JSON serialization              | unknown fields are ignored; order means nothing                                | TheBindingIsJsonObjects           |
// | Error responses                 | 400, 401, 403, 500 say nothing of a decision                                   | CallersAreRefusedByStatus         |
// | Request identification          | the identifier comes back in the response                                      | Certification.BasicCoreEchoes..   |
// | Sender authentication failure   | 401, with WWW-Authenticate                                                     | CallersAreRefusedByStatus         |
#include "tests/server/authzen_fixture.h"

namespace remit::authzen {
namespace {

constexpr const char* kEvaluation = "/access/v1/evaluation";
constexpr const char* kEvaluations = "/access/v1/evaluations";

TEST(Specification, OnlyExecuteIsTrue) {
  World world({.policies = R"(
    permit (principal, action, resource);
    @id("pilot") restrict (principal == Agent::"pilot", action, resource) to draft;
    @id("watched") restrict (principal == Agent::"watched", action, resource) to observe;
    @id("never") forbid (principal == Agent::"bad", action, resource);
    @id("ask") escalate (principal == Agent::"new", action, resource) approval { by: [Role::"leads"], expires: duration("15m") };)"});
  const auto answer = [&](const char* id) {
    return world.Evaluate(Ask({{"type", "Agent"}, {"id", id}}, "pay", {{"type", "Shop"}, {"id", "s"}}));
  };
  for (const auto& [id, outcome, reason] : {std::tuple("pilot", "draft", "pilot"),
                                            {"watched", "observe", "watched"},
                                            {"bad", "deny", "never"},
                                            {"new", "approve", "ask"},
                                            {"a", "execute", "policy0"}}) {
    const auto json = answer(id);
    EXPECT_EQ(json["decision"], std::string_view(outcome) == "execute") << id;
    EXPECT_EQ(json["context"]["outcome"], outcome);
    EXPECT_EQ(json["context"]["reasons"], Json::array({reason}));
  }
}

TEST(Specification, DefaultsAreTakenWhole) {
  World world(FixtureTexts());
  Json body = {
      {"subject", With(Alice(), {{"role", "admin"}})},
      {"action", {{"name", "write"}}},
      {"evaluations", {{{"resource", Record("record-2")}, {"subject", Alice()}}, {{"resource", Record("record-2")}}, Json::object(), 7}}};
  const auto reply = world.Post(kEvaluations, body.dump());
  ASSERT_EQ(reply.status, 200);
  const auto& all = reply.json["evaluations"];
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0]["decision"], false);  // the whole subject, without the default's properties
  EXPECT_EQ(all[1]["decision"], true);
  EXPECT_EQ(all[2]["context"]["error"]["status"], 400);
  EXPECT_EQ(all[3]["context"]["error"]["status"], 400);
  body["subject"] = "alice";
  EXPECT_EQ(world.Post(kEvaluations, body.dump()).status, 400);
}

TEST(Specification, PropertiesAreThoseOfTheirQuestion) {
  World world(FixtureTexts());
  const auto ask = [](Json subject, Json resource) -> Json { return Ask(std::move(subject), "write", std::move(resource)); };
  const Json open = With(Record("record-9"), {{"status", "active"}});
  const Json archived = With(Record("record-9"), {{"status", "archived"}});
  // Stored, new, replaced for one question, and as stored again.
  const Json body = {{"evaluations",
                      {ask(Alice(), open), ask(Alice(), archived), ask(Alice(), Record("record-9")), ask(User("bob"), Record("record-2")),
                       ask(With(User("bob"), {{"role", "clerk"}}), Record("record-2")), ask(User("bob"), Record("record-2")),
                       ask(With(User("eve"), {{"role", "admin"}}), archived), ask(User("eve"), archived)}}};
  const bool expected[] = {true, false, true, true, false, true, true, false};
  for (int round = 0; round < 2; ++round) {
    const auto reply = world.Post(kEvaluations, body.dump());
    ASSERT_EQ(reply.json["evaluations"].size(), std::size(expected));
    for (size_t i = 0; i < std::size(expected); ++i) EXPECT_EQ(reply.json["evaluations"][i]["decision"], expected[i]) << i;
    world.Publish(FixtureTexts());
  }
}

TEST(Specification, SemanticsEndEarly) {
  World world(FixtureTexts());
  const auto decisions = [&](const Json& semantic, const std::vector<const char*>& actions) {
    Json body = {{"subject", User("bob")}, {"resource", Record("record-1")}, {"evaluations", Json::array()}};
    for (const auto* action : actions) body["evaluations"].push_back({{"action", {{"name", action}}}});
    if (!semantic.is_null()) body["options"] = {{"evaluations_semantic", semantic}, {"another_option", 1}};
    const auto reply = world.Post(kEvaluations, body.dump());
    std::string text = std::to_string(reply.status) + " ";
    if (reply.status == 200) {
      for (const auto& each : reply.json["evaluations"]) text += each["decision"].get<bool>() ? 'y' : 'n';
    }
    return text;
  };
  EXPECT_EQ(decisions({}, {"read", "write", "read"}), "200 yny");
  EXPECT_EQ(decisions("execute_all", {"read", "write", "read"}), "200 yny");
  EXPECT_EQ(decisions("deny_on_first_deny", {"read", "write", "read"}), "200 yn");
  EXPECT_EQ(decisions("deny_on_first_deny", {"read", "fly", "read"}), "200 yn");
  EXPECT_EQ(decisions("permit_on_first_permit", {"write", "fly", "read", "read"}), "200 nny");
  EXPECT_EQ(decisions("deny_on_last", {"read"}), "400 ");
  EXPECT_EQ(decisions(1, {"read"}), "400 ");
}

TEST(Specification, ErrorsAreDenials) {
  World world(FixtureTexts());
  for (const auto& body : {Ask({{"type", "spaceship"}, {"id", "x"}}, "read", Record("record-1")), Ask(Alice(), "fly", Record("record-1")),
                           Ask(Alice(), "read", User("bob")), Ask(Alice(), "read", With(Record("record-1"), {{"status", 5}}))}) {
    const auto reply = world.Post(kEvaluation, body.dump());
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json["decision"], false) << body;
    EXPECT_TRUE(reply.json["context"]["error"]["message"].is_string()) << reply.body;
  }
}

TEST(Specification, PagesAreBoundToTheirRequest) {
  World world(FixtureTexts());
  constexpr auto kPath = "/access/v1/search/subject";
  const Json base = {{"subject", {{"type", "user"}}}, {"action", {{"name", "read"}}}, {"resource", Record("record-1")}};
  auto body = base;
  body["page"] = {{"limit", 1}};
  const std::string token = world.Post(kPath, body.dump()).json["page"]["next_token"];
  ASSERT_FALSE(token.empty());
  const auto status = [&](const Json& change) {
    auto next = base;
    next["page"] = {{"token", token}};
    next.merge_patch(change);
    return world.Post(kPath, next.dump()).status;
  };
  EXPECT_EQ(status(Json::object()), 200);
  EXPECT_EQ(status({{"page", {{"limit", 1}}}}), 200);
  EXPECT_EQ(status({{"page", {{"limit", 2}}}}), 400);
  EXPECT_EQ(status({{"page", {{"properties", {{"sort", "id"}}}}}}), 400);
  EXPECT_EQ(status({{"action", {{"name", "write"}}}}), 400);
  EXPECT_EQ(status({{"context", {{"time", "now"}}}}), 400);
  EXPECT_EQ(status({{"resource", {{"id", "record-2"}}}}), 400);
  EXPECT_EQ(status({{"page", {{"token", token + "A"}}}}), 400);
  EXPECT_EQ(status({{"page", {{"token", "a3M9NDU2O3N6PTI="}}}}), 400);
  EXPECT_EQ(status({{"page", {{"token", 5}}}}), 400);
  EXPECT_EQ(status({{"page", {{"limit", -1}}}}), 400);
  auto elsewhere = base;
  elsewhere["page"] = {{"token", token}};
  EXPECT_EQ(world.Post("/access/v1/search/resource", elsewhere.dump()).status, 400);
  world.Publish(FixtureTexts());
  EXPECT_EQ(status(Json::object()), 400);  // another snapshot
}

TEST(Specification, MetadataIsWhereItsIdentifierSays) {
  World world(FixtureTexts(), true, {.base_url = "https://pdp.example.com/tenant1"});
  EXPECT_EQ(world.Get("/.well-known/authzen-configuration").status, 404);
  const auto reply = world.Get("/.well-known/authzen-configuration/tenant1", {{"Host", "evil.example"}});
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json["policy_decision_point"], "https://pdp.example.com/tenant1");
  EXPECT_EQ(reply.json["search_action_endpoint"], "https://pdp.example.com/tenant1/access/v1/search/action");
  EXPECT_EQ(world.Post("/.well-known/authzen-configuration/tenant1", "{}").status, 405);
  World plain(FixtureTexts());
  EXPECT_EQ(plain.Get("/.well-known/authzen-configuration", {{"Host", "a\"b/c"}}).status, 400);
  EXPECT_EQ(plain.Get("/.well-known/authzen-configuration", {}).status, 400);
}

TEST(Specification, TheBindingIsJsonObjects) {
  World world(FixtureTexts());
  for (const auto* body : {"[]", "7", "null", "\"x\"", "", "{", "{\"subject\":{}}", "{\"a\":1}x"}) {
    for (const auto* path : {kEvaluation, kEvaluations, "/access/v1/search/subject", "/access/v1/search/action"}) {
      EXPECT_EQ(world.Post(path, body).status, 400) << path << " " << body;
    }
  }
  EXPECT_EQ(world.Get(kEvaluation).status, 405);
  EXPECT_EQ(world.Post(kEvaluation, Ask(Alice(), "read", Record("record-1")).dump(), {}).status, 400);  // without a Content-Type
  const auto reversed =
      R"({"x":null,"resource":{"id":"record-1","y":[],"type":"record"},"action":{"z":1,"name":"read"},"subject":{"id":"alice","type":"user"}})";
  EXPECT_EQ(world.Post(kEvaluation, reversed).json["decision"], true);
}

TEST(Specification, CallersAreRefusedByStatus) {
  World world(FixtureTexts());
  world.caller().rights = {};
  const auto body = Ask(Alice(), "read", Record("record-1")).dump();
  EXPECT_EQ(world.Post(kEvaluation, body).status, 403);
  world.caller().kind = server::CallerKind::Anonymous;
  const auto reply = world.Post(kEvaluation, body);
  EXPECT_EQ(reply.status, 401);
  EXPECT_NE(reply.headers.find("WWW-Authenticate: Bearer"), std::string::npos);
  EXPECT_TRUE(reply.json["error"]["message"].is_string());
  EXPECT_EQ(world.Get("/.well-known/authzen-configuration").status, 200);
}

// ---- what strangers send ---------------------------------------------------------------------------------------------

TEST(Strangers, SendWhatCostsNothing) {
  World world(FixtureTexts());
  const std::string deep(100'000, '[');
  EXPECT_EQ(world.Post(kEvaluation, deep).status, 400);
  EXPECT_EQ(world.Post(kEvaluation, R"({"subject":)" + deep).status, 400);
  auto nested = Ask(Alice(), "read", Record("record-1"));
  Json value = 1;
  for (int i = 0; i < 400; ++i) value = Json::array({value});
  nested["context"]["deep"] = value;
  EXPECT_EQ(world.Post(kEvaluation, nested.dump()).status, 200);
  EXPECT_EQ(world.Post(kEvaluation, "{\"subject\":{\"type\":\"user\",\"id\":\"\xff\"}}").status, 400);
  EXPECT_EQ(world.Post(kEvaluation, R"({"subject":{"type":"user","id":"\ud800"}})").status, 400);
  EXPECT_EQ(world
                .Post(kEvaluation,
                      R"({"subject":{"type":"user","id":"a","id":"b"},"action":{"name":"read"},"resource":{"type":"record","id":"1"}})")
                .status,
            400);
  Json many = {{"subject", Alice()}, {"action", {{"name", "read"}}}, {"evaluations", Json::array()}};
  for (int i = 0; i < 1000; ++i) many["evaluations"].push_back({{"resource", Record("record-1")}});
  EXPECT_EQ(world.Post(kEvaluations, many.dump()).status, 200);
  many["evaluations"].push_back({{"resource", Record("record-1")}});
  EXPECT_EQ(world.Post(kEvaluations, many.dump()).status, 400);
}

TEST(Strangers, NamesDoNotGrowTheEngine) {
  World world(FixtureTexts());
  const auto before = world.engine().interner().size();
  for (int i = 0; i < 200; ++i) {
    const auto id = std::to_string(i);
    auto body = Ask(With(User(id.c_str()), {{"p" + id, "v" + id}}), "read", Record(id.c_str()));
    body["context"] = {{"c" + id, i}};
    EXPECT_EQ(world.Decide(body), 0);
  }
  EXPECT_EQ(world.engine().interner().size(), before);
}

// ---- the mapping -----------------------------------------------------------------------------------------------------

// Requests take turns with the names of those before, until there are many: what one called something must mean nothing to the next.
TEST(Strangers, RequestsDoNotSeeEachOthersNames) {
  World world(
      {.policies = R"(permit (principal, action == Action::"read", resource) when { context has it && context.it == principal.owner };)"});
  for (int i = 0; i < 2'000; ++i) {
    const std::string owner = "owner " + std::to_string(i * 7 % 500);
    const Json subject = {{"type", "User"}, {"id", "user " + std::to_string(i)}, {"properties", {{"owner", owner}}}};
    const bool is_known = i % 3 != 0;
    Json body = Ask(subject, "read", {{"type", "Doc" + std::to_string(i % 700)}, {"id", "d"}});
    body["context"] = {{is_known ? "it" : "it" + std::to_string(i), owner}};
    ASSERT_EQ(world.Decide(body), is_known ? 1 : 0) << i;
  }
}

TEST(MappingFile, SaysWhatNamesMean) {
  World world({.policies = R"(
      permit (principal is Acme::Person in Acme::Team::"ops", action == Acme::Action::"read", resource)
      when { principal.unit == "Sales" && context.source == ip("10.0.0.1") && context.soft && resource.owner == principal };)",
               .schema = R"(namespace Acme {
      entity Team; entity Person in [Team] { unit: String };
      entity Doc { owner: Person, price?: decimal };
      action read appliesTo { principal: Person, resource: Doc, context: { source: ipaddr, soft: Bool } }; })",
               .mapping = R"({
      "namespace": "Acme",
      "types": {"user": {"type": "Acme::Person", "attributes": {"department": "unit"}, "parents": {"groups": "Acme::Team"}}},
      "actions": {"can_read": {"action": "Acme::Action::\"read\"", "context": {"soft_delete": "soft"}}},
      "context": {"ip": "source"}})"});
  Json body = {{"subject", {{"type", "user"}, {"id", "ana"}, {"properties", {{"department", "Sales"}, {"groups", {"ops"}}}}}},
               {"action", {{"name", "can_read"}, {"properties", {{"soft_delete", true}}}}},
               {"resource", {{"type", "doc"}, {"id", "1"}, {"properties", {{"owner", "ana"}, {"price", 1.5}}}}},
               {"context", {{"ip", "10.0.0.1"}, {"time", "2025-06-27T18:03-07:00"}}}};
  EXPECT_EQ(world.Evaluate(body)["context"].dump().find("error"), std::string::npos) << world.Evaluate(body);
  EXPECT_EQ(world.Decide(body), 1);
  body["resource"]["properties"]["owner"] = {{"type", "user"}, {"id", "ana"}};
  EXPECT_EQ(world.Decide(body), 1);
  body["resource"]["properties"]["price"] = 1.00005;
  EXPECT_EQ(world.Decide(body), 0);
  body["resource"]["properties"]["price"] = nullptr;
  EXPECT_EQ(world.Decide(body), 1);
  body["subject"]["properties"]["groups"] = "sales";
  EXPECT_EQ(world.Decide(body), 0);
}

TEST(MappingFile, SaysWhatPropertiesMayDo) {
  auto texts = FixtureTexts();
  const auto decide = [&](const char* mapping) {
    texts.mapping = mapping;
    World world(texts);
    return world.Decide(Ask(With(Alice(), {{"role", "admin"}}), "write", Record("record-2")));
  };
  EXPECT_EQ(decide(R"({})"), 1);
  EXPECT_EQ(decide(R"({"types": {"user": {"properties": "ignore"}}})"), 0);
  texts.mapping = R"({"types": {"user": {"properties": "replace"}}})";
  World world(texts);
  EXPECT_EQ(world.Decide(Ask(With(User("bob"), Json::object()), "write", Record("record-2"))), 0);
  EXPECT_EQ(world.Decide(Ask(User("bob"), "write", Record("record-2"))), 1);
}

TEST(MappingFile, IsReadStrictly) {
  for (const auto* json :
       {"", "[]", R"({"typs": {}})", R"({"types": {"u": {"type": "a b"}}})", R"({"types": {"u": {"properties": "keep"}}})",
        R"({"types": {"u": 1}})", R"({"context": {"ip": 1}})", R"({"namespace": ""})", R"({"types": {}, "types": {}})"}) {
    EXPECT_FALSE(ReadMapping(json).has_value()) << json;
  }
}

TEST(Names, AmbiguousOnesAreDenied) {
  World world({.policies = "permit (principal, action, resource);", .schema = R"(
      namespace A { entity User, Doc; action read appliesTo { principal: User, resource: Doc }; }
      namespace B { entity User, Doc; action read appliesTo { principal: User, resource: Doc }; })"});
  const auto answer = world.Evaluate(Ask(User("x"), "read", {{"type", "doc"}, {"id", "1"}}));
  EXPECT_EQ(answer["decision"], false);
  EXPECT_EQ(answer["context"]["error"]["code"], "ambiguous-type");
}

TEST(Names, WhatContextAndActionBothSayMustAgree) {
  World world(FixtureTexts());
  auto body = Ask(Alice(), "delete", Record("record-1"));
  body["action"]["properties"] = {{"soft", false}};
  body["context"] = {{"soft", true}};
  EXPECT_EQ(world.Evaluate(body)["context"]["error"]["code"], "ambiguous-context");
  body["context"] = {{"soft", false}};
  EXPECT_FALSE(world.Evaluate(body)["context"].contains("error"));
}

}  // namespace
}  // namespace remit::authzen
