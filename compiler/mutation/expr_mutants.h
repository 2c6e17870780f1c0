// Mutants of expressions: comparisons, logic, bounds.
#pragma once

#include "compiler/mutation/mutants.h"

namespace remit::mutation {

// One with another node in its place.
auto ExprMutant(ast::Ast& ast, const Interner& interner, uint32_t statement, Mutation mutation, ast::ExprId id, ast::ExprNode node)
    -> Mutant;

// Of everything in it. Walks with a stack of its own: operators may be chained a hundred thousand times.
auto FindExprMutants(ast::Ast& ast, const Interner& interner, uint32_t statement, ast::ExprId root) -> std::vector<Mutant>;

}  // namespace remit::mutation
