// remit decide: requests in, outcomes out. One request as a document, or many as JSON lines.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <memory>

#include "compiler/driver/decide.h"
#include "compiler/driver/load_bundle.h"
#include "tools/remit/answer.h"
#include "tools/remit/approval_option.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/deployment.h"
#include "tools/remit/expectation.h"
#include "tools/remit/progress.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct DecideOptions {
  PolicySetOptions input;
  LedgerOptions ledger;  // no address: none
  Deployment::Extra extra;
  std::vector<std::string> approvals;  // as given: grants, or files of them
  bool no_request_validation = false;
  std::string request;
  std::string requests;
  std::string expect;
  EngineChoice engine = EngineChoice::Interpreter;
  bool is_engine_given = false;
  DecisionTime time;
  Format format = Format::Human;
};

// What decides one request after another.
struct Decider {
  std::function<Expected<DecidedAnswer>(std::string_view json)> decide;
  PolicyIds ids;
  const CompileJob& job;
};

auto DecideOne(const DecideOptions& options, const Decider& decider) -> ExitCode {
  const auto json = ReadTextFile(options.request, options.input.policies.limits.max_request_bytes);
  if (!json) return ReportError(json.error(), options.format);
  const auto answer = decider.decide(*json);
  if (!answer) return ReportError(answer.error(), options.format);
  switch (options.format) {
    case Format::Human: fmt::print("{}", AnswerText(*answer, decider.ids, decider.job, UseColor(stdout))); break;
    case Format::Json: fmt::print("{}\n", AnswerJson(*answer, decider.ids)); break;
  }
  return answer->answer.decision.allowed() ? kDone : kNegative;
}

// A request that cannot be read is answered `deny` with its error, and the stream goes on.
auto DecideLines(const DecideOptions& options, const Decider& decider) -> ExitCode {
  const auto& limits = options.input.policies.limits;
  auto lines = LineReader::Open(options.requests, limits.max_request_bytes);
  if (!lines) return ReportError(lines.error(), options.format);
  auto expectation = Expectation::Open(options.expect, limits);
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
    auto answer = decider.decide(**line);
    if (answer && answer->answer.request_id.empty()) answer->answer.request_id = std::to_string(number);
    all_read &= answer.has_value();
    if (human) {
      answer ? table.Add(*answer, decider.ids) : table.AddError(number, answer.error());
    } else {
      fmt::print("{}\n", answer ? AnswerJson(*answer, decider.ids) : RefusalJson(number, answer.error()));
    }
    expectation->Compare(answer, decider.ids);
    progress.Update(lines->bytes_read(), number);
  }
  progress.Finish();
  if (human) fmt::print("{}", table.Finish());
  if (!all_read) return kFailed;
  return expectation->Finish() ? kDone : kNegative;
}

auto DecideAll(const DecideOptions& options, const Decider& decider) -> ExitCode {
  return options.requests.empty() ? DecideOne(options, decider) : DecideLines(options, decider);
}

auto DecideWithoutLedger(const DecideOptions& options, const PolicyEnvironment& environment, const CompileJob& job) -> ExitCode {
  RequestDecider decider(environment, options.input.policies.limits);
  const auto decide = [&](std::string_view json) -> Expected<DecidedAnswer> {
    auto answer = decider.Decide(json, options.time.Read(), !options.no_request_validation);
    if (!answer) return std::unexpected(std::move(answer.error()));
    return DecidedAnswer{.answer = std::move(*answer)};
  };
  return DecideAll(options, {.decide = decide, .ids = {.program = environment.program, .interner = environment.interner}, .job = job});
}

auto RunOnSources(const DecideOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.engine);
  if (!native) return ReportError(native.error(), options.format);
  const auto& input = options.input;
  CompileJob job(input.policies.limits);
  const auto environment = LoadEnvironment(job, input.policies, input.entities, input.schema, options.format);
  if (!environment) return kFailed;
  const PolicyEnvironment decided = {.program = environment->program,
                                     .entities = environment->entities,
                                     .interner = job.interner,
                                     .schema = environment->schema ? &*environment->schema : nullptr,
                                     .native = *native};
  return DecideWithoutLedger(options, decided, job);
}

