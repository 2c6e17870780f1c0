#include "runtime/base/json_string.h"

#include <fmt/format.h>

#include <iterator>

namespace remit {

void AppendJsonEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    out += c;
  }
}

auto QuoteJsonString(std::string_view text) -> std::string {
  std::string quoted = "\"";
  for (const char c : text) AppendJsonEscaped(quoted, c);
  return quoted + '"';
}

}  // namespace remit
