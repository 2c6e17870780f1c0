// Parts of one tree in another.
#pragma once

#include "compiler/ast/ast.h"

namespace remit::partial {

// The expression with all its operands; the id of the copy. Both trees share an interner.
auto CopyExpr(const ast::Ast& from, ast::ExprId id, ast::Ast& to) -> ast::ExprId;

}  // namespace remit::partial
