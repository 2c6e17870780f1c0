// remit project: what holds in the project somebody stands in, and where it is said.
#include <fmt/format.h>

#include <memory>

#include "runtime/base/json_string.h"
#include "runtime/ledger/store_address.h"
#include "tools/remit/project_verbs.h"
#include "tools/remit/server_settings.h"

namespace remit::cli {
namespace {

struct ProjectVerbOptions {
  const CLI::App* app;
  std::string folder;  // empty: here
  Format format = Format::Human;
};

auto SettingsOf(project::Project project) -> std::vector<project::ShownSetting> {
  project.ledger = ledger::MaskAddress(project.ledger);
  auto all = project::ShowSettings(project);
  for (auto& each : ShowServerSettings(project)) all.push_back(std::move(each));
  return all;
}

auto NoProject(Format format) -> ExitCode {
  return ReportError({.code = "no-project",
                      .message = "there is no remit.toml here or in a folder above",
                      .pointer = {},
                      .help = "`remit init` makes one"},
                     format);
}

// What is said behind the verb is where to look; `--project` before it names the file or its folder, as for every verb.
auto FileOf(const ProjectVerbOptions& options) -> std::optional<std::filesystem::path> {
  if (options.app->get_option("--no-project")->count() > 0) return std::nullopt;
  const auto* named = options.app->get_option("--project");
  if (named->count() == 0) return project::FindProjectFile(options.folder.empty() ? "." : options.folder);
  if (!options.folder.empty()) throw CLI::ExcludesError("folder", "--project");
  return project::NamedProjectFile(named->as<std::string>());
}

auto Run(const ProjectVerbOptions& options) -> ExitCode {
  const auto file = FileOf(options);
  if (!file) return NoProject(options.format);
  CompileJob job;
  const auto project = project::LoadProject(*file, job.sources, job.sink);
  if (!project) return ReportError(project.error(), options.format);
  if (*project) CheckServerSettings(**project, job.sink);
  if (job.sink.has_errors()) return ReportDiagnostics(job, options.format), kFailed;
  std::string json;
  for (const auto& [key, value] : SettingsOf(**project)) {
    if (options.format == Format::Human) fmt::print("{} = {}\n", key, value);
    json += fmt::format("{}{}:{}", json.empty() ? "" : ",", QuoteJsonString(key), value);
  }
  if (options.format == Format::Json) fmt::print("{{{}}}\n", json);
  return kDone;
}

}  // namespace

void AddProject(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("project", "Show what the project's remit.toml comes to, and whether it is right");
  auto options = std::make_shared<ProjectVerbOptions>();
  options->app = &app;
  verb->add_option("folder", options->folder, "Where to look, and upwards; here by default")->option_text("DIR");
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 there is one, 2 there is none, or it is wrong.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
