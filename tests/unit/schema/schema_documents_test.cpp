// Schemas as documents: laid out, translated to the other syntax and back, merged.
//
// Formatting and translating prove themselves whenever they run: the result is read again and compared. The tests show what it looks like, and feed them
// every schema that Cedar is known to accept.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "compiler/driver/schema_documents.h"

namespace remit {
namespace {

auto Diagnostics(const CompileJob& job) -> std::string {
  std::string all;
  for (const auto& diagnostic : job.sink.diagnostics()) all += FormatDiagnostic(diagnostic, job.sources);
  return all;
}

auto Format(const std::string& text, const ast::FormatOptions& options = {}) -> std::string {
  CompileJob job;
  const auto formatted = FormatSchemaFile(job, "s.cedarschema", text, options);
  return formatted ? *formatted : Diagnostics(job);
}

auto Translate(const std::vector<std::string>& texts, SchemaSyntax target) -> std::string {
  CompileJob job;
  std::vector<SchemaText> files;
  for (const auto& text : texts) files.push_back({.name = "s" + std::to_string(files.size()), .text = text});
  const auto translated = TranslateSchema(job, files, target);
  return translated ? *translated : Diagnostics(job);
}
auto ToText(const std::string& text) -> std::string { return Translate({text}, SchemaSyntax::Text); }
auto ToJson(const std::string& text) -> nlohmann::json { return nlohmann::json::parse(Translate({text}, SchemaSyntax::Json)); }

// ---- formatting ----------------------------------------------------------------------------------------------------

TEST(SchemaFormat, DeclarationsAndRecords) {
  EXPECT_EQ(Format("entity   A,B in[C,D::E]={x:Long,y ?:Set<Set<{z:ipaddr}>>,}tags Set<String>;entity C enum[\"a\",\"b\"];"),
            "entity A, B in [C, D::E] = {\n"
            "  x: Long,\n"
            "  y?: Set<Set<{ z: ipaddr }>>\n"
            "} tags Set<String>;\n"
            "entity C enum [\"a\", \"b\"];\n");
  EXPECT_EQ(
      Format("action \"do it\",b in[x,N::Action::\"y z\"]appliesTo{principal:[A],resource:C,context:{aaaaaaaaaaaaaaaaaaaaaaaaa:Long}};"),
      "action \"do it\", b in [x, N::Action::\"y z\"] appliesTo {\n"
      "  principal: [A],\n"
      "  resource: C,\n"
      "  context: { aaaaaaaaaaaaaaaaaaaaaaaaa: Long }\n"
      "};\n");
  EXPECT_EQ(Format("type T={};action a attributes{};"), "type T = {};\naction a attributes {};\n");
  EXPECT_EQ(Format("entity in { };"), Format("entity in { };"));  // refused alike
  EXPECT_EQ(Format(""), "");
}

TEST(SchemaFormat, NamespacesAndAnnotations) {
  EXPECT_EQ(Format("@doc(\"x\")@k namespace N::M{entity A;@a type "
                   "T={@b(\"y\")x:Long,zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz:Long};}"),
            "@doc(\"x\")\n"
            "@k\n"
            "namespace N::M {\n"
            "  entity A;\n"
            "  @a\n"
            "  type T = {\n"
            "    @b(\"y\")\n"
            "    x: Long,\n"
            "    zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz: Long\n"
            "  };\n"
            "}\n");
}

TEST(SchemaFormat, CommentsStay) {
  EXPECT_EQ(Format("// top\n\n\nnamespace N { // open\n // in\nentity A { x: Long, // of x\n // after\n};\n\n\n// before B\nentity B; // "
                   "of B\n// last\n} // closed\n// end"),
            "// top\n\n"
            "namespace N { // open\n"
            "  // in\n"
            "  entity A {\n"
            "    x: Long // of x\n"
            "    // after\n"
            "  };\n\n"
            "  // before B\n"
            "  entity B; // of B\n"
            "  // last\n"
            "} // closed\n"
            "// end\n");
  EXPECT_EQ(Format("// only a comment"), "// only a comment\n");
}

TEST(SchemaFormat, FormatsToItself) {
  for (const std::string text : {"entity A{x:Long}; // c\n\n\n\nentity B;", "@a@b(\"c\")entity A;action x in [a,\"b\"];action a,\"b\";",
                                 "namespace N{}", "entity A { // a\n x // b\n : // c\n Long // d\n , // e\n };"}) {
    const auto once = Format(text);
    EXPECT_EQ(Format(once), once);
  }
}

TEST(SchemaFormat, DeepNestingDoesNotGrowWithTheSquareOfTheDepth) {
  std::string type = "Long";
  for (int i = 0; i < 190; ++i) type = "{a:" + type + ",b:Long,c:Long,d:Long,e:Long}";
  EXPECT_LT(Format("type T = " + type + ";").size(), 400'000U);
}

// ---- translating ---------------------------------------------------------------------------------------------------

constexpr auto* kText = R"(@doc("n")
namespace N {
  @t
  type T = { @k("v") x: Long, "a b"?: Set<A> };

  @e("")
  entity A in [B, A] { ip: ipaddr, t?: T } tags Set<String>;

  entity B;

  entity E enum ["x", "\"y\n"];

  action read;

  action "do it" in [read, N::Action::"read"] appliesTo {
    principal: A,
    resource: [A, B],
    context: T
  };
}
)";

TEST(SchemaTranslate, ToJson) {
  const auto json = ToJson(kText);
  const auto& name_space = json["N"];
  EXPECT_EQ(json.size(), 1U);
  EXPECT_EQ(name_space["annotations"], nlohmann::json::parse(R"({"doc": "n"})"));
  EXPECT_EQ(name_space["commonTypes"]["T"], nlohmann::json::parse(R"({"type": "Record", "annotations": {"t": null}, "attributes": {
      "x": {"type": "EntityOrCommon", "name": "Long", "annotations": {"k": "v"}},
      "a b": {"type": "Set", "element": {"type": "EntityOrCommon", "name": "A"}, "required": false}}})"));
  EXPECT_EQ(name_space["entityTypes"]["A"]["memberOfTypes"], nlohmann::json::parse(R"(["B", "A"])"));
  EXPECT_EQ(name_space["entityTypes"]["A"]["annotations"], nlohmann::json::parse(R"({"e": ""})"));
  EXPECT_EQ(name_space["entityTypes"]["E"], nlohmann::json::parse(R"({"enum": ["x", "\"y\n"]})"));
  EXPECT_EQ(name_space["actions"]["read"], nlohmann::json::object());
  EXPECT_EQ(name_space["actions"]["do it"]["memberOf"], nlohmann::json::parse(R"([{"id": "read"}, {"id": "read", "type": "N::Action"}])"));
  EXPECT_EQ(name_space["actions"]["do it"]["appliesTo"]["context"], nlohmann::json::parse(R"({"type": "T"})"));
}

