// remit run-tests: Cedar's integration-test cases, and self-contained cases as JSON lines.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/test_cases.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

enum class Engine : uint8_t { Interpreter };

struct RunTestsOptions {
  std::vector<std::string> paths;
  Engine engine = Engine::Interpreter;
  Limits limits;
  Format format = Format::Human;
};

auto Run(const RunTestsOptions& options) -> ExitCode {
  CaseSummary summary;
  const auto on_failure = [&](const CaseFailure& failure) {
    if (options.format == Format::Json) {
      fmt::print("{}\n", FailureJson(failure));
    } else {
      fmt::print("FAILED {}\n  {}\n", failure.name, failure.detail);
    }
  };
  for (const auto& path : options.paths) {
    if (auto done = RunTestCases(path, options.limits, summary, on_failure); !done) return ReportError(done.error(), options.format);
  }
  if (options.format == Format::Json) {
    fmt::print("{{\"cases\":{},\"passed\":{},\"failed\":{}}}\n", summary.cases, summary.passed, summary.failed);
  } else {
    fmt::print("{} passed, {} failed\n", summary.passed, summary.failed);
  }
  return summary.failed == 0 ? kDone : kNegative;
}

}  // namespace

void AddRunTests(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("run-tests", "Run Cedar integration-test cases; closes with `N passed, N failed`");
  auto options = std::make_shared<RunTestsOptions>();
  verb->add_option("cases", options->paths, "Case files (*.json), folders of them, or *.jsonl with one self-contained case a line")
      ->required()
      ->option_text("PATH...");
  verb->add_option("--engine", options->engine, "What decides")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Engine>{{"interpreter", Engine::Interpreter}}))
      ->option_text("interpreter");
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 all passed, 1 a case failed, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
