// How many entities deep a policy reads: what must be loaded before it can be decided.
//
// A policy of level n follows at most n references from the request's entities. Reading through an entity literal is an error at every
// level, because such an entity is not among those of the request.
// Source: Cedar RFC 76 and the level check of its validator, which looks at what its type checker kept.
#pragma once

#include <utility>
#include <vector>

#include "compiler/check/expr_checker.h"

namespace remit::check {

class LevelChecker {
 public:
  // `types` are those of the statement in the environment.
  LevelChecker(CheckContext& context, const Environment& environment, const ExprTypes& types, uint32_t max_level)
      : context_(context), environment_(environment), types_(types), max_level_(max_level) {}

  void CheckScope(const ast::Scope& scope);
  void CheckConditions(const std::vector<ast::Condition>& conditions);
  void Check(ast::ExprId id);

 private:
  struct Visitor;
  // The attributes that are read of a record before an entity comes, the first last.
  using Path = std::vector<SymbolId>;

  auto type(ast::ExprId id) const -> TypeRef { return types_[id.value]; }
  auto node(ast::ExprId id) const -> const ast::ExprNode& { return context_.ast.expr(id).node; }
  auto Is(ast::ExprId id, TypeRef what) const -> bool { return type(id) == what; }
  auto IsEntity(TypeRef ref) const -> bool;
  // How many references were followed to get the entity that `id` is.
  auto LevelOf(ast::ExprId id, Path path) -> uint32_t;
  auto LevelOfLiteral(ast::ExprId id, EntityUid uid) -> uint32_t;
  void RequireLevel(uint32_t level, Span span);
  void CheckPosition(const ast::ScopeConstraint& position);
  void CheckAccess(ast::ExprId id, ast::ExprId object);
  void CheckHasPath(ast::ExprId id, const ast::HasAttr& node);

  CheckContext& context_;
  const Environment& environment_;
  const ExprTypes& types_;
  uint32_t max_level_;
  std::vector<std::pair<SymbolId, uint32_t>> locals_;  // levels of the elements that quantifiers bind
};

}  // namespace remit::check
