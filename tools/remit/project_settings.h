// Which option of which verb takes which setting of a project.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/project/project.h"

namespace remit::cli {

struct ProjectFill {
  std::string_view verbs;   // names with a blank at both ends, or `*` for all that take part
  std::string_view option;  // as CLI11 calls it: `--schema`, or the name of a positional
  // Left out where one of these is given: what belongs together comes from one place. Names with a blank at both ends.
  std::string_view unless;
  // Empty: the project does not say.
  std::vector<std::string> (*values)(const project::Project&);
  bool is_beneath = false;  // what is typed is added, and counts
};

// The first row that fits counts; null if none does. `verb` is the whole path, `schema show`.
auto FindProjectFill(std::string_view verb, std::string_view option) -> const ProjectFill*;

}  // namespace remit::cli
