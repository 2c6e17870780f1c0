// remit completions: scripts that teach a shell the verbs and flags. Generated from the command line's own description, so they
// cannot disagree with it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

enum class Shell : uint8_t { Bash, Zsh, Fish };

struct VerbWords {
  std::string name;
  std::string description;
  std::vector<std::string> flags;  // with their dashes
};

void CollectFlags(const CLI::App& app, std::vector<std::string>& flags) {
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
    for (const auto& name : option->get_snames()) flags.push_back("-" + name);
  }
  // Groups of options, and the verbs of a verb.
  for (const auto* child : app.get_subcommands([](const CLI::App*) { return true; })) CollectFlags(*child, flags);
}

auto CollectVerbs(const CLI::App& app) -> std::vector<VerbWords> {
  std::vector<VerbWords> verbs;
  for (const auto* verb : app.get_subcommands([](const CLI::App* child) { return !child->get_name().empty(); })) {
    VerbWords words{.name = verb->get_name(), .description = verb->get_description(), .flags = {}};
    CollectFlags(*verb, words.flags);
    std::ranges::sort(words.flags);
    const auto repeated = std::ranges::unique(words.flags);
    words.flags.erase(repeated.begin(), repeated.end());
    verbs.push_back(std::move(words));
  }
  return verbs;
}

auto VerbNames(const std::vector<VerbWords>& verbs) -> std::string {
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.push_back(verb.name);
  return fmt::format("{}", fmt::join(names, " "));
}

auto BashScript(const std::vector<VerbWords>& verbs) -> std::string {
  std::string cases;
  for (const auto& verb : verbs) cases += fmt::format("    {}) words=\"{}\" ;;\n", verb.name, fmt::join(verb.flags, " "));
  return fmt::format(R"(_remit() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{}  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _remit remit
)",
                     VerbNames(verbs), cases);
}

auto ZshScript(const std::vector<VerbWords>& verbs) -> std::string {
  std::string descriptions;
  std::string cases;
  for (const auto& verb : verbs) {
    std::string quoted;
    for (const char c : verb.description) quoted += c == '\'' ? std::string{"'\\''"} : c == ':' ? std::string{"\\:"} : std::string{c};
    descriptions += fmt::format("    '{}:{}'\n", verb.name, quoted);
    cases += fmt::format("    {}) compadd -- {} ;;\n", verb.name, fmt::join(verb.flags, " "));
  }
  return fmt::format(R"(#compdef remit
_remit() {{
  local -a verbs=(
{}  )
  if (( CURRENT == 2 )); then
    _describe 'verb' verbs
    return
  fi
  if [[ "$words[CURRENT]" != -* ]]; then
    _files
    return
  fi
  case "$words[2]" in
{}  esac
}}
compdef _remit remit
)",
                     descriptions, cases);
}

auto FishScript(const std::vector<VerbWords>& verbs) -> std::string {
  std::string script;
  for (const auto& verb : verbs) {
    std::string quoted;
    for (const char c : verb.description) quoted += c == '\'' ? std::string{"\\'"} : std::string{c};
    script += fmt::format("complete -c remit -n __fish_use_subcommand -a {} -d '{}'\n", verb.name, quoted);
    for (const auto& flag : verb.flags) {
      const bool is_long = flag.starts_with("--");
      script += fmt::format("complete -c remit -n '__fish_seen_subcommand_from {}' -{} {}\n", verb.name, is_long ? "l" : "s",
                            flag.substr(is_long ? 2 : 1));
    }
  }
  return script;
}

auto Script(Shell shell, const std::vector<VerbWords>& verbs) -> std::string {
  switch (shell) {
    case Shell::Bash: return BashScript(verbs);
    case Shell::Zsh: return ZshScript(verbs);
    case Shell::Fish: return FishScript(verbs);
  }
  return "";
}

}  // namespace

void AddCompletions(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("completions", "Print a completion script: remit completions bash > /etc/bash_completion.d/remit");
  auto shell = std::make_shared<Shell>(Shell::Bash);
  verb->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->transform(CLI::CheckedTransformer(std::map<std::string, Shell>{{"bash", Shell::Bash}, {"zsh", Shell::Zsh}, {"fish", Shell::Fish}}))
      ->option_text("bash|zsh|fish");
  verb->callback([&app, shell, &exit] {
    fmt::print("{}", Script(*shell, CollectVerbs(app)));
    exit = kDone;
  });
}

}  // namespace remit::cli
