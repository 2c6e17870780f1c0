#include "tools/remit/project_defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "runtime/server/process/config.h"
#include "tools/remit/project_settings.h"
#include "tools/remit/server_settings.h"

namespace remit::cli {
namespace fs = std::filesystem;
namespace {

// `--project PATH`, `--project=PATH` and `--no-project`, wherever they stand before a lone `--`.
struct ProjectWords {
  std::optional<std::string> path;
  bool is_off = false;
};
auto ReadWords(int argc, const char* const* argv) -> ProjectWords {
  constexpr std::string_view kFlag = "--project";
  ProjectWords words;
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (word == "--no-project") words.is_off = true;
    if (word == kFlag && i + 1 < argc) words.path = argv[i + 1];
    if (word.starts_with("--project=")) words.path = word.substr(kFlag.size() + 1);
  }
  return words;
}

auto FindFile(const ProjectWords& words) -> std::optional<fs::path> {
  std::error_code error;
  if (words.is_off) return std::nullopt;
  return words.path ? project::NamedProjectFile(*words.path) : project::FindProjectFile(fs::current_path(error));
}

auto NameOf(const CLI::Option& option) -> std::string {
  return option.get_lnames().empty() ? option.get_name(true) : "--" + option.get_lnames().front();
}

// Options of the verb and of its groups.
auto OptionsOf(CLI::App& verb) -> std::vector<CLI::Option*> {
  auto options = verb.get_options([](CLI::Option*) { return true; });
  for (CLI::App* group : verb.get_subcommands([](const CLI::App* child) { return child->get_name().empty(); })) {
    for (CLI::Option* option : OptionsOf(*group)) options.push_back(option);
  }
  return options;
}

auto VerbsOf(CLI::App& app) -> std::vector<CLI::App*> {
  return app.get_subcommands([](const CLI::App* child) { return !child->get_name().empty(); });
}

// Whether one of the options that `names` lists was given.
auto IsGiven(CLI::App& verb, std::string_view names) -> bool {
  return std::ranges::any_of(OptionsOf(verb), [&](const CLI::Option* option) {
    return option->count() > 0 && names.find(fmt::format(" {} ", NameOf(*option))) != std::string_view::npos;
  });
}

// As if it had been typed. What was typed stands behind it, where several may stand, and counts.
void Put(CLI::Option& option, const std::vector<std::string>& values) {
  std::vector<std::string> all = values;
  const auto typed = option.results();
  all.insert(all.end(), typed.begin(), typed.end());
  option.clear();
  for (auto& value : all) option.add_result(std::move(value));
  option.run_callback();
}

// A variable of the environment sets it already.
auto IsInEnvironment(const std::string& flag) -> bool {
  const auto& settings = server::Settings();
  const auto it = std::ranges::find_if(settings, [&](const auto& each) { return server::FlagOf(each) == flag; });
  return it != settings.end() && std::getenv(server::VariableOf(*it).c_str()) != nullptr;
}

}  // namespace

ProjectDefaults::ProjectDefaults(CLI::App& app, int argc, const char* const* argv) : file_(FindFile(ReadWords(argc, argv))) {
  // Read above; here they are described, and taken off the command line.
  auto* off = app.add_flag("--no-project")->description("Leave remit.toml alone");
  app.add_option("--project", "The project: a folder with a remit.toml, or such a file; found upwards by default")
      ->option_text("PATH")
      ->excludes(off);
  if (!file_) return;
  for (CLI::App* verb : VerbsOf(app)) Relax(*verb, verb->get_name());
  app.parse_complete_callback([this, &app] {
    for (CLI::App* verb : app.get_subcommands()) Fill(*verb, verb->get_name());
  });
}

// What the project gives need not be typed, neither for itself nor for options that need it.
void ProjectDefaults::Relax(CLI::App& verb, const std::string& path) {
  for (CLI::App* child : VerbsOf(verb)) Relax(*child, path + " " + child->get_name());
  for (CLI::Option* option : OptionsOf(verb)) {
    if (FindProjectFill(path, NameOf(*option)) == nullptr) continue;
    if (option->get_required()) required_.insert(option);
    option->required(false);
    for (CLI::Option* other : OptionsOf(verb)) other->remove_needs(option);
  }
}

// Read when the first verb needs it: a mistake in it is no reason not to show a key.
auto ProjectDefaults::Get() -> const project::Project& {
  if (loaded_ == nullptr) {
    loaded_ = std::make_unique<Loaded>();
    auto project = project::LoadProject(*file_, loaded_->job.sources, loaded_->job.sink);
    if (!project) throw CLI::RuntimeError(ReportError(project.error(), Format::Human));
    if (!*project) Refuse();
    loaded_->project = std::move(*project);
  }
  return *loaded_->project;
}

void ProjectDefaults::Refuse() {
  ReportDiagnostics(loaded_->job, Format::Human);
  throw CLI::RuntimeError(kFailed);
}

auto ProjectDefaults::Values(CLI::App& verb, const std::string& path, const CLI::Option& option) -> std::vector<std::string> {
  const auto name = NameOf(option);
  const auto* fill = FindProjectFill(path, name);
  if (path == "serve" && IsInEnvironment(name)) return {};
  const bool is_open = option.count() == 0 || (fill != nullptr && fill->is_beneath);
  if (is_open && fill != nullptr && !IsGiven(verb, fill->unless)) {
    if (auto values = fill->values(Get()); !values.empty()) return values;
  }
  if (path == "serve" && option.count() == 0 && !IsGiven(verb, " --config ")) return SettingOf(option);
  return {};
}

// The environment wins over a file, and that is what the project is to a server.
auto ProjectDefaults::SettingOf(const CLI::Option& option) -> std::vector<std::string> {
  const auto& settings = server::Settings();
  const auto name = NameOf(option);
  const auto setting = std::ranges::find_if(settings, [&](const auto& each) { return server::FlagOf(each) == name; });
  if (setting == settings.end()) return {};
  return ServerValues(Get(), setting->key);
}

void ProjectDefaults::Fill(CLI::App& verb, const std::string& path) {
  for (CLI::App* child : VerbsOf(verb)) {
    if (child->parsed()) Fill(*child, path + " " + child->get_name());
  }
  struct Filled {
    CLI::Option* option;
    std::vector<std::string> values;
  };
  std::vector<Filled> all;  // found before any is put, which would look as if it had been given
  for (CLI::Option* option : OptionsOf(verb)) {
    auto values = Values(verb, path, *option);
    if (values.empty() && option->count() == 0 && required_.contains(option)) throw CLI::RequiredError(NameOf(*option));
    if (!values.empty()) all.push_back({option, std::move(values)});
  }
  if (path == "serve" && loaded_ != nullptr) {
    CheckServerSettings(Get(), loaded_->job.sink);
    if (loaded_->job.sink.has_errors()) Refuse();
  }
  for (const auto& each : all) Put(*each.option, each.values);
}

}  // namespace remit::cli
