#include "tools/remit/project_settings.h"

#include <algorithm>
#include <array>

#include "compiler/lint/rules.h"
#include "compiler/project/choices.h"

namespace remit::cli {
namespace {

using project::Project;
using project::ProjectPath;
using Values = std::vector<std::string>;

auto Here(const std::string& path) -> std::string {
  std::error_code error;
  return project::ShownPath(path, std::filesystem::current_path(error));
}

auto List(const std::vector<ProjectPath>& paths) -> Values {
  Values values;
  for (const auto& each : paths) values.push_back(Here(each.path));
  return values;
}
auto One(const std::optional<ProjectPath>& path) -> Values { return path ? Values{Here(path->path)} : Values{}; }
auto Flag(bool is_set) -> Values { return is_set ? Values{"true"} : Values{}; }

// What is the default anyway is not said: a setting of the server may say something else.
template <typename T>
auto Unless(T usual, const project::Choices<T>& choices, T value) -> Values {
  return value == usual ? Values{} : Values{project::ChoiceName(choices, value)};
}

auto WithTests(const Project& project) -> Values {
  Values values = List(project.policies);
  for (auto& each : List(project.tests)) values.push_back(std::move(each));
  return values;
}

// What can be laid out: files, not what is shipped.
auto Files(Values values) -> Values {
  std::erase_if(values, [](const std::string& value) { return IsBuiltinName(value); });
  return values;
}

auto Levels(const Project& project) -> Values {
  const lint::LintOptions usual;
  Values values;
  for (const auto& row : lint::AllRules()) {
    const auto level = project.lint.levels.level(row.rule);
    if (level != usual.level(row.rule)) values.push_back(fmt::format("{}={}", row.code, lint::LevelName(level)));
  }
  return values;
}

// Verbs that have nothing to do with a project's policies. `evaluate` takes one schema and no policies; `run-tests` brings its own.
constexpr std::string_view kOutside = " evaluate run-tests translate inspect sign init keys ";

constexpr std::string_view kPolicySources = " --policies policies paths --bundle --config ";

// clang-format off
const std::array kFills = {
    //          verbs               option            unless            what
    ProjectFill{" check lint ",     "policies",       kPolicySources,   WithTests},
    ProjectFill{" test ",           "paths",          kPolicySources,   WithTests},
    ProjectFill{" format ",         "policies",       kPolicySources,   [](const Project& p) { return Files(WithTests(p)); }},
    ProjectFill{" schema format ",  "files",          {},               [](const Project& p) { return Files(List(p.schema)); }},
    ProjectFill{" format schema format ", "--line-width", {},           [](const Project& p) { return Values{fmt::format("{}", p.format.line_width)}; }},
    ProjectFill{" format schema format ", "--indent", {},               [](const Project& p) { return Values{fmt::format("{}", p.format.indent)}; }},
    ProjectFill{" check ",          "--mode",         {},               [](const Project& p) { return Values{project::ChoiceName(project::kModeChoices, p.check.options.mode)}; }},
    ProjectFill{" check ",          "--level",        {},               [](const Project& p) { return p.check.options.max_level ? Values{fmt::format("{}", *p.check.options.max_level)} : Values{}; }},
    ProjectFill{" check ",          "--deny-warnings", {},              [](const Project& p) { return Flag(p.check.deny_warnings); }},
    ProjectFill{" lint ",           "--deny-warnings", {},              [](const Project& p) { return Flag(p.lint.deny_warnings); }},
    ProjectFill{" lint ",           "--level",        {},               Levels, true},
    ProjectFill{" test ",           "--min-coverage", " --filter ",     [](const Project& p) { return p.min_coverage ? Values{fmt::format("{}", *p.min_coverage)} : Values{}; }},
    ProjectFill{" approve deny revoke ", "--key",     {},               [](const Project& p) { return One(p.approvals.signing_key); }},
    ProjectFill{" serve ",          "--signing-key",  " --config ",     [](const Project& p) { return One(p.approvals.signing_key); }},
    ProjectFill{" serve ",          "--accepted-keys", " --config ",    [](const Project& p) { return List(p.approvals.accepted_keys); }},
    ProjectFill{" serve ",          "--audit-folder", " --config ",     [](const Project& p) { return One(p.audit.folder); }},
    ProjectFill{" serve ",          "--audit-key",    " --config ",     [](const Project& p) { return One(p.audit.key); }},
    ProjectFill{" serve ",          "--audit-origin", " --config ",     [](const Project& p) { return p.audit.origin.empty() ? Values{} : Values{p.audit.origin}; }},
    ProjectFill{" serve ",          "--config",       {},               [](const Project& p) { return One(p.server.config); }},
    ProjectFill{"*",                "--policies",     kPolicySources,   [](const Project& p) { return List(p.policies); }},
    ProjectFill{"*",                "--links",        kPolicySources,   [](const Project& p) { return One(p.links); }},
    ProjectFill{"*",                "--ids",          kPolicySources,   [](const Project& p) { return Values{project::ChoiceName(project::kIdChoices, p.ids)}; }},
    ProjectFill{"*",                "--schema",       " --bundle --config ", [](const Project& p) { return List(p.schema); }},
    ProjectFill{"*",                "--entities",     " --config ",     [](const Project& p) { return One(p.entities); }},
    ProjectFill{"*",                "--ledger",       " --config ",     [](const Project& p) { return p.ledger.empty() ? Values{} : Values{p.ledger}; }},
    ProjectFill{"*",                "--accept-key",   {},               [](const Project& p) { return List(p.approvals.accepted_keys); }},
    ProjectFill{" decide replay ",  "--engine",       " --bundle ",     [](const Project& p) { return Unless(EngineChoice::Interpreter, project::kEngineChoices, p.engine); }},
    ProjectFill{"*",                "--forbid-errors", " --bundle --config ", [](const Project& p) { return Unless(false, project::kForbidErrorsChoices, p.forbid_errors_deny); }},
};
// clang-format on

auto Has(std::string_view words, std::string_view word) -> bool { return words.find(fmt::format(" {} ", word)) != std::string_view::npos; }

}  // namespace

auto FindProjectFill(std::string_view verb, std::string_view option) -> const ProjectFill* {
  const auto fits = [&](const ProjectFill& fill) {
    if (fill.option != option) return false;
    return fill.verbs == "*" ? !Has(kOutside, verb.substr(0, verb.find(' '))) : Has(fill.verbs, verb);
  };
  const auto it = std::ranges::find_if(kFills, fits);
  return it == kFills.end() ? nullptr : &*it;
}

}  // namespace remit::cli
