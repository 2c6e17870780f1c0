// remit explain: why a request came out as it did, and what would turn it around.
#include "tools/remit/explain.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "compiler/driver/decide.h"
#include "compiler/explain/budget_flips.h"
#include "compiler/explain/report.h"
#include "tools/remit/answer.h"
#include "tools/remit/approval_option.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/deployment.h"

namespace remit::cli {
namespace {

enum class ExplainFormat : uint8_t { Text, Json, Html };

struct ExplainOptions {
  PolicyOptions policies;
  std::vector<std::string> schema;
  std::string entities;
  LedgerOptions ledger;  // no address: none
  std::vector<std::string> approvals;  // as given: grants, or files of them
  std::string request;
  std::string output;
  DecisionTime time;
  ExplainFormat format = ExplainFormat::Text;
};

auto ErrorFormat(const ExplainOptions& options) -> Format { return options.format == ExplainFormat::Json ? Format::Json : Format::Human; }

// What decides: with a ledger as if in earnest, but nothing is left behind.
class Oracle {
 public:
  static auto Open(const ExplainOptions& options, const PolicyEnvironment& environment, const CompileJob& job, Datetime now)
      -> std::unique_ptr<Oracle> {
    auto oracle = std::unique_ptr<Oracle>(new Oracle(environment, job, now));
    if (options.ledger.address.empty()) return oracle;
    auto grants = ReadApprovals(options.approvals, options.policies.limits);
    if (!grants) return ReportError(grants.error(), ErrorFormat(options)), nullptr;
    oracle->approvals_ = std::move(*grants);
    const PolicySetOptions set = {.policies = options.policies, .bundle = {}, .entities = options.entities, .schema = options.schema};
    oracle->deployment_ = Deployment::OnSources(options.ledger, set, EngineChoice::Interpreter, now, ErrorFormat(options));
    return oracle->deployment_ == nullptr ? nullptr : std::move(oracle);
  }

  auto Decide(std::string_view json) -> Expected<DecidedAnswer> {
    if (deployment_ != nullptr) {
      const Deployment::Extra extra = {.session = {}, .request_id = {}, .approvals = approvals_, .dry_run = true};
      return deployment_->Decide(json, extra, now_, true);
    }
    auto answer = decider_.Decide(json, now_);
    if (!answer) return std::unexpected(answer.error());
    return DecidedAnswer{.answer = std::move(*answer)};
  }

  auto Show(const DecidedAnswer& answer, const ExplainOptions& options) -> std::string {
    const PolicyIds ids =
        deployment_ != nullptr ? deployment_->ids() : PolicyIds{.program = environment_.program, .interner = environment_.interner};
    const CompileJob& job = deployment_ != nullptr ? deployment_->job() : job_;
    const bool color = options.format == ExplainFormat::Text && options.output.empty() && UseColor(stdout);
    return options.format == ExplainFormat::Json ? AnswerJson(answer, ids) : AnswerText(answer, ids, job, color);
  }

  // What the ledger answered, where there is one and nothing is quarantined.
  auto Readings(const DecidedAnswer& answer) -> std::optional<explain::LedgerReadings> {
    const Decision& decision = answer.answer.decision;
    if (deployment_ == nullptr || !answer.governed || !decision.quarantined.empty()) return std::nullopt;
    const PolicyIds ids = deployment_->ids();
    const auto name = [&](SymbolId symbol) { return std::string(ids.interner.text(symbol)); };
    explain::LedgerReadings readings = {.budgets = {}, .breakers = {}, .lifted = {}, .outcome = decision.outcome};
    for (const auto& claim : decision.budgets) {
      readings.budgets.push_back({.name = name(ids.program.budgets[claim.budget].name),
                                  .key = claim.key,
                                  .charge = claim.charge,
                                  .limit = claim.limit,
                                  .used = claim.used});
    }
    for (const auto& claim : decision.breakers)
      readings.breakers.push_back({.name = name(ids.program.breakers[claim.breaker].name), .key = claim.key, .is_open = claim.is_open});
    for (const auto& cap : answer.governed->covered) readings.lifted.emplace_back(ids(cap.policy));
    return readings;
  }

 private:
  Oracle(const PolicyEnvironment& environment, const CompileJob& job, Datetime now)
      : environment_(environment), job_(job), now_(now), decider_(environment, job.limits) {}

