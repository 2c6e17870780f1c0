// The texts of decimals, counted in their last place: one cent more than `10.50` is `10.51`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/ast/ast.h"

namespace remit::ast {

// `steps` last places more. None for what is no decimal, or would be none.
auto StepDecimal(std::string_view text, int64_t steps) -> std::optional<std::string>;

// The text between the quotes of `decimal("10.50")`; none for every other expression, and for every other constructor.
auto ConstructorText(const Ast& ast, ExprId id, BuiltinId constructor, const Interner& interner) -> std::optional<std::string_view>;

}  // namespace remit::ast
