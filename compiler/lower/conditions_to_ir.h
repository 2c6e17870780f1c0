// The conditions of a policy as a body: in their order, and each has to hold.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/lower/expr_to_ir.h"

namespace remit {

// For all requests.
auto ConditionsToIr(LowerContext& context, const ast::Policy& policy) -> ir::Body;

// Where `folds` holds. None if the policy can be neither satisfied nor fail there.
auto ConditionsToIr(LowerContext& context, const ast::Policy& policy, const TypeFolds& folds) -> std::optional<ir::Body>;

}  // namespace remit
