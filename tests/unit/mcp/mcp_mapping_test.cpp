// The rules by which tools become a schema, one test each: first the public generator's, then ours.
#include "compiler/mcp/drift.h"
#include "compiler/mcp/guards.h"
#include "tests/unit/mcp/mcp_fixture.h"

namespace remit::mcp {
namespace {

// ---- documents -----------------------------------------------------------------------------------------------------

TEST(McpDocument, IsAResponseAListOrOneTool) {
  const std::string tool = R"({"name": "t", "inputSchema": {"properties": {"a": {"type": "string"}}}})";
  for (const auto& text : {R"({"result": {"tools": [)" + tool + "]}}", R"({"tools": [)" + tool + "]}", "[" + tool + "]", tool}) {
    EXPECT_TRUE(Import(text).Has("type tInput = { a?: String }")) << text;
  }
}

TEST(McpDocument, ParametersAndJsonAreOtherWordsForTheSchema) {
  EXPECT_TRUE(Import(R"({"name": "t", "parameters": {"properties": {"a": {"type": "string"}}}})").Has("tInput = { a?: String }"));
  EXPECT_TRUE(
      Import(R"({"name": "t", "inputSchema": {"json": {"properties": {"a": {"type": "string"}}}}})").Has("tInput = { a?: String }"));
}

TEST(McpDocument, FalseIsNoPropertiesAndNoneRequired) {
  EXPECT_TRUE(Import(R"({"name": "t", "inputSchema": {"properties": false, "required": false}})").Has("type tInput = {}"));
}

TEST(McpDocument, WhatIsNoManifestIsRefusedWithItsPlace) {
  EXPECT_EQ(Import("{").error, "invalid-json");
  EXPECT_EQ(Import("3").error, "invalid-manifest");
  EXPECT_EQ(Import(R"({"result": {}})").error, "invalid-manifest");
  EXPECT_EQ(Import(R"({"name": "t"})").error, "invalid-manifest");
  EXPECT_EQ(Import(R"([{"name": "t", "inputSchema": {"properties": {"a": {"type": "thing"}}}}])").pointer,
            "/0/inputSchema/properties/a/type");
  EXPECT_EQ(Import(R"([{"name": "t", "inputSchema": {}}, {"name": "t", "inputSchema": {}}])").error, "duplicate-tool");
  EXPECT_EQ(Import(std::string(5000, '[')).error, "nesting-too-deep");
}

// ---- types ---------------------------------------------------------------------------------------------------------

TEST(McpMapping, PlainTypes) {
  const auto result = ImportProperties(R"({"b": {"type": "boolean"}, "i": {"type": "integer"}, "s": {"type": "string"}})");
  EXPECT_TRUE(result.Has("type tInput = { b?: Bool, i?: Long, s?: String }"));
}

TEST(McpMapping, NumbersAndNullAreOpaqueEntities) {
  const auto result = ImportProperties(R"({"f": {"type": "float"}, "n": {"type": "number"}, "z": {"type": "null"}})");
  EXPECT_TRUE(result.Has("type tInput = { f?: S::Float, n?: S::Number, z?: S::Null }"));
  EXPECT_TRUE(result.Has("entity Float;"));
}

TEST(McpMapping, NothingKnownIsUnknown) { EXPECT_TRUE(ImportProperties(R"({"a": {}})").Has("type tInput = { a?: S::Unknown }")); }

TEST(McpMapping, FormatsOfStrings) {
  for (const auto& [format, type] : std::vector<std::pair<std::string, std::string>>{{"date", "datetime"},
                                                                                     {"date-time", "datetime"},
                                                                                     {"duration", "duration"},
                                                                                     {"ipv4", "ipaddr"},
                                                                                     {"ipv6", "ipaddr"},
                                                                                     {"decimal", "decimal"},
                                                                                     {"uri", "String"}}) {
    EXPECT_TRUE(ImportProperties(fmt::format(R"({{"a": {{"type": "string", "format": "{}"}}}})", format)).Has("a?: " + type + " }"))
        << format;
  }
}

TEST(McpMapping, RequiredPropertiesAreNotOptional) {
  EXPECT_TRUE(Import(R"({"name": "t", "inputSchema": {"properties": {"a": {"type": "string"}}, "required": ["a"]}})")
                  .Has("tInput = { a: String }"));
}

TEST(McpMapping, EnumsAreEnumeratedEntitiesInTheToolsNamespace) {
  const auto result = ImportProperties(R"({"mode": {"type": "string", "enum": ["fast", "slow"]}})");
  EXPECT_TRUE(result.Has("mode?: S::t::Input::mode"));
  EXPECT_TRUE(result.Has(R"(namespace S::t::Input { entity mode enum ["fast", "slow"]; })"));
}

TEST(McpMapping, ArraysAreSets) {
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": "array", "items": {"type": "integer"}}})").Has("a?: Set<Long>"));
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": "array"}})").Has("a?: Set<S::Unknown>"));
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": "array", "items": true}})").Has("a?: Set<S::Unknown>"));
}

