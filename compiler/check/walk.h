// Visits every expression of a statement once, operands too, in no particular order and without recursion.
#pragma once

#include <functional>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::check {

// The expressions a statement is made of: conditions and the contents of its clauses.
auto RootsOf(const ast::Statement& statement) -> std::vector<ast::ExprId>;

void VisitExprs(const ast::Ast& ast, std::vector<ast::ExprId> roots, const std::function<void(ast::ExprId, const ast::Expr&)>& visit);

// The scope of a statement; null for a test.
auto ScopeOf(const ast::Statement& statement) -> const ast::Scope*;
// Its conditions; null for a test.
auto ConditionsOf(const ast::Statement& statement) -> const std::vector<ast::Condition>*;

}  // namespace remit::check
