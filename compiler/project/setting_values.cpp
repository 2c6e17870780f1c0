#include "compiler/project/setting_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/driver/packs.h"
#include "runtime/base/did_you_mean.h"

namespace remit::project {
namespace fs = std::filesystem;
namespace {

void WrongType(SettingReader& reader, const TomlEntry& entry, const TomlValue& value, std::string_view wanted) {
  reader.sink.Report(DiagnosticCode::ProjectType, value.span, entry.key, wanted, TypeName(value.type));
}

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

}  // namespace

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

auto NumberOf(SettingReader& reader, const TomlEntry& entry, double least, double most) -> std::optional<double> {
  const TomlValue& value = entry.value;
  if (value.type != TomlType::Integer && value.type != TomlType::Float) return WrongType(reader, entry, value, "a number"), std::nullopt;
  if (value.number >= least && value.number <= most) return value.number;  // which a NaN is not
  reader.sink.Report(DiagnosticCode::ProjectValue, value.span, entry.key, value.text).help = fmt::format("from {} to {}", least, most);
  return std::nullopt;
}

void ReportChoice(SettingReader& reader, const TomlEntry& entry, const std::vector<std::string_view>& names) {
  std::string all = "one of";
  for (const auto name : names) all += fmt::format(" `{}`", name);
  const std::string& text = entry.value.text;
  reader.sink.Report(DiagnosticCode::ProjectValue, entry.value.span, entry.key, text).help = DidYouMean(text, names, all);
}

void ReadPath(SettingReader& reader, const TomlEntry& entry, Existence existence, std::optional<ProjectPath>& path) {
  path = PathOf(reader, entry, entry.value, existence);
}

void ReadPaths(SettingReader& reader, const TomlEntry& entry, const std::vector<std::string_view>& builtins,
               std::vector<ProjectPath>& paths) {
  const bool is_list = entry.value.type == TomlType::List;
  for (const TomlValue& value : is_list ? entry.value.elements : std::vector<TomlValue>{entry.value}) {
    if (value.type == TomlType::Text && IsBuiltinName(value.text)) {
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

void ReadLedger(SettingReader& reader, const TomlEntry& entry) {
  if (const auto text = TextOf(reader, entry)) reader.project.ledger = LedgerAddress(reader.root, *text);
}

}  // namespace remit::project
