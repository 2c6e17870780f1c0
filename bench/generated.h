// Inputs of the benchmarks, made from a size: the same every time.
#pragma once

#include <fmt/format.h>

#include <string>

namespace remit::bench {

// Policies as an application has them: a scope that names a group, a condition over a few attributes.
inline auto Policies(int64_t count) -> std::string {
  std::string text;
  for (int64_t i = 0; i < count; ++i) {
    text += fmt::format(
        "@id(\"p{0}\")\npermit (principal in Group::\"g{0}\", action == Action::\"read\", resource is Doc)\n"
        "when {{ resource.owner == principal || (resource has level && resource.level < {1}) }};\n",
        i, i % 7);
  }
  return text;
}

// `count` users, each in one of ten groups that form a chain, and as many documents owned by them.
inline auto Entities(int64_t count) -> std::string {
  std::string json = "[";
  for (int64_t i = 0; i < 10; ++i) {
    json += fmt::format(R"({{"uid":{{"type":"Group","id":"g{}"}},"attrs":{{}},"parents":[)", i);
    if (i > 0) json += fmt::format(R"({{"type":"Group","id":"g{}"}})", i - 1);
    json += "]},";
  }
  for (int64_t i = 0; i < count; ++i) {
    json += fmt::format(R"({{"uid":{{"type":"User","id":"u{0}"}},"attrs":{{}},"parents":[{{"type":"Group","id":"g{1}"}}]}},)", i, i % 10);
    json += fmt::format(
        R"({{"uid":{{"type":"Doc","id":"d{0}"}},"attrs":{{"owner":{{"__entity":{{"type":"User","id":"u{1}"}}}},"level":{2}}},"parents":[]}},)",
        i, (i * 7) % count, i % 10);
  }
  json.back() = ']';
  return json;
}

}  // namespace remit::bench
