#include "compiler/driver/compile_job.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "compiler/check/check.h"
#include "compiler/driver/forbid_errors.h"
#include "compiler/driver/packs.h"
#include "compiler/est/est.h"
#include "compiler/lower/forbid_errors.h"
#include "compiler/lower/lower.h"
#include "compiler/schema/schema.h"
#include "runtime/base/check.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

auto IsPolicy(const ast::Statement& statement) -> bool { return std::holds_alternative<ast::Policy>(statement.body); }

// Explicit ids come from JSON policy sets; text added before or after them has none.
void PadExplicitIds(ast::Ast& ast) {
  if (!ast.explicit_ids.empty()) ast.explicit_ids.resize(ast.statements.size());
}

// Errors go to the sink with the file's name and their pointer.
auto LoadEntitiesWith(CompileJob& job, const std::string& name, const std::string& json, JsonOptions options)
    -> std::optional<EntityStore> {
  std::vector<Error> errors;
  options.errors = &errors;
  auto store = ReadEntities(json, job.interner, options);
  if (store) return std::move(*store);
  if (errors.empty()) errors.push_back(store.error());
  for (const Error& error : errors) {
    job.sink.Add({.code = DiagnosticCode::InvalidEntities,
                  .span = {},
                  .message = error.message,
                  .help = error.help,
                  .pointer = name + "#" + error.pointer});
  }
  return std::nullopt;
}

}  // namespace

auto LoadPolicies(CompileJob& job, const std::string& name, std::string text, PolicyFormat format) -> bool {
  auto context = job.parse_context();
  bool ok = false;
  switch (format) {
    case PolicyFormat::Text:
      if (const auto builtin = BuiltinPolicies(name)) text = *builtin;
      ok = ParsePolicies(job.sources.Add(name, std::move(text)), context, job.ast);
      break;
    case PolicyFormat::Json: ok = PolicySetFromJson(text, context, job.ast); break;
  }
  PadExplicitIds(job.ast);
  return ok;
}

auto LoadLinks(CompileJob& job, const std::string& /*name*/, const std::string& json) -> bool {
  auto context = job.parse_context();
  return LinksFromJson(json, context, job.ast);
}

auto LoadSchema(CompileJob& job, const std::string& name, std::string text) -> std::optional<Schema> {
  return LoadSchema(job, {SchemaText{.name = name, .text = std::move(text)}});
}

auto LoadSchema(CompileJob& job, std::vector<SchemaText> texts) -> std::optional<Schema> {
  auto context = job.parse_context();
  std::vector<FileId> files;
  std::set<std::string> named;  // of what is shipped: twice is as good as once
  for (auto& [name, text] : texts) {
    const auto builtin = BuiltinSchema(name);
    if (builtin && !named.insert(name).second) continue;
    files.push_back(job.sources.Add(name, builtin ? std::string(*builtin) : std::move(text)));
  }
  auto schema = CompileSchema(files, context);
  if (schema) CompleteBuiltins(*schema, named, job.interner);
  return schema;
}

auto LoadEntities(CompileJob& job, const std::string& name, const std::string& json, const Schema* schema) -> std::optional<EntityStore> {
  return LoadEntitiesWith(job, name, json, {.limits = job.limits, .schema = schema});
}

auto LoadPartialEntities(CompileJob& job, const std::string& name, const std::string& json, const Schema& schema, KnownPartsMap& known)
    -> std::optional<EntityStore> {
  return LoadEntitiesWith(job, name, json, {.limits = job.limits, .schema = &schema, .partial = &known});
}

auto StatementIds(CompileJob& job, ast::IdConvention convention) -> std::vector<std::string> {
  auto ids = AssignIds(job.ast, job.interner, convention);
  if (convention == ast::IdConvention::Cedar || !std::ranges::all_of(job.ast.statements, IsPolicy)) return ids;

  std::map<std::string, uint32_t> uses;
  for (const auto& id : ids) ++uses[id];
  if (uses.size() == ids.size()) return ids;

  const auto positional = AssignIds(job.ast, job.interner, ast::IdConvention::Cedar);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (uses[ids[i]] == 1 || ids[i] == positional[i]) continue;
    job.sink.Report(DiagnosticCode::RepeatedId, job.ast.statements[i].span, ids[i], positional[i]);
    ids[i] = positional[i];
  }
  return ids;
}

namespace {

auto CountEnvironments(const Schema& schema) -> uint64_t {
  uint64_t count = 0;
  for (const auto& action : schema.actions) count += uint64_t{action.principal_types.size()} * action.resource_types.size();
  return count;
}

auto LowerWith(CompileJob& job, const std::vector<std::string>& ids, const Schema& schema) -> ir::Program {
  DiagnosticSink unheard(0);
  const check::CheckOptions options{.types_only = true, .max_checks = job.limits.max_type_checks};
  check::TypedPolicySet typed(job.ast, ids, schema, job.sources, job.interner, options, unheard);
  return Lower(typed, ids, job.interner, job.limits, job.sink);
}

}  // namespace

auto CompileProgram(CompileJob& job, ast::IdConvention convention, const Schema* schema) -> std::optional<ir::Program> {
  const auto ids = StatementIds(job, convention);
  const auto errors_before = job.sink.error_count();
  const bool has_environments = schema != nullptr && CountEnvironments(*schema) <= job.limits.max_environments;
  auto program = has_environments ? LowerWith(job, ids, *schema) : Lower(job.ast, ids, job.interner, job.sink);
  if (job.sink.error_count() != errors_before) return std::nullopt;
  if (ForbidErrorsDeny()) DenyWhereForbidsFail(program);
  const auto verified = ir::Verify(program);
  CHECK(verified.has_value(), FormatError(verified.error()));
  return program;
}

}  // namespace remit
