#include "runtime/server/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace remit::server {
namespace {

auto NeedsComma(const std::string& out) -> bool { return !out.empty() && out.back() != '{' && out.back() != '['; }

}  // namespace

void AppendComma(std::string& out) {
  if (NeedsComma(out)) out += ',';
}

// Grown once: a name is mostly shorter than what asking for room four times takes.
void AppendName(std::string& out, std::string_view name) {
  const bool has_comma = NeedsComma(out);
  const size_t before = out.size();
  const size_t after = before + static_cast<size_t>(has_comma) + name.size() + 3;
  out.resize_and_overwrite(after, [&](char* bytes, size_t /*room*/) {
    char* at = bytes + before;
    if (has_comma) *at++ = ',';
    *at++ = '"';
    at = std::ranges::copy(name, at).out;
    *at++ = '"';
    *at = ':';
    return after;
  });
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
