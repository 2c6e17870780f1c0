// Deciding: every way to ask gives the same answer, and says as much about it.
#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

TEST(Decide, EveryWayToAskGivesTheSameAnswer) {
  const Engine engine = Loaded();
  Session session(engine);
  Record context;
  context.Add("amount", 3);
  const auto json = [](const char* user) {
    return R"({"principal": {"type": "User", "id": ")" + std::string(user) +
           R"("}, "action": "Action::\"read\"", "resource": "Doc::\"plan\"", "context": {"amount": 3}})";
  };
  for (const char* user : {"ana", "bob", "nobody"}) {
    auto fields = Fields(user, "read", "plan", &context);
    const auto expected = Describe(session.Decide(fields));
    EXPECT_EQ(Describe(session.Decide(Request(engine, fields))), expected);
    EXPECT_EQ(Describe(session.Decide(Request::FromJson(engine, json(user)))), expected);
    EXPECT_EQ(Describe(session.DecideJson(json(user))), expected);
    fields.context = nullptr;
    fields.context_json = R"({"amount": 3})";
    EXPECT_EQ(Describe(session.Decide(fields)), expected);
    const Request request(engine, fields);
    EXPECT_EQ(session.Outcomes({&request})[0], session.Decide(request).outcome());
  }
  EXPECT_EQ(Describe(session.Decide(Fields("bob", "read", "plan", &context))), "deny limit");
}

TEST(Decide, RequestsThatTheSchemaDoesNotProvideForAreErrors) {
  const Engine engine = Loaded();
  Session session(engine);
  EXPECT_EQ(Thrown([&] { session.Decide(Fields("ana", "fly")); }).code(), "undeclared-action");
  Record context;
  context.Add("amount", "much");
  const auto error = Thrown([&] { session.Decide(Fields("ana", "read", "plan", &context)); });
  EXPECT_EQ(error.pointer(), "/context/amount");
  remit::DecideOptions options;
  options.skip_validation = true;
  EXPECT_EQ(Describe(session.Decide(Fields("ana", "fly"), options)), "deny");
  EXPECT_THROW(Request(engine, Fields("ana", "fly")), Error);
}

TEST(Decide, NamesAreChecked) {
  const Engine engine;
  Session session(engine);
  EXPECT_EQ(Thrown([&] { session.Decide(RequestFields{{"no name", "a"}, {"Action", "a"}, {"Doc", "a"}}); }).code(), "invalid-name");
  const auto error = Thrown([&] { session.Decide(RequestFields{{"User", "a"}, {"Action", "\xff"}, {"Doc", "a"}}); });
  EXPECT_EQ(error.code(), "invalid-utf8");
  EXPECT_EQ(error.pointer(), "/action");
  EXPECT_EQ(Describe(session.Decide(RequestFields{{"User", ""}, {"Action", ""}, {"Doc", ""}})), "deny");
}

TEST(Decide, ErrorsAreToldWhenAskedFor) {
  Engine engine = Loaded(R"(@id("e") permit (principal, action, resource) when { context.n + 1 > 0 };)", nullptr, nullptr);
  Session session(engine);
  std::string kept;
  {
    // The request goes before its error is told.
    Record context;
    context.Add("n", INT64_MAX);
    const Request request(engine, Fields("a", "b", "c", &context));
    const Decision decision = session.Decide(request);
    EXPECT_EQ(decision.error_count(), 1u);
  }
  const Decision decision = session.Decide(Fields("a", "b"));
  const Decision copy = decision.Keep();
  const auto text = std::string(decision.json());
  EXPECT_EQ(text, std::string(copy.json()));
  session.Decide(Fields("a", "b"));
  engine.Load(Sources().Policies("p", "permit (principal, action, resource);"));
  session.Decide(Fields("a", "b"));
  EXPECT_EQ(Describe(copy), "deny; e failed: attribute-missing");
  EXPECT_NE(copy.Explain().find("context.n"), std::string_view::npos);
}

TEST(Decide, AnErrorOfAPreparedRequestOutlivesTheRequest) {
  const Engine engine = Loaded(R"(@id("e") permit (principal, action, resource) when { context.text + 1 > 0 };)", nullptr, nullptr);
  Session session(engine);
  auto request = [&] {
    Record context;
    context.Add("text", std::string(1000, 'x'));
    return std::make_unique<Request>(engine, Fields("a", "b", "c", &context));
  }();
  const Decision decision = session.Decide(*request);
  request.reset();
  EXPECT_EQ(Describe(decision), "deny; e failed: type-error");
}

