#include "compiler/driver/check.h"

#include "compiler/lower/link_resolver.h"

namespace remit {

auto CheckLinks(CompileJob& job, const std::vector<std::string>& ids) -> bool {
  const auto errors_before = job.sink.error_count();
  ResolveLinks(job.ast, ids, job.interner, job.sink);
  return job.sink.error_count() == errors_before;
}

auto CheckPolicies(CompileJob& job, const Schema& schema, ast::IdConvention convention, const check::CheckOptions& options)
    -> std::unique_ptr<check::TypedPolicySet> {
  const auto ids = StatementIds(job, convention);
  CheckLinks(job, ids);
  return std::make_unique<check::TypedPolicySet>(job.ast, ids, schema, job.sources, job.interner, options, job.sink);
}

}  // namespace remit
