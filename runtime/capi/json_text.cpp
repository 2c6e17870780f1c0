#include "runtime/capi/json_text.h"

#include "runtime/base/json_string.h"
#include "runtime/base/text.h"

namespace remit::capi {
void AppendJson(std::string& out, std::string_view text) {
  out += '"';
  if (!FindInvalidUtf8(text)) {
    for (const char c : text) AppendJsonEscaped(out, c);
  } else {
    for (size_t at = 0; at < text.size();) {
      const char32_t code_point = DecodeUtf8(text, at);
      code_point < 0x80 ? AppendJsonEscaped(out, static_cast<char>(code_point)) : AppendUtf8(out, code_point);
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
