// Expectations rewritten to what came out, in the source: only the words that were wrong, so that comments and layout stay.
#pragma once

#include <string>
#include <vector>

#include "compiler/source/source_file.h"
#include "compiler/testing/test_result.h"

namespace remit::tests {

// Of `expect OUTCOME [by "id", ..]` at `step`. Ids are written only where there were some; without any the `by` goes.
auto EditsForExpect(const SourceManager& sources, Span step, std::string_view outcome, const std::vector<std::string>& by)
    -> std::vector<Edit>;

}  // namespace remit::tests
