// Turns a policy set into a decision program.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/check/check.h"
#include "compiler/source/diagnostic.h"
#include "runtime/base/limits.h"
#include "runtime/ir/program.h"

namespace remit {

// `ids` is parallel to `ast.statements`. Templates become bodies without rows; each of `ast.links` becomes a row. `assert` and `test` decide
// nothing and leave nothing. Reported: links to unknown templates, missing or extra slot values, ids used twice, budgets and breakers that are unknown
// or read each other in a circle, clauses that must be written out and are not.
// The program is complete only if nothing was reported.
auto Lower(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink) -> ir::Program;

// The same of a policy set that was checked, with its environments. `typed` is of a tree with these `ids`, in whatever mode; what is wrong with a
// policy there keeps its types from being used, and nothing else.
auto Lower(check::TypedPolicySet& typed, const std::vector<std::string>& ids, Interner& interner, const Limits& limits,
           DiagnosticSink& sink) -> ir::Program;

// A program of one body that ends in the value of `expr`.
auto LowerExpression(const ast::Ast& ast, ast::ExprId expr, Interner& interner, DiagnosticSink& sink) -> ir::Program;

}  // namespace remit