TEST(Decide, ExplainsWithPlaces) {
  const Engine engine = Loaded(
      "permit (principal, action, resource);\n@id(\"no\")\nforbid (principal, action, resource) when { principal.x };", nullptr, nullptr);
  Session session(engine);
  const auto text = std::string(session.Decide(Fields("a", "b")).Explain());
  EXPECT_NE(text.find(R"("determining":[{"id":"policy0","effect":"permit","place":{"file":"policies.cedar","span":{"start":0)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("errors":[{"policy":{"id":"no","effect":"forbid")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("line":3)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("text":"principal.x")"), std::string::npos) << text;
}

TEST(Decide, ExplainsWithoutSources) {
  Engine engine;
  remit::LoadOptions options;
  options.drop_sources = true;
  engine.Load(Sources().Policies("p", "permit (principal, action, resource);"), options);
  Session session(engine);
  EXPECT_EQ(
      session.Decide(Fields("a", "b")).Explain(),
      R"({"outcome":"execute","determining":[{"id":"policy0","effect":"permit"}],"errors":[],"policies":[{"id":"policy0","effect":"permit",)"
      R"("satisfied":true,"scope":{"principal":true,"action":true,"resource":true},"conditions":[]}],"complete":true})");
}

TEST(Decide, TheTimeIsTheCallers) {
  const Engine engine = Loaded(R"(permit (principal, action, resource) when { now() > datetime("2020-01-01") };)", nullptr, nullptr);
  Session session(engine);
  EXPECT_EQ(session.Decide(Fields("a", "b")).error_count(), 1u);
  remit::DecideOptions options;
  options.now_millis = 1'600'000'000'000;
  EXPECT_TRUE(session.Decide(Fields("a", "b"), options).allowed());
  options.now_millis = 0;
  EXPECT_FALSE(session.Decide(Fields("a", "b"), options).allowed());
}

TEST(Decide, PreparedRequestsFollowTheSchema) {
  Engine engine = Loaded();
  Session session(engine);
  const Request request(engine, Fields("ana", "read"));
  EXPECT_EQ(Describe(session.Decide(request)), "execute team");
  // Another schema of the same requests, then one without them, then none.
  engine.Load(Sources().Policies("p", kPolicies).Schema("s", std::string(kSchema) + "entity More;"));
  EXPECT_EQ(Describe(session.Decide(request)), "execute team");
  remit::LoadOptions unchecked;
  unchecked.check = REMIT_CHECK_NONE;
  engine.Load(Sources().Policies("p", kPolicies).Schema("s", "entity User, Team, Doc;").Entities("e", "[]"), unchecked);
  EXPECT_EQ(Thrown([&] { session.Decide(request); }).code(), "undeclared-action");
  engine.Load(Sources().Policies("p", "permit (principal, action, resource);"));
  EXPECT_EQ(Describe(session.Decide(request)), "execute policy0");
}

TEST(Decide, OwnEntitiesOfARequest) {
  const Engine engine = Loaded();
  Session session(engine);
  const char* json = R"({"id": "r1", "principal": "User::\"eve\"", "action": "Action::\"read\"", "resource": "Doc::\"plan\"",
      "entities": [{"uid": {"type": "User", "id": "eve"}, "attrs": {"level": 0}, "parents": [{"type": "Team", "id": "staff"}]}]})";
  EXPECT_EQ(Describe(session.DecideJson(json)), "execute team");
  EXPECT_NE(session.DecideJson(json).json().find(R"({"id":"r1","decision":"allow")"), std::string_view::npos);
  EXPECT_EQ(Describe(session.Decide(Fields("eve", "read"))), "deny");
  EXPECT_EQ(Thrown([&] { Request::FromJson(engine, json); }).code(), "request-entities");
}

TEST(Decide, Lines) {
  const Engine engine = Loaded();
  Session session(engine);
  const std::string line = R"({"principal": "User::\"ana\"", "action": "Action::\"read\"", "resource": "Doc::\"plan\""})";
  const auto answers = std::string(session.DecideJsonLines(line + "\r\n  \n{\"id\": 7}\n" + line));
  EXPECT_EQ(answers.substr(0, answers.find('\n')), R"({"id":"1","decision":"allow","outcome":"execute","reason":["team"],"errors":[]})");
  EXPECT_NE(answers.find(R"({"id":"3","decision":"deny","outcome":"deny","reason":[],"errors":[],"refused":{"code":")"), std::string::npos);
  EXPECT_NE(answers.find(R"({"id":"4","decision":"allow")"), std::string::npos);
  EXPECT_EQ(session.DecideJsonLines(""), "");
}

