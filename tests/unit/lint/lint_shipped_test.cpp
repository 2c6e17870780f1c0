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

// Each by itself, as projects take them.
TEST(ShippedPacks, NoRuleFires) {
  const auto packs = ListPolicyFiles((kRoot / "stdlib" / "packs").string()).value();
  ASSERT_FALSE(packs.empty());
  for (const auto& pack : packs) {
    CompileJob job;
    ASSERT_TRUE(LoadPolicies(job, pack, ReadFile(pack), PolicyFormat::Text));
    const bool is_servers = fs::path(pack).stem() == "server";
    EXPECT_EQ(FindingsOf(job, {{.name = std::string(is_servers ? kServerNamespace : kRemitNamespace), .text = ""}}), "");
  }
}

}  // namespace
}  // namespace remit::lint
