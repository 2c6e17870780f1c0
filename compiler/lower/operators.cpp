#include "compiler/lower/operators.h"

#include "runtime/base/check.h"

namespace remit {
namespace {

using ast::BinaryOp;
using ir::Op;

struct BoolVisitor {
  auto operator()(const ast::BoolLit&) const -> bool { return true; }
  auto operator()(const ast::Unary& node) const -> bool { return node.op == ast::UnaryOp::Not || node.op == ast::UnaryOp::IsEmpty; }
  auto operator()(const ast::Binary& node) const -> bool {
    switch (node.op) {
      case BinaryOp::And:
      case BinaryOp::Or:
      case BinaryOp::Eq:
      case BinaryOp::NotEq:
      case BinaryOp::Less:
      case BinaryOp::LessEq:
      case BinaryOp::Greater:
      case BinaryOp::GreaterEq:
      case BinaryOp::In:
      case BinaryOp::Contains:
      case BinaryOp::ContainsAll:
      case BinaryOp::ContainsAny:
      case BinaryOp::HasTag: return true;
      case BinaryOp::Add:
      case BinaryOp::Sub:
      case BinaryOp::Mul:
      case BinaryOp::GetTag: return false;
    }
    return false;
  }
  auto operator()(const ast::HasAttr&) const -> bool { return true; }
  auto operator()(const ast::Like&) const -> bool { return true; }
  auto operator()(const ast::Is&) const -> bool { return true; }
  auto operator()(const ast::Quantifier&) const -> bool { return true; }
  auto operator()(const ast::Call& node) const -> bool { return GetBuiltin(node.builtin).signature.result == Kind::Bool; }
  template <typename Node>
  auto operator()(const Node&) const -> bool {
    return false;
  }
};

}  // namespace

auto VariableOp(ast::Var var) -> Op {
  switch (var) {
    case ast::Var::Principal: return Op::Principal;
    case ast::Var::Action: return Op::Action;
    case ast::Var::Resource: return Op::Resource;
    case ast::Var::Context: return Op::Context;
  }
  return Op::Context;
}

auto UnaryToOp(ast::UnaryOp op) -> Op {
  switch (op) {
    case ast::UnaryOp::Not: return Op::Not;
    case ast::UnaryOp::Neg: return Op::Neg;
    case ast::UnaryOp::IsEmpty: return Op::IsEmpty;
    case ast::UnaryOp::Size: return Op::Size;
  }
  return Op::Not;
}

auto BinaryToOp(BinaryOp op) -> Op {
  switch (op) {
    case BinaryOp::And:
    case BinaryOp::Or: break;
    case BinaryOp::Eq: return Op::Eq;
    case BinaryOp::NotEq: return Op::NotEq;
    case BinaryOp::Less: return Op::Less;
    case BinaryOp::LessEq: return Op::LessEq;
    case BinaryOp::Greater: return Op::Greater;
    case BinaryOp::GreaterEq: return Op::GreaterEq;
    case BinaryOp::Add: return Op::Add;
    case BinaryOp::Sub: return Op::Sub;
    case BinaryOp::Mul: return Op::Mul;
    case BinaryOp::In: return Op::In;
    case BinaryOp::Contains: return Op::Contains;
    case BinaryOp::ContainsAll: return Op::ContainsAll;
    case BinaryOp::ContainsAny: return Op::ContainsAny;
    case BinaryOp::GetTag: return Op::GetTag;
    case BinaryOp::HasTag: return Op::HasTag;
  }
  CHECK(false, "`&&` and `||` have no operation");
  return Op::Eq;
}

auto IsLogical(const ast::ExprNode& node) -> bool {
  const auto* binary = std::get_if<ast::Binary>(&node);
  return binary != nullptr && (binary->op == BinaryOp::And || binary->op == BinaryOp::Or);
}

auto AlwaysBool(const ast::ExprNode& node) -> bool { return std::visit(BoolVisitor{}, node); }

}  // namespace remit
