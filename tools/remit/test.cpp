// remit test: runs the `test` statements of policy files on both engines, and says what they reach.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <thread>

#include "compiler/coverage/report.h"
#include "compiler/driver/check.h"
#include "compiler/mutation/mutation_report.h"
#include "compiler/testing/edits.h"
#include "compiler/testing/report.h"
#include "compiler/testing/run_suite.h"
#include "compiler/testing/test_files.h"
#include "stdlib/datetime.h"
#include "stdlib/regex.h"
#include "tools/remit/forbid_errors_option.h"
#include "tools/remit/test.h"

namespace remit::cli {
namespace {

enum class Engines : uint8_t { Interpreter, Native, Both };
enum class ReportFormat : uint8_t { Text, Tap, Junit, Json };
enum class CoverageFormat : uint8_t { Text, Lcov, Html };

// 2026-01-05T12:00:00Z, a Monday at noon: an hour or two do not change the day.
constexpr Datetime kStart = {.millis = 1'767'614'400'000};

struct TestOptions {
  PolicyOptions policies;
  std::vector<std::string> schema;
  std::string entities;
  std::optional<Engines> engines;
  std::string filter;
  Datetime start = kStart;
  ReportFormat format = ReportFormat::Text;
  std::string output;
  std::optional<CoverageFormat> coverage;
  std::string coverage_output;
  std::optional<double> min_coverage;
  bool mutate = false;
  std::optional<double> min_score;
  uint32_t mutate_seconds = 300;
  uint32_t mutant_millis = 30'000;
  uint32_t jobs = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  bool update = false;
  bool list = false;
  bool fail_fast = false;
  bool allow_none = false;
};

// Errors go to standard error in every format but JSON's.
auto ErrorFormat(const TestOptions& options) -> Format { return options.format == ReportFormat::Json ? Format::Json : Format::Human; }

auto Refuse(const TestOptions& options, std::string code, std::string message) -> ExitCode {
  return ReportError({.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}}, ErrorFormat(options));
}

// To a file, or to standard output.
auto Write(const TestOptions& options, const std::string& path, const std::string& text) -> bool {
  if (path.empty() || path == "-") return fmt::print("{}", text), true;
  if (auto done = WriteTextFile(path, text); !done) return ReportError(done.error(), ErrorFormat(options)), false;
  return true;
}

// ---- what is run -----------------------------------------------------------------------------------------------------------------

// Policies and tests, checked where there is a schema. None after reporting what is wrong.
auto Load(CompileJob& job, TestOptions& options) -> std::optional<LoadedEnvironment> {
  const Format format = ErrorFormat(options);
  const auto files = tests::ListTestInputs(options.policies.policies);
  if (!files) return ReportError(files.error(), format), std::nullopt;
  options.policies.policies = *files;
  auto environment = LoadEnvironment(job, options.policies, options.entities, options.schema, format);
  if (!environment || !environment->schema) return environment;
  const auto warnings = job.sink.warning_count();
  CheckPolicies(job, *environment->schema, ast::IdConvention::Remit, {});
  if (job.sink.has_errors() || job.sink.warning_count() > warnings) ReportDiagnostics(job, format);
  return job.sink.has_errors() ? std::nullopt : std::move(environment);
}

// Where it is not said, native code is tested if this build makes any.
auto MakeEngines(const TestOptions& options, const tests::EngineInput& input, coverage::Recorder* recorder)
    -> Expected<std::vector<std::unique_ptr<tests::TestEngine>>> {
  std::vector<std::unique_ptr<tests::TestEngine>> engines;
  const Engines wanted = options.engines.value_or(Engines::Both);
  if (wanted != Engines::Native || recorder != nullptr) engines.push_back(std::make_unique<tests::TestEngine>(input, nullptr, recorder));
  if (wanted == Engines::Interpreter) return engines;
  auto compiler = CompilerFor(EngineChoice::Native);
  if (compiler) {
    engines.push_back(std::make_unique<tests::TestEngine>(input, *compiler, nullptr));
  } else if (options.engines) {
    return std::unexpected(compiler.error());
  }
  return engines;
}

// ---- what came out ----------------------------------------------------------------------------------------------------------------

auto Report(const TestOptions& options, const tests::SuiteResult& suite, const SourceManager& sources) -> bool {
  std::string text;
  switch (options.format) {
    case ReportFormat::Text: text = FormatText(suite, sources, options.output.empty() && UseColor(stdout)); break;
    case ReportFormat::Tap: text = FormatTap(suite, sources); break;
    case ReportFormat::Junit: text = FormatJunit(suite, sources); break;
    case ReportFormat::Json: text = FormatJson(suite, sources); break;
  }
  return Write(options, options.output, text);
}

auto ReportCoverage(const TestOptions& options, const coverage::Coverage& coverage, const SourceManager& sources) -> bool {
  std::string text;
  switch (*options.coverage) {
    case CoverageFormat::Text: text = coverage::FormatText(coverage, sources); break;
    case CoverageFormat::Lcov: text = coverage::FormatLcov(coverage, sources); break;
    case CoverageFormat::Html: text = coverage::FormatHtml(coverage, sources); break;
  }
  return Write(options, options.coverage_output, text);
}

// Rewrites the files, and says what has changed.
auto Update(const TestOptions& options, const std::vector<Edit>& edits, const SourceManager& sources) -> bool {
  std::map<uint32_t, std::vector<Edit>> by_file;
  for (const auto& edit : edits) by_file[edit.span.file.value].push_back(edit);
  for (const auto& [id, changes] : by_file) {
    const auto& file = sources.file({id});
    if (file.name() == "-") return Refuse(options, "cannot-write", "expectations on standard input cannot be updated"), false;
    if (auto done = WriteTextFile(file.name(), ApplyEdits(file.text(), changes)); !done) {
      return ReportError(done.error(), ErrorFormat(options)), false;
    }
    for (const auto& change : changes) {
      const auto place = file.locate(change.span.begin);
      fmt::print(stderr, "{}:{}:{}: `{}` is now `{}`\n", file.name(), place.line, place.column, sources.text(change.span), change.text);
    }
  }
  return true;
}

auto List(const CompileJob& job, const std::function<bool(std::string_view)>& wanted) -> ExitCode {
  for (const auto* statement : tests::ListTests(job.ast)) {
    const auto title = job.interner.text(std::get<ast::Test>(statement->body).title);
    if (wanted && !wanted(title)) continue;
    const auto& file = job.sources.file(statement->span.file);
    fmt::print("{}:{}: {}\n", file.name(), file.locate(statement->span.begin).line, title);
  }
  return kDone;
}

auto Conclude(const TestOptions& options, const tests::SuiteResult& suite, const coverage::Coverage* covered) -> ExitCode {
  if (suite.tests.empty() && !options.allow_none) return Refuse(options, "no-tests", "no test was run");
  if (options.min_coverage && covered != nullptr) {
    const double percent = coverage::TotalsOf(*covered).percent();
    if (percent < *options.min_coverage) {
      fmt::print(stderr, "coverage is {}, less than {}\n", coverage::PercentText(percent), coverage::PercentText(*options.min_coverage));
      return kNegative;
    }
  }
  return suite.failed() == 0 ? kDone : kNegative;
}

// ---- mutants ------------------------------------------------------------------------------------------------------------------

// One job for each thread. Only the first says what is wrong, and warns.
auto MutationInputs(TestOptions& options) -> std::optional<std::vector<mutation::MutationInput>> {
  std::vector<mutation::MutationInput> inputs;
  for (uint32_t i = 0; i < options.jobs; ++i) {
    auto job = std::make_unique<CompileJob>(options.policies.limits);
    auto environment =
        i == 0 ? Load(*job, options) : LoadEnvironment(*job, options.policies, options.entities, options.schema, Format::Json);
    if (!environment) return std::nullopt;
    inputs.push_back({.job = std::move(job), .entities = std::move(environment->entities), .schema = std::move(environment->schema)});
  }
  return inputs;
}

auto Mutate(TestOptions& options, const std::function<bool(std::string_view)>& wanted) -> ExitCode {
  if (options.format != ReportFormat::Text && options.format != ReportFormat::Json) {
    return Refuse(options, "wrong-usage", "mutants are reported as text or json");
  }
  auto inputs = MutationInputs(options);
  if (!inputs) return kFailed;
  const CompileJob& job = *inputs->front().job;
  const SourceManager& sources = job.sources;
  mutation::MutationOptions mutation_options = {.start = options.start,
                                                .wanted = wanted,
                                                .time = std::chrono::seconds(options.mutate_seconds),
                                                .each = std::chrono::milliseconds(options.mutant_millis)};
  const auto result = mutation::RunMutants(*inputs, mutation_options);
  if (!result) return ReportError(result.error(), ErrorFormat(options));
  const bool color = options.output.empty() && UseColor(stdout);
  const auto text = options.format == ReportFormat::Json ? FormatJson(*result, sources) : FormatText(*result, sources, color);
  if (!Write(options, options.output, text)) return kFailed;
  if (!options.min_score || result->score() >= *options.min_score) return kDone;
  fmt::print(stderr, "score is {:.1f} %, less than {:.1f} %\n", result->score(), *options.min_score);
  return kNegative;
}

auto Run(TestOptions options) -> ExitCode {
  tests::SuiteOptions suite_options = {.wanted = {}, .stops_at_failure = options.fail_fast};
  if (!options.filter.empty()) {
    // Anywhere in the title, as other tools have it.
    const auto regex = Regex::Compile(fmt::format("(?s:.*(?:{}).*)", options.filter));
    if (!regex) return Refuse(options, "invalid-regular-expression", fmt::format("`{}`: {}", options.filter, regex.error()));
    suite_options.wanted = [regex = *regex](std::string_view title) { return regex->Matches(title); };
  }
  if (options.mutate) return Mutate(options, suite_options.wanted);
  CompileJob job(options.policies.limits);
  const auto environment = Load(job, options);
  if (!environment) return kFailed;
  if (tests::ListTests(job.ast).empty() && !options.allow_none) return Refuse(options, "no-tests", "there are no tests in these files");
  if (options.list) return List(job, suite_options.wanted);

  const auto ids = ast::AssignIds(job.ast, job.interner, ast::IdConvention::Remit);
  const Schema* schema = environment->schema ? &*environment->schema : nullptr;
  std::optional<coverage::Recorder> recorder;
  if (options.coverage || options.min_coverage) recorder.emplace(job.ast, ids, environment->program, job.interner);
  const tests::EngineInput input = {.program = environment->program,
                                    .entities = environment->entities,
                                    .interner = job.interner,
                                    .schema = schema,
                                    .limits = options.policies.limits};
  const auto engines = MakeEngines(options, input, recorder ? &*recorder : nullptr);
  if (!engines) return ReportError(engines.error(), ErrorFormat(options));

  const auto approvers = tests::ApproverPolicy::Compile(job);
  if (approvers == nullptr) return Refuse(options, "approvals-unavailable", "the policies about approvals do not compile");
  const auto key = approval::SigningKey::Generate();
  const tests::StatementPlaces places(job.ast, ids, environment->program, job.sources, job.interner);
  const tests::RunContext context = {.ast = job.ast,
                                     .places = places,
                                     .sources = job.sources,
                                     .interner = job.interner,
                                     .entities = environment->entities,
                                     .schema = schema,
                                     .approvers = *approvers,
                                     .key = key,
                                     .start = options.start};
  const auto suite = RunSuite(context, *engines, suite_options);
  if (!Report(options, suite, job.sources)) return kFailed;
  const auto* covered = recorder ? &recorder->coverage() : nullptr;
  if (options.coverage && !ReportCoverage(options, *covered, job.sources)) return kFailed;
  if (options.update && !Update(options, suite.edits, job.sources)) return kFailed;
  return Conclude(options, suite, covered);
}

void AddReportOptions(CLI::App& verb, TestOptions& options) {
  static const std::map<std::string, ReportFormat> kFormats = {
      {"text", ReportFormat::Text}, {"tap", ReportFormat::Tap}, {"junit", ReportFormat::Junit}, {"json", ReportFormat::Json}};
  static const std::map<std::string, CoverageFormat> kCoverages = {
      {"text", CoverageFormat::Text}, {"lcov", CoverageFormat::Lcov}, {"html", CoverageFormat::Html}};
  verb.add_option("--format", options.format, "The report: text, tap (version 14), junit (XML), json")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("text|tap|junit|json");
  verb.add_option("--output", options.output, "Where the report goes: standard output by default")->option_text("FILE");
  auto* coverage = verb.add_option("--coverage", options.coverage, "Say what the tests reach of statements, clauses and conditions")
                       ->transform(CLI::CheckedTransformer(kCoverages))
                       ->option_text("text|lcov|html");
  verb.add_option("--coverage-output", options.coverage_output, "Where coverage goes: standard output by default")
      ->option_text("FILE")
      ->needs(coverage);
  verb.add_option("--min-coverage", options.min_coverage, "Exit with 1 if less is reached")
      ->check(CLI::Range(0.0, 100.0))
      ->option_text("PERCENT");
}

void AddMutationOptions(CLI::App& verb, TestOptions& options) {
  auto* mutate = verb.add_flag("--mutate", options.mutate, "Change the policies, one mistake at a time, and say what no test notices");
  verb.add_option("--min-score", options.min_score, "With --mutate: exit with 1 if tests notice less of the mistakes")
      ->check(CLI::Range(0.0, 100.0))
      ->option_text("PERCENT")
      ->needs(mutate);
  verb.add_option("--mutate-time", options.mutate_seconds, "Seconds after which no more mistakes are tried (300)")
      ->check(CLI::Range(1, 86'400))
      ->option_text("SECONDS")
      ->needs(mutate);
  verb.add_option("--mutant-time", options.mutant_millis, "Milliseconds after which no more tests are run on one mistake (30000)")
      ->check(CLI::Range(0, 86'400'000))
      ->option_text("MILLISECONDS")
      ->needs(mutate);
  verb.add_option("--jobs", options.jobs, "Threads that try mistakes: as many as processors, 8 at most")
      ->check(CLI::Range(1, 64))
      ->option_text("N")
      ->needs(mutate);
}

void AddStartOption(CLI::App& verb, TestOptions& options) {
  const auto set = [&options](const std::string& text) {
    const auto time = ParseDatetime(String(text));
    if (!time) throw CLI::ValidationError("--now", time.error());
    options.start = *time;
  };
  verb.add_option_function<std::string>("--now", set,
                                        "Where the clock of each test begins, as in datetime(\"..\"): 2026-01-05T12:00:00Z by default")
      ->option_text("DATETIME");
}

}  // namespace

void AddTest(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("test", "Run the tests of policy files; closes with `N passed, N failed`");
  auto options = std::make_shared<TestOptions>();
  verb->add_option("paths", options->policies.policies,
                   "Policy files and folders with *.cedar and *.remit; a *.test.remit file alone brings the policies beside it")
      ->required()
      ->option_text("PATH...");
  verb->add_option("--links", options->policies.links, "Template links as JSON")->option_text("FILE");
  verb->add_option("-e,--entities", options->entities, "Entities that every test begins with, as JSON")->option_text("FILE");
  AddSchemaOption(*verb, options->schema);
  static const std::map<std::string, Engines> kEngines = {
      {"interpreter", Engines::Interpreter}, {"native", Engines::Native}, {"both", Engines::Both}};
  verb->add_option("--engine", options->engines, "What decides: both (default), which must agree, interpreter, or native")
      ->transform(CLI::CheckedTransformer(kEngines))
      ->option_text("interpreter|native|both");
  AddForbidErrorsOption(*verb);
  AddStartOption(*verb, *options);
  verb->add_option("--filter", options->filter, "Only tests whose title has a match of this regular expression (RE2)")
      ->option_text("REGEX");
  verb->add_flag("--list", options->list, "Print the tests and run none");
  verb->add_flag("--fail-fast", options->fail_fast, "Stop after the first test that fails");
  verb->add_flag("--allow-none", options->allow_none, "No tests are no error");
  verb->add_flag("--update", options->update, "Rewrite expectations that are wrong to what came out");
  AddReportOptions(*verb, *options);
  AddMutationOptions(*verb, *options);
  AddLimitOptions(*verb, options->policies.limits);
  verb->footer("Exit codes: 0 all passed, 1 a test failed or too little is covered, 2 wrong usage or input, or no tests.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
