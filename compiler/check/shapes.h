// Numbers expressions so that two have one number exactly if they are written alike, whatever their place and brackets.
//
// A guard such as `principal has a` speaks about every later `principal`; comparing numbers finds them without walking trees. Forms
// that Cedar treats as one have one number: `a != b` and `!(a == b)`, `a > b` and `!(a <= b)`, `x has a.b` in its steps, `true && false`
// and `false`.
#pragma once

#include <map>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::check {

using Shape = uint32_t;

class Shapes {
 public:
  // One pass: operands come before the expressions that use them.
  explicit Shapes(const ast::Ast& ast);

  auto Of(ast::ExprId id) const -> Shape { return shapes_[id.value]; }
  // Whether this is `true` or `false`, or `&&` and `||` of them.
  auto IsBoolLiteral(ast::ExprId id) const -> bool { return Of(id) <= kTrue; }
  // Of `object.attr`, whether or not it is written anywhere.
  auto OfAttribute(Shape object, SymbolId attr) -> Shape;

 private:
  using Key = std::vector<uint32_t>;  // a tag for the kind of node, then what it is made of
  struct KeyMaker;

  static constexpr Shape kFalse = 0, kTrue = 1;

  auto Number(Key key) -> Shape;

  std::map<Key, Shape> numbers_;
  std::vector<Shape> shapes_;
};

}  // namespace remit::check
