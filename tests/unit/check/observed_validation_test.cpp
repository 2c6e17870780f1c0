// Validates as Cedar validates: its answers, recorded line by line, with how many errors and which warnings.
#include <filesystem>
#include <fstream>

#include "tests/unit/check/check_fixture.h"
#include "tests/unit/conformance_data.h"

namespace remit {
namespace {

namespace fs = std::filesystem;

// The schema that the recorded lines were observed with, as far as they tell it.
constexpr const char* kSchema = R"(
  entity G;
  entity Z;
  entity E enum ["x"];
  entity U in [G] { n: Long, s: String, set: Set<Long>, o?: Long, r?: { a?: Long }, friend?: U } tags Long;
  entity R;
  action grp;
  action z;
  action v, w in [grp] appliesTo { principal: U, resource: R, context: { ip: ipaddr, t: String, c?: Long } };
)";

auto Trimmed(std::string text) -> std::string {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// `scope :: condition`, or a condition alone.
auto PolicyOf(const std::string& input) -> std::string {
  const auto split = input.find(" :: ");
  const auto scope = split == std::string::npos ? "principal, action, resource" : input.substr(0, split);
  const auto condition = split == std::string::npos ? input : input.substr(split + 4);
  return "permit(" + scope + ") when { " + condition + " };";
}

auto Contains(const std::string& text, std::string_view part) -> bool { return text.find(part) != std::string::npos; }

TEST(ObservedValidation, EveryLine) {
  const auto path = ConformanceFolder() / "observed" / "validate_request_links_4.12.txt";
  if (!fs::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  size_t count = 0;
  for (std::string line; std::getline(file, line) && !line.starts_with("{\"type\"");) {
    const auto arrow = line.rfind("=> ");
    ASSERT_NE(arrow, std::string::npos) << line;
    const auto answer = line.substr(arrow + 3);
    CheckJob job(kSchema, PolicyOf(Trimmed(line.substr(0, arrow))));
    ASSERT_TRUE(job.parsed()) << line;
    EXPECT_EQ(!job.ok(), Contains(answer, "E:")) << line << "\n" << job.Formatted();
    EXPECT_EQ(job.typed().statements()[0].impossible, Contains(answer, "policy is impossible")) << line << "\n" << job.Formatted();
    EXPECT_EQ(job.Count("mixed-scripts") > 0, Contains(answer, "mixed scripts")) << line << "\n" << job.Formatted();
    EXPECT_EQ(job.Count("bidirectional-text") > 0, Contains(answer, "BIDI")) << line << "\n" << job.Formatted();
    ++count;
  }
  EXPECT_GT(count, 65);
}

}  // namespace
}  // namespace remit
