// The drafts beside the Authorization API: obligations, and asking for access.
#include "tests/server/authzen_fixture.h"

namespace remit::authzen {
namespace {

constexpr const char* kRequests = "/access/v1/requests";
constexpr int64_t kMinute = 60'000;

constexpr const char* kShop = R"(
  @id("all") permit (principal, action, resource);
  @id("large") escalate (principal, action == Action::"refund", resource) when { context.amount > 100 }
    approval { by: [Role::"leads"], expires: duration("15m") };
  @id("limit") forbid (principal, action, resource) when { context.amount > 1000 };
)";

auto Refund(int amount) -> Json {
  return {{"subject", {{"type", "Agent"}, {"id", "s1"}}},
          {"action", {{"name", "refund"}}},
          {"resource", {{"type", "Order"}, {"id", "o1"}}},
          {"context", {{"amount", amount}}}};
}

// The submission that answers a denial.
auto Submission(const Json& asked, const Json& denied) -> Json {
  Json body = asked;
  const auto& context = denied["context"];
  body["denial"] = {{"evaluation_id", context["evaluation_id"]},
                    {"evaluated_at", context["evaluated_at"]},
                    {"reason", context["reason"]},
                    {"expires_at", context["access_request"]["expires_at"]},
                    {"binding_token", context["access_request"]["binding_token"]}};
  body["context"]["business_justification"] = "the customer waits";
  return body;
}

class AccessRequest : public ::testing::Test {
 protected:
  auto Submit(const Json& body, const std::string& key = {}) -> World::Reply {
    World::Headers headers = {{"Content-Type", "application/json"}, {"Host", "pdp.example.com"}};
    if (!key.empty()) headers["Idempotency-Key"] = key;
    return world_.Post(kRequests, body.dump(), headers);
  }
  auto Problem(const World::Reply& reply) -> std::string {
    const std::string type = reply.json.value("type", "");
    return std::to_string(reply.status) + " " + type.substr(type.rfind(':') + 1);
  }
  auto Show(const std::string& id) -> World::Reply { return world_.Get(std::string(kRequests) + "/" + id); }
  void Approve(const Json& denied) {
    const std::string ticket = denied["context"]["escalations"][0]["id"];
    const auto approved =
        world_.tickets().Approve(ticket, {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = world_.now});
    ASSERT_TRUE(approved.has_value()) << approved.error().message;
  }

