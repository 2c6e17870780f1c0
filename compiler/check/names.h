// Names in a statement that the schema does not have: entity types, actions, ids of enumerated types.
#pragma once

#include "compiler/check/expr_checker.h"

namespace remit::check {

// Reports each with what may have been meant.
void CheckNames(const ast::Statement& statement, CheckContext& context);
// One entity: its type must be declared; an action, or one of an enumerated type, must be itself.
void CheckEntityName(EntityUid uid, Span span, CheckContext& context);
void CheckTypeName(SymbolId type, Span span, CheckContext& context);

}  // namespace remit::check
