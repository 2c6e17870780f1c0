#include "runtime/server/json_text.h"

#include <fmt/format.h>

#include <iterator>

#include "runtime/base/json_string.h"
#include "runtime/base/text.h"

namespace remit::server {
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

void AppendComma(std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
}

void AppendName(std::string& out, std::string_view name) {
  AppendComma(out);
  out += '"';
  out += name;
  out += "\":";
}

void AppendMember(std::string& out, std::string_view name, std::string_view value) {
  AppendName(out, name);
  AppendJson(out, value);
}

void AppendMember(std::string& out, std::string_view name, bool value) {
  AppendName(out, name);
  out += value ? "true" : "false";
}

void AppendNumber(std::string& out, std::string_view name, int64_t value) {
  AppendName(out, name);
  fmt::format_to(std::back_inserter(out), "{}", value);
}

}  // namespace remit::server
