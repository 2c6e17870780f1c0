// What a schema comes to: names in full, common types gone, groups and types bound.
#include "tests/unit/schema/schema_fixture.h"

namespace remit {
namespace {

auto Attributes(const SchemaJob& job, std::string_view entity) -> std::string { return job.Describe(job.Entity(entity)->attributes); }

TEST(Schema, EntityTypeInFull) {
  const SchemaJob job(R"(
    namespace Acme {
      entity Group;
      @doc("a person") entity User in [Group] = {
        "full name": String, age?: Long, ip: ipaddr, seen: datetime, ttl: duration, price: decimal, ok: Bool,
        friends: Set<User>, home: { street: String, zip?: String },
      } tags Set<String>;
    })");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  const auto* user = job.Entity("Acme::User");
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(job.Describe(user->attributes),
            "{age?: long, friends: Set<Acme::User>, full name: string, home: {street: string, zip?: string}, ip: ipaddr, ok: bool, "
            "price: decimal, seen: datetime, ttl: duration}");
  EXPECT_EQ(job.Describe(user->tags), "Set<string>");
  ASSERT_EQ(user->parents.size(), 1);
  EXPECT_EQ(job.Text(user->parents[0]), "Acme::Group");
  EXPECT_FALSE(job.Entity("Acme::Group")->tags.has_value());
  EXPECT_EQ(Attributes(job, "Acme::Group"), "{}");
  EXPECT_EQ(job.Entity("User"), nullptr);
}

TEST(Schema, SeveralNamesShareOneDeclaration) {
  const SchemaJob job(
      R"(entity A, B in C { x: Long }; entity C; action r, "w w" in g appliesTo { principal: A, resource: [B] }; action g;)");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(Attributes(job, "A"), "{x: long}");
  EXPECT_EQ(Attributes(job, "B"), "{x: long}");
  EXPECT_EQ(job.Entity("B")->parents.size(), 1);
  const auto* write = job.Action("Action", "w w");
  ASSERT_NE(write, nullptr);
  EXPECT_EQ(job.Text(write->parents.at(0).id), "g");
  EXPECT_EQ(job.Text(write->principal_types.at(0)), "A");
  EXPECT_EQ(job.Text(write->resource_types.at(0)), "B");
  EXPECT_EQ(job.Describe(write->context), "{}");
}

TEST(Schema, EnumeratedType) {
  const SchemaJob job(R"(entity Stage enum ["draft", "live", "draft"];)");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(job.Entity("Stage")->enumerated_ids.size(), 2);
  EXPECT_EQ(Attributes(job, "Stage"), "{}");
}

TEST(Schema, ContextIsARecordOrACommonType) {
  const SchemaJob job(R"(
    entity A; type Extra = Base; type Base = { n: Long };
    action a appliesTo { principal: A, resource: A, context: Extra };
    action b appliesTo { principal: A, resource: A, context: { s?: String } };)");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(job.Describe(job.Action("Action", "a")->context), "{n: long}");
  EXPECT_EQ(job.Describe(job.Action("Action", "b")->context), "{s?: string}");
}

// ---- which declaration a name finds --------------------------------------------------------------------------------

struct Lookup {
  std::string title;
  std::string schema;
  std::string attributes;  // of `N::E`, or of `E` if there is none
};

class SchemaLookup : public testing::TestWithParam<Lookup> {};

TEST_P(SchemaLookup, Finds) {
  const SchemaJob job(GetParam().schema);
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(Attributes(job, job.Entity("N::E") != nullptr ? "N::E" : "E"), GetParam().attributes);
}

INSTANTIATE_TEST_SUITE_P(
    Names, SchemaLookup,
    testing::Values(Lookup{"CommonBeforeEntity", "type A = Long; entity A; entity E { x: A };", "{x: long}"},
                    Lookup{"OwnNamespaceFirst", "namespace N { entity A; entity E { x: A }; } namespace M { entity A; }", "{x: N::A}"},
                    Lookup{"OwnEntityBeforeBuiltin", "namespace N { entity String; entity E { x: String }; }", "{x: N::String}"},
                    Lookup{"UnnamedNamespaceSecond", "namespace N { entity E { x: A }; } entity A;", "{x: A}"},
                    Lookup{"PathsAreAbsolute", "namespace N { entity E { x: M::A }; } namespace M { entity A; }", "{x: M::A}"},
                    Lookup{"EntityHidesPrimitive", "entity Long; entity E { x: Long, y: __cedar::Long };", "{x: Long, y: long}"},
                    Lookup{"CommonHidesExtension", "type ipaddr = String; entity E { x: ipaddr, y: __cedar::ipaddr };",
                           "{x: string, y: ipaddr}"},
                    Lookup{"HiddenOnlyInItsNamespace", "namespace M { type ipaddr = Long; } entity E { x: ipaddr };", "{x: ipaddr}"},
                    Lookup{"SetIsAName", "entity Set; entity E { x: Set, y: Set<Set> };", "{x: Set, y: Set<Set>}"},
                    Lookup{"TypeOfActions", "entity E { x: Action }; action a;", "{x: Action}"},
                    Lookup{"AliasesOfAliases", "type A = B; type B = Set<C>; type C = Bool; entity E { x: A };", "{x: Set<bool>}"},
                    Lookup{"LastOfTwoAttributes", "entity E { x: Nowhere, x: String };", "{x: string}"}),
    [](const auto& lookup) { return lookup.param.title; });

TEST(Schema, ActionsFindTheirGroups) {
  const SchemaJob job(R"(
    action base;
    namespace N { action own, x in [own, base, "own", N::Action::"own", Action::"own", M::Action::"m"]; }
    namespace M { action m; })");
  EXPECT_FALSE(job.accepted()) << "`own` is declared `in` itself, so only `x` would be right";
  const SchemaJob good(R"(
    action base;
    namespace N { action own; action x in [own, base, "own", N::Action::"own", Action::"own", M::Action::"m"]; }
    namespace M { action m; })");
  ASSERT_TRUE(good.accepted()) << good.Formatted();
  std::vector<std::string> parents;
  for (const auto parent : good.Action("N::Action", "x")->parents) parents.push_back(FormatEntityUid(parent, good.interner()));
  std::ranges::sort(parents);
  EXPECT_EQ(parents, (std::vector<std::string>{R"(Action::"base")", R"(M::Action::"m")", R"(N::Action::"own")"}));
}

// ---- several files, two syntaxes -----------------------------------------------------------------------------------

TEST(Schema, FilesAreOneSchema) {
  const SchemaJob job({"namespace N { entity A in B; } entity Top;", "namespace N { entity B { t: Top, c: C }; }",
                       R"({"N": {"commonTypes": {"C": {"type": "Long"}}, "entityTypes": {}, "actions": {}}})"});
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(Attributes(job, "N::B"), "{c: long, t: Top}");
}

TEST(Schema, SameInJson) {
  const SchemaJob job(R"({"N": {
    "commonTypes": {"Base": {"type": "Record", "attributes": {"n": {"type": "Long", "required": false}}}},
    "entityTypes": {
      "User": {"memberOfTypes": ["Group"], "tags": {"type": "Extension", "name": "decimal"}, "annotations": {"doc": "a person"},
        "shape": {"type": "Record", "attributes": {
          "b": {"type": "Boolean"}, "s": {"type": "String"}, "u": {"type": "Entity", "name": "User"}, "e": {"type": "EntityOrCommon", "name": "Base"},
          "c": {"type": "Base"}, "set": {"type": "Set", "element": {"type": "EntityOrCommon", "name": "ipaddr"}}}}},
      "Group": {}, "Stage": {"enum": ["live"]}},
    "actions": {
      "read": {"memberOf": [{"id": "all"}, {"id": "all", "type": "N::Action"}],
               "appliesTo": {"principalTypes": ["User"], "resourceTypes": ["N::Group"], "context": {"type": "Base"}}},
      "all": {}}}})");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(Attributes(job, "N::User"), "{b: bool, c: {n?: long}, e: {n?: long}, s: string, set: Set<ipaddr>, u: N::User}");
  EXPECT_EQ(job.Describe(job.Entity("N::User")->tags), "decimal");
  EXPECT_EQ(job.Entity("N::Stage")->enumerated_ids.size(), 1);
  const auto* read = job.Action("N::Action", "read");
  EXPECT_EQ(read->parents.size(), 1);
  EXPECT_EQ(job.Describe(read->context), "{n?: long}");
}

