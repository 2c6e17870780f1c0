// Text in the place of other text: what fixes and `--update` change.
#pragma once

#include <string>
#include <vector>

#include "compiler/source/source_file.h"

namespace remit {

struct Edit {
  Span span;
  std::string text;
};

// A text with the edits made. They are of one file and do not overlap.
auto ApplyEdits(std::string_view text, std::vector<Edit> edits) -> std::string;

}  // namespace remit
