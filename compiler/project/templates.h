// What `remit init` begins projects with: the files below stdlib/templates, part of the library so that none has to be found.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::project {

struct TemplateFile {
  std::string_view name;  // of the template; `common`: every one has it
  std::string_view path;  // in the project
  std::string_view text;
};
auto AllTemplateFiles() -> std::span<const TemplateFile>;
auto TemplateNames() -> std::vector<std::string_view>;

// Writes the template's files into `folder`, which is made if it is not there, and gives their paths. Nothing is written if any of them exists, or is in the
// way of another. Codes: "unknown-template", "file-exists", "cannot-write".
auto WriteTemplate(std::string_view name, const std::string& folder) -> Expected<std::vector<std::string>>;

}  // namespace remit::project
