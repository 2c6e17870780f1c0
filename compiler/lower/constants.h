// Which expressions of a tree have a value whatever the request: literals, and sets, records and constructor calls of them.
//
// Folding stops there on purpose. A constructor that fails stays a call, because its error belongs to the requests that reach it;
// operators stay operators, because authors hardly write `1 + 1` and a second implementation of their semantics would have to agree.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"

namespace remit {

class Constants {
 public:
  // One pass over all expressions: operands come before the expressions that use them.
  Constants(const ast::Ast& ast, const Interner& interner);

  // Null if the expression is not constant. The value lives as long as this and the interner.
  auto Find(ast::ExprId id) const -> const Value* { return is_known_[id.value] ? &values_[id.value] : nullptr; }

 private:
  struct Folder;

  Arena arena_;
  std::vector<bool> is_known_;
  std::vector<Value> values_;  // parallel to the expressions
};

}  // namespace remit
