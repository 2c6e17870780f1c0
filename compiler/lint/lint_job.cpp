#include "compiler/lint/lint_job.h"

#include <algorithm>
#include <set>

#include "compiler/driver/check.h"
#include "compiler/driver/forbid_errors.h"
#include "compiler/driver/packs.h"
#include "compiler/schema/schema.h"

namespace remit::lint {
namespace {

// What is shipped was linted where it was written; a project can change none of it.
auto IsShipped(const SourceFile& file) -> bool { return IsBuiltinName(file.name()); }

auto LintProject(const LintInput& input, const LintOptions& options) -> LintReport {
  auto report = Lint(input, options);
  std::erase_if(report.findings,
                [&](const Finding& finding) { return finding.span.has_place() && IsShipped(input.sources.file(finding.span.file)); });
  return report;
}

// Files that statements came from as text, and those of the schema.
auto FilesWithComments(const ast::Ast& ast, const std::vector<FileId>& schema) -> std::vector<FileId> {
  std::set<FileId> files(schema.begin(), schema.end());
  for (const auto& statement : ast.statements) {
    if (statement.span.has_place()) files.insert(statement.span.file);
  }
  return {files.begin(), files.end()};
}

// The built-in namespace is nobody's to clean up.
auto SchemaFiles(const CompileJob& job, size_t first_file) -> std::vector<FileId> {
  std::vector<FileId> files;
  for (auto i = static_cast<uint32_t>(first_file); i < job.sources.size(); ++i) {
    const auto& file = job.sources.file({i});
    if (!IsShipped(file)) files.push_back({i});
  }
  return files;
}

auto ReadFragments(CompileJob& job, const std::vector<FileId>& files) -> std::vector<schema_ast::Fragment> {
  auto context = job.parse_context();
  std::vector<schema_ast::Fragment> fragments;
  for (const auto file : files) {
    if (auto fragment = ReadSchemaFragment(file, context)) fragments.push_back(std::move(*fragment));
  }
  return fragments;
}

}  // namespace

auto LintJob(CompileJob& job, std::vector<SchemaText> schema, ast::IdConvention convention, const LintOptions& given) -> LintReport {
  LintOptions options = given;
  if (ForbidErrorsDeny()) options.Set(Rule::ForbidCanFail, Level::Off);  // it denies where it fails
  const auto ids = StatementIds(job, convention);
  LintInput input = {.ast = job.ast, .ids = ids, .sources = job.sources, .interner = job.interner};
  if (schema.empty()) {
    CheckLinks(job, ids);
    input.commented_files = FilesWithComments(job.ast, {});
    return LintProject(input, options);
  }
  const auto first_file = job.sources.size();
  const auto resolved = LoadSchema(job, std::move(schema));
  if (!resolved) return {};
  const auto files = SchemaFiles(job, first_file);
  input.commented_files = FilesWithComments(job.ast, files);
  const auto fragments = ReadFragments(job, files);
  const auto typed = CheckPolicies(job, *resolved, convention, {});
  input.fragments = &fragments;
  if (typed->ok()) input.typed = typed.get();
  return LintProject(input, options);
}

}  // namespace remit::lint
