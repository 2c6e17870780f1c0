#include "compiler/project/settings.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "compiler/driver/packs.h"
#include "compiler/schema/remit_namespace.h"
#include "runtime/base/did_you_mean.h"

namespace remit::project {
namespace fs = std::filesystem;
namespace {

void WrongType(SettingReader& reader, const TomlEntry& entry, const TomlValue& value, std::string_view wanted) {
  reader.sink.Report(DiagnosticCode::ProjectType, value.span, entry.key, wanted, TypeName(value.type));
}

// ---- what values are ----------------------------------------------------------------------------------------------------------

auto TextOf(SettingReader& reader, const TomlEntry& entry) -> std::optional<std::string> {
  if (entry.value.type == TomlType::Text) return entry.value.text;
  WrongType(reader, entry, entry.value, "a text");
  return std::nullopt;
}

void ReadFlag(SettingReader& reader, const TomlEntry& entry, bool& flag) {
  if (entry.value.type != TomlType::Boolean) return WrongType(reader, entry, entry.value, "true or false");
  flag = entry.value.boolean;
}

auto IntegerOf(SettingReader& reader, const TomlEntry& entry, int64_t least, int64_t most) -> std::optional<int64_t> {
  const TomlValue& value = entry.value;
  if (value.type != TomlType::Integer) return WrongType(reader, entry, value, "a whole number"), std::nullopt;
  if (value.integer >= least && value.integer <= most) return value.integer;
  reader.sink.Report(DiagnosticCode::ProjectValue, value.span, entry.key, value.text).help = fmt::format("from {} to {}", least, most);
  return std::nullopt;
}

template <typename T>
struct Choice {
  std::string_view name;
  T value;
};

template <typename T, size_t N>
void ReadChoice(SettingReader& reader, const TomlEntry& entry, const std::array<Choice<T>, N>& choices, T& chosen) {
  const auto text = TextOf(reader, entry);
  if (!text) return;
  const auto it = std::ranges::find(choices, *text, &Choice<T>::name);
  if (it != choices.end()) {
    chosen = it->value;
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& choice : choices) names.push_back(choice.name);
  std::string all = "one of";
  for (const auto name : names) all += fmt::format(" `{}`", name);
  reader.sink.Report(DiagnosticCode::ProjectValue, entry.value.span, entry.key, *text).help = DidYouMean(*text, names, all);
}

// ---- paths --------------------------------------------------------------------------------------------------------------------

enum class Existence : uint8_t { Needed, NotNeeded };

auto PathOf(SettingReader& reader, const TomlEntry& entry, const TomlValue& value, Existence existence) -> std::optional<ProjectPath> {
  if (value.type != TomlType::Text) return WrongType(reader, entry, value, "a path"), std::nullopt;
  if (value.text.empty() || value.text == "-") {
    reader.sink.Report(DiagnosticCode::ProjectValue, value.span, entry.key, value.text);
    return std::nullopt;
  }
  const auto path = (fs::path(reader.root) / value.text).lexically_normal();
  std::error_code error;
  if (existence == Existence::Needed && !fs::exists(path, error)) {
    reader.sink.Report(DiagnosticCode::ProjectPathMissing, value.span, value.text);
    return std::nullopt;
  }
  // A folder named with a slash at its end is the folder.
  return ProjectPath{.path = path.has_filename() ? path.string() : path.parent_path().string(), .span = value.span};
}

void ReadPath(SettingReader& reader, const TomlEntry& entry, Existence existence, std::optional<ProjectPath>& path) {
  path = PathOf(reader, entry, entry.value, existence);
}

// A list, or one alone. `builtins`: the names that are known behind `builtin:`.
void ReadPaths(SettingReader& reader, const TomlEntry& entry, const std::vector<std::string_view>& builtins,
               std::vector<ProjectPath>& paths) {
  const bool is_list = entry.value.type == TomlType::List;
  for (const TomlValue& value : is_list ? entry.value.elements : std::vector<TomlValue>{entry.value}) {
    if (value.type == TomlType::Text && value.text.starts_with("builtin:")) {
      if (std::ranges::find(builtins, value.text) == builtins.end()) {
        reader.sink.Report(DiagnosticCode::ProjectUnknownBuiltin, value.span, value.text).help = DidYouMean(value.text, builtins);
      } else {
        paths.push_back({.path = value.text, .span = value.span});
      }
    } else if (auto path = PathOf(reader, entry, value, Existence::Needed)) {
      paths.push_back(std::move(*path));
    }
  }
}

// Files are relative to the project, other stores are what they are.
void ReadLedger(SettingReader& reader, const TomlEntry& entry) {
  const auto text = TextOf(reader, entry);
  if (!text) return;
  constexpr std::string_view kFile = "sqlite:";
  const bool is_file = text->starts_with(kFile) || (text->ends_with(".db") && text->find("://") == std::string::npos);
  if (!is_file) {
    reader.project.ledger = *text;
    return;
  }
  const std::string path = text->starts_with(kFile) ? text->substr(kFile.size()) : *text;
  reader.project.ledger = std::string(kFile) + (fs::path(reader.root) / path).lexically_normal().string();
}

// ---- the rows -----------------------------------------------------------------------------------------------------------------

constexpr std::array<Choice<ast::IdConvention>, 2> kIds = {{{"remit", ast::IdConvention::Remit}, {"cedar", ast::IdConvention::Cedar}}};
constexpr std::array<Choice<bool>, 2> kForbidErrors = {{{"skip", false}, {"deny", true}}};
constexpr std::array<Choice<EngineChoice>, 2> kEngines = {{{"interpreter", EngineChoice::Interpreter}, {"native", EngineChoice::Native}}};
constexpr std::array<Choice<check::Mode>, 2> kModes = {{{"strict", check::Mode::Strict}, {"permissive", check::Mode::Permissive}}};

struct Row {
  SettingInfo info;
  ReadSetting read;
};

// The signature of every reader, so that rows are rows.
#define READ [](SettingReader & r, const TomlEntry& e)

// clang-format off
constexpr std::array kRows = {
    //   key                       takes                     what it is
    Row{{"policies",               "paths",                  "policy files, folders of them, and shipped packs (`builtin:approvals`); `policies` unless given"}, READ { ReadPaths(r, e, PolicyBuiltins(), r.project.policies); }},
    Row{{"tests",                  "paths",                  "files and folders with tests, beside those among the policies"}, READ { ReadPaths(r, e, {}, r.project.tests); }},
    Row{{"schema",                 "paths",                  "the schema; several files make one together, and `builtin:remit` is the namespace `Remit`"}, READ { ReadPaths(r, e, SchemaBuiltins(), r.project.schema); }},
    Row{{"entities",               "path",                   "entities as JSON"}, READ { ReadPath(r, e, Existence::Needed, r.project.entities); }},
    Row{{"links",                  "path",                   "template links as JSON"}, READ { ReadPath(r, e, Existence::Needed, r.project.links); }},
    Row{{"ids",                    "`remit`, `cedar`",       "what a policy goes by: its `@id`, or always its position"}, READ { ReadChoice(r, e, kIds, r.project.ids); }},
    Row{{"forbid_errors",          "`skip`, `deny`",         "what a `forbid` that cannot be evaluated does: nothing, as in Cedar, or it denies"}, READ { ReadChoice(r, e, kForbidErrors, r.project.forbid_errors_deny); }},
    Row{{"engine",                 "`interpreter`, `native`", "what decides"}, READ { ReadChoice(r, e, kEngines, r.project.engine); }},
    Row{{"ledger",                 "address",                "where budgets, approvals and the quarantine are kept"}, ReadLedger},
    Row{{"check.mode",             "`strict`, `permissive`", "how types must fit"}, READ { ReadChoice(r, e, kModes, r.project.check.options.mode); }},
    Row{{"check.level",            "number",                 "refuse policies that read more than so many entities deep"}, READ { if (auto n = IntegerOf(r, e, 0, UINT32_MAX)) r.project.check.options.max_level = static_cast<uint32_t>(*n); }},
    Row{{"check.deny_warnings",    "true, false",            "warnings of `check` make the exit code 1"}, READ { ReadFlag(r, e, r.project.check.deny_warnings); }},
    Row{{"lint.deny_warnings",     "true, false",            "warnings of `lint` make the exit code 1"}, READ { ReadFlag(r, e, r.project.lint.deny_warnings); }},
    Row{{"test.min_coverage",      "percent",                "`test` fails if less is reached"}, READ { if (auto n = IntegerOf(r, e, 0, 100)) r.project.min_coverage = static_cast<double>(*n); }},
    Row{{"format.line_width",      "number",                 "longest line to aim for"}, READ { if (auto n = IntegerOf(r, e, 20, 1000)) r.project.format.line_width = static_cast<uint32_t>(*n); }},
    Row{{"format.indent",          "number",                 "spaces of one level"}, READ { if (auto n = IntegerOf(r, e, 0, 16)) r.project.format.indent = static_cast<uint32_t>(*n); }},
    Row{{"approvals.signing_key",  "path",                   "the private key that signs grants; it need not be there"}, READ { ReadPath(r, e, Existence::NotNeeded, r.project.approvals.signing_key); }},
    Row{{"approvals.accepted_keys", "paths",                 "public keys whose grants count"}, READ { ReadPaths(r, e, {}, r.project.approvals.accepted_keys); }},
    Row{{"audit.folder",           "path",                   "folder of the server's audit log"}, READ { ReadPath(r, e, Existence::NotNeeded, r.project.audit.folder); }},
    Row{{"audit.key",              "path",                   "key that signs its checkpoints"}, READ { ReadPath(r, e, Existence::NotNeeded, r.project.audit.key); }},
    Row{{"audit.origin",           "text",                   "what the log is called in its checkpoints"}, READ { if (auto t = TextOf(r, e)) r.project.audit.origin = *t; }},
    Row{{"server.config",          "path",                   "a configuration of `remit serve`, read first"}, READ { ReadPath(r, e, Existence::Needed, r.project.server.config); }},
};
// clang-format on
#undef READ

constexpr auto MakeInfos() {
  std::array<SettingInfo, kRows.size() + 2> infos;
  for (size_t i = 0; i < kRows.size(); ++i) infos[i] = kRows[i].info;
  infos[kRows.size()] = {"lint.levels.CODE", "`off`, `info`, `warning`, `error`", "the level of a rule, or of `all`"};
  infos[kRows.size() + 1] = {"server.KEY", "as there", "any setting of `remit serve`"};
  return infos;
}
constexpr auto kInfos = MakeInfos();

}  // namespace

auto ProjectSettings() -> std::span<const SettingInfo> { return kInfos; }

auto FindSetting(std::string_view key) -> ReadSetting {
  const auto it = std::ranges::find_if(kRows, [&](const Row& row) { return row.info.key == key; });
  return it == kRows.end() ? nullptr : it->read;
}

}  // namespace remit::project
