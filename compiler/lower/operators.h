// The tree's operators and the program's operations for them.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/ir/op.h"

namespace remit {

// Elements of a literal that are built at once: literals nest, and each level holds a chunk's registers.
constexpr uint32_t kChunk = 64;

auto VariableOp(ast::Var var) -> ir::Op;
auto UnaryToOp(ast::UnaryOp op) -> ir::Op;
// `&&` and `||` are jumps, not operations: never asked for here.
auto BinaryToOp(ast::BinaryOp op) -> ir::Op;

auto IsLogical(const ast::ExprNode& node) -> bool;
// Whether the expression, if it has a value, has a bool: known from its outermost operator.
auto AlwaysBool(const ast::ExprNode& node) -> bool;

}  // namespace remit
