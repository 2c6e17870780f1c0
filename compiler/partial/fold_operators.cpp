// Operators and calls that evaluate all their operands: they come to a value where all of those are known, and fail where one fails.
#include <algorithm>
#include <array>

#include "compiler/lower/operators.h"
#include "compiler/partial/folder.h"

namespace remit::partial {
namespace {

using ast::BinaryOp;

// Whether the operator itself can fail on operands of the right types.
auto CanFail(BinaryOp op) -> bool {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:      // overflow
    case BinaryOp::GetTag:   // the entity need not exist
      return true;
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
    case BinaryOp::HasTag: return false;
  }
  return true;
}

}  // namespace

auto Folder::FoldUnary(ast::ExprId id, const ast::Unary& node, const Folded& operand) -> Folded {
  if (operand.is(State::Failed)) return operand;
  if (operand.is(State::Known)) return FromRun(context_.ops.Run(UnaryToOp(node.op), {&operand.value, 1}, span(id)));
  const bool may_fail = operand.may_fail || node.op == ast::UnaryOp::Neg;
  return Folded::Rest(Emit(ast::Unary{.op = node.op, .operand = operand.expr}, id), may_fail);
}

auto Folder::ApplyBinary(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded {
  const Folded right = Fold(node.right);
  if (right.is(State::Failed)) return right;
  if (left.is(State::Known) && right.is(State::Known) && IsDecided(node.op, left.value, right.value)) {
    const std::array operands = {left.value, right.value};
    return FromRun(context_.ops.Run(BinaryToOp(node.op), operands, span(id)));
  }
  const auto written = Write(left, node.left);
  return Folded::Rest(Emit(ast::Binary{.op = node.op, .left = written, .right = Write(right, node.right)}, id),
                      left.may_fail || right.may_fail || CanFail(node.op));
}

// Whether the result depends on nothing but what is known. Operands of other kinds give an error, which is known.
auto Folder::IsDecided(BinaryOp op, const Value& left, const Value& right) const -> bool {
  const bool asks_entity = op == BinaryOp::In || op == BinaryOp::GetTag || op == BinaryOp::HasTag;
  if (!asks_entity || !left.is(Kind::Entity)) return true;
  if (op != BinaryOp::In) return context_.entities.KnowsTags(left.as_entity());
  if (right.is(Kind::Entity)) return context_.entities.IsIn(left.as_entity(), right.as_entity()).has_value();
  return !right.is(Kind::Set) || IsInDecided(left.as_entity(), right.as_set());
}

auto Folder::IsInDecided(EntityUid uid, SetView ancestors) const -> bool {
  bool is_open = false;
  for (const Value& ancestor : ancestors) {
    if (!ancestor.is(Kind::Entity)) return true;
    const auto is_in = context_.entities.IsIn(uid, ancestor.as_entity());
    if (is_in.value_or(false)) return true;
    is_open |= !is_in.has_value();
  }
  return !is_open;
}

auto Folder::ApplyLike(ast::ExprId id, const ast::Like& node, const Folded& text) -> Folded {
  if (text.is(State::Known)) return FromRun(context_.ops.RunLike(text.value, node.pattern, span(id)));
  return Folded::Rest(Emit(ast::Like{.text = text.expr, .pattern = node.pattern}, id), text.may_fail);
}

auto Folder::FoldCall(ast::ExprId id, const ast::Call& node, std::optional<Folded> receiver) -> Folded {
  if (node.builtin == BuiltinId::Now && context_.request.now) return Folded::Of(Value::OfDatetime(*context_.request.now));
  const auto& signature = GetBuiltin(node.builtin).signature;
  // A function without arguments reads something else, so it is never known by its arguments.
  if (node.args.size() != signature.arity || node.args.empty()) return Keep(id);
  std::vector<Folded> args;
  std::vector<Value> values;
  bool may_fail = signature.fallible;
  for (const auto arg : node.args) {
    args.push_back(args.empty() && receiver ? *receiver : Fold(arg));
    if (args.back().is(State::Failed)) return args.back();
    if (args.back().is(State::Known)) values.push_back(args.back().value);
    may_fail |= args.back().may_fail;
  }
  if (values.size() == args.size()) return FromRun(context_.ops.Run(ir::Op::Call, values, span(id), static_cast<uint32_t>(node.builtin)));
  ast::Call residual = {.builtin = node.builtin, .args = {}};
  for (size_t i = 0; i < args.size(); ++i) residual.args.push_back(Write(args[i], node.args[i]));
  return Folded::Rest(Emit(std::move(residual), id), may_fail);
}

}  // namespace remit::partial
