// The documents in tests/golden/parse: a title, a policy, and the tree or the diagnostics it gives.
//
// REMIT_UPDATE_GOLDEN=1 rewrites what is expected.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/unit/golden_files.h"
#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

auto Folder() -> std::filesystem::path { return GoldenFolder("parse"); }

// `--- policy` and `--- ast` or `--- diagnostics`, each to the next one or the end.
struct Document {
  std::string head;  // with the policy, as it stands in the file
  std::string policy;
  std::string kind;
  std::string expected;
};

auto Split(const std::string& text) -> Document {
  const auto policy = text.find("--- policy\n");
  const auto ast = text.find("--- ast\n");
  const auto section = ast != std::string::npos ? ast : text.find("--- diagnostics\n");
  if (policy == std::string::npos || section == std::string::npos) return {};
  const auto policy_begin = policy + std::string_view{"--- policy\n"}.size();
  const auto line_end = text.find('\n', section);
  return {.head = text.substr(0, section),
          .policy = text.substr(policy_begin, section - policy_begin),
          .kind = text.substr(section + 4, line_end - section - 4),
          .expected = text.substr(line_end + 1)};
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, Document) {
  const auto path = Folder() / (GetParam() + ".test");
  const auto document = Split(ReadGolden(path));
  ASSERT_FALSE(document.kind.empty()) << path << " needs the sections `--- policy` and `--- ast` or `--- diagnostics`";
  Parsed parsed{document.policy};
  const bool wants_tree = document.kind == "ast";
  EXPECT_EQ(parsed.good, wants_tree) << parsed.report();
  const auto actual = wants_tree ? ast::DumpAst(parsed.ast, parsed.interner) : parsed.report();
  if (std::getenv("REMIT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << document.head << "--- " << document.kind << "\n" << actual;
    return;
  }
  EXPECT_EQ(actual, document.expected) << "if this is right: REMIT_UPDATE_GOLDEN=1 golden_test --gtest_filter='*" << GetParam() << "'";
}

INSTANTIATE_TEST_SUITE_P(Parse, Golden, testing::ValuesIn(GoldenNames(Folder())), [](const auto& file) { return file.param; });

}  // namespace
}  // namespace remit