TEST(McpMapping, ClosedPrefixesAreTuples) {
  const auto result =
      ImportProperties(R"({"a": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}})");
  EXPECT_TRUE(result.Has("a?: { proj0: String, proj1: Long }"));
}

TEST(McpMapping, OpenPrefixesAreSetsOfOneKindOrUnknown) {
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "string"}}})")
                  .Has("a?: Set<String>"));
  const auto mixed = R"({"a": {"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}}})";
  EXPECT_TRUE(ImportProperties(mixed).Has("a?: Set<S::Unknown>"));
  EXPECT_TRUE(ImportProperties(mixed, Bare(), true).Has("a?: Set<{ typeChoice0?: Long, typeChoice1?: String }>"));
}

TEST(McpMapping, ChoicesAreRecordsOfOptionals) {
  const std::string expected = "a?: { typeChoice0?: String, typeChoice1?: Long }";
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": ["string", "integer"]}})").Has(expected));
  EXPECT_TRUE(ImportProperties(R"({"a": {"anyOf": [{"type": "string"}, {"type": "integer"}]}})").Has(expected));
  EXPECT_TRUE(ImportProperties(R"({"a": {"oneOf": [{"type": "string"}, {"type": "integer"}]}})").Has(expected));
}

TEST(McpMapping, TypesInsideOfChoicesStandBelowThem) {
  EXPECT_TRUE(
      ImportProperties(R"({"a": {"anyOf": [{"type": "string", "enum": ["x"]}]}})").Has("typeChoice0?: S::t::Input::a::TypeChoice0"));
}

TEST(McpMapping, ObjectsAreEntities) {
  const auto result =
      ImportProperties(R"({"o": {"type": "object", "properties": {"p": {"type": "object", "properties": {}}}, "required": ["p"]}})");
  EXPECT_TRUE(result.Has("o?: S::t::Input::o"));
  EXPECT_TRUE(result.Has("entity o { p: S::t::Input::o::p }"));
}

TEST(McpMapping, FurtherPropertiesAreTags) {
  EXPECT_TRUE(ImportProperties(R"({"o": {"type": "object", "additionalProperties": {"type": "integer"}}})").Has("tags Long"));
  EXPECT_FALSE(ImportProperties(R"({"o": {"type": "object", "additionalProperties": true}})").Has("tags"));
}

TEST(McpMapping, DefinitionsAreTypesWhereTheyStand) {
  const auto result =
      Import(R"({"result": {"$defs": {"Id": {"type": "string"}}, "tools": [{"name": "t", "$defs": {"Level": {"type": "integer"}},
      "inputSchema": {"$defs": {"Kind": {"type": "string", "enum": ["k"]}},
      "properties": {"a": {"$ref": "#/$defs/Id"}, "b": {"$ref": "#/$defs/Level"}, "c": {"$ref": "#/$defs/Kind"}}}}]}})");
  EXPECT_TRUE(result.Has("type tInput = { a?: S::Id, b?: S::t::Level, c?: S::t::Input::Kind }"));
  EXPECT_TRUE(result.Has("type Id = String;"));
  EXPECT_TRUE(result.Has("type Level = Long;"));
}

