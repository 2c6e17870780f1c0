// Expressions of the tree, half converted.
//
// A name, a string or `true` means different things as an operand, as a record's key, as the type behind `is` or as the pattern
// behind `like`. So conversion hands up what it saw, and who asked decides. Anything in brackets is an expression and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/parse/conversion.h"

namespace remit::parse {

struct Operand {
  enum class Kind : uint8_t {
    Error,     // reported
    Expr,      // `expr`
    Variable,  // `variable`: principal, action, resource, context
    Name,      // `name`: a checked name that is no variable and no entity
    String,    // `string`, escapes not read yet
    Bool,      // `boolean`
  };
  Kind kind = Kind::Error;
  Span span = {};
  ast::ExprId expr = {};
  ast::Var variable = {};
  Grammar::NameContext* name = nullptr;
  antlr4::tree::TerminalNode* string = nullptr;
  bool boolean = false;

  static auto Of(const Conversion& c, ast::ExprId expr) -> Operand {
    return expr.has_value() ? Operand{.kind = Kind::Expr, .span = c.ast.expr(expr).span, .expr = expr} : Operand{};
  }
};

// Of any rule from `expr` down to `primary`.
auto ToOperand(Conversion& c, Rule* rule) -> Operand;
// As an expression: names must be variables that are bound here.
auto IntoExpr(Conversion& c, const Operand& operand) -> ast::ExprId;
inline auto ToExpr(Conversion& c, Rule* rule) -> ast::ExprId { return IntoExpr(c, ToOperand(c, rule)); }

// All of a comma-separated list; none if one of them is wrong. `list` may be null: no elements.
auto ToExprs(Conversion& c, Grammar::ExpressionsContext* list) -> std::optional<std::vector<ast::ExprId>>;
auto ToRecord(Conversion& c, Grammar::RecordContext* record) -> ast::ExprId;
// The entity type behind `is`.
auto ToTypeName(Conversion& c, Grammar::SumContext* sum) -> std::optional<SymbolId>;

// The parts of ToOperand, one a file.
auto RelationOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand;
auto MemberOperand(Conversion& c, Grammar::MemberContext* member) -> Operand;
auto PrimaryOperand(Conversion& c, Grammar::PrimaryContext* primary) -> Operand;

// Down through rules of a single child to the primary they come to; null if there is an operator on the way.
auto OnlyPrimary(Rule* rule) -> Grammar::PrimaryContext*;

}  // namespace remit::parse
