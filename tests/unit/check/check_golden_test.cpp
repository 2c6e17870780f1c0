// The documents in tests/golden/check: mistakes a newcomer makes, what Cedar's validator says about each in a comment above it, and what we say.
//
// REMIT_UPDATE_GOLDEN=1 rewrites what is expected.
#include <cstdlib>
#include <fstream>

#include "tests/unit/check/check_fixture.h"
#include "tests/unit/golden_files.h"

namespace remit {
namespace {

auto Folder() -> std::filesystem::path { return GoldenFolder("check"); }

class CheckGolden : public testing::TestWithParam<std::string> {};

TEST_P(CheckGolden, Document) {
  const auto path = Folder() / (GetParam() + ".test");
  const auto document = ReadGolden(path);
  constexpr std::string_view kPolicy = "--- policy\n";
  constexpr std::string_view kDiagnostics = "--- diagnostics\n";
  const auto policy = document.find(kPolicy);
  const auto diagnostics = document.find(kDiagnostics);
  ASSERT_TRUE(policy != std::string::npos && diagnostics != std::string::npos) << path << " needs `--- policy` and `--- diagnostics`";
  const auto begin = policy + kPolicy.size();
  const CheckJob job(ReadGolden(Folder() / "schema.cedarschema"), document.substr(begin, diagnostics - begin));
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

INSTANTIATE_TEST_SUITE_P(Check, CheckGolden, testing::ValuesIn(GoldenNames(Folder())), [](const auto& file) { return file.param; });

}  // namespace
}  // namespace remit
