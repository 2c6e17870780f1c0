// What is written out in an expression, whatever the request.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/lint/context.h"

namespace remit::lint {

auto BoolOf(const LintContext& context, ast::ExprId id) -> std::optional<bool>;
// With any number of signs before it.
auto LongOf(const LintContext& context, ast::ExprId id) -> std::optional<int64_t>;
auto StringOf(const LintContext& context, ast::ExprId id) -> std::optional<SymbolId>;
auto EntityOf(const LintContext& context, ast::ExprId id) -> std::optional<EntityUid>;
// Of `duration("15m")`.
auto MillisecondsOf(const LintContext& context, ast::ExprId id) -> std::optional<int64_t>;
// A literal of any of these kinds.
auto IsLiteral(const LintContext& context, ast::ExprId id) -> bool;
auto VariableOf(const LintContext& context, ast::ExprId id) -> std::optional<ast::Var>;

// The elements of a set that is written out, or nothing; an expression that is an entity counts as the set of it.
auto EntitiesIn(const LintContext& context, ast::ExprId id) -> std::vector<EntityUid>;

// Whether the expression, operands too, reads the variable.
auto Reads(const LintContext& context, ast::ExprId id, ast::Var var) -> bool;
auto Reads(const LintContext& context, const std::vector<ast::Condition>& conditions, ast::Var var) -> bool;

}  // namespace remit::lint
