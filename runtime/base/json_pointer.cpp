#include "runtime/base/json_pointer.h"

namespace remit {

auto PointerStep(std::string_view key) -> std::string {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

}  // namespace remit
