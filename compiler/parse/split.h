// Where the statements of a text are, without reading them: for whoever keeps what it knows of a statement until its text changes.
#pragma once

#include <vector>

#include "compiler/parse/parse.h"

namespace remit {

// In the order of the text; each from its first token to its last, whether or not it can be read. Text that is not UTF-8, or beyond the limits, is one
// statement as a whole.
auto SplitStatements(FileId file, ParseContext& context) -> std::vector<Span>;

}  // namespace remit
