// Scope constraints of JSON policies to syntax tree.
#pragma once

#include "compiler/est/json_to_expr.h"

namespace remit {

class JsonScopeReader {
 public:
  JsonScopeReader(ParseContext& context, JsonExprReader& exprs) : context_(context), exprs_(exprs), report_(context.sink) {}

  // None if something was reported.
  auto ReadPrincipalOrResource(const JsonSite& site, ast::Slot slot) -> std::optional<ast::ScopeConstraint>;
  auto ReadAction(const JsonSite& site) -> std::optional<ast::ScopeConstraint>;

 private:
  auto ReadOp(const JsonSite& site, const std::vector<std::string_view>& known) -> std::string_view;
  // `{"entity": ..}` or `{"slot": ..}`; other members are let pass.
  auto ReadTarget(const JsonSite& site, ast::Slot slot, ast::ScopeConstraint& constraint) -> bool;
  auto ReadType(const JsonSite& site, ast::Slot slot, ast::ScopeConstraint& constraint) -> bool;
  auto ReadActionTarget(const JsonSite& site, bool may_be_list, ast::ScopeConstraint& constraint) -> bool;
  auto ReadActionEntity(const JsonSite& site, ast::ScopeConstraint& constraint) -> bool;

  ParseContext& context_;
  JsonExprReader& exprs_;
  JsonReporter report_;
};

}  // namespace remit
