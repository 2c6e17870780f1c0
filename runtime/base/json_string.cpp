#include "runtime/base/json_string.h"

#include <fmt/format.h>

#include <iterator>

#include "runtime/base/text.h"

namespace remit {
namespace {

auto IsPlain(char c) -> bool { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void AppendValid(std::string& out, std::string_view text) {
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsPlain(text[i])) continue;
    out.append(text, begin, i - begin);
    AppendJsonEscaped(out, text[i]);
    begin = i + 1;
  }
  out.append(text, begin);
}

}  // namespace

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

void AppendJson(std::string& out, std::string_view text) {
  out += '"';
  while (const auto invalid = FindInvalidUtf8(text)) {
    AppendValid(out, text.substr(0, *invalid));
    out += "\xef\xbf\xbd";
    text.remove_prefix(*invalid + 1);
  }
  AppendValid(out, text);
  out += '"';
}

auto QuoteJsonString(std::string_view text) -> std::string {
  std::string quoted = "\"";
  for (const char c : text) AppendJsonEscaped(quoted, c);
  return quoted + '"';
}

}  // namespace remit
