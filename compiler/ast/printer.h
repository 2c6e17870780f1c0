// The tree as source text, from the tree alone: for translation from JSON, for messages and for `--dump ast`.
//
// Printing and parsing again gives the same meaning. Brackets appear where precedence needs them and where the tree says so.
#pragma once

#include <string>

#include "compiler/ast/ast.h"

namespace remit::ast {

auto PrintExpr(const Ast& ast, ExprId id, const Interner& interner) -> std::string;
auto PrintStatement(const Ast& ast, StatementId id, const Interner& interner) -> std::string;
auto PrintPolicySet(const Ast& ast, const Interner& interner) -> std::string;

// One node a line, indented, with spans: what the parser understood.
auto DumpAst(const Ast& ast, const Interner& interner) -> std::string;

}  // namespace remit::ast
