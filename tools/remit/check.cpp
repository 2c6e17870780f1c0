// remit check: reads policies and reports what is wrong with them.
#include <fmt/format.h>

#include <memory>

#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct CheckOptions {
  PolicyOptions policies;
  Format format = Format::Human;
};

auto Run(const CheckOptions& options) -> ExitCode {
  CompileJob job(options.policies.limits);
  if (!LoadPolicyInputs(job, options.policies, options.format)) return kFailed;
  StatementIds(job, options.policies.ids);  // warns about repeated ids
  ReportDiagnostics(job, options.format);
  if (options.format == Format::Human) {
    fmt::print("{} statements, {} links: no errors\n", job.ast.statements.size(), job.ast.links.size());
  }
  return kDone;
}

}  // namespace

void AddCheck(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("check", "Read policies and report what is wrong with their syntax");
  auto options = std::make_shared<CheckOptions>();
  verb->add_option("policies", options->policies.policies, "Policy files, `-`, or folders with *.cedar and *.remit")
      ->required()
      ->option_text("PATH...");
  verb->add_option("--links", options->policies.links, "Template links as JSON")->option_text("FILE");
  AddLimitOptions(*verb, options->policies.limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 no errors, 2 errors.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
