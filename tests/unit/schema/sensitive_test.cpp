// What a schema calls sensitive is found wherever it stands: on attributes, below common types, on whole declarations.
#include "compiler/schema/sensitive.h"

#include <gtest/gtest.h>

#include "compiler/driver/compile_job.h"
#include "compiler/schema/schema.h"

namespace remit {
namespace {

auto PathsOf(const std::string& text) -> std::vector<std::string> {
  CompileJob job;
  auto context = job.parse_context();
  std::vector<schema_ast::Fragment> fragments;
  auto fragment = ReadSchemaFragment(job.sources.Add("s", text), context);
  EXPECT_TRUE(fragment);
  if (!fragment) return {};
  fragments.push_back(std::move(*fragment));
  std::vector<std::string> paths;
  for (const SensitivePath& path : SensitivePaths(fragments, context)) {
    std::string joined;
    for (const std::string& name : path) joined += (joined.empty() ? "" : "/") + name;
    paths.push_back(std::move(joined));
  }
  return paths;
}

using Paths = std::vector<std::string>;

TEST(Sensitive, NothingIsWithoutTheAnnotation) {
  EXPECT_EQ(
      PathsOf("entity U = { @note(\"sensitive\") a: String }; action x appliesTo { principal: U, resource: U, context: { b: Long } };"),
      Paths{});
}

TEST(Sensitive, AttributesOfEntitiesAndContexts) {
  EXPECT_EQ(PathsOf(R"(
    namespace N { entity U = { @sensitive ssn: String, name: String, deep: { @sensitive("why") "a.b": Long } }; }
    action x appliesTo { principal: N::U, resource: N::U, context: { @sensitive note?: String, list: Set<{ @sensitive pan: String }> } };)"),
            (Paths{"context/list/pan", "context/note", "entities/N::U/deep/a.b", "entities/N::U/ssn"}));
}

TEST(Sensitive, CommonTypesAreFollowedToWhereTheyAreUsed) {
  EXPECT_EQ(PathsOf(R"(
    type Card = { @sensitive pan: String, kind: String };
    @sensitive type Secret = String;
    type Both = { card: Card, secret: Secret };
    entity U = { card: Card };
    action x, y appliesTo { principal: U, resource: U, context: { both: Both } };)"),
            (Paths{"context/both/card/pan", "context/both/secret", "entities/U/card/pan"}));
}

TEST(Sensitive, ADeclarationIsSensitiveAsAWhole) {
  EXPECT_EQ(PathsOf(R"(
    @sensitive entity U = { a: String };
    @sensitive type Hidden = { b: String };
    action x appliesTo { principal: U, resource: U, context: Hidden };
    @sensitive action y appliesTo { principal: U, resource: U, context: { c: String } };)"),
            (Paths{"context/*", "entities/U/*"}));
}

TEST(Sensitive, JsonSchemasSayItToo) {
  EXPECT_EQ(
      PathsOf(
          R"({"": {"entityTypes": {"U": {"shape": {"type": "Record", "attributes": {"ssn": {"type": "String", "annotations": {"sensitive": ""}}}}}}, "actions": {}}})"),
      (Paths{"entities/U/ssn"}));
}

// Forty types, each with two of the next: a million million paths.
TEST(Sensitive, WhatCannotBeFollowedIsSensitiveAsAWhole) {
  std::string text = "type T0 = { @sensitive x: String };\n";
  for (int i = 1; i <= 40; ++i) {
    text += "type T" + std::to_string(i) + " = { a: T" + std::to_string(i - 1) + ", b: T" + std::to_string(i - 1) + " };\n";
  }
  EXPECT_EQ(PathsOf(text + "entity U; action x appliesTo { principal: U, resource: U, context: T40 };"), (Paths{"context/*"}));
}

}  // namespace
}  // namespace remit
