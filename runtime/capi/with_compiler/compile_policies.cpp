#include "runtime/capi/with_compiler/compile_policies.h"

#include "compiler/lower/forbid_errors.h"

namespace remit::capi {

auto ReadIdConvention(const remit_load_options& options) -> ResultOf<ast::IdConvention> {
  switch (options.ids) {
    case REMIT_IDS_BY_ANNOTATION: return ast::IdConvention::Remit;
    case REMIT_IDS_BY_POSITION: return ast::IdConvention::Cedar;
    default: return FailArgument("there is no such convention of ids");
  }
}

auto CheckOptions(const remit_load_options& options) -> Result {
  if (options.check < REMIT_CHECK_STRICT || options.check > REMIT_CHECK_NONE) return FailArgument("there is no such check");
  return {};
}

auto ReadPolicies(CompileJob& job, const remit_sources& sources) -> bool {
  for (const auto& [name, text, format] : sources.policies) {
    LoadPolicies(job, name, text, format == REMIT_POLICIES_AS_TEXT ? PolicyFormat::Text : PolicyFormat::Json);
  }
  for (const auto& [name, json] : sources.links) LoadLinks(job, name, json);
  return !job.sink.has_errors();
}

auto CheckAgainst(CompileJob& job, const Schema* schema, ast::IdConvention convention, remit_check check) -> bool {
  if (schema == nullptr || check == REMIT_CHECK_NONE) return true;
  const auto mode = check == REMIT_CHECK_STRICT ? check::Mode::Strict : check::Mode::Permissive;
  CheckPolicies(job, *schema, convention, {.mode = mode});
  return !job.sink.has_errors();
}

auto CompileFor(const EngineState& state, CompileJob& job, ast::IdConvention convention, const Schema* schema)
    -> std::optional<ir::Program> {
  auto program = CompileProgram(job, convention, schema);
  if (program && state.forbid_errors_deny) DenyWhereForbidsFail(*program);
  return program;
}

void AddStatements(CompileJob& job, ast::IdConvention convention, PolicyTexts& texts) {
  const auto ids = StatementIds(job, convention);
  for (size_t i = 0; i < ids.size(); ++i) {
    const Span span = job.ast.statements[i].span;
    if (span.has_place()) texts.statements.insert_or_assign(job.interner.Intern(ids[i]), span);
  }
}

}  // namespace remit::capi
