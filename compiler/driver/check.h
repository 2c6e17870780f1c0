// Checking the policies of a job against a schema.
#pragma once

#include <memory>

#include "compiler/check/check.h"
#include "compiler/driver/compile_job.h"

namespace remit {

// Ids that collide, links to unknown templates, missing and extra slot values: reports them, and returns whether there were none.
auto CheckLinks(CompileJob& job, const std::vector<std::string>& ids) -> bool;

// What is wrong, with links too, goes to the job's sink. The result refers to the job and to `schema`, which outlive it.
auto CheckPolicies(CompileJob& job, const Schema& schema, ast::IdConvention convention, const check::CheckOptions& options)
    -> std::unique_ptr<check::TypedPolicySet>;

}  // namespace remit
