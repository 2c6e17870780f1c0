#include "runtime/base/error.h"

namespace remit {

auto FormatError(const Error& error) -> std::string {
  std::string text = error.pointer.empty() ? error.message : error.pointer + ": " + error.message;
  if (!error.help.empty()) {
    text += " (" + error.help + ")";
  }
  return text;
}

}  // namespace remit
