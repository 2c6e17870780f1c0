// Loading: what replaces what, what is refused and where, what stays when something is refused.
#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

auto Ask(const Engine& engine, const RequestFields& fields) -> std::string {
  Session session(engine);
  return Describe(session.Decide(fields));
}

TEST(Load, AnEngineWithoutPoliciesDenies) { EXPECT_EQ(Ask(Engine(), Fields("ana", "read")), "deny"); }

TEST(Load, DecidesByPoliciesEntitiesAndSchema) {
  const Engine engine = Loaded();
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
  EXPECT_EQ(Ask(engine, Fields("bob", "write")), "execute owner");
  EXPECT_EQ(Ask(engine, Fields("ana", "write")), "deny");
}

TEST(Load, SeveralFilesJsonPoliciesAndLinks) {
  Sources sources;
  sources.Policies("a.cedar", R"(@id("t") permit (principal == ?principal, action, resource);)")
      .Policies("b.json",
                R"({"effect": "forbid", "principal": {"op": "All"}, "action": {"op": "==", "entity": {"type": "Action", "id": "write"}},
                             "resource": {"op": "All"}, "conditions": []})",
                REMIT_POLICIES_AS_JSON)
      .Links("links.json", R"([{"templateId": "t", "newId": "for-ana", "values": {"?principal": {"type": "User", "id": "ana"}}}])");
  Engine engine;
  engine.Load(sources);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute for-ana");
  EXPECT_EQ(Ask(engine, Fields("ana", "write")), "deny policy1");
  EXPECT_EQ(engine.Statistics().policies, 2u);
}

TEST(Load, IdsByPosition) {
  Engine engine;
  engine.Load(Sources().Policies("p", R"(@id("name") permit (principal, action, resource);)"), {REMIT_IDS_BY_POSITION});
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute policy0");
}

TEST(Load, ErrorsSayWhere) {
  Engine engine;
  const auto error = Thrown([&] {
    engine.Load(
        Sources().Policies("one.cedar", "permit (principal, action, resource);").Policies("two.cedar", "permit (principal);\nforbid"));
  });
  EXPECT_EQ(error.status(), REMIT_INVALID_INPUT);
  const auto diagnostics = error.diagnostics();
  ASSERT_FALSE(diagnostics.empty());
  EXPECT_EQ(diagnostics[0].file, "two.cedar");
  EXPECT_EQ(diagnostics[0].line, 1u);
  EXPECT_EQ(error.code(), diagnostics[0].code);
  EXPECT_NE(error.json().find(R"("file":"two.cedar")"), std::string_view::npos);
}

TEST(Load, PoliciesAreCheckedAgainstTheSchema) {
  const auto load = [](remit_check check) {
    Engine engine;
    remit::LoadOptions options;
    options.check = check;
    engine.Load(Sources().Policies("p", "permit (principal, action, resource) when { principal.nothing };").Schema("s", kSchema), options);
  };
  EXPECT_EQ(Thrown([&] { load(REMIT_CHECK_STRICT); }).code(), "unknown-attribute");
  EXPECT_NO_THROW(load(REMIT_CHECK_NONE));
}

TEST(Load, WarningsOfALoadThatSucceeds) {
  Engine engine;
  const auto warnings = engine.Load(Sources().Policies("p", R"(@id("a") permit (principal, action, resource);
                                                              @id("a") permit (principal, action, resource);)"));
  ASSERT_EQ(warnings.size(), 2u);  // one for each policy of that id, although more than one stage looks at ids
  EXPECT_TRUE(warnings[0].is_warning);
  EXPECT_EQ(warnings[0].code, "repeated-id");
}

TEST(Load, WhatIsRefusedChangesNothing) {
  Engine engine = Loaded();
  const auto before = engine.Statistics().snapshot;
  EXPECT_THROW(engine.Load(Sources().Policies("p", "nonsense")), Error);
  EXPECT_THROW(engine.Load(Sources().Policies("p", kPolicies).Schema("s", "entity")), Error);
  EXPECT_THROW(engine.Load(Sources().Policies("p", kPolicies).Schema("s", kSchema).Entities("e", "{}")), Error);
  EXPECT_THROW(engine.LoadEntities("e", R"([{"uid": {"type": "User", "id": "x"}, "attrs": {}, "parents": []}])"), Error);
  EXPECT_EQ(engine.Statistics().snapshot, before);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
}

TEST(Load, EntityErrorsAllWithTheirPlaces) {
  const auto error = Thrown([] {
    Loaded(kPolicies, kSchema, R"([{"uid": {"type": "User", "id": "x"}, "attrs": {"level": "high"}, "parents": []},
                                   {"uid": {"type": "Ghost", "id": "x"}, "attrs": {}, "parents": []}])");
  });
  const auto diagnostics = error.diagnostics();
  ASSERT_EQ(diagnostics.size(), 2u);
  EXPECT_EQ(diagnostics[0].pointer, "entities.json#/0/attrs/level");
  EXPECT_EQ(diagnostics[1].pointer, "entities.json#/1/uid");
}

