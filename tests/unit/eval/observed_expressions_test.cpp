// Each line of observed/expr_eval_4.12.txt: an expression and what Cedar 4.12 made of it as the condition of a permit.
#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/unit/conformance_data.h"
#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

auto DataFile() -> std::filesystem::path { return ObservedFile("expr_eval_4.12.txt"); }

struct Line {
  std::string expression;
  std::string answer;
};

auto ReadLines(std::istream& file) -> std::vector<Line> {
  constexpr std::string_view kArrow = "  =>  ";
  std::vector<Line> lines;
  for (std::string text; std::getline(file, text);) {
    const size_t arrow = text.rfind(kArrow);
    if (arrow == std::string::npos) continue;
    lines.push_back({.expression = text.substr(0, text.find_last_not_of(' ', arrow) + 1), .answer = text.substr(arrow + kArrow.size())});
  }
  return lines;
}

// Cedar's words for entities are its type checker's; ours say the same.
auto InOurWords(const std::string& message) -> std::string {
  static const std::regex any_entity(R"(\(entity of type `any_entity_type`\))");
  static const std::regex entity(R"(\((entity of type `[^`]*`)\))");
  return std::regex_replace(std::regex_replace(message, any_entity, "entity"), entity, "$1");
}

// Messages about values that we write differently (Cedar cuts an offset's last digit): only that there is an error counts.
auto HasOwnWording(const std::string& message) -> bool {
  const auto has = [&](std::string_view words) { return message.find(words) != std::string::npos; };
  return has("unknown") || has("overflows when") || has("invalid offset range");
}

class ObservedExpressions : public EvalTest {
 protected:
  // In the words of the file.
  auto Answer(const std::string& expression) -> std::string {
    ast::Ast ast;
    sink_ = DiagnosticSink();
    if (!Parse("permit(principal, action, resource) when { " + expression + " };", ast)) return "PARSE/CALL";
    const auto program = LowerPolicies(ast);
    if (sink_.has_errors()) return "LOWER: " + sink_.diagnostics()[0].message;
    CompareEngines(program);
    const auto decision = Decide(program, input());
    if (!decision.errors.empty()) return "EVALERR: " + decision.errors[0].message;
    return decision.allowed() ? "true" : "false";
  }
};

TEST_F(ObservedExpressions, AreAnsweredAsByCedar) {
  std::ifstream file(DataFile());
  if (!file) GTEST_SKIP() << "no " << DataFile() << ": set REMIT_CONFORMANCE to the folder of the conformance data";
  const auto lines = ReadLines(file);
  EXPECT_GT(lines.size(), 200U);
  for (const auto& [expression, expected] : lines) {
    const auto actual = Answer(expression);
    if (expected.starts_with("PARSE/CALL")) {
      EXPECT_EQ(actual, "PARSE/CALL") << expression;
    } else if (expected.starts_with("EVALERR") && HasOwnWording(expected)) {
      EXPECT_TRUE(actual.starts_with("EVALERR: ")) << expression << ": " << actual;
    } else {
      EXPECT_EQ(actual, InOurWords(expected)) << expression;
    }
  }
}

}  // namespace
}  // namespace remit
