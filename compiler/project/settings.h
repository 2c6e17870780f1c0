// The settings of a project file, one row each: key, what it takes, what it does, and how it is read.
#pragma once

#include <span>

#include "compiler/project/project.h"
#include "compiler/project/toml_document.h"

namespace remit::project {

// Where a setting is read into, and who is told what is wrong with it.
struct SettingReader {
  const std::string& root;
  DiagnosticSink& sink;
  Project& project;
};

// The row whose key it is; null for those of a group (`lint.levels.CODE`, `server.KEY`) and for unknown ones.
using ReadSetting = void (*)(SettingReader&, const TomlEntry&);
auto FindSetting(std::string_view key) -> ReadSetting;

}  // namespace remit::project
