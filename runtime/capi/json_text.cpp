#include "runtime/capi/json_text.h"

#include <fmt/format.h>

#include <iterator>

#include "runtime/base/text.h"

namespace remit::capi {
namespace {

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out += c;
      }
  }
}

}  // namespace

void AppendJson(std::string& out, std::string_view text) {
  out += '"';
  if (!FindInvalidUtf8(text)) {
    for (const char c : text) AppendEscaped(out, c);
  } else {
    for (size_t at = 0; at < text.size();) {
      const char32_t code_point = DecodeUtf8(text, at);
      code_point < 0x80 ? AppendEscaped(out, static_cast<char>(code_point)) : AppendUtf8(out, code_point);
    }
  }
  out += '"';
}

auto QuoteJson(std::string_view text) -> std::string {
  std::string out;
  AppendJson(out, text);
  return out;
}

}  // namespace remit::capi
