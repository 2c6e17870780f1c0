#include "compiler/lint/lint_job.h"

#include <algorithm>
#include <set>

#include "compiler/driver/check.h"
#include "compiler/schema/remit_namespace.h"
#include "compiler/schema/schema.h"

namespace remit::lint {
namespace {

// Files that statements came from as text.
auto PolicyFiles(const ast::Ast& ast) -> std::vector<FileId> {
  std::set<FileId> files;
  for (const auto& statement : ast.statements) {
    if (statement.span.has_place()) files.insert(statement.span.file);
  }
  return {files.begin(), files.end()};
}

// The built-in namespace is nobody's to clean up.
auto ReadFragments(CompileJob& job, size_t first_file) -> std::vector<schema_ast::Fragment> {
  auto context = job.parse_context();
  std::vector<schema_ast::Fragment> fragments;
  for (uint32_t i = static_cast<uint32_t>(first_file); i < job.sources.size(); ++i) {
    if (job.sources.file({i}).name() == kRemitNamespace) continue;
    if (auto fragment = ReadSchemaFragment({i}, context)) fragments.push_back(std::move(*fragment));
  }
  return fragments;
}

}  // namespace

auto LintJob(CompileJob& job, std::vector<SchemaText> schema, ast::IdConvention convention, const LintOptions& options) -> LintReport {
  const auto ids = StatementIds(job, convention);
  LintInput input = {.ast = job.ast, .ids = ids, .sources = job.sources, .interner = job.interner, .policy_files = PolicyFiles(job.ast)};
  if (schema.empty()) {
    CheckLinks(job, ids);
    return Lint(input, options);
  }
  const auto first_file = job.sources.size();
  const auto resolved = LoadSchema(job, std::move(schema));
  if (!resolved) return {};
  const auto fragments = ReadFragments(job, first_file);
  const auto typed = CheckPolicies(job, *resolved, convention, {});
  input.fragments = &fragments;
  if (typed->ok()) input.typed = typed.get();
  return Lint(input, options);
}

}  // namespace remit::lint
