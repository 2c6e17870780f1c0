// remit decide: requests in, outcomes out. One request as a document, or many as JSON lines.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "compiler/driver/decide.h"
#include "compiler/driver/load_bundle.h"
#include "tools/remit/answer.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/expectation.h"
#include "tools/remit/progress.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct DecideOptions {
  PolicyOptions policies;
  std::string bundle;
  std::string entities;
  std::vector<std::string> schema;
  bool no_request_validation = false;
  std::string request;
  std::string requests;
  std::string expect;
  EngineChoice engine = EngineChoice::Interpreter;
  bool is_engine_given = false;
  DecisionTime time;
  Format format = Format::Human;
};

auto DecideOne(const DecideOptions& options, RequestDecider& decider, const CompileJob& job) -> ExitCode {
  const auto json = ReadTextFile(options.request, options.policies.limits.max_request_bytes);
  if (!json) return ReportError(json.error(), options.format);
  const auto answer = decider.Decide(*json, options.time.Read(), !options.no_request_validation);
  if (!answer) return ReportError(answer.error(), options.format);
  switch (options.format) {
    case Format::Human: fmt::print("{}", AnswerText(*answer, decider, job, UseColor(stdout))); break;
    case Format::Json: fmt::print("{}\n", AnswerJson(*answer, decider)); break;
  }
  return answer->decision.allowed() ? kDone : kNegative;
}

// A request that cannot be read is answered `deny` with its error, and the stream goes on.
auto DecideLines(const DecideOptions& options, RequestDecider& decider) -> ExitCode {
  auto lines = LineReader::Open(options.requests, options.policies.limits.max_request_bytes);
  if (!lines) return ReportError(lines.error(), options.format);
  auto expectation = Expectation::Open(options.expect, options.policies.limits);
  if (!expectation) return ReportError(expectation.error(), options.format);

  const bool human = options.format == Format::Human;
  AnswerTable table(UseColor(stdout));
  Progress progress(lines->total_bytes());
  bool all_read = true;
  for (uint64_t number = 1;; ++number) {
    const auto line = lines->Next();
    if (!line) return ReportError(line.error(), options.format);
    if (!*line) break;
    if ((*line)->find_first_not_of(" \t") == std::string_view::npos) continue;
    auto answer = decider.Decide(**line, options.time.Read(), !options.no_request_validation);
    if (answer && answer->request_id.empty()) answer->request_id = std::to_string(number);
    all_read &= answer.has_value();
    if (human) {
      answer ? table.Add(*answer, decider) : table.AddError(number, answer.error());
    } else {
      fmt::print("{}\n", answer ? AnswerJson(*answer, decider) : RefusalJson(number, answer.error()));
    }
    expectation->Compare(answer, decider);
    progress.Update(lines->bytes_read(), number);
  }
  progress.Finish();
  if (human) fmt::print("{}", table.Finish());
  if (!all_read) return kFailed;
  return expectation->Finish() ? kDone : kNegative;
}

auto DecideAll(const DecideOptions& options, const PolicyEnvironment& environment, const CompileJob& job) -> ExitCode {
  RequestDecider decider(environment, options.policies.limits);
  return options.requests.empty() ? DecideOne(options, decider, job) : DecideLines(options, decider);
}

auto RunOnSources(const DecideOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.engine);
  if (!native) return ReportError(native.error(), options.format);
  CompileJob job(options.policies.limits);
  const auto environment = LoadEnvironment(job, options.policies, options.entities, options.schema, options.format);
  if (!environment) return kFailed;
  const PolicyEnvironment decided = {.program = environment->program,
                                     .entities = environment->entities,
                                     .interner = job.interner,
                                     .schema = environment->schema ? &*environment->schema : nullptr,
                                     .native = *native};
  return DecideAll(options, decided, job);
}

// What is not said is up to the bundle.
auto CodeUse(const DecideOptions& options) -> BundleCodeUse {
  if (!options.is_engine_given) return BundleCodeUse::IfThere;
  return options.engine == EngineChoice::Native ? BundleCodeUse::Required : BundleCodeUse::Ignored;
}

auto RunOnBundle(const DecideOptions& options) -> ExitCode {
  CompileJob job(options.policies.limits);
  const auto bundle = LoadBundle(job, options.bundle, CodeUse(options));
  if (!bundle) return ReportError(bundle.error(), options.format);
  if (!bundle->is_native && !options.is_engine_given && options.format == Format::Human) {
    fmt::print(stderr, "{}: no native code: the interpreter decides\n", options.bundle);
  }
  const Schema* schema = bundle->policies->schema();
  const auto json =
      options.entities.empty() ? Expected<std::string>("[]") : ReadTextFile(options.entities, options.policies.limits.max_json_bytes);
  if (!json) return ReportError(json.error(), options.format);
  const auto entities = LoadEntities(job, options.entities, *json, schema);
  if (!entities) return ReportDiagnostics(job, options.format), kFailed;
  const PolicyEnvironment decided = {.program = bundle->policies->program(),
                                     .entities = *entities,
                                     .interner = job.interner,
                                     .schema = schema,
                                     .compiled = bundle->is_native ? bundle->policies : nullptr};
  return DecideAll(options, decided, job);
}

auto Run(const DecideOptions& options) -> ExitCode {
  if (!options.bundle.empty()) return RunOnBundle(options);
  if (!options.policies.policies.empty()) return RunOnSources(options);
  return ReportError(
      {.code = "wrong-usage", .message = "there is nothing to decide by", .pointer = {}, .help = "give --policies or --bundle"},
      options.format);
}

}  // namespace

void AddDecide(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("decide", "Decide requests against policies");
  auto options = std::make_shared<DecideOptions>();
  AddPolicyOptions(*verb, options->policies);
  verb->get_option("--policies")->required(false);
  auto* bundle = verb->add_option("-b,--bundle", options->bundle,
                                  "In the place of policies and schema: what `remit build` wrote; its native code decides")
                     ->option_text("FILE");
  verb->add_option("-e,--entities", options->entities, "Entities as JSON")->option_text("FILE");
  AddSchemaOption(*verb, options->schema);
  for (const char* other : {"--policies", "--links", "--ids", "--schema"}) bundle->excludes(verb->get_option(other));
  verb->add_flag("--no-request-validation", options->no_request_validation,
                 "With a schema: decide requests it does not provide for, too; they are still read by it");
  auto* input = verb->add_option_group("input", "What to decide");
  input->add_option("-r,--request", options->request, "One request as JSON, `-` for standard input")->option_text("FILE");
  input->add_option("--requests", options->requests, "JSON lines, one request each, `-` for standard input")->option_text("FILE");
  input->require_option(1);
  verb->add_option("--expect", options->expect, "With --requests: JSON lines of expected answers; closes with `N passed, N failed`")
      ->option_text("FILE");
  AddEngineOption(*verb, options->engine);
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 executed (or all lines decided, and as expected), 1 not executed (or a mismatch), 2 wrong usage or input.");
  verb->callback([options, verb, &exit] {
    options->is_engine_given = verb->count("--engine") > 0;
    exit = Run(*options);
  });
}

}  // namespace remit::cli
