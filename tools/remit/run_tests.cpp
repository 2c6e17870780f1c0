// remit run-tests: Cedar's integration-test cases, and self-contained cases as JSON lines.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/test_cases.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

enum class Engines : uint8_t { Interpreter, Native, Both };

struct RunTestsOptions {
  std::vector<std::string> paths;
  Engines engines = Engines::Interpreter;
  Limits limits;
  Format format = Format::Human;
};

auto Run(const RunTestsOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.engines == Engines::Interpreter ? EngineChoice::Interpreter : EngineChoice::Native);
  if (!native) return ReportError(native.error(), options.format);
  const CaseEngines engines = {.interpreter = options.engines != Engines::Native, .native = *native};
  CaseSummary summary;
  const auto on_failure = [&](const CaseFailure& failure) {
    if (options.format == Format::Json) {
      fmt::print("{}\n", FailureJson(failure));
    } else {
      fmt::print("FAILED {}\n  {}\n", failure.name, failure.detail);
    }
  };
  for (const auto& path : options.paths) {
    if (auto done = RunTestCases(path, options.limits, engines, summary, on_failure); !done)
      return ReportError(done.error(), options.format);
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
  verb->add_option("--engine", options->engines, "What decides: interpreter (the reference), native, or both, which must agree")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Engines>{{"interpreter", Engines::Interpreter}, {"native", Engines::Native}, {"both", Engines::Both}}))
      ->option_text("interpreter|native|both");
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 all passed, 1 a case failed, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
