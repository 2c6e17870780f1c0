// Tools to a Cedar schema: an action for each, its arguments the action's context.
//
// The mapping is that of the public generator of cedar-policy/cedar-for-agents, rule by rule (docs/schema-import.md lists them), and its options have
// their names. Beyond it: any name will do, cyclic definitions have a type, what types cannot say is kept as annotations, and hints of tools are
// groups of actions. The schema is made as a syntax tree, not as text, so that a type called `String` cannot be taken for the built-in one.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/mcp/manifest.h"

namespace remit::mcp {

struct SchemaOptions {
  bool include_outputs = false;  // results, as the optional attribute `output` of the context
  bool objects_as_records = false;  // objects without further properties are records, not entities
  bool keep_annotations = false;  // `@mcp_principal`, `@mcp_resource`, `@mcp_context` and `@mcp_action` of the stub
  bool flatten_namespaces = false;  // one namespace, `A::b::c` is `A::b_c`
  bool numbers_as_decimal = false;  // `number` and `float` are `decimal`, with four digits behind the point
  bool deduplicate = false;  // equal enumerations and plain objects of one name are one type
  bool hint_groups = true;  // actions of tools are in groups by what their hints say
  bool notes = true;  // ranges, lengths, patterns and formats as annotations
  bool docs = false;  // descriptions as `@doc`
};

// The stub that stands for none: a namespace with a principal, `User`, and a resource, `Server`.
auto DefaultStub(const std::string& name_space) -> SchemaText;

struct ToolSchema {
  std::string text;  // laid out
  std::string name_space = {};
  std::vector<std::string> principals = {};  // entity types, in full
  std::vector<std::string> resources = {};
  std::vector<std::string> contexts = {};  // attributes that every tool's context has besides `input`
  SchemaOptions options = {};
  // By shape: the entity type that it became, in full; empty for others. What calls are translated by.
  std::vector<std::string> entity_types = {};
  std::vector<ShapeId> targets = {};  // by shape: what a reference refers to; none where a cycle was cut
};

// Codes: invalid-stub, unknown-reference, duplicate-action, schema-too-large. Where the stub has errors of its own they are diagnostics of the
// job, and the error says no more.
auto MakeSchema(CompileJob& job, const SchemaText& stub, const Manifest& manifest, const SchemaOptions& options) -> Expected<ToolSchema>;

}  // namespace remit::mcp
