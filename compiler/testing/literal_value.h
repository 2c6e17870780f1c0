// The values that tests write out: attributes, contexts, amounts, durations.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "runtime/base/error.h"
#include "runtime/value/value.h"

namespace remit::tests {

// The value, in `arena`. Errors are those of evaluation; "unsupported-expression" for what means nothing without a request.
auto ValueOf(const ast::Ast& ast, ast::ExprId expr, Interner& interner, std::optional<Datetime> now, Arena& arena) -> Expected<Value>;

}  // namespace remit::tests