  World world_{{.policies = kShop}};
};

TEST_F(AccessRequest, ADenialIsApprovedAndAskedAgain) {
  const auto asked = Refund(150);
  const auto denied = world_.Evaluate(asked);
  EXPECT_EQ(denied["decision"], false);
  EXPECT_EQ(denied["context"]["reason"], "approval_required");
  ASSERT_TRUE(denied["context"].contains("access_request")) << denied;
  EXPECT_EQ(denied["context"]["escalations"][0]["by"][0]["id"], "leads");
  const auto submitted = Submit(Submission(asked, denied), "k1");
  ASSERT_EQ(submitted.status, 202) << submitted.body;
  const std::string id = submitted.json["task"]["id"];
  EXPECT_EQ(submitted.json["task"]["status"], "pending");
  EXPECT_EQ(submitted.json["task"]["status_endpoint"], "https://pdp.example.com/access/v1/requests/" + id);
  EXPECT_EQ(Submit(Submission(asked, denied), "k1").json["task"]["id"], id);
  EXPECT_FALSE(Show(id).json.contains("result"));
  Approve(denied);
  const auto approved = Show(id);
  ASSERT_EQ(approved.json["task"]["status"], "approved") << approved.body;
  ASSERT_EQ(approved.json["result"]["mode"], "reevaluate");
  auto again = asked;
  again["context"]["approval"] = approved.json["result"]["approval"];
  const auto permitted = world_.Evaluate(again);
  EXPECT_EQ(permitted["decision"], true) << permitted;
  EXPECT_EQ(permitted["context"]["approval"]["id"], approved.json["result"]["approval"]["id"]);
  EXPECT_EQ(Submit(Submission(asked, denied)).status, 201);  // terminal already
}

TEST_F(AccessRequest, AnApprovalIsForNothingElse) {
  const auto asked = Refund(150);
  const auto denied = world_.Evaluate(asked);
  Approve(denied);
  const auto task = Submit(Submission(asked, denied));
  const Json approval = task.json["result"]["approval"];
  const auto next = [&](Json body, const Json& presented) {
    body["context"]["approval"] = presented;
    const auto answer = world_.Evaluate(body);
    EXPECT_EQ(answer["decision"], false) << answer;
    return answer["context"].value("next_action", "") + " " + answer["context"].value("reason", "");
  };
  EXPECT_EQ(next(Refund(200), approval), "request out_of_scope");
  EXPECT_EQ(next(Refund(5000), approval), "none policy_denied");
  auto other_id = approval;
  other_id["id"] = "apr_1";
  EXPECT_EQ(next(asked, other_id), "request approval_unverifiable");
  auto forged = approval;
  forged["state"][0] = "remit1.x.y.z";
  EXPECT_EQ(next(asked, forged), "request approval_unverifiable");
  EXPECT_EQ(next(asked, 7).substr(0, 1), " ");
  world_.now += 16 * kMinute;
  EXPECT_EQ(next(asked, approval), "request approval_expired");
}

TEST_F(AccessRequest, WhatIsNotTheDenialIsRefused) {
  const auto asked = Refund(150);
  const auto denied = world_.Evaluate(asked);
  const auto whole = Submission(asked, denied);
  const auto with = [&](const char* pointer, const Json& value) {
    Json body = whole;
    body[Json::json_pointer(pointer)] = value;
    return Problem(Submit(body));
  };
  EXPECT_EQ(with("/subject/id", "s2"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/action/name", "pay"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/resource/id", "o2"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/resource/properties", {{"owner", "me"}}), "400 invalid_denial_binding");
  EXPECT_EQ(with("/context/amount", 151), "400 invalid_denial_binding");
  EXPECT_EQ(with("/denial/binding_token", "a.b"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/denial/evaluation_id", "eval_1"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/denial/expires_at", "2099-01-01T00:00:00Z"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/denial", Json::object()), "400 invalid_denial_binding");
  EXPECT_EQ(with("/denial", "x"), "400 invalid_denial_binding");
  EXPECT_EQ(with("/items", Json::array()), "400 not_requestable");
  EXPECT_EQ(with("/callback", {{"endpoint", "http://127.0.0.1/"}}), "400 blank");
  EXPECT_EQ(with("/subject", "s1"), "400 blank");
  EXPECT_EQ(Submit(whole, "k").status, 202);
  EXPECT_EQ(Problem(Submit(Submission(Refund(160), world_.Evaluate(Refund(160))), "k")), "409 duplicate_request");
  world_.now += 16 * kMinute;
  EXPECT_EQ(Problem(Submit(whole)), "410 expired_denial");
}

TEST_F(AccessRequest, TasksSayHowTheyEnded) {
  const auto denied = world_.Evaluate(Refund(150));
  const auto submitted = Submit(Submission(Refund(150), denied));
  const std::string id = submitted.json["task"]["id"];
  EXPECT_EQ(Problem(Show("arq_x")), "404 unknown_task");
  EXPECT_EQ(Problem(Show(id + "A")), "404 unknown_task");
  const auto denial = world_.tickets().Deny(std::string(denied["context"]["escalations"][0]["id"]),
                                            {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = world_.now}, "no");
  ASSERT_TRUE(denial.has_value());
  EXPECT_EQ(Show(id).json["task"]["status"], "denied");
  EXPECT_FALSE(Show(id).json.contains("result"));
  const auto other = Submit(Submission(Refund(160), world_.Evaluate(Refund(160)))).json["task"]["id"];
  world_.now += 16 * kMinute;
  EXPECT_EQ(Show(other).json["task"]["status"], "expired");
  world_.now += 25 * 60 * kMinute;
  EXPECT_EQ(Problem(Show(other)), "410 task_expired");
}

TEST_F(AccessRequest, OnlyWhatPeopleCanLiftIsRequestable) {
  const auto forbidden = world_.Evaluate(Refund(5000));
  EXPECT_EQ(forbidden["decision"], false);
  EXPECT_FALSE(forbidden["context"].contains("access_request"));
  EXPECT_FALSE(world_.Evaluate(Refund(50))["context"].contains("access_request"));
  auto peeked = Refund(150);
  peeked["context"]["remit"] = {{"dry_run", true}};
  EXPECT_FALSE(world_.Evaluate(peeked)["context"].contains("access_request"));
}

TEST_F(AccessRequest, TheKeysArePublished) {
  const auto metadata = world_.Get("/.well-known/authzen-configuration").json;
  EXPECT_EQ(metadata["capabilities"], Json::array({"urn:openid:authzen:capability:access-request"}));
  EXPECT_EQ(metadata["access_request_endpoint"], "https://pdp.example.com/access/v1/requests");
  const auto keys = world_.Get("/access/v1/jwks").json["keys"];
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0]["x"].get<std::string>().size(), 43U);
  EXPECT_EQ(keys[0]["crv"], "Ed25519");
}

// ---- obligations -----------------------------------------------------------------------------------------------------

constexpr const char* kObliging = R"(
  @id("all") permit (principal, action, resource) oblige { redact: ["$.ssn"], step_up: { acr_value: "urn:loa:3" } };
  @id("tell") permit (principal, action == Action::"export", resource)
    oblige { notification: { to: "manager@example.com", body: "exported" }, session_termination: { nobody: 1 } };
)";

auto AskFor(const char* action) -> Json { return Ask({{"type", "User"}, {"id", "a"}}, action, {{"type", "Doc"}, {"id", "d"}}); }

auto TypesOf(const Json& answer) -> std::string {
  std::string types;
  for (const auto& each : answer.value("obligations", Json::array())) types += each["type"].get<std::string>() + " ";
  return types;
}

TEST(Obligations, AreWrittenAsTheProfileSays) {
  World world({.policies = kObliging});
  const auto context = world.Evaluate(AskFor("read"))["context"];
  EXPECT_EQ(TypesOf(context), "custom step-up ");
  EXPECT_EQ(context["obligations"][0]["properties"], Json({{"name", "redact"}, {"value", {"$.ssn"}}, {"statement", "all"}}));
  EXPECT_EQ(context["obligations"][1]["properties"], Json({{"acr_value", "urn:loa:3"}}));
  EXPECT_NE(context["obligations"][0]["id"], context["obligations"][1]["id"]);
  // A record without what its type requires is no obligation of that type.
  EXPECT_EQ(TypesOf(world.Evaluate(AskFor("export"))["context"]), "custom step-up notification custom ");
}

TEST(Obligations, WhatAnEnforcementPointCannotDoIsDeniedBeforeAnythingIsSpent) {
  World world({.policies = std::string(kObliging) + "budget calls (principal, action, resource) limit { 1 };"});
  const auto with = [&](const Json& supported) {
    auto body = AskFor("read");
    body["context"]["supported_obligations"] = supported;
    return world.Evaluate(body);
  };
  const auto denied = with({"notification", "redact"});
  EXPECT_EQ(denied["decision"], false);
  EXPECT_EQ(denied["context"]["unsupported_obligations"], Json({"custom", "step-up"}));
  EXPECT_EQ(with(Json::array())["decision"], false);
  EXPECT_EQ(with("custom")["context"]["error"]["status"], 400);
  for (const auto& each : world.ledger().Budgets(world.now)) EXPECT_EQ(each.used, 0);
  EXPECT_EQ(with({"custom", "step-up"})["decision"], true);
}

TEST(Obligations, AreDiscoveredAndComeWithResults) {
  World world({.policies = kObliging, .entities = R"([{"uid":{"type":"Doc","id":"d"},"attrs":{},"parents":[]}])"});
  EXPECT_EQ(world.Get("/.well-known/authzen-configuration").json["supported_obligations"],
            Json({"step-up", "notification", "session_termination", "custom"}));
  auto body = AskFor("read");
  body["resource"].erase("id");
  const auto results = world.Post("/access/v1/search/resource", body.dump()).json["results"];
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(TypesOf(results[0]), "custom step-up ");
}

// ---- what else an answer says ----------------------------------------------------------------------------------------

TEST(Context, HasTheReservationOnceForOneRequestId) {
  World world({.policies = "permit (principal, action, resource); budget calls (principal, action, resource) limit { 5 };"});
  auto body = AskFor("read");
  body["context"]["remit"] = {{"request_id", "r1"}, {"session", "s"}, {"delegation", {{{"type", "User"}, {"id", "boss"}}}}};
  const auto first = world.Evaluate(body)["context"]["reservation"]["id"];
  EXPECT_TRUE(first.is_string());
  EXPECT_EQ(world.Evaluate(body)["context"]["reservation"]["id"], first);
  auto other = body;
  other["resource"]["id"] = "e";
  EXPECT_EQ(world.Post("/access/v1/evaluation", other.dump()).status, 409);
  body["context"]["remit"] = "x";
  EXPECT_EQ(world.Evaluate(body)["context"]["error"]["status"], 400);
}

TEST(Context, SaysWhichPolicyFailedAndWhoIsQuarantined) {
  World world(
      {.policies = R"(permit (principal, action, resource); @id("broken") permit (principal, action, resource) when { principal.x };)"});
  const auto context = world.Evaluate(AskFor("read"))["context"];
  EXPECT_EQ(context["errors"][0]["policy"], "broken");
  world.ledger().quarantine().Add({.type = "User", .id = "a", .reason = "loops", .who = "ops", .since = 0});
  const auto answer = world.Evaluate(AskFor("read"));
  EXPECT_EQ(answer["decision"], false);
  EXPECT_EQ(answer["context"]["quarantined"], "User::\"a\"");
}

}  // namespace
}  // namespace remit::authzen