TEST(Load, SeveralEntityDocuments) {
  Engine engine;
  Sources sources;
  sources.Policies("p", kPolicies)
      .Entities("a", R"([{"uid": {"type": "User", "id": "eve"}, "attrs": {}, "parents": [{"type": "Team", "id": "sub"}]}])")
      .Entities("b", R"([{"uid": {"type": "Team", "id": "sub"}, "attrs": {}, "parents": [{"type": "Team", "id": "staff"}]}])");
  engine.Load(sources);
  EXPECT_EQ(Ask(engine, Fields("eve", "read")), "execute team; owner failed: entity-missing");
  sources.Entities("c", R"([{"uid": {"type": "Team", "id": "sub"}, "attrs": {}, "parents": []}])");
  EXPECT_EQ(Thrown([&] { engine.Load(sources); }).diagnostics()[0].pointer, "c#/0");
}

TEST(Load, HierarchyCyclesAreRefused) {
  Engine engine;
  EXPECT_THROW(engine.LoadEntities("e", R"([{"uid": {"type": "A", "id": "a"}, "attrs": {}, "parents": [{"type": "A", "id": "b"}]},
                                            {"uid": {"type": "A", "id": "b"}, "attrs": {}, "parents": [{"type": "A", "id": "a"}]}])"),
               Error);
}

// The actions of a schema are entities, and policies ask for their groups.
TEST(Load, ANewSchemaBringsItsActionsAndTakesThoseOfTheFormer) {
  constexpr const char* kGroups = R"(entity User, Doc; action "all"; action "read" in "all" appliesTo { principal: User, resource: Doc };)";
  constexpr const char* kFlat = R"(entity User, Doc; action "all"; action "read" appliesTo { principal: User, resource: Doc };)";
  constexpr const char* kPolicy = R"(permit (principal, action in Action::"all", resource);)";
  remit::LoadOptions unchecked;
  unchecked.check = REMIT_CHECK_NONE;
  Engine engine;
  engine.Load(Sources().Policies("p", kPolicy).Schema("s", kGroups).Entities("e", "[]"), unchecked);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute policy0");
  engine.Load(Sources().Policies("p", kPolicy).Schema("s", kFlat), unchecked);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "deny");
  engine.Load(Sources().Policies("p", kPolicy).Schema("s", kGroups), unchecked);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute policy0");
  engine.Load(Sources().Policies("p", kPolicy), unchecked);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "deny");
}

TEST(Load, EntitiesThatStayMustConformToANewSchema) {
  Engine engine = Loaded(kPolicies, nullptr, kEntities);
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
  const auto error = Thrown([&] { engine.Load(Sources().Policies("p", kPolicies).Schema("s", kSchema)); });
  EXPECT_EQ(error.code(), "invalid-entities");  // without the schema, `home` was read as a string
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
}

// Their texts are alike, and count for nothing.
TEST(Load, ShippedSchemasAreKnownByTheirNames) {
  const auto pay = R"(permit (principal is Payments::Agent, action == Payments::Action::"pay", resource);)";
  const auto read = R"(permit (principal is CodingAgent::Agent, action == CodingAgent::Action::"read_file", resource);)";
  Engine engine;
  engine.Load(Sources().Policies("p", pay).Schema("builtin:payments", ""));
  EXPECT_NO_THROW(engine.Load(Sources().Policies("p", read).Schema("builtin:coding-agent", "")));
  EXPECT_THROW(engine.Load(Sources().Policies("p", pay).Schema("builtin:coding-agent", "")), Error);
  EXPECT_NO_THROW(engine.Load(Sources().Policies("p", read).Schema("builtin:coding-agent", "whatever")));
  EXPECT_THROW(engine.Load(Sources().Policies("p", pay).Schema("a file of the same text", "")), Error);
}

TEST(Load, TheSchemaIsKeptIfAskedTo) {
  Engine engine = Loaded();
  remit::LoadOptions keep;
  keep.keep_schema = true;
  engine.Load(Sources().Policies("p", "permit (principal, action, resource);"), keep);
  EXPECT_EQ(Ask(engine, Fields("ana", "write")), "execute policy0");
  Session session(engine);
  EXPECT_EQ(Thrown([&] { session.Decide(RequestFields{{"Doc", "plan"}, {"Action", "read"}, {"Doc", "plan"}}); }).code(),
            "principal-not-applicable");
  EXPECT_EQ(Thrown([&] { engine.Load(Sources().Policies("p", kPolicies).Schema("s", kSchema), keep); }).status(), REMIT_INVALID_ARGUMENT);
}

TEST(Load, TheSameSourcesServeManyEngines) {
  Sources sources;
  sources.Policies("p", kPolicies).Schema("s", kSchema).Entities("e", kEntities);
  for (int i = 0; i < 3; ++i) {
    Engine engine;
    engine.Load(sources);
    engine.Load(sources);
    EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
  }
}

TEST(Load, LimitsHold) {
  remit::EngineOptions options;
  options.limits = remit_limits REMIT_LIMITS_INIT;
  options.limits->max_source_bytes = 10;
  Engine engine(options);
  EXPECT_EQ(Thrown([&] { engine.Load(Sources().Policies("p", kPolicies)); }).code(), "file-too-large");
  options.limits->max_json_depth = 100000;
  EXPECT_EQ(Thrown([&] { Engine{options}; }).status(), REMIT_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace remit_test
