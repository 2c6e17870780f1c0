// remit lint: what in policies that check is probably not what was meant, or not safe.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "compiler/lint/fixes.h"
#include "compiler/lint/lint_job.h"
#include "compiler/lint/report.h"
#include "runtime/base/did_you_mean.h"
#include "tools/remit/forbid_errors_option.h"
#include "tools/remit/verb.h"
#include "tools/remit/version.h"

namespace remit::cli {
namespace {

using lint::Level;

enum class LintFormat : uint8_t { Text, Json, Sarif, Junit, Github, Checkstyle };

struct LintVerbOptions {
  PolicyOptions policies;
  std::vector<std::string> schemas;
  std::vector<std::string> levels;  // `code=level`
  std::vector<std::string> only;
  std::string output;
  LintFormat format = LintFormat::Text;
  bool fix = false;
  bool dry_run = false;
  bool deny_warnings = false;
  bool list_rules = false;
  std::string explain;
};

auto ErrorFormat(const LintVerbOptions& options) -> Format { return options.format == LintFormat::Json ? Format::Json : Format::Human; }

auto Refuse(const LintVerbOptions& options, std::string code, std::string message) -> ExitCode {
  return ReportError({.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}}, ErrorFormat(options));
}

auto UnknownRule(std::string_view code) -> Error {
  std::vector<std::string_view> codes;
  for (const auto& row : lint::AllRules()) codes.push_back(row.code);
  return {.code = "unknown-rule", .message = fmt::format("there is no rule `{}`", code), .pointer = {}, .help = DidYouMean(code, codes)};
}

// `code=level`, or `all=level`.
auto ReadLevel(std::string_view text, lint::LintOptions& levels) -> Expected<void> {
  const auto equals = text.find('=');
  const auto code = text.substr(0, equals);
  const auto level = equals == std::string_view::npos ? std::nullopt : lint::FindLevel(text.substr(equals + 1));
  if (!level) {
    return std::unexpected(Error{.code = "invalid-level",
                                 .message = fmt::format("`{}` is not a rule, `=`, and off, info, warning or error", text),
                                 .pointer = {},
                                 .help = {}});
  }
  if (code == "all") {
    for (const auto& row : lint::AllRules()) levels.Set(row.rule, *level);
    return {};
  }
  const auto rule = lint::FindRule(code);
  if (!rule) return std::unexpected(UnknownRule(code));
  levels.Set(*rule, *level);
  return {};
}

auto ReadLevels(const LintVerbOptions& options) -> Expected<lint::LintOptions> {
  lint::LintOptions levels;
  for (const auto& text : options.levels) {
    if (auto done = ReadLevel(text, levels); !done) return std::unexpected(done.error());
  }
  if (options.only.empty()) return levels;
  auto only = levels;
  for (const auto& row : lint::AllRules()) only.Set(row.rule, Level::Off);
  for (const auto& code : options.only) {
    const auto rule = lint::FindRule(code);
    if (!rule) return std::unexpected(UnknownRule(code));
    // Asked for by name: found even where it is off.
    only.Set(*rule, levels.level(*rule) == Level::Off ? Level::Warning : levels.level(*rule));
  }
  return only;
}

auto ListRules() -> ExitCode {
  for (const auto& row : lint::AllRules()) {
    fmt::print("{:24} {:10} {:8} {:4} {}\n", row.code, lint::CategoryName(row.category), lint::LevelName(row.level),
               row.fix == lint::Fix::Safe ? "fix" : "", row.message);
  }
  return kDone;
}

auto ReportText(const LintVerbOptions& options, const lint::LintReport& report, const SourceManager& sources) -> std::string {
  switch (options.format) {
    case LintFormat::Text: return lint::FormatText(report, sources, options.output.empty() && UseColor(stdout));
    case LintFormat::Json: return lint::FormatJson(report, sources);
    case LintFormat::Sarif: return lint::FormatSarif(report, sources, REMIT_VERSION);
    case LintFormat::Junit: return lint::FormatJunit(report, sources);
    case LintFormat::Github: return lint::FormatGithub(report, sources);
    case LintFormat::Checkstyle: return lint::FormatCheckstyle(report, sources);
  }
  return {};
}

auto Write(const LintVerbOptions& options, const std::string& text) -> bool {
  if (options.output.empty()) {
    fmt::print("{}", text);
    return true;
  }
  const auto done = WriteTextFile(options.output, text);
  if (!done) ReportError(done.error(), ErrorFormat(options));
  return done.has_value();
}

// In one line, for people.
void Summarize(const lint::LintReport& report, size_t statements) {
  fmt::print(stderr, "{} statements: {} errors, {} warnings, {} infos, {} allowed\n", statements, report.Count(Level::Error),
             report.Count(Level::Warning), report.Count(Level::Info), report.allowed);
}

// Writes the files that change. What is left to find is for the next run.
auto Fix(const LintVerbOptions& options, const lint::LintReport& report, const SourceManager& sources) -> ExitCode {
  const auto fixed = lint::ApplyFixes(report.findings, sources);
  for (const auto& [file, text] : fixed.texts) {
    const auto& name = sources.file(file).name();
    fmt::print(stderr, "{} {}\n", options.dry_run ? "would fix" : "fixed", name);
    if (options.dry_run) continue;
    if (name == "-") return Refuse(options, "cannot-write", "policies on standard input cannot be fixed");
    if (auto done = WriteTextFile(name, text); !done) return ReportError(done.error(), ErrorFormat(options));
  }
  fmt::print(stderr, "{} findings {}, {} more overlap with these\n", fixed.fixed, options.dry_run ? "can be fixed" : "fixed",
             fixed.overlapping);
  return options.dry_run && fixed.fixed > 0 ? kNegative : kDone;
}

auto Run(const LintVerbOptions& options) -> ExitCode {
  if (options.list_rules) return ListRules();
  if (!options.explain.empty()) {
    const auto rule = lint::FindRule(options.explain);
    if (!rule) return ReportError(UnknownRule(options.explain), ErrorFormat(options));
    fmt::print("{}", lint::RulePage(lint::RowOf(*rule)));
    return kDone;
  }
  if (options.policies.policies.empty()) return Refuse(options, "no-policies", "name policy files, `-`, or folders");
  const auto levels = ReadLevels(options);
  if (!levels) return ReportError(levels.error(), ErrorFormat(options));

  CompileJob job(options.policies.limits);
  if (!LoadPolicyInputs(job, options.policies, ErrorFormat(options))) return kFailed;
  std::vector<SchemaText> schema;
  if (!options.schemas.empty()) {
    auto texts = ReadSchemaInputs(options.schemas, options.policies.limits, ErrorFormat(options));
    if (!texts) return kFailed;
    schema = std::move(*texts);
  }
  const auto report = lint::LintJob(job, std::move(schema), options.policies.ids, *levels);
  if (job.sink.has_errors()) {
    ReportDiagnostics(job, ErrorFormat(options));
    return kFailed;
  }
  if (options.fix || options.dry_run) return Fix(options, report, job.sources);
  if (!Write(options, ReportText(options, report, job.sources))) return kFailed;
  if (options.format == LintFormat::Text) Summarize(report, job.ast.statements.size());
  const bool is_bad = report.Count(Level::Error) > 0 || (options.deny_warnings && report.Count(Level::Warning) > 0);
  return is_bad ? kNegative : kDone;
}

}  // namespace

