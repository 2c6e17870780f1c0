// No rule fires on what is shipped: the examples and the packs.
#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/driver/files.h"
#include "compiler/driver/packs.h"
#include "compiler/lint/lint_job.h"
#include "compiler/lint/report.h"
#include "compiler/schema/remit_namespace.h"

namespace remit::lint {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = REMIT_SOURCE_DIR;

auto ReadFile(const fs::path& path) -> std::string { return ReadTextFile(path.string(), 1 << 20).value(); }

void LoadFolder(CompileJob& job, const fs::path& folder) {
  const auto files = ListPolicyFiles(folder.string()).value();
  for (const auto& file : files) {
    ASSERT_TRUE(LoadPolicies(job, fs::relative(file, kRoot), ReadFile(file), PolicyFormat::Text));
  }
}

auto FindingsOf(CompileJob& job, std::vector<SchemaText> schema) -> std::string {
  return FormatText(LintJob(job, std::move(schema), ast::IdConvention::Remit, {}), job.sources, false);
}

class ShippedExamples : public testing::TestWithParam<fs::path> {};

TEST_P(ShippedExamples, NoRuleFires) {
  CompileJob job;
  LoadFolder(job, GetParam() / "policies");
  const auto schema = GetParam() / "schema.cedarschema";
  std::vector<SchemaText> texts;
  if (fs::exists(schema)) texts.push_back({.name = fs::relative(schema, kRoot), .text = ReadFile(schema)});
  if (!texts.empty() && texts.front().text.find("Remit::") != std::string::npos)
    texts.push_back({.name = std::string(kRemitNamespace), .text = ""});
  EXPECT_EQ(FindingsOf(job, std::move(texts)), "");
  EXPECT_FALSE(job.sink.has_errors());
}

auto Examples() -> std::vector<fs::path> {
  std::vector<fs::path> examples;
  for (const auto& entry : fs::directory_iterator(kRoot / "examples")) {
    if (fs::exists(entry.path() / "policies")) examples.push_back(entry.path());
  }
  std::ranges::sort(examples);
  return examples;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedExamples, testing::ValuesIn(Examples()), [](const auto& each) {
  auto name = each.param.filename().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

// Each by itself, with its schema and its tests.
TEST(ShippedPacks, NoRuleFires) {
  const auto folder = kRoot / "stdlib" / "packs";
  size_t packs = 0;
  const auto files = ListPolicyFiles(folder.string()).value();
  for (const auto& pack : files) {
    if (pack.ends_with(".test.remit")) continue;
    ++packs;
    CompileJob job;
    const auto stem = fs::path(pack).stem().string();
    ASSERT_TRUE(LoadPolicies(job, pack, ReadFile(pack), PolicyFormat::Text));
    if (const auto tests = folder / (stem + ".test.remit"); fs::exists(tests)) {
      ASSERT_TRUE(LoadPolicies(job, tests, ReadFile(tests), PolicyFormat::Text));
    }
    std::vector<SchemaText> schema = {{.name = std::string(stem == "server" ? kServerNamespace : kRemitNamespace), .text = ""}};
    if (const auto own = folder / (stem + ".cedarschema"); fs::exists(own)) schema.push_back({.name = own, .text = ReadFile(own)});
    EXPECT_EQ(FindingsOf(job, std::move(schema)), "") << stem;
    EXPECT_FALSE(job.sink.has_errors()) << stem;
  }
  EXPECT_EQ(packs, AllPacks().size() + 1);  // that of the server is a library of its own
}

// As a project takes them: by name, with findings of its own statements alone.
TEST(ShippedPacks, AreTakenByName) {
  for (const Pack& pack : AllPacks()) {
    CompileJob job;
    ASSERT_TRUE(LoadPolicies(job, std::string(pack.name), "", PolicyFormat::Text)) << pack.name;
    std::vector<SchemaText> schema = {{.name = std::string(kRemitNamespace), .text = ""}};
    if (!pack.schema.empty()) schema.push_back({.name = std::string(pack.name), .text = ""});
    EXPECT_EQ(FindingsOf(job, std::move(schema)), "") << pack.name;
    EXPECT_FALSE(job.sink.has_errors()) << pack.name;
    EXPECT_FALSE(job.ast.statements.empty()) << pack.name;
  }
}

}  // namespace
}  // namespace remit::lint
