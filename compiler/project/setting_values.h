// Values of settings, read: what is none is reported where it stands, and nothing is returned or changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/project/choices.h"
#include "compiler/project/settings.h"

namespace remit::project {

auto TextOf(SettingReader& reader, const TomlEntry& entry) -> std::optional<std::string>;
void ReadFlag(SettingReader& reader, const TomlEntry& entry, bool& flag);
auto IntegerOf(SettingReader& reader, const TomlEntry& entry, int64_t least, int64_t most) -> std::optional<int64_t>;
// With digits behind the point or without.
auto NumberOf(SettingReader& reader, const TomlEntry& entry, double least, double most) -> std::optional<double>;

enum class Existence : uint8_t { Needed, NotNeeded };
void ReadPath(SettingReader& reader, const TomlEntry& entry, Existence existence, std::optional<ProjectPath>& path);
// A list, or one alone. `builtins`: the names that are known behind `builtin:`.
void ReadPaths(SettingReader& reader, const TomlEntry& entry, const std::vector<std::string_view>& builtins,
               std::vector<ProjectPath>& paths);

// Files are relative to the project, other stores are what they are.
void ReadLedger(SettingReader& reader, const TomlEntry& entry);

// Says which names there are, the nearest first.
void ReportChoice(SettingReader& reader, const TomlEntry& entry, const std::vector<std::string_view>& names);

template <typename T>
void ReadChoice(SettingReader& reader, const TomlEntry& entry, const Choices<T>& choices, T& chosen) {
  const auto text = TextOf(reader, entry);
  if (!text) return;
  std::vector<std::string_view> names;
  for (const auto& choice : choices) {
    if (choice.name == *text) return void(chosen = choice.value);
    names.push_back(choice.name);
  }
  ReportChoice(reader, entry, names);
}

}  // namespace remit::project
