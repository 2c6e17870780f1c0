// What Cedar 4.12 was observed to accept and refuse as entities and contexts, line by line.
//
// The data is not part of this repository: $REMIT_CONFORMANCE names the folder that holds it.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "runtime/request/json.h"
#include "tests/unit/conformance_data.h"

namespace remit {
namespace {

struct Observation {
  std::string input;
  std::string answer;
};

auto DataFile() -> std::filesystem::path { return ObservedFile("entities_context_est_4.12.txt"); }

// The lines `input  =>  answer` between `--- section...` and the next `---`. Other lines continue an answer.
auto ReadSection(std::string_view section) -> std::vector<Observation> {
  std::vector<Observation> observations;
  std::ifstream file(DataFile());
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("--- ")) inside = line.substr(4).starts_with(section);
    const auto arrow = line.find("  =>  ");
    if (!inside || arrow == std::string::npos) continue;
    observations.push_back({.input = line.substr(0, line.find_last_not_of(' ', arrow) + 1), .answer = line.substr(arrow + 6)});
  }
  return observations;
}

template <typename Accepts>
void ExpectSameVerdicts(std::string_view section, size_t at_least, Accepts accepts) {
  if (!std::ifstream(DataFile())) GTEST_SKIP() << "no conformance data at " << DataFile();
  const auto observations = ReadSection(section);
  EXPECT_GE(observations.size(), at_least);
  for (const auto& [input, answer] : observations) EXPECT_EQ(accepts(input), answer == "ok") << input << "\n  Cedar: " << answer;
}

TEST(ObservedJsonTest, Entities) {
  ExpectSameVerdicts("entities", 35, [](const std::string& input) {
    Interner interner;
    return ReadEntities(input, interner, {}).has_value();
  });
}

TEST(ObservedJsonTest, Contexts) {
  ExpectSameVerdicts("context", 7, [](const std::string& input) {
    Interner interner;
    Arena arena;
    return ReadContext(input, interner, arena, {}).has_value();
  });
}

}  // namespace
}  // namespace remit
