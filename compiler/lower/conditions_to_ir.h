// The conditions of a statement as a body: in their order, and each has to hold.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/lower/expr_to_ir.h"

namespace remit {

// For all requests.
auto ConditionsToIr(LowerContext& context, const std::vector<ast::Condition>& conditions) -> ir::Body;

// Where `folds` holds. None if the statement can be neither satisfied nor fail there.
auto ConditionsToIr(LowerContext& context, const std::vector<ast::Condition>& conditions, const TypeFolds& folds)
    -> std::optional<ir::Body>;

}  // namespace remit
