#include "runtime/server/policy_sources.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/driver/files.h"
#include "compiler/driver/packs.h"
#include "compiler/schema/remit_namespace.h"
#include "runtime/approval/digest.h"
#include "runtime/approval/json_fields.h"
#include "runtime/base/text.h"
#include "runtime/server/json_text.h"

namespace remit::server {
namespace {

using Json = nlohmann::json;

void AppendTexts(std::string& out, std::string_view name, const std::vector<SourceText>& texts) {
  AppendName(out, name);
  out += '[';
  for (const SourceText& each : texts) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "name", each.name);
    AppendMember(out, "text", each.text);
    out += '}';
  }
  out += ']';
}

auto Malformed(std::string_view pointer) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "sources-malformed",
                               .message = "texts are objects with `name` and `text`",
                               .pointer = std::string(pointer),
                               .help = R"(as in {"policies": [{"name": "a.remit", "text": ".."}]})"});
}

auto ReadTexts(const Json& document, const char* key, std::vector<SourceText>& texts) -> Expected<void> {
  const auto it = document.find(key);
  if (it == document.end()) return {};
  if (!it->is_array()) return Malformed(fmt::format("/{}", key));
  for (const Json& each : *it) {
    const bool is_text =
        each.is_object() && each.contains("name") && each["name"].is_string() && each.contains("text") && each["text"].is_string();
    if (!is_text) return Malformed(fmt::format("/{}/{}", key, texts.size()));
    texts.push_back({.name = each["name"].get<std::string>(), .text = each["text"].get<std::string>()});
  }
  return {};
}

}  // namespace

auto VersionOf(const PolicySources& sources) -> std::string {
  std::string all = "remit-policies-1\n";
  for (const auto* texts : {&sources.policies, &sources.schema, &sources.links}) {
    all += fmt::format("{}\n", texts->size());
    for (const SourceText& each : *texts) all += fmt::format("{} {}\n{}{}", each.name.size(), each.text.size(), each.name, each.text);
  }
  return approval::ToHex(approval::Sha256(all));
}

auto SourcesToJson(const PolicySources& sources) -> std::string {
  std::string out = "{";
  AppendTexts(out, "policies", sources.policies);
  AppendTexts(out, "schema", sources.schema);
  AppendTexts(out, "links", sources.links);
  return out + "}";
}

auto SourcesFromJson(std::string_view text) -> Expected<PolicySources> {
  if (FindInvalidUtf8(text)) return Malformed("");
  const auto document = approval::JsonFields::Parse(text);
  if (!document || !document->is_object()) return Malformed("");
  PolicySources sources;
  for (auto [key, texts] : {std::pair{"policies", &sources.policies}, {"schema", &sources.schema}, {"links", &sources.links}}) {
    if (auto read = ReadTexts(*document, key, *texts); !read) return std::unexpected(std::move(read.error()));
  }
  return sources;
}

auto ReadSources(const std::vector<std::string>& policies, const std::vector<std::string>& schema, const Limits& limits)
    -> Expected<PolicySources> {
  PolicySources sources;
  for (const std::string& path : policies) {
    if (const auto builtin = BuiltinPolicies(path)) {
      sources.policies.push_back({.name = path, .text = std::string(*builtin)});
      continue;
    }
    const auto files = ListPolicyFiles(path);
    if (!files) return std::unexpected(files.error());
    for (const std::string& file : *files) {
      auto text = ReadTextFile(file, limits.max_source_bytes);
      if (!text) return std::unexpected(std::move(text.error()));
      sources.policies.push_back({.name = file, .text = std::move(*text)});
    }
  }
  for (const std::string& path : schema) {
    auto text = BuiltinSchema(path) ? Expected<std::string>(std::string()) : ReadTextFile(path, limits.max_source_bytes);
    if (!text) return std::unexpected(std::move(text.error()));
    sources.schema.push_back({.name = path, .text = std::move(*text)});
  }
  return sources;
}

}  // namespace remit::server