TEST(McpMapping, TheNearestDefinitionCounts) {
  const auto result = Import(R"({"name": "t", "$defs": {"Id": {"type": "string"}}, "inputSchema": {"$defs": {"Id": {"type": "integer"}},
      "properties": {"a": {"$ref": "#/$defs/Id"}}}})");
  EXPECT_TRUE(result.Has("a?: S::t::Input::Id"));
}

TEST(McpMapping, UndefinedReferencesAreErrors) {
  EXPECT_EQ(ImportProperties(R"({"a": {"$ref": "#/$defs/No"}})").error, "unknown-reference");
  EXPECT_EQ(ImportProperties(R"({"a": {"$ref": "https://example.com/s"}})").error, "unknown-reference");
}

TEST(McpMapping, ActionsApplyToTheStubsTypesAndAreInItsGroups) {
  const auto result = ImportProperties("{}");
  EXPECT_TRUE(result.Has(
      "action t in [call] appliesTo { principal: User, resource: Server, context: { input: S::tInput, session: S::Session } };"));
  EXPECT_FALSE(result.Has("@mcp"));
}

// ---- options -------------------------------------------------------------------------------------------------------

TEST(McpOptions, Outputs) {
  auto options = Bare();
  options.include_outputs = true;
  const auto result = Import(R"({"name": "t", "inputSchema": {}, "outputSchema": {"properties": {"a": {"type": "string"}}}})", options);
  EXPECT_TRUE(result.Has("type tOutput = { a?: String }"));
  EXPECT_TRUE(result.Has("output?: S::tOutput"));
}

TEST(McpOptions, ObjectsAsRecords) {
  auto options = Bare();
  options.objects_as_records = true;
  const auto result = ImportProperties(R"({"o": {"type": "object", "properties": {"a": {"type": "string"}}},
                                           "m": {"type": "object", "additionalProperties": {"type": "string"}}})",
                                       options);
  EXPECT_TRUE(result.Has("type o = { a?: String };"));
  EXPECT_TRUE(result.Has("entity m {} tags String;"));
}

TEST(McpOptions, NumbersAsDecimal) {
  auto options = Bare();
  options.numbers_as_decimal = true;
  EXPECT_TRUE(ImportProperties(R"({"f": {"type": "float"}, "n": {"type": "number"}})", options).Has("{ f?: decimal, n?: decimal }"));
}

TEST(McpOptions, FlatNamespaces) {
  auto options = Bare();
  options.flatten_namespaces = true;
  EXPECT_TRUE(ImportProperties(R"({"mode": {"type": "string", "enum": ["x"]}})", options).Has("mode?: S::t_Input_mode"));
}

TEST(McpOptions, KeptAnnotations) {
  auto options = Bare();
  options.keep_annotations = true;
  EXPECT_TRUE(ImportProperties("{}", options).Has(R"(@mcp_principal("User") entity User)"));
}

constexpr std::string_view kTwoTools = R"([{{"name": "a", "inputSchema": {{"properties": {{"m": {}}}}}}},
                                           {{"name": "b", "inputSchema": {{"properties": {{"m": {}}}}}}}])";

auto Shared(std::string_view one, std::string_view other) -> ImportResult {
  auto options = Bare();
  options.deduplicate = true;
  return Import(fmt::format(kTwoTools, one, other), options);
}

TEST(McpOptions, EqualEnumsOfOneNameAreOneType) {
  EXPECT_TRUE(
      Shared(R"({"type": "string", "enum": ["x", "y"]})", R"({"type": "string", "enum": ["x", "y"]})").Has("type bInput = { m?: S::m }"));
}

