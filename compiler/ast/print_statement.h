// Statements as text: annotations, head, one clause a line. Each statement kind prints in the order the language reference
// gives its clauses; what is absent is not written.
#pragma once

#include <string>

#include "compiler/ast/ast.h"
#include "compiler/ast/print_expr.h"

namespace remit::ast {

class StatementPrinter {
 public:
  // Appends to `out`; all three must outlive the printer.
  StatementPrinter(const Ast& ast, const Interner& interner, std::string& out)
      : interner_(interner), out_(out), exprs_(ast, interner, out) {}

  void Print(const Statement& statement);

 private:
  void PrintBody(const Policy& policy);
  void PrintBody(const Escalate& escalate);
  void PrintBody(const Restrict& restrict);
  void PrintBody(const Budget& budget);
  void PrintBody(const Breaker& breaker);
  void PrintBody(const Assert& assertion);
  void PrintBody(const Test& test);

  void PrintScope(const Scope& scope);
  void PrintConditions(const std::vector<Condition>& conditions);
  void PrintOblige(const std::optional<Oblige>& oblige);
  void PrintApproval(const Approval& approval);
  void PrintConsequence(std::string_view keyword, const std::optional<Consequence>& consequence);
  void PrintWindow(const Window& window);
  void PrintHold(const Hold& hold);
  void PrintPer(const std::vector<ExprId>& keys);
  // ` keyword { expr }`, nothing if there is no expression.
  void PrintBlock(std::string_view opening, ExprId body);

  void PrintStep(const TestEntity& step);
  void PrintStep(const TestRequest& step);
  void PrintStep(const TestExpect& step);
  void PrintStep(const TestExpectBudget& step);
  void PrintStep(const TestApprove& step);
  void PrintStep(const TestSettle& step);
  void PrintStep(const TestAdvance& step);
  void PrintStep(const TestQuarantine& step);
  void PrintParents(const std::vector<EntityUid>& parents);
  void PrintOnBehalfOf(const std::vector<EntityUid>& others);

  void Put(std::string_view text) { out_ += text; }
  void PutEntity(EntityUid uid) { out_ += FormatEntityUid(uid, interner_); }

  const Interner& interner_;
  std::string& out_;
  ExprPrinter exprs_;
};

}  // namespace remit::ast
