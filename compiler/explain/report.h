// Explanations for people, programs and browsers. Pure functions; whoever calls them writes.
#pragma once

#include "compiler/explain/explain.h"
#include "compiler/explain/flips.h"

namespace remit::explain {

// `answer`: the decision, as whoever made it shows it; as text, or as JSON.
auto FormatText(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string;

// {"answer", "statements": [{"id", "effect", "satisfied", "scope", "conditions": [{"kind", "holds", "error"?, "value": V}], "file"?, "line"?}],
// "complete", "flips": [{"changes": [{"what", "before"?, "after"?}], "outcome"}], "search": {"tried", "candidates", "exhausted"}}; a V is
// {"text", "value"?, "error"?, "parts"?}.
auto FormatJson(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string;

// One page with everything in it: nothing is loaded from anywhere, and nothing runs.
auto FormatHtml(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string;

}  // namespace remit::explain
