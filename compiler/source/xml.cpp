#include "compiler/source/xml.h"

#include <fmt/format.h>

#include <cstdint>

namespace remit {

auto EscapeXml(std::string_view text) -> std::string {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '&': escaped += "&amp;"; break;
      case '"': escaped += "&quot;"; break;
      case '\n':
      case '\t': escaped += fmt::format("&#{};", static_cast<int>(c)); break;
      default: escaped += static_cast<uint8_t>(c) < 0x20 ? ' ' : c; break;
    }
  }
  return escaped;
}

}  // namespace remit