TEST(Schema, FormatCanBeSaid) {
  EXPECT_FALSE(SchemaJob({"entity A;"}, SchemaSyntax::Json).accepted());
  EXPECT_FALSE(SchemaJob({"{}"}, SchemaSyntax::Text).accepted());
  EXPECT_TRUE(SchemaJob({" \n{}"}, std::nullopt).accepted());
}

// ---- size ----------------------------------------------------------------------------------------------------------

TEST(Schema, SharedTypesDoNotMultiply) {
  std::string text = "type T0 = { a: Long, b: Long };\n";
  for (int i = 1; i < 100; ++i) {
    const auto last = "T" + std::to_string(i - 1);
    text += "type T" + std::to_string(i) + " = { a: " + last + ", b: " + last + " };\n";
  }
  const SchemaJob job(text + "entity E { x: T99 };");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_LT(job.schema().types.size(), 200);
}

TEST(Schema, LongChainsOfNames) {
  constexpr int kLength = 50'000;
  std::string text = "type T0 = Long;\n";
  for (int i = 1; i < kLength; ++i) text += "type T" + std::to_string(i) + " = T" + std::to_string(i - 1) + ";\n";
  for (int i = 0; i < kLength; ++i) text += "action a" + std::to_string(i) + " in a" + std::to_string(i + 1) + ";\n";
  const SchemaJob job(text + "action a50000; entity E { x: T49999 };");
  ASSERT_TRUE(job.accepted()) << job.Formatted();
  EXPECT_EQ(Attributes(job, "E"), "{x: long}");
}

}  // namespace
}  // namespace remit
