// What a command line leaves out is what the project says (docs/project.md): between parsing and running a verb its options are filled in from remit.toml,
// as if they had been typed. One table says which option takes which setting, so verbs know nothing of projects.
//
// Rather than each verb asking for the project: there are thirty of them, and one that forgets would quietly do without.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "compiler/project/project.h"
#include "tools/remit/verb.h"

namespace remit::cli {

class ProjectDefaults {
 public:
  // Adds `--project` and `--no-project`. Call it behind the last verb, with what `main` was called with: where the project is must be known before anything
  // is parsed, because in a project less is required.
  ProjectDefaults(CLI::App& app, int argc, const char* const* argv);

 private:
  struct Loaded {
    CompileJob job;
    std::optional<project::Project> project;
  };

  void Relax(CLI::App& verb, const std::string& path);
  void Fill(CLI::App& verb, const std::string& path);
  auto Values(CLI::App& verb, const std::string& path, const CLI::Option& option) -> std::vector<std::string>;
  auto SettingOf(const CLI::Option& option) -> std::vector<std::string>;
  auto Get() -> const project::Project&;
  [[noreturn]] void Refuse();

  std::optional<std::filesystem::path> file_;
  std::unique_ptr<Loaded> loaded_;
  std::set<const CLI::Option*> required_;  // but for the project
};

}  // namespace remit::cli
