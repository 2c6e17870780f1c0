#include <algorithm>

#include "compiler/project/settings.h"
#include "runtime/base/did_you_mean.h"

namespace remit::project {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kLevels = "lint.levels.";
constexpr std::string_view kServer = "server.";
constexpr std::string_view kDefaultPolicies = "policies";

void ReadLevel(SettingReader& reader, const TomlEntry& entry) {
  const std::string code = entry.key.substr(kLevels.size());
  const auto level = entry.value.type == TomlType::Text ? lint::FindLevel(entry.value.text) : std::nullopt;
  if (!level) {
    reader.sink.Report(DiagnosticCode::ProjectValue, entry.value.span, entry.key, entry.value.text).help =
        "a level is off, info, warning or error";
    return;
  }
  if (code == "all") return;  // read before the others
  if (const auto rule = lint::FindRule(code)) return reader.project.lint.levels.Set(*rule, *level);
  std::vector<std::string_view> codes;
  for (const auto& row : lint::AllRules()) codes.push_back(row.code);
  reader.sink.Report(DiagnosticCode::ProjectUnknownRule, entry.key_span, code).help = DidYouMean(code, codes);
}

// The level of all rules holds for those that have none of their own, wherever in the file it stands.
void ReadLevelOfAll(SettingReader& reader, const std::vector<TomlEntry>& entries) {
  const auto it = std::ranges::find(entries, std::string(kLevels) + "all", &TomlEntry::key);
  const auto level = it == entries.end() ? std::nullopt : lint::FindLevel(it->value.text);
  if (!level) return;
  for (const auto& row : lint::AllRules()) reader.project.lint.levels.Set(row.rule, *level);
}

void ReadServerSetting(SettingReader& reader, const TomlEntry& entry) {
  RawSetting setting{.key = entry.key.substr(kServer.size()), .values = {}, .span = entry.value.span};
  const bool is_list = entry.value.type == TomlType::List;
  for (const TomlValue& value : is_list ? entry.value.elements : std::vector<TomlValue>{entry.value}) {
    if (value.type == TomlType::List || value.type == TomlType::Other) {
      reader.sink.Report(DiagnosticCode::ProjectType, value.span, entry.key, "a text, number, or list of them", TypeName(value.type)).help =
          "callers and their credentials belong in a file of the server's own: `server.config`";
      return;
    }
    setting.values.push_back(value.text);
  }
  reader.project.server.settings.push_back(std::move(setting));
}

void ReportUnknown(SettingReader& reader, const TomlEntry& entry) {
  std::vector<std::string_view> keys;
  for (const auto& info : ProjectSettings()) keys.push_back(info.key);
  reader.sink.Report(DiagnosticCode::ProjectUnknownKey, entry.key_span, entry.key).help = DidYouMean(entry.key, keys);
}

void ReadEntry(SettingReader& reader, const TomlEntry& entry) {
  if (const auto read = FindSetting(entry.key)) return read(reader, entry);
  if (entry.key.starts_with(kLevels)) return ReadLevel(reader, entry);
  if (entry.key.starts_with(kServer)) return ReadServerSetting(reader, entry);
  ReportUnknown(reader, entry);
}

// A project without policies is none: those of the folder that they have by default, unless it names others.
void UseDefaultPolicies(SettingReader& reader, const std::vector<TomlEntry>& entries, FileId file) {
  const auto named = std::ranges::find(entries, "policies", &TomlEntry::key);
  Project& project = reader.project;
  if (named != entries.end()) {
    if (project.policies.empty() && !reader.sink.has_errors()) reader.sink.Report(DiagnosticCode::ProjectNoPolicies, named->value.span);
    return;
  }
  const auto folder = fs::path(project.root) / kDefaultPolicies;
  std::error_code error;
  const Span nowhere = {.file = file, .begin = 0, .end = 0};
  if (!fs::exists(folder, error)) {
    reader.sink.Report(DiagnosticCode::ProjectNoPolicies, nowhere).help = "`policies` names files or folders";
    return;
  }
  project.policies.push_back({.path = folder.string(), .span = nowhere});
}

}  // namespace

auto ReadProject(const fs::path& file, std::string text, SourceManager& sources, DiagnosticSink& sink) -> std::optional<Project> {
  std::error_code error;
  const auto absolute = fs::absolute(file, error).lexically_normal();
  Project project{.file = absolute.string(), .root = absolute.parent_path().string()};
  const FileId id = sources.Add(ShownPath(project.file, fs::current_path(error)), std::move(text));
  const auto errors = sink.error_count();
  const auto entries = ReadToml(id, sources, sink);
  if (!entries) return std::nullopt;
  SettingReader reader{.root = project.root, .sink = sink, .project = project};
  ReadLevelOfAll(reader, *entries);
  for (const TomlEntry& entry : *entries) {
    if (sink.dropped_count() > 0) break;  // each mistake costs a search for what was meant
    ReadEntry(reader, entry);
  }
  UseDefaultPolicies(reader, *entries, id);
  if (sink.error_count() > errors) return std::nullopt;
  return project;
}

}  // namespace remit::project
