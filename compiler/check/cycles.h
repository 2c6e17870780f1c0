// Budgets and breakers that read each other in a circle: none of them could be figured out first.
#pragma once

#include <vector>

#include "compiler/check/expr_checker.h"

namespace remit::check {

// For each circle the statements in it, each reading the next and the last the first. Every statement is in one circle at most.
auto FindStateCycles(const ast::Ast& ast, const StateTable& states) -> std::vector<std::vector<uint32_t>>;

// Reports circles, and names that are given twice. True if there were none.
auto ReportStateMistakes(const ast::Ast& ast, const StateTable& states, const Interner& interner, DiagnosticSink& sink) -> bool;

}  // namespace remit::check
