// No rule fires on what is shipped: the examples and the packs.
#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/driver/files.h"
#include "compiler/lint/lint_job.h"
#include "compiler/lint/report.h"
#include "compiler/schema/remit_namespace.h"

namespace remit::lint {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = REMIT_SOURCE_DIR;

auto ReadFile(const fs::path& path) -> std::string { return ReadTextFile(path.string(), 1 << 20).value(); }

void LoadFolder(CompileJob& job, const fs::path& folder) {
  for (const auto& file : ListPolicyFiles(folder.string()).value()) {
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

INSTANTIATE_TEST_SUITE_P(All, ShippedExamples, testing::ValuesIn(Examples()), [](const auto& info) {
  auto name = info.param.filename().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(ShippedPacks, NoRuleFires) {
  CompileJob job;
  LoadFolder(job, kRoot / "stdlib" / "packs");
  ASSERT_FALSE(job.ast.statements.empty());
  EXPECT_EQ(FindingsOf(job, {{.name = std::string(kRemitNamespace), .text = ""}}), "");
}

}  // namespace
}  // namespace remit::lint
