// What mutation testing found, for people and programs. Pure functions; whoever calls them writes.
#pragma once

#include "compiler/mutation/mutation_run.h"

namespace remit::mutation {

// Those that nothing noticed, with the lines before and after, and the score.
auto FormatText(const MutationResult& result, const SourceManager& sources, bool color) -> std::string;

// {"mutants": [{"code", "fate", "statement", "file", "line", "column", "before", "after", "killedBy"?, "tests"}], "killed", "survived", "unreached",
// "invalid", "equivalent", "notRun", "score"}
auto FormatJson(const MutationResult& result, const SourceManager& sources) -> std::string;

}  // namespace remit::mutation
