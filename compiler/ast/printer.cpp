#include "compiler/ast/printer.h"

#include "compiler/ast/print_expr.h"
#include "compiler/ast/print_statement.h"

namespace remit::ast {

auto PrintExpr(const Ast& ast, ExprId id, const Interner& interner) -> std::string {
  std::string out;
  ExprPrinter{ast, interner, out}.Print(id);
  return out;
}

auto PrintStatement(const Ast& ast, StatementId id, const Interner& interner) -> std::string {
  std::string out;
  StatementPrinter{ast, interner, out}.Print(ast.statements[id.value]);
  return out;
}

auto PrintPolicySet(const Ast& ast, const Interner& interner) -> std::string {
  std::string out;
  StatementPrinter printer{ast, interner, out};
  for (const auto& statement : ast.statements) {
    if (!out.empty()) out += '\n';
    printer.Print(statement);
    out += '\n';
  }
  return out;
}

}  // namespace remit::ast
