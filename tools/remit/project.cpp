// remit project: what holds in the project somebody stands in, and where it is said.
#include <fmt/format.h>

#include <memory>

#include "runtime/base/json_string.h"
#include "tools/remit/project_defaults.h"
#include "tools/remit/project_verbs.h"

namespace remit::cli {
namespace {

using project::Project;
using project::ProjectPath;

struct ProjectVerbOptions {
  std::string path;
  Format format = Format::Human;
};

// One setting as TOML and as JSON, which write texts, lists and booleans alike.
struct Shown {
  std::string_view key;
  std::string value;
};

auto Quoted(const std::string& text) -> std::string { return QuoteJsonString(text); }
auto QuotedList(const std::vector<ProjectPath>& paths) -> std::string {
  std::string out = "[";
  for (const auto& each : paths) out += (out.size() > 1 ? ", " : "") + Quoted(each.path);
  return out + "]";
}
auto FlagText(bool flag) -> std::string { return flag ? "true" : "false"; }

auto LevelsOf(const Project& project) -> std::string {
  const lint::LintOptions usual;
  std::string out;
  for (const auto& row : lint::AllRules()) {
    const auto level = project.lint.levels.level(row.rule);
    if (level != usual.level(row.rule)) out += fmt::format("{}{}={}", out.empty() ? "" : " ", row.code, lint::LevelName(level));
  }
  return Quoted(out);
}

auto SettingsOf(const Project& project) -> std::vector<Shown> {
  std::vector<Shown> all = {{"file", Quoted(project.file)}, {"policies", QuotedList(project.policies)}};
  const auto add = [&](std::string_view key, std::string value) { all.push_back({key, std::move(value)}); };
  if (!project.tests.empty()) add("tests", QuotedList(project.tests));
  if (!project.schema.empty()) add("schema", QuotedList(project.schema));
  if (project.entities) add("entities", Quoted(project.entities->path));
  if (project.links) add("links", Quoted(project.links->path));
  add("ids", Quoted(project.ids == ast::IdConvention::Remit ? "remit" : "cedar"));
  add("forbid_errors", Quoted(project.forbid_errors_deny ? "deny" : "skip"));
  add("engine", Quoted(project.engine == EngineChoice::Native ? "native" : "interpreter"));
  if (!project.ledger.empty()) add("ledger", Quoted(project.ledger));
  add("check.mode", Quoted(project.check.options.mode == check::Mode::Strict ? "strict" : "permissive"));
  add("check.deny_warnings", FlagText(project.check.deny_warnings));
  add("lint.deny_warnings", FlagText(project.lint.deny_warnings));
  add("lint.levels", LevelsOf(project));
  return all;
}

auto NoProject(Format format) -> ExitCode {
  return ReportError({.code = "no-project",
                      .message = "there is no remit.toml here or in a folder above",
                      .pointer = {},
                      .help = "`remit init` makes one"},
                     format);
}

auto Run(const ProjectVerbOptions& options) -> ExitCode {
  const auto file = project::FindProjectFile(options.path);
  if (!file) return NoProject(options.format);
  CompileJob job;
  const auto project = project::LoadProject(*file, job.sources, job.sink);
  if (!project) return ReportError(project.error(), options.format);
  if (!*project) return ReportDiagnostics(job, options.format), kFailed;
  std::string json;
  for (const auto& [key, value] : SettingsOf(**project)) {
    if (options.format == Format::Human) fmt::print("{} = {}\n", key, value);
    json += fmt::format("{}\"{}\":{}", json.empty() ? "" : ",", key, value);
  }
  if (options.format == Format::Json) fmt::print("{{{}}}\n", json);
  return kDone;
}

}  // namespace

void AddProject(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("project", "Show what the project's remit.toml comes to, and whether it is right");
  auto options = std::make_shared<ProjectVerbOptions>();
  options->path = ".";
  verb->add_option("folder", options->path, "Where to look, and upwards; here by default")->option_text("DIR");
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 there is one, 2 there is none, or it is wrong.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
