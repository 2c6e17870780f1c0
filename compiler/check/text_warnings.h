// Text that does not read as it looks: bidirectional controls, mixed scripts, characters outside the profile for identifiers.
//
// Source: Unicode UTS #39, by ICU; the rules which text is looked at, and how, are Cedar's.
#pragma once

#include "compiler/check/expr_checker.h"

namespace remit::check {

// Warns about names and strings in the scope and the conditions.
void WarnAboutText(const ast::Statement& statement, CheckContext& context);

}  // namespace remit::check
