// What Cedar 4.12 accepted and rejected, line by line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/conformance_data.h"
#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

struct Line {
  std::string input;
  std::string answer;
};

auto ReadLines(const std::string& name) -> std::vector<Line> {
  std::vector<Line> lines;
  std::ifstream in(ObservedFile(name));
  for (std::string text; std::getline(in, text);) {
    const auto arrow = text.rfind("  =>  ");
    if (text.starts_with("---") || arrow == std::string::npos) continue;
    const auto end = text.find_last_not_of(' ', arrow);
    lines.push_back({.input = text.substr(0, end + 1), .answer = text.substr(arrow + 6)});
  }
  return lines;
}

TEST(CedarObserved, Policies) {
  const auto lines = ReadLines("policy_parse_4.12.txt");
  if (lines.empty()) GTEST_SKIP() << "no conformance data in " << ConformanceFolder();
  EXPECT_GE(lines.size(), 85U);
  for (const auto& [input, answer] : lines) {
    Parsed parsed{nlohmann::json::parse(input).get<std::string>()};
    const bool is_template = answer == "static policy set includes a template";
    EXPECT_EQ(parsed.good, answer == "ok" || is_template) << input << "\n  Cedar: " << answer << "\n" << parsed.report();
    if (is_template && parsed.good) {
      EXPECT_TRUE(ast::IsTemplate(std::get<ast::Policy>(parsed.ast.statements.at(0).body))) << input;
    }
    EXPECT_LE(parsed.sink.error_count(), 1U) << input << " has one mistake\n" << parsed.report();
  }
}

TEST(CedarObserved, Expressions) {
  const auto lines = ReadLines("expr_eval_4.12.txt");
  if (lines.empty()) GTEST_SKIP() << "no conformance data in " << ConformanceFolder();
  EXPECT_GE(lines.size(), 200U);
  for (const auto& [input, answer] : lines) {
    Parsed parsed{"permit(principal, action, resource) when { " + input + " };"};
    EXPECT_EQ(parsed.good, !answer.starts_with("PARSE/CALL")) << input << "\n  Cedar: " << answer << "\n" << parsed.report();
  }
}

}  // namespace
}  // namespace remit
