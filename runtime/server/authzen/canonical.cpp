#include "runtime/server/authzen/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

void AppendObject(std::string& out, json::Element element) {
  std::vector<std::pair<std::string_view, json::Element>> members;
  const auto object = element.get_object().value_unsafe();
  for (const auto& [key, child] : object) members.emplace_back(key, child);
  std::ranges::stable_sort(members, {}, [](const auto& member) { return member.first; });
  out += '{';
  for (const auto& [key, child] : members) {
    server::AppendComma(out);
    AppendJson(out, key);
    out += ':';
    AppendCanonical(out, child);
  }
  out += '}';
}

}  // namespace

void AppendCanonical(std::string& out, json::Element element) {
  if (element.is_object()) return AppendObject(out, element);
  if (element.is_array()) {
    out += '[';
    const auto array = element.get_array().value_unsafe();
    for (const json::Element child : array) {
      server::AppendComma(out);
      AppendCanonical(out, child);
    }
    out += ']';
  } else if (element.is_string()) {
    AppendJson(out, element.get_string().value_unsafe());
  } else if (element.is_bool()) {
    out += element.get_bool().value_unsafe() ? "true" : "false";
  } else if (element.is_int64()) {
    fmt::format_to(std::back_inserter(out), "{}", element.get_int64().value_unsafe());
  } else if (element.is_uint64()) {
    fmt::format_to(std::back_inserter(out), "{}", element.get_uint64().value_unsafe());
  } else if (element.is_double()) {
    fmt::format_to(std::back_inserter(out), "{:.17g}f", element.get_double().value_unsafe());
  } else {
    out += "null";
  }
}

}  // namespace remit::authzen