TEST(McpOptions, TheOrderOfAnEnumCounts) {
  EXPECT_TRUE(Shared(R"({"type": "string", "enum": ["x", "y"]})", R"({"type": "string", "enum": ["y", "x"]})").Has("m?: S::b::Input::m"));
}

TEST(McpOptions, EqualPlainObjectsAreOneTypeAndOthersNot) {
  const auto plain = R"({"type": "object", "properties": {"p": {"type": "string"}}})";
  EXPECT_TRUE(Shared(plain, plain).Has("m?: S::m"));
  const auto required = R"({"type": "object", "properties": {"p": {"type": "string"}}, "required": ["p"]})";
  EXPECT_TRUE(Shared(plain, required).Has("m?: S::b::Input::m"));
  const auto nested = R"({"type": "object", "properties": {"p": {"type": "object", "properties": {}}}})";
  EXPECT_TRUE(Shared(nested, nested).Has("m?: S::b::Input::m"));
}

TEST(McpOptions, SharedTypesStandInTheInnermostCommonNamespace) {
  auto options = Bare();
  options.deduplicate = true;
  const auto result = ImportProperties(R"({"o": {"type": "object", "properties": {"m": {"type": "string", "enum": ["x"]}}},
                                           "p": {"type": "object", "properties": {"m": {"type": "string", "enum": ["x"]}}}})",
                                       options);
  EXPECT_TRUE(result.Has("m?: S::t::Input::m"));
}

TEST(McpOptions, NothingIsSharedWhereTheNameIsTaken) {
  auto options = Bare();
  options.deduplicate = true;
  const std::string tools = R"([{"name": "a", "inputSchema": {"properties": {"Server": {"type": "string", "enum": ["x"]}}}},
                                {"name": "b", "inputSchema": {"properties": {"Server": {"type": "string", "enum": ["x"]}}}}])";
  EXPECT_TRUE(Import(tools, options).Has("Server?: S::b::Input::Server"));
}

// ---- stubs ---------------------------------------------------------------------------------------------------------

TEST(McpStub, HasOneNamespaceAPrincipalAndAResource) {
  const std::string tool = R"({"name": "t", "inputSchema": {}})";
  for (const std::string_view stub : {"entity U;", "namespace A {} namespace B {}", "namespace A { @mcp_resource entity R; }",
                                      "namespace A { @mcp_principal entity P; }", "namespace A { entity"}) {
    EXPECT_EQ(Import(tool, Bare(), false, stub).error, "invalid-stub") << stub;
  }
  EXPECT_EQ(Import(tool, Bare(), false, DefaultStub("X::Y").text).error, "");
}

TEST(McpStub, ItsActionsAreNotTools) { EXPECT_EQ(Import(R"({"name": "call", "inputSchema": {}})").error, "duplicate-action"); }

// ---- beyond the public generator -----------------------------------------------------------------------------------

TEST(McpBeyond, AnyNameWillDo) {
  const auto result = Import(
      R"([{"name": "read-file", "inputSchema": {"properties": {"file path": {"type": "string", "enum": ["a"]}, "1": {"type": "string"}}}},
                                 {"name": "read_file", "inputSchema": {"properties": {"in": {"type": "string", "enum": ["a"]}}}},
                                 {"name": "String", "inputSchema": {"properties": {"String": {"type": "object", "properties": {"a": {"type": "string"}}}}}}])");
  EXPECT_TRUE(result.Has(R"(action "read-file" in [call])"));
  EXPECT_TRUE(result.Has(R"("file path"?: S::read_file::Input::file_path)"));
  EXPECT_TRUE(result.Has("type read_file_2Input"));
  EXPECT_TRUE(result.Has(R"("in"?: S::read_file_2::Input::in_)"));
}

