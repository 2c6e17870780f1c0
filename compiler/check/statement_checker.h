// One statement in one environment: its conditions, then its clauses under the guards of the conditions.
#pragma once

#include "compiler/check/expr_checker.h"

namespace remit::check {

class StatementChecker {
 public:
  StatementChecker(CheckContext& context, const Environment& environment, const StateReader& reader, ExprTypes& types)
      : context_(context), exprs_(context, environment, reader, types) {}

  // The type of all conditions together. Clauses are looked at unless that is `false`.
  auto Check(const ast::Statement& statement) -> Answer;

 private:
  struct ClauseVisitor;

  auto types() -> TypeTable& { return context_.types; }
  // True if there was no mistake. An absent clause has none.
  auto CheckClause(ast::ExprId id, std::initializer_list<TypeRef> expected, const Known& known) -> bool;
  auto CheckKey(const std::vector<ast::ExprId>& per, const Known& known) -> bool;
  auto CheckApproval(const ast::Approval& approval, const Known& known) -> bool;
  auto CheckConsequence(const std::optional<ast::Consequence>& consequence, const Known& known) -> bool;
  auto CheckAmounts(const ast::Budget& budget, const Known& known) -> bool;
  auto CheckTrip(const ast::Breaker& breaker, const Known& known) -> bool;

  CheckContext& context_;
  ExprChecker exprs_;
};

// What must be written out, whatever the request: durations, counts, time zones. Reports once a statement.
void CheckLiteralClauses(const ast::Statement& statement, CheckContext& context);

}  // namespace remit::check
