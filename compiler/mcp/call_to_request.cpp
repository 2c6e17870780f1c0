#include "compiler/mcp/call_to_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/mcp/argument_values.h"
#include "runtime/base/json_depth.h"

namespace remit::mcp {
namespace {

using Json = nlohmann::json;

auto Read(std::string_view text, const Limits& limits) -> Expected<Json> {
  if (!IsShallowJson(text, limits.max_json_depth))
    return Fail("nesting-too-deep", fmt::format("more than {} levels of nesting", limits.max_json_depth));
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Fail("invalid-json", "this is not valid JSON");
  return json;
}

struct ToolCall {
  std::string name;
  Json arguments = Json::object();
};

// The protocol's words, or the older `tool` and `args`.
auto ReadCall(const Json& json) -> Expected<ToolCall> {
  const Json& params = json.is_object() && json.contains("params") ? json["params"] : json;
  if (!params.is_object()) return Fail("invalid-call", "a call is {\"name\", \"arguments\"}");
  const auto find = [&](const char* word, const char* old_word) {
    const auto found = params.find(word);
    return found != params.end() ? found : params.find(old_word);
  };
  if ((params.contains("name") && params.contains("args")) || (params.contains("tool") && params.contains("arguments"))) {
    return Fail("invalid-call", "a call has `name` and `arguments`, or `tool` and `args`");
  }
  const auto name = find("name", "tool");
  if (name == params.end() || !name->is_string()) return Fail("invalid-call", "a call has the `name` of a tool");
  ToolCall call = {.name = name->get<std::string>()};
  if (const auto arguments = find("arguments", "args"); arguments != params.end()) call.arguments = *arguments;
  return call;
}

// What the caller adds; `input` and `output` are the call's.
auto ReadContext(const std::string& text, const Limits& limits) -> Expected<Json> {
  if (text.empty()) return Json::object();
  auto context = Read(text, limits);
  if (context && !context->is_object()) return Fail("invalid-json", "a context is an object");
  return context;
}

}  // namespace

auto CallToRequest(const Manifest& manifest, const ToolSchema& schema, std::string_view text, const CallParts& parts, const Limits& limits)
    -> Expected<std::string> {
  const auto json = Read(text, limits);
  if (!json) return std::unexpected(json.error());
  const auto call = ReadCall(*json);
  if (!call) return std::unexpected(call.error());
  const auto tool = std::ranges::find(manifest.tools, call->name, &Tool::name);
  if (tool == manifest.tools.end()) return Fail("unknown-tool", fmt::format("there is no tool `{}`", call->name));
  auto context = ReadContext(parts.context, limits);
  if (!context) return std::unexpected(context.error());

  ArgumentValues values(manifest, schema);
  auto input = values.Record(tool->inputs.properties, call->arguments, "");
  if (!input) return std::unexpected(values.error());
  (*context)["input"] = std::move(*input);
  if (schema.options.include_outputs && !parts.result.empty()) {
    const auto result = Read(parts.result, limits);
    if (!result) return std::unexpected(result.error());
    auto output = values.Record(tool->outputs.properties, *result, "output");
    if (!output) return std::unexpected(values.error());
    (*context)["output"] = std::move(*output);
  }
  nlohmann::ordered_json request = {{"principal", parts.principal}};
  request["action"] = {{"type", schema.name_space + "::Action"}, {"id", tool->name}};
  request["resource"] = parts.resource;
  request["context"] = nlohmann::ordered_json(*context);
  if (!values.entities().empty()) request["entities"] = nlohmann::ordered_json(values.entities());
  return request.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace remit::mcp
