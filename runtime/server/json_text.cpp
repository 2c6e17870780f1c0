#include "runtime/server/json_text.h"

#include <fmt/format.h>

#include <iterator>

namespace remit::server {
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
