// remit check: reads policies and reports what is wrong with them: syntax alone, or types too where there is a schema.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/check.h"
#include "compiler/project/choices.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct CheckOptions {
  PolicyOptions policies;
  std::vector<std::string> schemas;
  check::CheckOptions rules;
  bool deny_warnings = false;
  Format format = Format::Human;
};

// What was found, in one line.
void Summarize(const CompileJob& job) {
  const auto& sink = job.sink;
  const auto count = [](uint32_t number, std::string_view word) { return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s"); };
  const auto errors = sink.error_count() == 0 ? "no errors" : count(sink.error_count(), "error");
  const auto warnings = sink.warning_count() == 0 ? "" : ", " + count(sink.warning_count(), "warning");
  fmt::print("{} statements, {} links: {}{}\n", job.ast.statements.size(), job.ast.links.size(), errors, warnings);
}

auto Run(const CheckOptions& options) -> ExitCode {
  CompileJob job(options.policies.limits);
  if (!LoadPolicyInputs(job, options.policies, options.format)) return kFailed;
  if (options.schemas.empty()) {
    CheckLinks(job, StatementIds(job, options.policies.ids));
  } else {
    const auto schema = LoadSchemaInputs(job, options.schemas, options.format);
    if (!schema) return kFailed;
    CheckPolicies(job, *schema, options.policies.ids, options.rules);
  }
  ReportDiagnostics(job, options.format);
  if (options.format == Format::Human) Summarize(job);
  if (job.sink.has_errors()) return kFailed;
  return options.deny_warnings && job.sink.warning_count() > 0 ? kNegative : kDone;
}

}  // namespace

void AddCheck(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("check", "Check policies: their syntax and, with a schema, their types");
  auto options = std::make_shared<CheckOptions>();
  verb->add_option("policies", options->policies.policies, "Policy files, `-`, or folders with *.cedar and *.remit")
      ->required()
      ->option_text("PATH...");
  verb->add_option("--links", options->policies.links, "Template links as JSON")->option_text("FILE");
  auto* schema = AddSchemaOption(*verb, options->schemas);
  verb->add_option("--mode", options->rules.mode, "How types must fit: strict (default) or permissive, as in Cedar")
      ->transform(CLI::CheckedTransformer(project::ChoiceMap(project::kModeChoices)))
      ->option_text("strict|permissive")
      ->needs(schema);
  verb->add_option("--level", options->rules.max_level, "Refuse policies that read more than so many entities deep (Cedar RFC 76)")
      ->option_text("N")
      ->needs(schema);
  verb->add_flag("--deny-warnings", options->deny_warnings, "Exit with 1 if there are warnings");
  AddLimitOptions(*verb, options->policies.limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 no errors, 1 warnings that are denied, 2 errors.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
