// The engine answers what the reference interpreter answers, whatever the tier, and after every change.
#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

class EngineTest : public testing::TestWithParam<CodeTier> {};

// All policies are decided in both ways, prepared and not, by few and by many policies.
TEST_P(EngineTest, AgreesWithTheInterpreter) {
  for (const size_t policies : {1, 5, 40, 400}) {
    EngineFixture fixture(GetParam());
    RandomPolicies random(static_cast<uint32_t>(policies));
    fixture.SetEntities(RandomPolicies::Entities());
    fixture.SetPolicies(random.Make(policies));
    Session session(fixture.engine);
    for (int i = 0; i < 300; ++i) {
      const Request request = random.RandomRequest(fixture);
      const auto expected = fixture.Expect(request);
      PreparedRequest prepared(request, nullptr);
      session.Decide(prepared);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected);
      fixture.engine.WaitForCode();
      const auto outcome = session.Decide(prepared).outcome;
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "the second time";
      ASSERT_EQ(session.Decide(prepared, {.outcome_only = true}).outcome, outcome);
      session.Pin();
      session.Decide(request, fixture.job.interner, nullptr, false);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "unprepared";
    }
    if (GetParam() == CodeTier::Eager) {
      EXPECT_EQ(session.interpreted(), 0U);
    }
    EXPECT_EQ(fixture.engine.code_error(), "");
  }
}

