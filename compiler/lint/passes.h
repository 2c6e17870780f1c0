// The passes of the linter: a file each, grouped as the rules are. In no order: none sees what another found.
#pragma once

#include "compiler/lint/context.h"

namespace remit::lint {

void LintReach(LintContext& context);        // statements that another makes pointless
void LintConditions(LintContext& context);   // conditions that cannot hold, or always do
void LintExpressions(LintContext& context);  // expressions that say less than they seem to
void LintErrors(LintContext& context);       // what fails when it is evaluated
void LintWidth(LintContext& context);        // rights that are wider than they look
void LintNames(LintContext& context);        // ids, annotations, entities that look alike
void LintBudgets(LintContext& context);
void LintBreakers(LintContext& context);
void LintApprovals(LintContext& context);
void LintSchema(LintContext& context);       // nothing without a schema
void LintTests(LintContext& context);

}  // namespace remit::lint
