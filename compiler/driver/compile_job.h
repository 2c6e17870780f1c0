// One compile job: the files, the tree they came to, and what there was to say about them; one function per stage.
//
//   LoadPolicies, LoadLinks   text or JSON to tree
//   LoadSchema                schema text to resolved schema
//   LoadEntities              entity JSON to store
//   CompileProgram            tree to verified decision program
//
// Each stage reports to `sink` and returns whether it succeeded; a later stage never runs on the output of a failed one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/parse/parse.h"
#include "compiler/source/diagnostic.h"
#include "runtime/base/limits.h"
#include "runtime/entity/entity_store.h"
#include "runtime/entity/known_parts.h"
#include "runtime/entity/schema.h"
#include "runtime/ir/program.h"

namespace remit {

enum class PolicyFormat : uint8_t { Text, Json };

struct CompileJob {
  // `job_interner`: an engine's, for what will be published there; one thread at a time may compile with it (Engine::Lock).
  explicit CompileJob(const Limits& job_limits = {}, std::shared_ptr<Interner> job_interner = std::make_shared<Interner>())
      : limits(job_limits), shared_interner(std::move(job_interner)), interner(*shared_interner), sink(job_limits.max_diagnostics) {}

  auto parse_context() -> ParseContext { return {.sources = sources, .interner = interner, .sink = sink, .limits = limits}; }

  Limits limits;
  SourceManager sources;
  std::shared_ptr<Interner> shared_interner;
  Interner& interner;
  DiagnosticSink sink;
  ast::Ast ast;
};

// Adds the statements of one file. Text named kApprovalsPackName is the shipped policies', whatever it is. JSON is a policy, a template or a policy set.
auto LoadPolicies(CompileJob& job, const std::string& name, std::string text, PolicyFormat format) -> bool;

// Adds template links from JSON.
auto LoadLinks(CompileJob& job, const std::string& name, const std::string& json) -> bool;

auto LoadSchema(CompileJob& job, const std::string& name, std::string text) -> std::optional<Schema>;

struct SchemaText {
  std::string name;
  std::string text;
};
// Several files that make one schema together. Those named kRemitNamespace and kServerNamespace are built in, whatever their texts.
auto LoadSchema(CompileJob& job, std::vector<SchemaText> texts) -> std::optional<Schema>;

// Entities of one document; `schema` may be null, and is what they must conform to. All errors are diagnostics with the file's name and a JSON
// pointer.
auto LoadEntities(CompileJob& job, const std::string& name, const std::string& json, const Schema* schema) -> std::optional<EntityStore>;
// The same of entities that may leave parts out: `known` says which.
auto LoadPartialEntities(CompileJob& job, const std::string& name, const std::string& json, const Schema& schema, KnownPartsMap& known)
    -> std::optional<EntityStore>;

// One id a statement. In a set of Cedar policies alone, a repeated `@id` is a warning and its policies keep their positional ids.
auto StatementIds(CompileJob& job, ast::IdConvention convention) -> std::vector<std::string>;

// Lowers and verifies. With a schema the program has its environments, unless they are beyond `job.limits`; what checking the policies would find
// is not reported and keeps nothing from being compiled.
auto CompileProgram(CompileJob& job, ast::IdConvention convention, const Schema* schema = nullptr) -> std::optional<ir::Program>;

}  // namespace remit