TEST(Decide, ABatchFailsClosed) {
  const Engine engine = Loaded();
  const Engine other = Loaded();
  Session session(engine);
  const Request mine(engine, Fields("ana", "read"));
  const Request others(other, Fields("ana", "read"));
  remit_request* const requests[] = {mine.get(), others.get(), mine.get()};
  remit_outcome outcomes[] = {REMIT_EXECUTE, REMIT_EXECUTE, REMIT_EXECUTE};
  remit_error* error = nullptr;
  EXPECT_EQ(remit_decide_batch(session.get(), requests, 3, nullptr, outcomes, &error), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(outcomes[0], REMIT_EXECUTE);
  EXPECT_EQ(outcomes[1], REMIT_DENY);
  EXPECT_EQ(outcomes[2], REMIT_DENY);
  EXPECT_EQ(remit::detail::View(remit_error_pointer(error)), "/1");
  remit_error_free(error);
}

TEST(Decide, EachSaysWhatFailedAndGoesOn) {
  const Engine engine = Loaded();
  Session session(engine);
  const Request request(engine, Fields("ana", "read"));
  remit_request* const requests[] = {request.get(), nullptr, request.get()};
  std::string seen;
  const auto visit = [](void* user, size_t index, const remit_decision* decision, const remit_error* error) {
    *static_cast<std::string*>(user) +=
        std::to_string(index) +
        (decision != nullptr ? Describe(Decision(decision)) : std::string(remit::detail::View(remit_error_code(error)))) + ";";
    return 0;
  };
  EXPECT_EQ(remit_decide_each(session.get(), requests, 3, nullptr, visit, &seen, nullptr), REMIT_OK);
  EXPECT_EQ(seen, "0execute team;1invalid-argument;2execute team;");
}

TEST(Decide, EveryTierAgrees) {
  for (const remit_tier tier : {REMIT_TIER_INTERPRETER, REMIT_TIER_DEFAULT, REMIT_TIER_EAGER}) {
    remit::EngineOptions options;
    options.tier = tier;
    auto engine = EngineIfSupported(options);
    if (!engine) continue;
    engine->Load(Sources().Policies("p", kPolicies).Schema("s", kSchema).Entities("e", kEntities));
    engine->WaitForCode();
    Session session(*engine);
    EXPECT_EQ(Describe(session.Decide(Request(*engine, Fields("ana", "read")))), "execute team");
    EXPECT_EQ(Describe(session.Decide(Fields("bob", "write"))), "execute owner");
    if (tier == REMIT_TIER_EAGER) {
      EXPECT_EQ(session.interpreted(), 0u);
    }
  }
}

TEST(Explain, EachConditionOfEachPolicyOnItsOwn) {
  const Engine engine = Loaded(R"(
@id("a") permit (principal, action == Action::"read", resource) when { principal.level > 3 } when { 1 == 2 } unless { resource.owner == principal };
@id("b") forbid (principal, action, resource) when { context.amount > 1 && true };
@id("c") permit (principal == User::"bob", action, resource) when { true };
@id("d") permit (principal == User::"bob", action == Action::"write", resource);
)",
                               nullptr);
  Session session(engine);
  const std::string explained(session.Decide(Fields("ana", "read")).Explain());
  const auto has = [&](const std::string& part) { return explained.find(part) != std::string::npos; };
  EXPECT_TRUE(has(R"({"kind":"when","holds":true,"place":{"file":"policies.cedar","span":{)")) << explained;
  EXPECT_TRUE(has(R"("text":"principal.level > 3"}},{"kind":"when","holds":false,)")) << explained;
  EXPECT_TRUE(has(R"("text":"1 == 2"}},{"kind":"unless","holds":true,)")) << explained;
  EXPECT_TRUE(has(R"({"kind":"when","holds":false,"error":{"code":"attribute-missing",)")) << explained;
  EXPECT_TRUE(has(R"("satisfied":false,"scope":{"principal":true,"action":true,"resource":true},"conditions":[{)")) << explained;
  EXPECT_TRUE(has(R"("satisfied":false,"scope":{"principal":false,"action":true,"resource":true},"conditions":[]}],"complete":true})"))
      << explained;
  EXPECT_FALSE(has(R"("id":"d")")) << explained;  // two parts of its scope do not match
}

TEST(Explain, IsBounded) {
  std::string policies;
  for (int i = 0; i < 200; ++i) policies += "permit (principal, action, resource) when { context.amount == " + std::to_string(i) + " };\n";
  const Engine engine = Loaded(policies.c_str(), nullptr);
  Session session(engine);
  Record context;
  context.Add("amount", 3);
  const std::string explained(session.Decide(Fields("ana", "read", "plan", &context)).Explain());
  EXPECT_NE(explained.find(R"("complete":false})"), std::string::npos);
  EXPECT_EQ(explained.find(R"("id":"policy100")"), std::string::npos);
}

}  // namespace
}  // namespace remit_test
