// The budgets and breakers of a policy set, by name, and what of them can be read.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::check {

struct StateDecl {
  ast::StateKind kind;
  uint32_t statement;  // position in the tree
  const ast::Scope* scope;
  bool is_conditional;  // has `when` or `unless`, so no scope alone says that it applies
  bool counts_decimals = false;  // a budget whose limit is a decimal; the checker finds out
};

class StateTable {
 public:
  explicit StateTable(const ast::Ast& ast);

  // The first of that name; null if there is none.
  auto Find(ast::StateKind kind, SymbolId name) const -> const StateDecl*;
  void SetCountsDecimals(SymbolId budget) { budgets_.at(budget).counts_decimals = true; }
  // Statements whose name an earlier one of their kind has.
  auto repeated() const -> const std::vector<uint32_t>& { return repeated_; }
  auto Names(ast::StateKind kind, const Interner& interner) const -> std::vector<std::string_view>;

 private:
  std::unordered_map<SymbolId, StateDecl> budgets_, breakers_;
  std::vector<uint32_t> repeated_;
};

}  // namespace remit::check