TEST(SchemaTranslate, ThereAndBackGivesTheText) { EXPECT_EQ(ToText(Translate({kText}, SchemaSyntax::Json)), kText); }

TEST(SchemaTranslate, NamesThatTextWouldUnderstandOtherwise) {
  // Built-in types have a name that nothing shadows.
  EXPECT_EQ(ToText(R"({"N": {"entityTypes": {"Bool": {}, "ipaddr": {}, "A": {"shape": {"type": "Record", "attributes": {
                "x": {"type": "Bool"}, "y": {"type": "Boolean"}, "z": {"type": "Extension", "name": "ipaddr"}}}}}, "actions": {}}})"),
            "namespace N {\n  entity Bool;\n\n  entity ipaddr;\n\n"
            "  entity A { x: __cedar::Bool, y: __cedar::Bool, z: __cedar::ipaddr };\n}\n");
  const auto refused =
      ToText(R"({"": {"entityTypes": {"A": {"shape": {"type": "Record", "attributes": {"x": {"type": "Entity", "name": "A"}}}}},
                            "actions": {}, "commonTypes": {"A": {"type": "Long"}}}})");
  EXPECT_TRUE(refused.starts_with("s0:1:86: error[schema-no-text-form]: this `A` cannot be written as schema text\n")) << refused;
  EXPECT_TRUE(refused.ends_with("help: an entity type and a common type have this name, and text would take the common type\n")) << refused;
  // The one word of JSON types that can be declared.
  const auto json = ToJson("type EntityOrCommon = {}; entity A; action a appliesTo {principal: A, resource: A, context: EntityOrCommon};");
  EXPECT_EQ(json[""]["actions"]["a"]["appliesTo"]["context"],
            nlohmann::json::parse(R"({"type": "EntityOrCommon", "name": "EntityOrCommon"})"));
}

