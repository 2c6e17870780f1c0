// Tools to a schema, as tests write them: the properties of one tool, or a manifest.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compiler/mcp/tool_schema.h"

namespace remit::mcp {

inline constexpr std::string_view kStub = R"(namespace S {
  @mcp_principal("User") entity User = { name: String };
  @mcp_context("session") type Session = { at: datetime };
  @mcp_resource("Server") entity Server;
  @mcp_action("call") action call;
})";

// The public generator's output: nothing of ours.
inline auto Bare() -> SchemaOptions { return {.hint_groups = false, .notes = false}; }

struct ImportResult {
  Manifest manifest;
  ToolSchema schema;
  std::string error;    // a code; empty: it worked
  std::string pointer;

  // White space counts as one space.
  auto Has(std::string_view text) const -> testing::AssertionResult {
    std::string flat;
    for (const char c : schema.text) {
      if (c != '\n' && c != ' ')
        flat += c;
      else if (!flat.ends_with(' '))
        flat += ' ';
    }
    if (flat.find(text) != std::string::npos) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "no `" << text << "` in\n" << schema.text << error;
  }
};

inline auto Import(std::string_view manifest_text, const SchemaOptions& options = Bare(), bool precise = false,
                   std::string_view stub = kStub) -> ImportResult {
  ImportResult result;
  auto manifest = ReadManifest(manifest_text, {.limits = {}, .precise = precise});
  if (!manifest) {
    result.error = manifest.error().code;
    result.pointer = manifest.error().pointer;
    return result;
  }
  CompileJob job;
  auto schema = MakeSchema(job, {.name = "stub", .text = std::string(stub)}, *manifest, options);
  if (!schema)
    result.error = schema.error().code;
  else
    result.schema = std::move(*schema);
  result.manifest = std::move(*manifest);
  return result;
}

// One tool `t` with these properties.
inline auto ImportProperties(std::string_view properties, const SchemaOptions& options = Bare(), bool precise = false) -> ImportResult {
  return Import(fmt::format(R"({{"name": "t", "inputSchema": {{"type": "object", "properties": {}}}}})", properties), options, precise);
}

}  // namespace remit::mcp