TEST(McpBeyond, SchemasThatAreTrueAndAllOfAndPointers) {
  EXPECT_TRUE(ImportProperties(R"({"a": true})").Has("a?: S::Unknown"));
  EXPECT_TRUE(ImportProperties(R"({"a": {"allOf": [{"type": "object", "properties": {"x": {"type": "string"}}},
                                                    {"type": "object", "properties": {"y": {"type": "integer"}}}]}})")
                  .Has("entity a { x?: String, y?: Long }"));
  EXPECT_TRUE(ImportProperties(R"({"a": {"type": "object", "properties": {"x": {"type": "string"}}}, "b": {"$ref": "#/properties/a"}})")
                  .Has("b?: S::t::Input::properties_a"));
  EXPECT_EQ(ImportProperties(R"({"b": {"$ref": "#/properties/no"}})").error, "unknown-reference");
}

TEST(McpBeyond, TypesThatContainThemselves) {
  const std::string tree =
      R"({"name": "t", "inputSchema": {"$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
                               "properties": {"a": {"$ref": "#/$defs/Node"}}}})";
  EXPECT_TRUE(Import(tree).Has("entity Node { next?: S::t::Input::Node }"));
  auto records = Bare();
  records.objects_as_records = true;
  EXPECT_TRUE(Import(tree, records).Has("entity Node { next?: S::t::Input::Node }"));
  const std::string lists =
      R"({"name": "t", "inputSchema": {"$defs": {"L": {"type": "array", "items": {"$ref": "#/$defs/L"}}, "A": {"$ref": "#/$defs/A"}},
                                "properties": {"a": {"$ref": "#/$defs/L"}}}})";
  EXPECT_TRUE(Import(lists).Has("type L = Set<S::Unknown>"));
  EXPECT_EQ(Import(R"({"name": "t", "inputSchema": {"properties": {"a": {"$ref": "#"}}}})").error, "");
}

TEST(McpBeyond, HintsAreGroupsWithTheProtocolsDefaults) {
  auto options = Bare();
  options.hint_groups = true;
  const auto result = Import(R"([{"name": "look", "inputSchema": {}, "annotations": {"readOnlyHint": true, "openWorldHint": false}},
                                 {"name": "add", "inputSchema": {}, "annotations": {"destructiveHint": false, "idempotentHint": true}},
                                 {"name": "silent", "inputSchema": {}}])",
                             options);
  EXPECT_TRUE(result.Has("action look in [ call, read_only_tools, idempotent_tools, closed_world_tools ]"));
  EXPECT_TRUE(result.Has("action add in [ call, additive_tools, idempotent_tools, open_world_tools ]"));
  EXPECT_TRUE(result.Has("action silent in [call, destructive_tools, open_world_tools]"));
}

TEST(McpBeyond, WhatTypesCannotSayIsNoted) {
  auto options = Bare();
  options.notes = options.docs = true;
  const auto result = ImportProperties(R"({"n": {"type": "integer", "minimum": 1, "maximum": 10, "description": "how \"many\""},
                                           "s": {"type": "string", "pattern": "^a", "format": "uri"}, "e": {"type": "integer", "enum": [1, 2]}})",
                                       options);
  EXPECT_TRUE(result.Has(R"(@minimum("1") @maximum("10") @doc("how \"many\"") n?: Long)"));
  EXPECT_TRUE(result.Has(R"(@pattern("^a") @format("uri") s?: String)"));
  EXPECT_TRUE(result.Has(R"(@one_of("[1,2]") e?: Long)"));
}

TEST(McpBeyond, PreciselyNullableIsOptionalAndConstantsAreEnumerations) {
  const auto result = Import(R"({"name": "t", "inputSchema": {"required": ["a", "b"], "properties": {"a": {"type": ["string", "null"]},
      "b": {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "c": {"const": "x"}, "d": {"enum": ["y", "z"]},
      "e": {"anyOf": [{"const": "p"}, {"const": "q"}]}, "f": {"properties": {"x": {"type": "string"}}}}}})",
                             Bare(), true);
  EXPECT_TRUE(
      result.Has("type tInput = { a?: String, b?: Long, c?: S::t::Input::c, d?: S::t::Input::d, e?: S::t::Input::e, f?: S::t::Input::f }"));
  EXPECT_TRUE(result.Has(R"(entity e enum ["p", "q"])"));
}

