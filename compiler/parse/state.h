// Reading budgets and breakers: `budget.NAME.after`, `breaker.NAME.open`, `budget has NAME`.
//
// `budget` and `breaker` are no variables: anywhere else they are unknown names, as they are in Cedar.
#pragma once

#include <optional>

#include "compiler/parse/conversion.h"
#include "compiler/parse/operand.h"

namespace remit::parse {

// The kind of state that an operand names, if it is the word `budget` or `breaker` and nothing of that name is bound here.
auto FindState(const Conversion& c, const Operand& operand) -> std::optional<ast::StateKind>;

// `budget` with the first two of its accesses, `.NAME` and `.FIELD`.
auto ToStateRead(Conversion& c, ast::StateKind kind, Grammar::MemberContext* member) -> ast::ExprId;

}  // namespace remit::parse
