// Coverage by line, for reports that show the source.
#pragma once

#include <map>
#include <vector>

#include "compiler/coverage/coverage.h"

namespace remit::coverage {

// A line that something begins on.
struct Line {
  uint64_t hits = 0;  // of what ran most often
  std::vector<const Branch*> branches;
  std::vector<const Clause*> unreached;
};

struct FileCoverage {
  FileId file;
  std::map<uint32_t, Line> lines;  // one-based
  std::vector<const StatementCoverage*> statements;
};

// Files in the order they were read. What has no place in a text, as policies from JSON, is left out. Borrows `coverage`.
auto ByLine(const Coverage& coverage, const SourceManager& sources) -> std::vector<FileCoverage>;

}  // namespace remit::coverage
