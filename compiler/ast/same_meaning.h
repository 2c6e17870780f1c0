// Equality of parts of one tree, but for spans and brackets. Whole trees: ast.h, SameMeaning.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"

namespace remit::ast {

// Both may be none.
auto SameExpr(const Ast& ast, ExprId a, ExprId b) -> bool;
auto SameCondition(const Ast& ast, const Condition& a, const Condition& b) -> bool;
auto SameConstraint(const ScopeConstraint& a, const ScopeConstraint& b) -> bool;
// Annotations aside.
auto SameBody(const Ast& ast, const Statement& a, const Statement& b) -> bool;

}  // namespace remit::ast
