// The fixes of findings as edits of whole files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/lint/finding.h"

namespace remit::lint {

struct FixedFiles {
  std::map<FileId, std::string> texts;  // new texts of the files that change
  size_t fixed = 0;
  size_t overlapping = 0;  // left for the next run: their place is changed by another fix
};

auto ApplyFixes(const std::vector<Finding>& findings, const SourceManager& sources) -> FixedFiles;

}  // namespace remit::lint
