#include "compiler/driver/check.h"

#include "compiler/lower/lower.h"

namespace remit {

// Lowering knows what is wrong with ids and links; scopes alone are enough for it to tell.
auto CheckLinks(CompileJob& job, const std::vector<std::string>& ids) -> bool {
  ast::Ast scopes;
  std::vector<std::string> scope_ids;
  for (size_t i = 0; i < job.ast.statements.size(); ++i) {
    const auto& statement = job.ast.statements[i];
    const auto* policy = std::get_if<ast::Policy>(&statement.body);
    if (policy == nullptr) continue;
    ast::Policy scope = {.effect = policy->effect, .scope = policy->scope, .conditions = {}, .oblige = std::nullopt};
    scopes.statements.push_back({.span = statement.span, .annotations = {}, .body = std::move(scope)});
    scope_ids.push_back(ids[i]);
  }
  scopes.links = job.ast.links;
  const auto errors_before = job.sink.error_count();
  Lower(scopes, scope_ids, job.interner, job.sink);
  return job.sink.error_count() == errors_before;
}

auto CheckPolicies(CompileJob& job, const Schema& schema, ast::IdConvention convention, const check::CheckOptions& options)
    -> std::unique_ptr<check::TypedPolicySet> {
  const auto ids = StatementIds(job, convention);
  CheckLinks(job, ids);
  return std::make_unique<check::TypedPolicySet>(job.ast, ids, schema, job.sources, job.interner, options, job.sink);
}

}  // namespace remit
