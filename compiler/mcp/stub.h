// The part of the schema that the user writes: who calls tools, and on what.
#pragma once

#include "compiler/driver/compile_job.h"
#include "compiler/schema/ast.h"

namespace remit::mcp {

struct Stub {
  schema_ast::Fragment fragment;
  std::string name_space = {};
  std::vector<std::string> principals = {};  // names of types in the namespace
  std::vector<std::string> resources = {};
  struct Context {
    std::string attribute;
    std::string type;
  };
  std::vector<Context> contexts = {};
  std::vector<std::string> actions = {};     // what the action of every tool is in
};

// Exactly one namespace, with a type that is annotated `@mcp_principal` and one that is `@mcp_resource`. The annotations are taken away
// unless they are to be kept.
auto ReadStub(CompileJob& job, const SchemaText& text, bool keep_annotations) -> Expected<Stub>;

}  // namespace remit::mcp