void AddLint(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("lint", "Find what in policies is probably not what was meant, or not safe");
  auto options = std::make_shared<LintVerbOptions>();
  verb->add_option("policies", options->policies.policies, "Policy files, `-`, or folders with *.cedar and *.remit")
      ->option_text("PATH...");
  verb->add_option("--links", options->policies.links, "Template links as JSON")->option_text("FILE");
  AddSchemaOption(*verb, options->schemas);
  AddForbidErrorsOption(*verb);
  verb->add_option("--level", options->levels, "Another level for a rule: off, info, warning, error; `all=..` for every rule")
      ->allow_extra_args(false)
      ->option_text("CODE=LEVEL");
  verb->add_option("--only", options->only, "Look for these rules alone")->delimiter(',')->allow_extra_args(false)->option_text("CODE,..");
  static const std::map<std::string, LintFormat> kFormats = {{"text", LintFormat::Text},     {"json", LintFormat::Json},
                                                             {"sarif", LintFormat::Sarif},   {"junit", LintFormat::Junit},
                                                             {"github", LintFormat::Github}, {"checkstyle", LintFormat::Checkstyle}};
  verb->add_option("--format", options->format, "text (default), json, sarif, junit, github or checkstyle")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("FORMAT");
  verb->add_option("-o,--output", options->output, "Write the report to a file")->option_text("FILE");
  verb->add_flag("--fix", options->fix, "Write what can be fixed without a change of meaning");
  verb->add_flag("--dry-run", options->dry_run, "Say what `--fix` would change; exit with 1 if there is something");
  verb->add_flag("--deny-warnings", options->deny_warnings, "Exit with 1 if there are warnings");
  verb->add_flag("--rules", options->list_rules, "List the rules");
  verb->add_option("--explain", options->explain, "Tell about a rule")->option_text("CODE");
  AddLimitOptions(*verb, options->policies.limits);
  verb->footer(
      "Exit codes: 0 no findings of level error, 1 there are some, or warnings that are denied, 2 policies that do not check, or wrong "
      "usage.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
