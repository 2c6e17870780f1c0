// The documents in tests/golden/check: mistakes a newcomer makes, what Cedar's validator says about each in a comment above it, and what we say.
//
// REMIT_UPDATE_GOLDEN=1 rewrites what is expected.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/check/check_fixture.h"

namespace remit {
namespace {

namespace fs = std::filesystem;

auto Folder() -> fs::path { return fs::path{REMIT_SOURCE_DIR} / "tests/golden/check"; }

auto Files() -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

auto Read(const fs::path& path) -> std::string {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class CheckGolden : public testing::TestWithParam<std::string> {};

TEST_P(CheckGolden, Document) {
  const auto path = Folder() / (GetParam() + ".test");
  const auto document = Read(path);
  constexpr std::string_view kPolicy = "--- policy\n";
  constexpr std::string_view kDiagnostics = "--- diagnostics\n";
  const auto policy = document.find(kPolicy);
  const auto diagnostics = document.find(kDiagnostics);
  ASSERT_TRUE(policy != std::string::npos && diagnostics != std::string::npos) << path << " needs `--- policy` and `--- diagnostics`";
  const auto begin = policy + kPolicy.size();
  const CheckJob job(Read(Folder() / "schema.cedarschema"), document.substr(begin, diagnostics - begin));
  for (const auto& diagnostic : job.job().sink.diagnostics()) {
    EXPECT_TRUE(diagnostic.span.has_place()) << diagnostic.message;
    EXPECT_FALSE(diagnostic.help.empty()) << FormatDiagnostic(diagnostic, job.job().sources);
  }
  const auto actual = job.Formatted();
  if (std::getenv("REMIT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << document.substr(0, diagnostics + kDiagnostics.size()) << actual;
    return;
  }
  EXPECT_EQ(actual, document.substr(diagnostics + kDiagnostics.size()))
      << "if this is right: REMIT_UPDATE_GOLDEN=1 check_golden_test --gtest_filter='*" << GetParam() << "'";
}

INSTANTIATE_TEST_SUITE_P(Check, CheckGolden, testing::ValuesIn(Files()), [](const auto& file) { return file.param; });

}  // namespace
}  // namespace remit
