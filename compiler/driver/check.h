// Checking the policies of a job against a schema.
#pragma once

#include <memory>

#include "compiler/check/check.h"
#include "compiler/driver/compile_job.h"

namespace remit {

// What is wrong goes to the job's sink. The result refers to the job and to `schema`, which outlive it.
auto CheckPolicies(CompileJob& job, const Schema& schema, ast::IdConvention convention, const check::CheckOptions& options)
    -> std::unique_ptr<check::TypedPolicySet>;

}  // namespace remit
