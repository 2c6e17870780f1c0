// Accepts and refuses what Cedar accepts and refuses: its answers, recorded line by line.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/conformance_data.h"
#include "tests/unit/schema/schema_fixture.h"

namespace remit {
namespace {

namespace fs = std::filesystem;

auto ReadText(const fs::path& path) -> std::string {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void ExpectAnswer(const std::string& schema, bool accepted) {
  const SchemaJob job(schema);
  EXPECT_EQ(job.accepted(), accepted) << schema << "\n" << job.Formatted();
  EXPECT_EQ(job.sink().has_errors(), !accepted) << "an error must be told, and only an error: " << schema;
}

TEST(SchemaConformance, RecordedAnswers) {
  std::ifstream file(fs::path(REMIT_SOURCE_DIR) / "tests/unit/schema/cedar_answers.tsv");
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    ExpectAnswer(nlohmann::json::parse(line.substr(tab + 1)).get<std::string>(), line.substr(0, tab) == "ok");
    ++count;
  }
  EXPECT_GT(count, 250);
}

TEST(SchemaConformance, ObservedFile) {
  const auto path = ConformanceFolder() / "observed" / "schema_4.12.txt";
  if (!fs::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    const auto arrow = line.rfind("=> ");
    // Long inputs are cut in the file: a cut JSON document says nothing.
    if (arrow == std::string::npos || line.starts_with('#')) continue;
    auto schema = line.substr(0, arrow);
    schema.erase(schema.find_last_not_of(' ') + 1);
    const bool is_cut = schema.starts_with('{') && !nlohmann::json::accept(schema);
    if (is_cut) continue;
    ExpectAnswer(schema, line.substr(arrow + 3) == "ok");
    ++count;
  }
  EXPECT_GT(count, 80);
}

// Every schema of the shared data, and of unpacked corpora where REMIT_CORPUS says.
TEST(SchemaConformance, SampleSchemas) {
  size_t count = 0;
  const char* corpus = std::getenv("REMIT_CORPUS");
  for (const fs::path& folder : {ConformanceFolder() / "sample-data", fs::path(corpus != nullptr ? corpus : "")}) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      if (!name.ends_with(".cedarschema") && !name.ends_with(".cedarschema.json")) continue;
      const SchemaJob job(ReadText(entry.path()));
      EXPECT_TRUE(job.accepted()) << entry.path() << "\n" << job.Formatted();
      ++count;
    }
  }
  if (count == 0) GTEST_SKIP() << "no schemas in " << ConformanceFolder();
}

}  // namespace
}  // namespace remit
