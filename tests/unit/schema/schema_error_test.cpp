// What is wrong with a schema: which error, where, and what helps.
#include "tests/unit/schema/schema_fixture.h"

namespace remit {
namespace {

struct Mistake {
  std::string title;
  std::string schema;
  std::vector<std::string> diagnostics;  // all of them
  std::string says;                      // somewhere in the formatted text
};

class SchemaMistake : public testing::TestWithParam<Mistake> {};

TEST_P(SchemaMistake, IsExplained) {
  const SchemaJob job(GetParam().schema);
  EXPECT_FALSE(job.accepted());
  EXPECT_EQ(job.Diagnostics(), GetParam().diagnostics) << job.Formatted();
  EXPECT_NE(job.Formatted().find(GetParam().says), std::string::npos) << job.Formatted();
}

auto Title(const testing::TestParamInfo<Mistake>& info) -> std::string { return info.param.title; }

using L = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    Text, SchemaMistake,
    testing::Values(
        Mistake{"MissingSemicolon", "entity A\nentity B;\nentity C {;};", L{"missing-semicolon at ``", "unexpected-token at `;`"}, ":1:9:"},
        Mistake{"MissingSemicolonAtEnd", "entity A { x: Long } // end", L{"missing-semicolon at ``"}, ":1:21:"},
        Mistake{"MissingSemicolonBeforeBrace", "namespace N { entity A }", L{"missing-semicolon at ``"}, "end the declaration with `;`"},
        Mistake{"SemicolonAfterNamespace", "namespace N {};", L{"unexpected-token at `;`"}, "not followed by `;`"},
        Mistake{"NeverClosed", "namespace N { entity A;", L{"unexpected-end at ``"}, "`namespace N` is never closed"},
        Mistake{"StrayBrace", "entity A; } entity B;", L{"unexpected-token at `}`"}, "no namespace is open"},
        Mistake{"NamespaceInside", "namespace N { namespace M { entity A; } entity B; } entity C;",
                L{"schema-nested-namespace at `namespace M {`"}, "`namespace A::B`"},
        Mistake{"NamespaceTwice", "namespace N {} namespace N {}", L{"schema-duplicate-namespace at `N`"}, "one pair of braces"},
        Mistake{"NamespaceWithoutBrace", "namespace N entity A;", L{"unexpected-token at `entity`"}, "`{`"},
        Mistake{"Misspelt", "entitty A; entity B;", L{"unexpected-token at `entitty`"}, "did you mean `entity`?"},
        Mistake{"BlockComment", "/* x */ entity A;", L{"invalid-token at `/`"}, "comments start with `//`"},
        Mistake{"SingleQuotes", "entity A { 'x': Long };", L{"invalid-token at `'`"}, "double quotes"},
        Mistake{"OpenString", "entity A { \"x: Long };", L{"unterminated-string at `\"`"}, ""},
        Mistake{"ByteOrderMark",
                "\xEF\xBB\xBF"
                "entity A;",
                L{"invalid-token at `\xEF\xBB\xBF`"}, "byte order mark"},
        Mistake{"Colon", "type T: Long;", L{"unexpected-token at `:`"}, "write `=` here"},
        Mistake{"NoAppliesTo", "action a { principal: A };", L{"unexpected-token at `{`"}, "`appliesTo`"},
        Mistake{"TrailingComma", "entity A in [B,]; entity B;", L{"unexpected-token at `]`"}, "remove the comma"},
        Mistake{"Expected", "entity A { x };", L{"unexpected-token at `}`"}, "expected `:` or `?`"},
        Mistake{"Reserved", "entity in;", L{"schema-reserved-word at `in`"}, ""},
        Mistake{"ReservedInPath", "entity A { x: N::if };", L{"schema-reserved-word at `if`"}, ""},
        Mistake{"Escape", R"(entity A { "\q": Long };)", L{R"(invalid-escape at `\q`)"}, R"(\u{1F600})"},
        Mistake{"EscapeOutOfRange", R"(entity A { "é\u{110000}": Long };)", L{R"(invalid-escape at `\u{110000}`)"}, ""},
        Mistake{"AnnotationTwice", "@a @b @a entity A;", L{"schema-duplicate-annotation at `a`"}, ""},
        Mistake{"ClauseTwice", "entity A; action a appliesTo { principal: A, principal: A, resource: A };",
                L{"schema-duplicate-clause at `principal: A`"}, ""},
        Mistake{"ClauseMissing", "entity A; action a appliesTo { principal: A };",
                L{"schema-missing-clause at `appliesTo { principal: A }`"}, "missing `resource`"},
        Mistake{"ClauseEmpty", "entity A; action a appliesTo { principal: [], resource: A };", L{"schema-empty-clause at `principal: []`"},
                "leave `appliesTo` out"},
        Mistake{"EachDeclarationItsError", "entity A {; }; entity B { x: }; action 1;",
                L{"unexpected-token at `;`", "unexpected-token at `}`", "unexpected-token at `1`"}, ""}),
    Title);

INSTANTIATE_TEST_SUITE_P(
    Names, SchemaMistake,
    testing::Values(
        Mistake{"Unknown", "entity User; entity A { x: Usr };", L{"schema-unknown-type at `Usr`"}, "did you mean `User`?"},
        Mistake{"UnknownInOtherNamespace", "namespace M { entity B; } namespace N { entity A { x: B }; }", L{"schema-unknown-type at `B`"},
                "did you mean `M::B`?"},
        Mistake{"ForeignWord", "entity A { x: Boolean, y: Integer };",
                L{"schema-unknown-type at `Boolean`", "schema-unknown-type at `Integer`"}, "did you mean `Long`?"},
        Mistake{"BareSet", "entity A { x: Set };", L{"schema-unknown-type at `Set`"}, "`Set<..>`"},
        Mistake{"OneErrorForAllNames", "entity A, B, C in Nowhere;", L{"schema-unknown-type at `Nowhere`"}, "entity type"},
        Mistake{"CommonTypeAsPrincipal", "type T = Long; entity A; action a appliesTo { principal: T, resource: A };",
                L{"schema-unknown-type at `T`"}, "only an entity type may stand here"},
        Mistake{"EntityAsContext", "entity A; action a appliesTo { principal: A, resource: A, context: A };",
                L{"schema-unknown-type at `A`"}, "this is an entity type"},
        Mistake{"ContextNotARecord", "type T = Long; entity A; action a appliesTo { principal: A, resource: A, context: T };",
                L{"schema-not-a-record at `T`"}, "the context of `a`"},
        Mistake{"UnknownAction", "action read in writes; action write;", L{"schema-unknown-action at `writes`"}, "did you mean `write`?"},
        Mistake{"ActionOfOtherNamespace", "namespace M { action m; } action a in m;", L{"schema-unknown-action at `m`"},
                R"(M::Action::"m")"},
        Mistake{"DeclaredTwice", "entity A;\nentity A;", L{"schema-duplicate-declaration at `A`"}, "s0.cedarschema:1"},
        Mistake{"Shadowing", "namespace N { entity A; } entity A;", L{"schema-shadowing at `A`"}, "`N::A` would shadow `A`"},
        Mistake{"ShadowingAction", "namespace N { action a; } action a;", L{"schema-shadowing at `a`"},
                R"(`N::Action::"a"` would shadow `Action::"a"`)"},
        Mistake{"TypeCycle", "type A = { b: B }; type B = Set<A>;", L{"schema-type-cycle at `A`"}, "`A` -> `B` -> `A`"},
        Mistake{"ActionCycle", "action a in b; action b in a;", L{"schema-action-cycle at `a`"}, R"(`Action::"a"` -> `Action::"b"`)"},
        Mistake{"CycleIsNotReportedTwice", "type T = T; entity A; action a appliesTo { principal: A, resource: A, context: T };",
                L{"schema-type-cycle at `T`"}, ""},
        Mistake{
            "Cedar", "namespace __cedar {} entity __cedar; type __cedar = Long;",
            L{"schema-reserved-namespace at `__cedar`", "schema-reserved-namespace at `__cedar`", "schema-reserved-namespace at `__cedar`"},
            ""},
        Mistake{"Keyword", "type Set = Long;", L{"schema-reserved-type-name at `Set`"}, "built in"},
        Mistake{"ActionType", "namespace N { entity Action; }", L{"schema-action-entity-type at `Action`"},
                "declare actions with `action`"}),
    Title);

INSTANTIATE_TEST_SUITE_P(
    Json, SchemaMistake,
    testing::Values(
        Mistake{"NotJson", R"({"": {)", L{"schema-invalid-json at ``"}, "unexpected end of input"},
        Mistake{"DuplicateKey", R"({"": {"entityTypes": {"A": {}, "A": {}}, "actions": {}}})", L{R"(schema-duplicate-key at `"A"`)"}, ""},
        Mistake{"UnknownKey", R"({"": {"entityTypes": {"A": {"shap": {}}}, "actions": {}}})", L{R"(schema-unknown-key at `"shap"`)"},
                "did you mean `shape`?"},
        Mistake{"MissingKey", R"({"N": {"entityTypes": {}}})", L{"schema-missing-key at `{`"}, "`actions`"},
        Mistake{"WrongType", R"({"N": {"entityTypes": [], "actions": {}}})", L{"schema-wrong-json-type at `[`"},
                "expected an object, found an array"},
        Mistake{"NotAName", R"({"N": {"entityTypes": {"A B": {}}, "actions": {}}})", L{R"(schema-invalid-name at `"A B"`)"}, "a type name"},
        Mistake{"UnknownType", R"({"N": {"entityTypes": {"A": {"memberOfTypes": ["B"]}}, "actions": {}}})",
                L{R"(schema-unknown-type at `"B"`)"}, ""},
        Mistake{"UnknownExtension", R"({"N": {"entityTypes": {"A": {"tags": {"type": "Extension", "name": "decimals"}}}, "actions": {}}})",
                L{R"(schema-unknown-type at `"decimals"`)"}, "did you mean `decimal`?"},
        Mistake{
            "AdditionalAttributes",
            R"({"": {"entityTypes": {"A": {"shape": {"type": "Record", "attributes": {}, "additionalAttributes": true}}}, "actions": {}}})",
            L{"schema-unsupported at `true`"}, "records with additional attributes are not supported"},
        Mistake{"EmptyEnumeration", R"({"": {"entityTypes": {"A": {"enum": []}}, "actions": {}}})", L{"schema-empty-enumeration at `[`"},
                ""}),
    Title);

TEST(SchemaErrors, DuplicateAttributeIsAWarning) {
  const SchemaJob job("entity A, B { x: Long, x: String };");
  EXPECT_TRUE(job.accepted());
  EXPECT_EQ(job.Diagnostics(), (L{"schema-duplicate-attribute at `x`"}));
}

TEST(SchemaErrors, DeclaredTwiceInTwoFiles) {
  const SchemaJob job(std::vector<std::string>{"namespace N { entity A; }", "namespace N { entity A; }"});
  EXPECT_FALSE(job.accepted());
  EXPECT_NE(job.Formatted().find("s0.cedarschema:1"), std::string::npos) << job.Formatted();
}

// ---- hostile input -------------------------------------------------------------------------------------------------

auto Repeat(std::string_view text, size_t times) -> std::string {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(SchemaLimits, Nesting) {
  for (const size_t depth : {size_t{10'000}, size_t{1'000'000}}) {
    const SchemaJob sets("entity A { x: " + Repeat("Set<", depth) + "Long" + Repeat(">", depth) + " }; entity A;");
    EXPECT_EQ(sets.Diagnostics(), L{"nesting-too-deep at `<`"});
    EXPECT_EQ(SchemaJob("type T = " + Repeat("{a:", depth)).Diagnostics(), L{"nesting-too-deep at `{`"});
    EXPECT_EQ(SchemaJob(Repeat("[", depth)).Diagnostics(), L{"nesting-too-deep at `[`"});
    EXPECT_EQ(SchemaJob(Repeat("{\"a\":", depth)).Diagnostics(), L{"nesting-too-deep at `{`"});
  }
}

TEST(SchemaLimits, NestingUpToTheLimitIsFine) {
  const Limits limits;
  const size_t depth = limits.max_nesting;
  EXPECT_TRUE(SchemaJob("type T = " + Repeat("Set<", depth) + "Long" + Repeat(">", depth) + ";").accepted());
  EXPECT_TRUE(SchemaJob("type T = " + Repeat("{a:", depth) + "Long" + Repeat("}", depth) + ";").accepted());
}

// Nesting through names counts too: who reads values of a type recurses over it.
TEST(SchemaLimits, NestingThroughNames) {
  std::string text = "type T0 = Long;\n";
  for (int i = 1; i <= 1000; ++i) text += "type T" + std::to_string(i) + " = Set<T" + std::to_string(i - 1) + ">;\n";
  EXPECT_EQ(SchemaJob(text).Diagnostics().at(0), "schema-type-too-deep at `Set<T400>`");
}

TEST(SchemaLimits, FileAndDeclarationSize) {
  Limits limits;
  limits.max_source_bytes = 100;
  EXPECT_EQ(SchemaJob({"entity A;" + std::string(100, ' ')}, SchemaSyntax::Text, limits).Diagnostics(), L{"file-too-large at ``"});
  EXPECT_EQ(SchemaJob({"{" + std::string(100, ' ') + "}"}, SchemaSyntax::Json, limits).Diagnostics(), L{"file-too-large at ``"});
  const SchemaJob large("entity A { \"" + std::string(5 << 20, 'x') + "\": Long }; entity B in C;");
  EXPECT_EQ(large.Diagnostics(), L{"schema-declaration-too-large at ``"});
}

TEST(SchemaLimits, ManyErrorsEndTheReading) {
  const SchemaJob job(Repeat("entity A ", 40'000));
  EXPECT_FALSE(job.accepted());
  EXPECT_LE(job.sink().error_count(), 102);
}

TEST(SchemaLimits, ProductsOfLists) {
  std::string names;
  std::string all;
  for (int i = 0; i < 5000; ++i) names += (i > 0 ? ", A" : "A") + std::to_string(i);
  EXPECT_EQ(SchemaJob("entity " + names + " in [" + names + "];").Diagnostics().at(0).substr(0, 16), "schema-too-large");
}

TEST(SchemaLimits, InvalidUtf8) {
  EXPECT_EQ(SchemaJob("entity A; // \xFF").Diagnostics().size(), 1);
  EXPECT_EQ(SchemaJob("{\"\xC3\": {}}").Diagnostics().size(), 1);
}

// Every prefix and every text with one byte changed ends in a schema or an error, and never in neither.
TEST(SchemaLimits, DamagedTexts) {
  const std::vector<std::string> texts = {
      "@d(\"\\u{41}\") namespace N::M { entity A, B in [C, N::C] = { \"é\"?: Set<{a: Long}>, x: A, } tags Long; entity C enum [\"x\"]; }\n"
      "type T = { a: Long }; // end\naction \"a\", b in [g, Action::\"g\"] appliesTo { principal: [N::M::A], resource: N::M::A, context: T "
      "};",
      R"({"N": {"commonTypes": {"T": {"type": "Record", "attributes": {"a": {"type": "Long", "required": false}}}},
          "entityTypes": {"A": {"memberOfTypes": ["A"], "shape": {"type": "T"}}}, "actions": {"a": {"memberOf": [{"id": "b"}]}, "b": {}}}})"};
  for (const auto& text : texts) {
    for (size_t i = 0; i < text.size(); ++i) {
      for (const std::string& damaged :
           {text.substr(0, i), text.substr(i), text.substr(0, i) + "\"" + text.substr(i + 1), text.substr(0, i) + "}" + text.substr(i + 1),
            text.substr(0, i) + "\xE2\x80\x83" + text.substr(i)}) {
        const SchemaJob job(damaged);
        EXPECT_EQ(job.accepted(), !job.sink().has_errors()) << damaged;
        EXPECT_FALSE(job.sink().has_errors() && job.Formatted().empty());
      }
    }
  }
}

}  // namespace
}  // namespace remit
