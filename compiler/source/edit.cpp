#include "compiler/source/edit.h"

#include <algorithm>

namespace remit {

auto ApplyEdits(std::string_view text, std::vector<Edit> edits) -> std::string {
  std::ranges::sort(edits, {}, [](const Edit& edit) { return edit.span.begin; });
  std::string result;
  size_t at = 0;
  for (const auto& [span, replacement] : edits) {
    result += text.substr(at, span.begin - at);
    result += replacement;
    at = span.end;
  }
  result += text.substr(at);
  return result;
}

}  // namespace remit
