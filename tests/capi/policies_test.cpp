// Policies changed one by one: what stays, what goes, what is refused.

#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

auto Ask(const Engine& engine, const RequestFields& fields) -> std::string {
  Session session(engine);
  return Describe(session.Decide(fields));
}

auto Policy(const std::string& text, const char* name = "change.remit") -> Sources {
  Sources sources;
  sources.Policies(name, text);
  return sources;
}

TEST(ChangePolicies, ReplacesAddsAndRemovesById) {
  Engine engine = Loaded();
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
  engine.ChangePolicies(
      Policy("@id(\"team\") forbid (principal in Team::\"staff\", action, resource);\n"
             "@id(\"all\") permit (principal, action, resource);"));
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "deny team");
  EXPECT_EQ(Ask(engine, Fields("bob", "write")), "execute owner all");
  engine.ChangePolicies(Sources(), {"team", "owner", "nobody knows this"});
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute all");
  EXPECT_EQ(Ask(engine, Fields("bob", "write")), "execute all");
  Record context;
  context.Add("amount", 100);
  EXPECT_EQ(Ask(engine, Fields("bob", "write", "plan", &context)), "deny limit");
}

TEST(ChangePolicies, AnEngineMayBeginEmpty) {
  Engine engine;
  engine.ChangePolicies(Policy("@id(\"a\") permit (principal, action, resource);"));
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute a");
}

TEST(ChangePolicies, StatementsOfRemitToo) {
  Engine engine = Loaded();
  engine.ChangePolicies(Policy("@id(\"cap\") restrict (principal, action, resource) to draft;"));
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "draft cap");
  engine.ChangePolicies(Sources(), {"cap"});
  EXPECT_EQ(Ask(engine, Fields("ana", "read")), "execute team");
}

TEST(ChangePolicies, WhatIsRefusedChangesNothing) {
  Engine engine = Loaded();
  const auto before = engine.Statistics().snapshot;
  const auto code = [&](const Sources& sources) { return std::string(Thrown([&] { engine.ChangePolicies(sources); }).code()); };
  EXPECT_EQ(code(Policy("permit (principal, action, resource);")), "missing-id");
  EXPECT_EQ(code(Policy("@id(\"x\") permit (principal, action, resource")), "unclosed-bracket");
  EXPECT_EQ(code(Policy("@id(\"x\") permit (principal, action, resource) when { principal.nothing };")), "unknown-attribute");
  Sources with_schema = Policy("@id(\"x\") permit (principal, action, resource);");
  with_schema.Schema("s", kSchema);
  EXPECT_EQ(code(with_schema), "invalid-argument");
  remit::LoadOptions by_position;
  by_position.ids = REMIT_IDS_BY_POSITION;
  EXPECT_EQ(Thrown([&] { engine.ChangePolicies(Sources(), {}, by_position); }).code(), "invalid-argument");
  EXPECT_EQ(remit_engine_change_policies(engine.get(), Sources().get(), nullptr, 1, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(remit_engine_change_policies(engine.get(), nullptr, nullptr, 0, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(engine.Statistics().snapshot, before);
}

TEST(ChangePolicies, ABudgetThatIsReadStaysAsItIs) {
  Engine engine;
  const std::string spend = "budget spend (principal, action, resource) limit { 10 };\n";
  const std::string other = "budget spend (principal, action, resource) limit { 20 };\n";
  const std::string reader = "@id(\"r\") restrict (principal, action, resource) to draft when { budget.spend.after > 8 };\n";
  engine.Load(Policy(spend + reader));
  EXPECT_EQ(Thrown([&] { engine.ChangePolicies(Sources(), {"spend"}); }).code(), "state-is-read");
  EXPECT_EQ(Thrown([&] { engine.ChangePolicies(Policy(other)); }).code(), "state-is-read");
  EXPECT_NO_THROW(engine.ChangePolicies(Policy(spend)));
  EXPECT_NO_THROW(engine.ChangePolicies(Policy(other + reader)));
  EXPECT_NO_THROW(engine.ChangePolicies(Sources(), {"r", "spend"}));
}

// Places are in the files that the statements came from, whenever that was.
TEST(ChangePolicies, ExplainsWithThePlacesOfAllTexts) {
  Engine engine = Loaded();
  engine.ChangePolicies(Policy("@id(\"new\") permit (principal, action, resource) when { resource.owner != principal };", "new.remit"));
  engine.ChangePolicies(Policy("@id(\"newer\") permit (principal, action, resource) when { principal.level > 2 };", "newer.remit"),
                        {"team"});
  Session session(engine);
  const std::string explained(session.Decide(Fields("ana", "read")).Explain());
  for (const char* text :
       {R"("text":"resource.owner == principal")", R"("text":"resource.owner != principal")", R"("text":"principal.level > 2")",
        R"("file":"policies.cedar")", R"("file":"new.remit")", R"("file":"newer.remit")"}) {
    EXPECT_NE(explained.find(text), std::string::npos) << text << " in " << explained;
  }
}

TEST(ChangePolicies, WithoutTextsNoPlaceIsShownInAnother) {
  Engine engine;
  remit::LoadOptions drop;
  drop.drop_sources = true;
  engine.Load(Policy("@id(\"a\") permit (principal, action, resource) when { 1 < 2 };", "first.remit"), drop);
  engine.ChangePolicies(Policy("@id(\"b\") permit (principal, action, resource) when { 3 < 4 };", "second.remit"));
  Session session(engine);
  const std::string explained(session.Decide(Fields("ana", "read")).Explain());
  EXPECT_EQ(explained.find("remit\""), std::string::npos) << explained;
}

constexpr const char* kFails = R"(
@id("all") permit (principal, action, resource);
@id("overflow") forbid (principal, action == Action::"read", resource) when { principal.level * 9223372036854775807 == 0 };
)";

// What is loaded and what is changed later, by the interpreter and by native code.
TEST(ForbidErrors, AnEngineMayDenyWhereAForbidFails) {
  for (const remit_tier tier : {REMIT_TIER_INTERPRETER, REMIT_TIER_DEFAULT, REMIT_TIER_EAGER}) {
    for (const bool denies : {false, true}) {
      remit::EngineOptions options;
      options.tier = tier;
      options.forbid_errors_deny = denies;
      auto engine = EngineIfSupported(options);
      if (!engine) continue;
      Sources sources = Policy(kFails);
      sources.Schema("s", kSchema).Entities("e", kEntities);
      engine->Load(sources);
      const std::string failed = "; overflow failed: integer-overflow";
      EXPECT_EQ(Ask(*engine, Fields("ana", "read")), (denies ? "deny overflow" : "execute all") + failed);
      EXPECT_EQ(Ask(*engine, Fields("bob", "read")), "execute all");
      engine->ChangePolicies(
          Policy("@id(\"later\") forbid (principal, action == Action::\"write\", resource) when { principal.level * -9223372036854775807 "
                 "== 0 };"));
      EXPECT_EQ(Ask(*engine, Fields("ana", "write")),
                std::string(denies ? "deny later" : "execute all") + "; later failed: integer-overflow");
      EXPECT_EQ(Ask(*engine, Fields("ana", "read")), (denies ? "deny overflow" : "execute all") + failed);
    }
  }
}

}  // namespace
}  // namespace remit_test