TEST(SchemaTranslate, AShapeThatIsANameHasNoText) {
  const auto text = ToText(
      R"({"": {"entityTypes": {"A": {"shape": {"type": "T"}}}, "actions": {}, "commonTypes": {"T": {"type": "Record", "attributes": {}}}}})");
  EXPECT_NE(text.find("error[schema-no-text-form]: the shape of `A` cannot be written as schema text"), std::string::npos) << text;
}

TEST(SchemaTranslate, AttributesDeclaredTwiceAndActionsThatApplyToNothing) {
  EXPECT_EQ(ToText("entity A{x:Long,x:String};"), "entity A { x: String };\n");
  EXPECT_EQ(ToText(R"({"": {"entityTypes": {"A": {}}, "actions": {"a": {"appliesTo": {"principalTypes": [], "resourceTypes": ["A"],
                       "context": {"type": "Record", "attributes": {"x": {"type": "Long"}}}}}}}})"),
            "entity A;\n\naction a;\n");
}

TEST(SchemaTranslate, FilesBecomeOneDocument) {
  EXPECT_EQ(Translate({"@a namespace N { entity A in B; }", "entity C { a: N::A };", R"({"N": {"entityTypes": {"B": {}}, "actions": {},
                       "annotations": {"a": null, "b": "x"}}})"},
                      SchemaSyntax::Text),
            "entity C { a: N::A };\n\n@a\n@b(\"x\")\nnamespace N {\n  entity A in B;\n\n  entity B;\n}\n");
  EXPECT_NE(
      Translate({"@a(\"x\") namespace N {}", "@a(\"y\") namespace N {}"}, SchemaSyntax::Text).find("error[schema-annotation-conflict]"),
      std::string::npos);
  EXPECT_NE(Translate({"entity A;", "entity A;"}, SchemaSyntax::Text).find("error[schema-duplicate-declaration]"), std::string::npos);
}

TEST(SchemaTranslate, WhatIsTooLargeInTheOtherSyntaxIsRefused) {
  std::string type = "Long";
  for (int i = 0; i < 300; ++i) type = "{a: " + type + "}";
  const auto json = Translate({"type T = " + type + ";"}, SchemaSyntax::Json);
  EXPECT_NE(json.find("error[nesting-too-deep]"), std::string::npos) << json.substr(0, 200);
}

// Every schema that Cedar accepts, through both syntaxes and the formatter; each step checks itself.
TEST(SchemaDocuments, EverySchemaGoesThereAndBack) {
  std::ifstream file(std::string(REMIT_SOURCE_DIR) + "/tests/unit/schema/cedar_answers.tsv");
  size_t translated = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("ok\t")) continue;
    const auto text = nlohmann::json::parse(line.substr(3)).get<std::string>();
    const auto json = Translate({text}, SchemaSyntax::Json);
    EXPECT_TRUE(nlohmann::json::accept(json)) << text << "\n" << json;
    const auto back = ToText(json);
    if (back.find("error[schema-no-text-form]") != std::string::npos) continue;
    EXPECT_EQ(Format(back), back) << text;
    if (GuessSchemaSyntax(text) == SchemaSyntax::Text) {
      const auto formatted = Format(text);
      EXPECT_EQ(Format(formatted), formatted) << text;
    }
    ++translated;
  }
  EXPECT_GT(translated, 80U);
}

TEST(SchemaDocuments, ATypeByItsName) {
  const auto find = [](const std::string& name) {
    CompileJob job;
    const auto found = FindSchemaType(job, {{.name = "s", .text = "namespace N { type T = { a: Long }; entity E; }"}}, name);
    return found ? KindName(found->schema.type(found->type).kind) : "none";
  };
  EXPECT_EQ(find("N::T"), "record");
  EXPECT_EQ(find("N::E"), KindName(Kind::Entity));
  EXPECT_EQ(find("decimal"), "decimal");
  EXPECT_EQ(find("T"), "none");
  EXPECT_EQ(find("no name at all"), "none");
}

}  // namespace
}  // namespace remit