  const PolicyEnvironment& environment_;
  const CompileJob& job_;
  Datetime now_;
  RequestDecider decider_;
  std::unique_ptr<Deployment> deployment_ = nullptr;
  std::vector<std::string> approvals_ = {};
};

auto Report(const ExplainOptions& options, const explain::Explained& explained, const explain::Flips& flips, const std::string& answer,
            const SourceManager& sources) -> bool {
  std::string text;
  switch (options.format) {
    case ExplainFormat::Text: text = FormatText(explained, flips, answer, sources); break;
    case ExplainFormat::Json: text = FormatJson(explained, flips, answer, sources); break;
    case ExplainFormat::Html: text = FormatHtml(explained, flips, answer, sources); break;
  }
  if (options.output.empty()) return fmt::print("{}", text), true;
  const auto done = WriteTextFile(options.output, text);
  if (!done) ReportError(done.error(), ErrorFormat(options));
  return done.has_value();
}

auto Run(const ExplainOptions& options) -> ExitCode {
  const auto& limits = options.policies.limits;
  CompileJob job(limits);
  const auto loaded = LoadEnvironment(job, options.policies, options.entities, options.schema, ErrorFormat(options));
  if (!loaded) return kFailed;
  const auto request = ReadTextFile(options.request, limits.max_request_bytes);
  const auto entities = options.entities.empty() ? Expected<std::string>("[]") : ReadTextFile(options.entities, limits.max_json_bytes);
  if (!request || !entities) return ReportError(request ? entities.error() : request.error(), ErrorFormat(options));

  const Datetime now = options.time.Read();
  const Schema* schema = loaded->schema ? &*loaded->schema : nullptr;
  const PolicyEnvironment environment = {
      .program = loaded->program, .entities = loaded->entities, .interner = job.interner, .schema = schema};
  const auto oracle = Oracle::Open(options, environment, job, now);
  if (oracle == nullptr) return kFailed;
  const auto answer = oracle->Decide(*request);
  if (!answer) return ReportError(answer.error(), ErrorFormat(options));
  const explain::ExplainInput input = {.job = job, .program = loaded->program, .entities = loaded->entities, .schema = schema, .now = now};
  const auto explained = explain::Explain(input, *request);
  if (!explained) return ReportError(explained.error(), ErrorFormat(options));

  explain::FlipInput flip_input = {.job = job, .request = *request, .entities = *entities, .statements = {}, .decide = {}};
  for (const auto& statement : explained->statements) flip_input.statements.push_back(statement.id);
  flip_input.decide = [&](const std::string& json) -> Expected<std::string> {
    const auto other = oracle->Decide(json);
    if (!other) return std::unexpected(other.error());
    return std::string(OutcomeName(other->answer.decision.outcome));
  };
  auto flips = explain::FindFlips(flip_input);
  if (const auto readings = oracle->Readings(*answer)) explain::FindBudgetFlips(input, *request, *readings, flips);
  if (!Report(options, *explained, flips, oracle->Show(*answer, options), job.sources)) return kFailed;
  return answer->answer.decision.allowed() ? kDone : kNegative;
}

}  // namespace

void AddExplain(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("explain", "Why a request came out as it did, and the smallest change that would turn it around");
  auto options = std::make_shared<ExplainOptions>();
  AddPolicyOptions(*verb, options->policies);
  verb->add_option("-e,--entities", options->entities, "Entities as JSON")->option_text("FILE");
  AddSchemaOption(*verb, options->schema);
  verb->add_option("-r,--request", options->request, "One request as JSON, `-` for standard input")->required()->option_text("FILE");
  options->time.AddOption(*verb);
  auto* ledger = AddLedgerOption(*verb, options->ledger);
  AddAcceptedKeysOption(*verb, options->ledger);
  verb->get_option("--accept-key")->needs(ledger);
  AddApprovalOption(*verb, options->approvals, ledger);
  static const std::map<std::string, ExplainFormat> kFormats = {
      {"text", ExplainFormat::Text}, {"json", ExplainFormat::Json}, {"html", ExplainFormat::Html}};
  verb->add_option("--format", options->format, "text (default), json, or html: one page that loads nothing")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("text|json|html");
  verb->add_option("-o,--output", options->output, "Where it goes: standard output by default")->option_text("FILE");
  verb->footer("Exit codes: 0 executed, 1 anything else, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
