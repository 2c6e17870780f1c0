#include "runtime/base/json_depth.h"

namespace remit {

auto IsShallowJson(std::string_view text, size_t max_depth) -> bool {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return false;
    } else if (c == '}' || c == ']') {
      if (depth-- == 0) return false;
    }
  }
  return true;
}

}  // namespace remit
