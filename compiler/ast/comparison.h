// What comparisons are to one another.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"

namespace remit::ast {

// The comparison that is true where this one is false; none for operators that compare nothing.
auto Negated(BinaryOp op) -> std::optional<BinaryOp>;

}  // namespace remit::ast
