// remit init: a project to begin with, that checks, lints and passes its tests.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "compiler/project/templates.h"
#include "runtime/base/json_string.h"
#include "tools/remit/project_verbs.h"

namespace remit::cli {
namespace {

struct InitOptions {
  std::string folder = ".";
  std::string name = "agent";
  Format format = Format::Human;
};

auto Quoted(const std::vector<std::string>& texts) -> std::vector<std::string> {
  std::vector<std::string> quoted;
  for (const auto& text : texts) quoted.push_back(QuoteJsonString(text));
  return quoted;
}

auto Run(const InitOptions& options) -> ExitCode {
  const auto written = project::WriteTemplate(options.name, options.folder);
  if (!written) return ReportError(written.error(), options.format);
  if (options.format == Format::Json) {
    fmt::print("{{\"template\":\"{}\",\"files\":[{}]}}\n", options.name, fmt::join(Quoted(*written), ","));
    return kDone;
  }
  for (const auto& path : *written) fmt::print("{}\n", path);
  fmt::print(stderr, "now: {}remit test\n", options.folder == "." ? "" : fmt::format("cd {} && ", options.folder));
  return kDone;
}

}  // namespace

void AddInit(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("init", "Begin a project: remit.toml, schema, policies, tests, a workflow for CI");
  auto options = std::make_shared<InitOptions>();
  verb->add_option("folder", options->folder, "Where; here by default, and made if it is not there")->option_text("DIR");
  verb->add_option("--template", options->name, fmt::format("What to begin with: {}", fmt::join(project::TemplateNames(), ", ")))
      ->option_text("NAME");
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 written, 2 a file exists, or cannot be written; then nothing was.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