// What is not said is up to the bundle.
auto CodeUse(const DecideOptions& options) -> BundleCodeUse {
  if (!options.is_engine_given) return BundleCodeUse::IfThere;
  return options.engine == EngineChoice::Native ? BundleCodeUse::Required : BundleCodeUse::Ignored;
}

auto RunOnBundle(const DecideOptions& options) -> ExitCode {
  const auto& input = options.input;
  CompileJob job(input.policies.limits);
  const auto bundle = LoadBundle(job, input.bundle, CodeUse(options));
  if (!bundle) return ReportError(bundle.error(), options.format);
  if (!bundle->is_native && !options.is_engine_given && options.format == Format::Human) {
    fmt::print(stderr, "{}: no native code: the interpreter decides\n", input.bundle);
  }
  const Schema* schema = bundle->policies->schema();
  const auto json =
      input.entities.empty() ? Expected<std::string>("[]") : ReadTextFile(input.entities, input.policies.limits.max_json_bytes);
  if (!json) return ReportError(json.error(), options.format);
  const auto entities = LoadEntities(job, input.entities, *json, schema);
  if (!entities) return ReportDiagnostics(job, options.format), kFailed;
  const PolicyEnvironment decided = {.program = bundle->policies->program(),
                                     .entities = *entities,
                                     .interner = job.interner,
                                     .schema = schema,
                                     .compiled = bundle->is_native ? bundle->policies : nullptr};
  return DecideWithoutLedger(options, decided, job);
}

auto RunOnLedger(const DecideOptions& options) -> ExitCode {
  Deployment::Extra extra = options.extra;
  auto grants = ReadApprovals(options.approvals, options.input.policies.limits);
  if (!grants) return ReportError(grants.error(), options.format);
  extra.approvals = std::move(*grants);
  const Datetime now = options.time.Read();
  const auto deployment = options.input.bundle.empty()
                              ? Deployment::OnSources(options.ledger, options.input, options.engine, now, options.format)
                              : Deployment::OnBundle(options.ledger, options.input, CodeUse(options), now, options.format);
  if (deployment == nullptr) return kFailed;
  const auto decide = [&](std::string_view json) {
    return deployment->Decide(json, extra, options.time.Read(), !options.no_request_validation);
  };
  return DecideAll(options, {.decide = decide, .ids = deployment->ids(), .job = deployment->job()});
}

auto Run(const DecideOptions& options) -> ExitCode {
  const bool is_bundle = !options.input.bundle.empty();
  if (!is_bundle && options.input.policies.policies.empty()) {
    return ReportError(
        {.code = "wrong-usage", .message = "there is nothing to decide by", .pointer = {}, .help = "give --policies or --bundle"},
        options.format);
  }
  if (!options.ledger.address.empty()) return RunOnLedger(options);
  return is_bundle ? RunOnBundle(options) : RunOnSources(options);
}

// What has a meaning only where something is kept.
void AddLedgerOptions(CLI::App& verb, const std::shared_ptr<DecideOptions>& options) {
  auto* ledger = AddLedgerOption(verb, options->ledger);
  AddAcceptedKeysOption(verb, options->ledger);
  verb.get_option("--accept-key")->needs(ledger);
  verb.add_option("--session", options->extra.session, "The request's session, in the place of its own")->option_text("ID")->needs(ledger);
  verb.add_option("--request-id", options->extra.request_id, "Asked again with it, a request gets the same reservation")
      ->option_text("ID")
      ->needs(ledger)
      ->excludes(verb.get_option("--requests"));
  AddApprovalOption(verb, options->approvals, ledger);
  verb.add_flag("--dry-run", options->extra.dry_run, "Decide, and leave nothing behind")->needs(ledger);
}

}  // namespace

void AddDecide(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("decide", "Decide requests against policies");
  auto options = std::make_shared<DecideOptions>();
  AddPolicySetOptions(*verb, options->input);
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
  AddLedgerOptions(*verb, options);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 executed (or all lines decided, and as expected), 1 not executed (or a mismatch), 2 wrong usage or input.");
  verb->callback([options, verb, &exit] {
    options->is_engine_given = verb->count("--engine") > 0;
    exit = Run(*options);
  });
}

}  // namespace remit::cli
