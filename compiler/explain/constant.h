// Values of expressions that depend on nothing.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "runtime/value/value.h"

namespace remit::explain {

// A scalar. None for what has variables or state, fails, or is a text, a set or a record.
auto ConstantOf(const ast::Ast& ast, ast::ExprId id, Interner& interner) -> std::optional<Value>;

}  // namespace remit::explain
