// remit format: lays policy text out in the one way.
#include <memory>

#include "compiler/driver/format.h"
#include "tools/remit/layout_options.h"

namespace remit::cli {
namespace {

struct FormatOptions {
  std::vector<std::string> paths;
  LayoutOptions output;
};

auto FormatFile(const FormatOptions& options, const std::string& path) -> ExitCode {
  auto text = ReadTextFile(path, options.output.limits.max_source_bytes);
  if (!text) return ReportError(text.error(), options.output.format);
  CompileJob job(options.output.limits);
  const auto formatted = FormatPolicies(job, path, *text, options.output.layout);
  if (!formatted) {
    ReportDiagnostics(job, options.output.format);
    return kFailed;
  }
  return Deliver(options.output, path, *text, *formatted);
}

auto Run(const FormatOptions& options) -> ExitCode {
  ExitCode worst = kDone;
  for (const auto& path : options.paths) {
    const auto files = ListPolicyFiles(path);
    if (!files) return ReportError(files.error(), options.output.format);
    for (const auto& file : *files) worst = std::max(worst, FormatFile(options, file));
  }
  return worst;
}

}  // namespace

void AddFormat(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("format", "Lay policy text out in the one way; comments stay, the meaning too");
  auto options = std::make_shared<FormatOptions>();
  verb->add_option("policies", options->paths, "Policy files, `-`, or folders with *.cedar and *.remit")
      ->required()
      ->option_text("PATH...");
  AddLayoutOptions(*verb, options->output);
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