TEST(McpBeyond, GuardsHoldRangesLengthsAndPatterns) {
  const auto result = Import(
      R"({"name": "t", "inputSchema": {"required": ["n"], "properties": {"n": {"type": "integer", "minimum": 0.5, "exclusiveMaximum": 10},
      "s p": {"type": "string", "maxLength": 3, "pattern": "^a"}, "bad": {"type": "string", "pattern": "(?<=x)y"}}}})");
  const auto guards = MakeGuards(result.manifest, result.schema);
  EXPECT_NE(guards.find("(!(context.input.n >= 1)) ||\n  (!(context.input.n < 10)) ||"), std::string::npos) << guards;
  EXPECT_NE(guards.find(R"((context.input has "s p" && !(context.input["s p"].size() <= 3)))"), std::string::npos) << guards;
  EXPECT_NE(guards.find(".matches(\"(?s:.*)(?:^a)(?s:.*)\")"), std::string::npos) << guards;
  EXPECT_NE(guards.find("// not held: pattern of t.bad"), std::string::npos) << guards;
}

// ---- drift ---------------------------------------------------------------------------------------------------------

TEST(McpDrift, NewGoneAndChangedByName) {
  auto options = Bare();
  options.notes = true;
  const auto before =
      Import(R"([{"name": "a", "inputSchema": {"properties": {"x": {"type": "integer", "maximum": 5}, "y": {"type": "string"}}}},
                                 {"name": "old", "inputSchema": {}}])",
             options);
  const auto after = Import(R"([{"name": "new", "inputSchema": {}},
                                {"name": "a", "inputSchema": {"required": ["y"], "properties": {"y": {"type": "string"}, "x": {"type": "integer", "maximum": 9}}}}])",
                            options);
  CompileJob job;
  const auto drifts = FindDrift(job, {.name = "before", .text = before.schema.text}, {.name = "after", .text = after.schema.text});
  ASSERT_TRUE(drifts.has_value());
  std::string told;
  for (const auto& drift : *drifts) told += fmt::format("{} {}\n", DriftCode(drift.kind), DriftMessage(drift));
  EXPECT_EQ(told,
            "schema-drift-added `S::Action::\"new\"` is new: an action\n"
            "schema-drift-removed `S::Action::\"old\"` is gone: it was an action\n"
            "schema-drift-changed `type S::aInput.x @maximum` was \"5\" and is \"9\"\n"
            "schema-drift-changed `type S::aInput.y` was String, optional and is String\n"
            "schema-drift-added `type S::newInput` is new: a record\n"
            "schema-drift-removed `type S::oldInput` is gone: it was a record\n");
  EXPECT_TRUE((*drifts)[2].span.has_place());
  CompileJob same;
  EXPECT_TRUE(FindDrift(same, {.name = "a", .text = before.schema.text}, {.name = "b", .text = before.schema.text})->empty());
}

// ---- untrusted manifests -------------------------------------------------------------------------------------------

TEST(McpHostile, ListsOfTypesThatMultiplyAreBounded) {
  std::string schema = R"({"type": "string"})";
  for (int i = 0; i < 40; ++i) schema = R"({"type": ["object", "object", "object"], "properties": {"a": )" + schema + "}}";
  EXPECT_EQ(ImportProperties(R"({"a": )" + schema + "}").error, "manifest-too-large");
}

TEST(McpHostile, LongChainsOfDefinitions) {
  std::string definitions = R"("d0": {"type": "string"})";
  for (int i = 1; i < 2000; ++i) definitions += fmt::format(R"(, "d{}": {{"$ref": "#/$defs/d{}"}})", i, i - 1);
  const auto result =
      Import(R"({"name": "t", "inputSchema": {"$defs": {)" + definitions + R"(}, "properties": {"a": {"$ref": "#/$defs/d1999"}}}})");
  EXPECT_EQ(result.error, "");
}

}  // namespace
}  // namespace remit::mcp
