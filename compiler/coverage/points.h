// What of a statement can be covered: its clauses and the conditions in it that can go two ways.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/coverage/coverage.h"

namespace remit::coverage {

// Statements that decide something; others (assert, test) have nothing to cover.
auto IsCovered(const ast::Statement& statement) -> bool;

// Those that are expressions. `exceeded` and `open` are not: see EffectClauseOf.
auto ClausesOf(const ast::Ast& ast, const ast::Statement& statement) -> std::vector<Clause>;

// `exceeded` of a budget or `open` of a breaker, if written: covered when it takes effect.
auto EffectClauseOf(const ast::Statement& statement) -> std::optional<Clause>;

// In the order of the source. What quantifiers ask of each element is part of the quantifier's own condition.
auto BranchesOf(const ast::Ast& ast, const ast::Statement& statement) -> std::vector<Branch>;

}  // namespace remit::coverage