// A request that was prepared before a change is decided by what there is now.
TEST_P(EngineTest, PreparedRequestsSeeChanges) {
  EngineFixture fixture(GetParam());
  RandomPolicies random(7);
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies(random.Make(60));
  Session session(fixture.engine);
  std::vector<PreparedRequest> prepared;
  for (int i = 0; i < 100; ++i) prepared.emplace_back(random.RandomRequest(fixture), nullptr);
  for (int change = 0; change < 12; ++change) {
    const auto id = std::to_string(random.Below(12));
    const auto parent = fixture.Uid("Group", std::to_string(random.Below(5)));
    const auto uid = fixture.Uid("User", id);
    const auto action = fixture.Uid("Action", "a2");
    const auto all = fixture.Uid("Action", "all");
    const auto result = fixture.engine.UpdateEntities(
        [&](EntityStoreBuilder& builder) -> Expected<void> {
          if (change % 3 == 0) {
            builder.Remove(uid);
          } else {
            const std::array parents = {parent};
            builder.AddOrReplace(
                {.uid = uid, .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
          }
          if (change == 6) {
            const std::array parents = {all};
            builder.AddOrReplace(
                {.uid = action, .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
          }
          return {};
        },
        false);
    ASSERT_TRUE(result.has_value());
    if (change == 9) fixture.SetPolicies(random.Make(30));
    const auto& snapshot = session.Pin();
    for (auto& request : prepared) {
      session.Decide(request);
      Arena arena;
      const auto expected =
          remit::Decide(*fixture.program,
                        {.entities = *snapshot.entities, .request = request.request(), .interner = fixture.job.interner, .arena = arena});
      ASSERT_EQ(fixture.Describe(session.ToDecision()), fixture.Describe(expected)) << "after change " << change;
    }
  }
}

TEST_P(EngineTest, AnUpdateThatFailsChangesNothing) {
  EngineFixture fixture(GetParam());
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies("@id(\"in\") permit (principal in Group::\"3\", action, resource);");
  const auto group = fixture.Uid("Group", "4");
  const auto user = fixture.Uid("User", "0");
  const auto result = fixture.engine.UpdateEntities(
      [&](EntityStoreBuilder& builder) -> Expected<void> {
        const std::array parents = {user};
        builder.AddOrReplace({.uid = group, .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
        return {};
      },
      false);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "hierarchy-cycle");
  PreparedRequest request({.principal = user, .action = fixture.Uid("Action", "a"), .resource = user, .context = {}}, nullptr);
  Session session(fixture.engine);
  EXPECT_EQ(session.Decide(request).outcome, Outcome::Execute);
}

// What a request brings along counts for it alone, actions included.
TEST_P(EngineTest, RequestsHaveEntitiesOfTheirOwn) {
  EngineFixture fixture(GetParam());
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies(
      "@id(\"group\") permit (principal in Group::\"new\", action, resource); @id(\"all\") permit (principal, action in Action::\"all\", "
      "resource);");
  Session session(fixture.engine);
  const auto decide = [&](const std::string& json) {
    const auto& snapshot = session.Pin();
    session.ResetArena();
    Interner overlay(&fixture.engine.interner());
    const auto document = ReadRequest(json, overlay, session.arena(), {}, snapshot.entities.get());
    EXPECT_TRUE(document.has_value());
    session.Decide(document->request, overlay, document->entities ? &*document->entities : nullptr, false);
    return fixture.Describe(session.ToDecision());
  };
  const std::string head = R"({"principal":"User::\"0\"","action":"Action::\"fresh\"","resource":"Doc::\"0\"")";
  EXPECT_EQ(decide(head + "}"), "deny");
  EXPECT_EQ(decide(head + R"(,"entities":[{"uid":{"type":"User","id":"0"},"attrs":{},"parents":[{"type":"Group","id":"new"}]}]})"),
            "execute group");
  EXPECT_EQ(decide(head + R"(,"entities":[{"uid":{"type":"Action","id":"fresh"},"attrs":{},"parents":[{"type":"Action","id":"all"}]}]})"),
            "execute all");
  EXPECT_EQ(decide(head + "}"), "deny");
}

TEST_P(EngineTest, MemoryOfReplacedEntitiesComesBack) {
  EngineFixture fixture(GetParam());
  fixture.SetEntities(RandomPolicies::Entities());
  const auto uid = fixture.Uid("User", "0");
  const auto key = fixture.Uid("k", "k").id;
  const std::string text(1 << 20, 'x');
  for (int i = 0; i < 200; ++i) {
    const auto updated = fixture.engine.UpdateEntities(
        [&](EntityStoreBuilder& builder) -> Expected<void> {
          const std::array fields = {Field{key, Value::OfString(builder.arena().CopyString(text))}};
          builder.AddOrReplace({.uid = uid, .attrs = MakeRecord(builder.arena(), fields).as_record(), .tags = {}, .parents = {}});
          return {};
        },
        false);
    ASSERT_TRUE(updated.has_value());
  }
  EXPECT_LT(fixture.engine.footprint().entities, size_t{100} << 20);
  Session session(fixture.engine);
  EXPECT_EQ(session.Pin().entities->Find(uid)->attrs[0].value.as_string(), text);
}

// More elements than native code tests one by one, more ancestors than elements and the other way round.
TEST_P(EngineTest, LargeSetsOfEntities) {
  EngineFixture fixture(GetParam());
  RandomPolicies random(23);
  std::string json = "[";
  for (int doc = 0; doc < 30; ++doc) {
    std::string parents;
    for (size_t i = random.Below(40); i > 0; --i) {
      parents += fmt::format(R"({}{{"type":"Folder","id":"{}"}})", parents.empty() ? "" : ",", random.Below(200));
    }
    json += fmt::format(R"({{"uid":{{"type":"Doc","id":"{}"}},"attrs":{{}},"parents":[{}]}},)", doc, parents);
  }
  for (int user = 0; user < 30; ++user) {
    std::string owned;
    for (size_t i = random.Below(80); i > 0; --i) {
      owned += fmt::format(R"({}{{"__entity":{{"type":"{}","id":"{}"}}}})", owned.empty() ? "" : ",",
                           random.Below(9) == 0 ? "Doc" : "Folder", random.Below(400));
    }
    json +=
        fmt::format(R"({{"uid":{{"type":"User","id":"{}"}},"attrs":{{"owned":[{}]}},"parents":[]}}{})", user, owned, user < 29 ? "," : "]");
  }
  fixture.SetEntities(json);
  fixture.SetPolicies("permit (principal, action, resource) when { resource in principal.owned };");
  Session session(fixture.engine);
  fixture.engine.WaitForCode();
  size_t allowed = 0;
  for (int user = 0; user < 30; ++user) {
    for (int doc = 0; doc < 30; ++doc) {
      const Request request = {.principal = fixture.Uid("User", std::to_string(user)),
                               .action = fixture.Uid("Action", "a0"),
                               .resource = fixture.Uid("Doc", std::to_string(doc)),
                               .context = {}};
      PreparedRequest prepared(request, nullptr);
      allowed += session.Decide(prepared).outcome == Outcome::Execute ? 1 : 0;
      ASSERT_EQ(fixture.Describe(session.ToDecision()), fixture.Expect(request));
      fixture.engine.WaitForCode();
      session.Decide(prepared);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), fixture.Expect(request)) << "with code";
    }
  }
  EXPECT_GT(allowed, 100U);
  EXPECT_LT(allowed, 890U);
}

INSTANTIATE_TEST_SUITE_P(Tiers, EngineTest, testing::ValuesIn(TestedTiers()), TierName);

}  // namespace
}  // namespace remit
