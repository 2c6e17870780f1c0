#include "compiler/testing/run_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "compiler/testing/explain.h"

namespace remit::tests {
namespace {

using Clock = std::chrono::steady_clock;

// The first decision on which an engine differs from the first one.
void Compare(const RunContext& context, const RunResult& first, std::string_view first_name, const RunResult& other, std::string_view name,
             TestResult& result) {
  for (size_t i = 0; i < std::min(first.decisions.size(), other.decisions.size()); ++i) {
    const auto& a = first.decisions[i];
    const auto& b = other.decisions[i];
    const auto difference = DifferenceOf(a.decision, b.decision, context.places);
    if (difference.empty()) continue;
    auto failure = StepFailure::Of(FailureKind::EnginesDiffer, a.step, difference);
    for (const auto& line : Explain(a.decision, context.places)) failure.why.push_back(fmt::format("{}: {}", first_name, line));
    for (const auto& line : Explain(b.decision, context.places)) failure.why.push_back(fmt::format("{}: {}", name, line));
    result.differences.push_back(std::move(failure));
    return;
  }
}

class SuiteRun {
 public:
  SuiteRun(const RunContext& context, const std::vector<std::unique_ptr<TestEngine>>& engines) : context_(context), engines_(engines) {}

  void RunOne(const ast::Statement& statement, SuiteResult& suite) {
    const auto& test = std::get<ast::Test>(statement.body);
    auto result = Describe(statement, test);
    std::vector<RunResult> runs;
    for (const auto& engine : engines_) {
      const auto begin = Clock::now();
      runs.push_back(RunTest(context_, *engine, test));
      const auto time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
      result.engines.push_back({.engine = std::string(engine->name()), .failures = std::move(runs.back().failures), .time = time});
    }
    for (size_t i = 1; i < runs.size(); ++i) Compare(context_, runs[0], engines_[0]->name(), runs[i], engines_[i]->name(), result);
    if (result.differences.empty()) std::ranges::move(runs[0].edits, std::back_inserter(suite.edits));
    suite.tests.push_back(std::move(result));
  }

 private:
  auto Describe(const ast::Statement& statement, const ast::Test& test) const -> TestResult {
    TestResult result = {.title = std::string(context_.interner.text(test.title)), .file = {}, .engines = {}, .differences = {}};
    if (statement.span.has_place()) {
      const auto& file = context_.sources.file(statement.span.file);
      result.file = file.name();
      result.line = file.locate(statement.span.begin).line;
    }
    return result;
  }

  const RunContext& context_;
  const std::vector<std::unique_ptr<TestEngine>>& engines_;
};

}  // namespace

auto ListTests(const ast::Ast& ast) -> std::vector<const ast::Statement*> {
  std::vector<const ast::Statement*> tests;
  for (const auto& statement : ast.statements) {
    if (std::holds_alternative<ast::Test>(statement.body)) tests.push_back(&statement);
  }
  return tests;
}

auto RunSuite(const RunContext& context, const std::vector<std::unique_ptr<TestEngine>>& engines, const SuiteOptions& options)
    -> SuiteResult {
  SuiteResult suite;
  SuiteRun run(context, engines);
  bool has_failed = false;
  for (const auto* statement : ListTests(context.ast)) {
    const auto title = context.interner.text(std::get<ast::Test>(statement->body).title);
    if ((options.stops_at_failure && has_failed) || (options.wanted && !options.wanted(title))) {
      ++suite.left_out;
    } else {
      run.RunOne(*statement, suite);
      has_failed |= !suite.tests.back().passed();
    }
  }
  return suite;
}

}  // namespace remit::tests
