// The settings of `remit serve` that a project has: `server.KEY` in remit.toml. What they may be only the server knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/project/project.h"

namespace remit::cli {

// Those of one key, nothing if the project does not say. Paths are relative to the project and made absolute.
auto ServerValues(const project::Project& project, std::string_view key) -> std::vector<std::string>;

// Keys that are none, and values that cannot be, are reported where they stand.
void CheckServerSettings(const project::Project& project, DiagnosticSink& sink);

// As TOML, without secrets. They have been checked.
auto ShowServerSettings(const project::Project& project) -> std::vector<project::ShownSetting>;

}  // namespace remit::cli
