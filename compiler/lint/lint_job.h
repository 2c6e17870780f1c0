// Linting what a compile job has loaded: checked first, since rules are about policies that check.
#pragma once

#include <vector>

#include "compiler/lint/lint.h"

namespace remit::lint {

// `schema` may be empty. What the checker finds goes to the job's sink; its warnings are no findings, and with errors the rules that need types
// are left out.
auto LintJob(CompileJob& job, std::vector<SchemaText> schema, ast::IdConvention convention, const LintOptions& options) -> LintReport;

}  // namespace remit::lint
