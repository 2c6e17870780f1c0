// Coverage for people and for the tools that read it. Pure functions; whoever calls them writes.
#pragma once

#include <string>

#include "compiler/coverage/coverage.h"

namespace remit::coverage {

// A table of statements, the sides of conditions that were never taken, and the totals.
auto FormatText(const Coverage& coverage, const SourceManager& sources) -> std::string;

// A tracefile of lcov, as geninfo(1) describes it: lines, branches, and a statement as a function.
auto FormatLcov(const Coverage& coverage, const SourceManager& sources) -> std::string;

// One page with everything in it: nothing is loaded from anywhere, and nothing runs.
auto FormatHtml(const Coverage& coverage, const SourceManager& sources) -> std::string;

// `94.1 %`
auto PercentText(double percent) -> std::string;

}  // namespace remit::coverage
