#include "compiler/mcp/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/mcp/json_schema.h"
#include "runtime/base/json_depth.h"

namespace remit::mcp {
namespace {

auto Invalid(std::string message, std::string pointer = {}) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "invalid-manifest", .message = std::move(message), .pointer = std::move(pointer), .help = {}});
}

auto Hint(const Json& annotations, const char* name) -> std::optional<bool> {
  const auto found = annotations.find(name);
  return found != annotations.end() && found->is_boolean() ? std::optional(found->get<bool>()) : std::nullopt;
}

auto ReadHints(const Json& tool) -> Hints {
  const auto found = tool.find("annotations");
  if (found == tool.end() || !found->is_object()) return {};
  return {.read_only = Hint(*found, "readOnlyHint"),
          .destructive = Hint(*found, "destructiveHint"),
          .idempotent = Hint(*found, "idempotentHint"),
          .open_world = Hint(*found, "openWorldHint")};
}

auto ReadTool(const Json& json, SchemaReader& reader, const std::string& pointer) -> Expected<Tool> {
  if (!json.is_object()) return Invalid("a tool is a JSON object", pointer);
  const auto name = json.find("name");
  if (name == json.end() || !name->is_string() || name->get_ref<const std::string&>().empty())
    return Invalid("a tool has a `name`", pointer);
  auto inputs = json.find("parameters");
  const bool old = inputs != json.end();
  if (!old) inputs = json.find("inputSchema");
  if (inputs == json.end()) return Invalid(fmt::format("the tool `{}` has no `inputSchema`", name->get<std::string>()), pointer);
  const auto description = json.find("description");
  if (description != json.end() && !description->is_string()) return Invalid("`description` is a string", pointer + "/description");

  Tool tool = {.name = name->get<std::string>(),
               .description = description == json.end() ? "" : description->get<std::string>(),
               .hints = ReadHints(json)};
  tool.inputs = reader.ReadParameters(*inputs, pointer + (old ? "/parameters" : "/inputSchema"));
  if (const auto outputs = json.find("outputSchema"); outputs != json.end()) {
    tool.outputs = reader.ReadParameters(*outputs, pointer + "/outputSchema");
  }
  tool.definitions = reader.ReadDefinitions(json, pointer);
  return tool;
}

struct ToolList {
  const Json* tools;   // an array, or one tool
  const Json* holder;  // what `$defs` of the server stand in; may be null
  std::string pointer;
};

auto FindTools(const Json& document) -> Expected<ToolList> {
  if (document.is_array()) return ToolList{.tools = &document, .holder = nullptr, .pointer = ""};
  if (!document.is_object()) return Invalid("a manifest is a `tools/list` response, a list of tools, or one tool");
  const auto result = document.find("result");
  const auto& holder = result == document.end() ? document : *result;
  const auto tools = holder.is_object() ? holder.find("tools") : holder.end();
  if (tools == holder.end() && result == document.end()) return ToolList{.tools = &document, .holder = nullptr, .pointer = ""};
  if (tools == holder.end() || !tools->is_array()) return Invalid("`tools` is a list of tools", result == document.end() ? "" : "/result");
  return ToolList{.tools = &*tools, .holder = &holder, .pointer = result == document.end() ? "/tools" : "/result/tools"};
}

}  // namespace

auto ReadManifest(std::string_view json, const ReadOptions& options) -> Expected<Manifest> {
  if (!IsShallowJson(json, options.limits.max_json_depth)) {
    return std::unexpected(Error{.code = "nesting-too-deep",
                                 .message = fmt::format("more than {} levels of nesting", options.limits.max_json_depth),
                                 .pointer = {},
                                 .help = {}});
  }
  const Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) {
    return std::unexpected(Error{.code = "invalid-json", .message = "the manifest is not valid JSON", .pointer = {}, .help = {}});
  }
  const auto list = FindTools(document);
  if (!list) return std::unexpected(list.error());

  Manifest manifest;
  SchemaReader reader(manifest, options);
  if (list->holder != nullptr) manifest.definitions = reader.ReadDefinitions(*list->holder, "");
  std::vector<std::string> names;
  const size_t count = list->tools->is_array() ? list->tools->size() : 1;
  for (size_t i = 0; i < count && !reader.error(); ++i) {
    const bool single = !list->tools->is_array();
    auto tool = ReadTool(single ? *list->tools : (*list->tools)[i], reader, single ? "" : fmt::format("{}/{}", list->pointer, i));
    if (!tool) return std::unexpected(tool.error());
    names.push_back(tool->name);
    manifest.tools.push_back(std::move(*tool));
  }
  if (reader.error()) return std::unexpected(*reader.error());
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end()) {
    return std::unexpected(
        Error{.code = "duplicate-tool", .message = fmt::format("two tools have the name `{}`", *twice), .pointer = {}, .help = {}});
  }
  return manifest;
}

}  // namespace remit::mcp
