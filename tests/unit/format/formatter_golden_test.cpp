// The layout itself: tests/golden/format/*.test, a source and what it is formatted to. REMIT_UPDATE_GOLDEN=1 rewrites the
// expectations for review.
#include <cstdlib>

#include "job.h"

namespace remit {
namespace {

constexpr std::string_view kSource = "--- source\n";
constexpr std::string_view kExpect = "--- expect\n";

TEST(FormatGolden, Files) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path{REMIT_SOURCE_DIR} / "tests/golden/format")) {
    if (entry.path().extension() != ".test") continue;
    SCOPED_TRACE(entry.path());
    ++count;
    const auto text = ReadText(entry.path());
    const size_t source = text.find(kSource);
    const size_t expect = text.find(kExpect);
    ASSERT_TRUE(source != std::string::npos && expect != std::string::npos);
    const auto formatted = CheckedFormat(text.substr(source + kSource.size(), expect - source - kSource.size()));
    if (std::getenv("REMIT_UPDATE_GOLDEN") != nullptr) {
      std::ofstream{entry.path(), std::ios::binary} << text.substr(0, expect) << kExpect << formatted;
      continue;
    }
    EXPECT_EQ(formatted, text.substr(expect + kExpect.size())) << "rewrite with: REMIT_UPDATE_GOLDEN=1 formatter_golden_test";
  }
  EXPECT_GE(count, 5U);
}

}  // namespace
}  // namespace remit
