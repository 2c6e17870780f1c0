// One JSON policy, already parsed as JSON, to a statement.
#pragma once

#include "compiler/est/json_to_scope.h"

namespace remit {

class JsonPolicyReader {
 public:
  JsonPolicyReader(ParseContext& context, ast::Ast& ast)
      : context_(context), ast_(ast), exprs_(context, ast), scopes_(context, exprs_), report_(context.sink) {}

  // Appends a statement. None if something was reported; the tree is then as it was.
  auto Read(const JsonSite& site) -> ast::StatementId;
  // A slot's value in a link.
  auto ReadEntity(const JsonSite& site) -> std::optional<EntityUid> { return exprs_.ReadEntity(site); }

 private:
  auto ReadStatement(const JsonSite& site) -> std::optional<ast::Statement>;
  auto ReadEffect(const JsonSite& site) -> std::optional<ast::Effect>;
  auto ReadConditions(const JsonSite& site) -> std::optional<std::vector<ast::Condition>>;
  auto ReadCondition(const JsonSite& site) -> std::optional<ast::Condition>;
  auto ReadAnnotations(const JsonSite& site) -> std::optional<std::vector<ast::Annotation>>;

  ParseContext& context_;
  ast::Ast& ast_;
  JsonExprReader exprs_;
  JsonScopeReader scopes_;
  JsonReporter report_;
};

}  // namespace remit
