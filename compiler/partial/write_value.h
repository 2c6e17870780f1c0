// A value as literal expressions.
//
// Only what is small and flat is written out: a residual must not grow with the data it was folded over, and where a policy reads a list of
// a million elements from an entity, that access says the same in three words.
#pragma once

#include "compiler/ast/ast.h"

namespace remit::partial {

// None if the value is not to be written out, or has no spelling. `span` is where the expressions come from.
auto WriteValue(const Value& value, Span span, ast::Ast& to, Interner& interner) -> ast::ExprId;

}  // namespace remit::partial
