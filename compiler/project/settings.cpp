#include "compiler/project/settings.h"

#include <algorithm>
#include <array>

#include "compiler/driver/packs.h"
#include "compiler/project/choices.h"
#include "compiler/project/setting_values.h"
#include "runtime/base/json_string.h"

namespace remit::project {
namespace {

// ---- how they are shown -------------------------------------------------------------------------------------------------------

auto Show(const std::string& text) -> std::string { return text.empty() ? std::string() : QuoteJsonString(text); }
auto Show(const std::optional<ProjectPath>& path) -> std::string { return path ? QuoteJsonString(path->path) : std::string(); }
auto Show(const std::vector<ProjectPath>& paths) -> std::string {
  std::string out;
  for (const auto& each : paths) out += (out.empty() ? "[" : ", ") + QuoteJsonString(each.path);
  return out.empty() ? out : out + "]";
}
auto Show(bool flag) -> std::string { return flag ? "true" : "false"; }
auto Show(uint32_t number) -> std::string { return fmt::format("{}", number); }
template <typename T>
auto Show(const std::optional<T>& number) -> std::string {
  return number ? fmt::format("{}", *number) : std::string();
}
template <typename T>
auto Show(const Choices<T>& choices, T value) -> std::string {
  return QuoteJsonString(ChoiceName(choices, value));
}

// ---- the rows -----------------------------------------------------------------------------------------------------------------

struct Row {
  SettingInfo info;
  ReadSetting read;
  std::string (*show)(const Project&);  // empty: it is not there
};

// The signatures of the functions of a row, so that rows are rows.
#define READ [](SettingReader & r, const TomlEntry& e)
#define SHOW [](const Project& p) -> std::string

// clang-format off
constexpr std::array kRows = {
    //   key                       takes                     what it is
    //       how it is read, and shown
    Row{{"policies",                  "paths",                   "policy files, folders of them, and shipped packs (`builtin:approvals`); `policies` unless given"},
        READ { ReadPaths(r, e, PolicyBuiltins(), r.project.policies); }, SHOW { return Show(p.policies); }},
    Row{{"tests",                     "paths",                   "files and folders with tests, beside those among the policies; for `check`, `lint`, `test` and `format`"},
        READ { ReadPaths(r, e, {}, r.project.tests); }, SHOW { return Show(p.tests); }},
    Row{{"schema",                    "paths",                   "the schema; several files make one together, and `builtin:remit` is the namespace `Remit`"},
        READ { ReadPaths(r, e, SchemaBuiltins(), r.project.schema); }, SHOW { return Show(p.schema); }},
    Row{{"entities",                  "path",                    "entities as JSON"},
        READ { ReadPath(r, e, Existence::Needed, r.project.entities); }, SHOW { return Show(p.entities); }},
    Row{{"links",                     "path",                    "template links as JSON"},
        READ { ReadPath(r, e, Existence::Needed, r.project.links); }, SHOW { return Show(p.links); }},
    Row{{"ids",                       "`remit`, `cedar`",        "what a policy goes by: its `@id`, or always its position"},
        READ { ReadChoice(r, e, kIdChoices, r.project.ids); }, SHOW { return Show(kIdChoices, p.ids); }},
    Row{{"forbid_errors",             "`skip`, `deny`",          "what a `forbid` that cannot be evaluated does: nothing, as in Cedar, or it denies"},
        READ { ReadChoice(r, e, kForbidErrorsChoices, r.project.forbid_errors_deny); }, SHOW { return Show(kForbidErrorsChoices, p.forbid_errors_deny); }},
    Row{{"engine",                    "`interpreter`, `native`", "what decides in `remit decide` and `remit replay`"},
        READ { ReadChoice(r, e, kEngineChoices, r.project.engine); }, SHOW { return Show(kEngineChoices, p.engine); }},
    Row{{"ledger",                    "address",                 "where budgets, approvals and the quarantine are kept"},
        READ { ReadLedger(r, e); }, SHOW { return Show(p.ledger); }},
    Row{{"check.mode",                "`strict`, `permissive`",  "how types must fit"},
        READ { ReadChoice(r, e, kModeChoices, r.project.check.options.mode); }, SHOW { return Show(kModeChoices, p.check.options.mode); }},
    Row{{"check.level",               "number",                  "refuse policies that read more than so many entities deep"},
        READ { if (auto n = IntegerOf(r, e, 0, UINT32_MAX)) r.project.check.options.max_level = static_cast<uint32_t>(*n); }, SHOW { return Show(p.check.options.max_level); }},
    Row{{"check.deny_warnings",       "true, false",             "warnings of `check` make the exit code 1"},
        READ { ReadFlag(r, e, r.project.check.deny_warnings); }, SHOW { return Show(p.check.deny_warnings); }},
    Row{{"lint.deny_warnings",        "true, false",             "warnings of `lint` make the exit code 1"},
        READ { ReadFlag(r, e, r.project.lint.deny_warnings); }, SHOW { return Show(p.lint.deny_warnings); }},
    Row{{"test.min_coverage",         "percent",                 "`test` fails if less is reached; not with `--filter`"},
        READ { if (auto n = NumberOf(r, e, 0, 100)) r.project.min_coverage = *n; }, SHOW { return Show(p.min_coverage); }},
    Row{{"format.line_width",         "number",                  "longest line to aim for"},
        READ { if (auto n = IntegerOf(r, e, 20, 1000)) r.project.format.line_width = static_cast<uint32_t>(*n); }, SHOW { return Show(p.format.line_width); }},
    Row{{"format.indent",             "number",                  "spaces of one level"},
        READ { if (auto n = IntegerOf(r, e, 0, 16)) r.project.format.indent = static_cast<uint32_t>(*n); }, SHOW { return Show(p.format.indent); }},
    Row{{"approvals.signing_key",     "path",                    "the private key that signs grants; it need not be there"},
        READ { ReadPath(r, e, Existence::NotNeeded, r.project.approvals.signing_key); }, SHOW { return Show(p.approvals.signing_key); }},
    Row{{"approvals.accepted_keys",   "paths",                   "public keys whose grants count"},
        READ { ReadPaths(r, e, {}, r.project.approvals.accepted_keys); }, SHOW { return Show(p.approvals.accepted_keys); }},
    Row{{"audit.folder",              "path",                    "folder of the server's audit log"},
        READ { ReadPath(r, e, Existence::NotNeeded, r.project.audit.folder); }, SHOW { return Show(p.audit.folder); }},
    Row{{"audit.key",                 "path",                    "key that signs its checkpoints"},
        READ { ReadPath(r, e, Existence::NotNeeded, r.project.audit.key); }, SHOW { return Show(p.audit.key); }},
    Row{{"audit.origin",              "text",                    "what the log is called in its checkpoints"},
        READ { if (auto t = TextOf(r, e)) r.project.audit.origin = *t; }, SHOW { return Show(p.audit.origin); }},
    Row{{"server.config",             "path",                    "a configuration of `remit serve`, read first"},
        READ { ReadPath(r, e, Existence::Needed, r.project.server.config); }, SHOW { return Show(p.server.config); }},
};
// clang-format on
#undef READ
#undef SHOW

constexpr auto MakeInfos() {
  std::array<SettingInfo, kRows.size() + 2> infos;
  for (size_t i = 0; i < kRows.size(); ++i) infos[i] = kRows[i].info;
  infos[kRows.size()] = {"lint.levels.CODE", "`off`, `info`, `warning`, `error`",
                         "the level of a rule, or of `all`; those of `--level` come on top"};
  infos[kRows.size() + 1] = {
      "server.KEY", "as there",
      "any setting of `remit serve` ([cli.md](cli.md#remit-serve)): `server.listen`, `server.tls.cert`. Callers and their "
      "credentials belong in `server.config`"};
  return infos;
}
constexpr auto kInfos = MakeInfos();

}  // namespace

auto ProjectSettings() -> std::span<const SettingInfo> { return kInfos; }

auto ShowSettings(const Project& project) -> std::vector<ShownSetting> {
  std::vector<ShownSetting> shown = {{.key = "file", .value = QuoteJsonString(project.file)}};
  for (const Row& row : kRows) {
    if (auto value = row.show(project); !value.empty()) shown.push_back({.key = std::string(row.info.key), .value = std::move(value)});
  }
  const lint::LintOptions usual;
  for (const auto& row : lint::AllRules()) {
    const auto level = project.lint.levels.level(row.rule);
    if (level == usual.level(row.rule)) continue;
    shown.push_back({.key = fmt::format("lint.levels.{}", row.code), .value = QuoteJsonString(lint::LevelName(level))});
  }
  return shown;
}

auto FindSetting(std::string_view key) -> ReadSetting {
  const auto it = std::ranges::find_if(kRows, [&](const Row& row) { return row.info.key == key; });
  return it == kRows.end() ? nullptr : it->read;
}

}  // namespace remit::project
