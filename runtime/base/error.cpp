#include "runtime/base/error.h"

#include <utility>

namespace remit {

auto Fail(std::string_view code, std::string message, std::string help) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::string(code), .message = std::move(message), .pointer = {}, .help = std::move(help)});
}

auto FormatError(const Error& error) -> std::string {
  std::string text = error.pointer.empty() ? error.message : error.pointer + ": " + error.message;
  if (!error.help.empty()) {
    text += " (" + error.help + ")";
  }
  return text;
}

}  // namespace remit
