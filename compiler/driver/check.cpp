#include "compiler/driver/check.h"

namespace remit {

auto CheckPolicies(CompileJob& job, const Schema& schema, ast::IdConvention convention, const check::CheckOptions& options)
    -> std::unique_ptr<check::TypedPolicySet> {
  const auto ids = StatementIds(job, convention);
  return std::make_unique<check::TypedPolicySet>(job.ast, ids, schema, job.sources, job.interner, options, job.sink);
}

}  // namespace remit
