// Expressions as text, with brackets only where precedence or the tree asks for them.
//
// Left spines are walked in a loop: the opening brackets going down, what follows each operand coming up. Recursion is on
// operands that stand to the right, whose nesting the readers bound.
#pragma once

#include <string>

#include "compiler/ast/ast.h"

namespace remit::ast {

// From loosest to tightest. An operand below what its place needs is put in brackets.
enum class Level : uint8_t { Conditional, Or, And, Relation, Sum, Product, Unary, Member };

class ExprPrinter {
 public:
  // Appends to `out`; all three must outlive the printer.
  ExprPrinter(const Ast& ast, const Interner& interner, std::string& out) : ast_(ast), interner_(interner), out_(out) {}

  void Print(ExprId id, Level needed = Level::Conditional);
  void PrintList(const std::vector<ExprId>& ids, size_t first = 0);

 private:
  void PrintOpening(const Expr& expr);
  void PrintPrefix(const Unary& unary);
  void PrintRecord(const RecordLit& record);
  void PrintAfterFirst(const Expr& expr);
  void PrintBinaryTail(const Binary& binary);
  void PrintHasTail(const HasAttr& has);
  void PrintIsTail(const Is& is);
  auto OpensWithNumber(ExprId id) const -> bool;

  const Ast& ast_;
  const Interner& interner_;
  std::string& out_;
};

}  // namespace remit::ast
