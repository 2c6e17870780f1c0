// `!`, `&&`, `||`, `if`, and the quantifiers over sets.
#include "compiler/check/expr_checker.h"

namespace remit::check {

auto ExprChecker::CheckNot(Answer operand, ast::ExprId place) -> Answer {
  operand = Expect(std::move(operand), place, {types().bool_type()});
  if (!operand.type.has_value()) return Fail(types().bool_type());
  TypeRef result = types().bool_type();
  if (operand.type == types().true_type()) result = types().false_type();
  if (operand.type == types().false_type()) result = types().true_type();
  return After(operand.ok, Succeed(result));
}

auto ExprChecker::CheckAnd(const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().bool_type()});
  return And(std::move(left), prior, [&](const Known& guarded) { return CheckAs(node.right, {types().bool_type()}, guarded); });
}

auto ExprChecker::CheckOr(const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().bool_type()});
  if (left.type == types().true_type()) return left;
  Answer right = CheckAs(node.right, {types().bool_type()}, prior);
  const bool ok = left.ok && right.ok;
  if (!left.type.has_value() || !right.type.has_value()) return Fail(types().bool_type());
  if (right.type == types().true_type()) return After(ok, Succeed(right.type, std::move(right.known)));
  if (right.type == types().false_type()) return After(ok, Succeed(left.type, std::move(left.known)));
  if (left.type == types().false_type()) return After(ok, Succeed(right.type, std::move(right.known)));
  return After(ok, Succeed(types().bool_type(), Intersection(std::move(left.known), right.known)));
}

auto ExprChecker::CheckIf(ast::ExprId id, const ast::If& node, const Known& prior) -> Answer {
  Answer test = CheckAs(node.condition, {types().bool_type()}, prior);
  const Known guarded{.outer = &prior, .own = &test.known};
  if (test.type == types().true_type()) {
    Answer taken = Check(node.then_branch, guarded);
    return After(test.ok && taken.ok, Succeed(taken.type, Union(std::move(taken.known), std::move(test.known))));
  }
  if (test.type == types().false_type()) {
    Answer taken = Check(node.else_branch, prior);
    return After(test.ok && taken.ok, Succeed(taken.type, std::move(taken.known)));
  }
  Answer then_answer = Check(node.then_branch, guarded);
  Answer else_answer = Check(node.else_branch, prior);
  const bool ok = test.ok && then_answer.ok && else_answer.ok;
  const auto joined = JoinAll({then_answer.type, else_answer.type}, id);
  if (!joined) return Fail();
  const auto then_known = Union(std::move(then_answer.known), std::move(test.known));
  return After(ok, Succeed(*joined, Intersection(std::move(else_answer.known), then_known)));
}

// What the condition makes certain holds for one element alone, so nothing of it is kept.
auto ExprChecker::CheckQuantifier(const ast::Quantifier& node, Answer set, const Known& prior) -> Answer {
  set = Expect(std::move(set), node.set, {types().any_set()});
  const bool has_element = set.type.has_value() && kind(set.type) == TypeKind::Set;
  Bind(node.variable, has_element ? types().at(set.type).element : TypeRef{});
  const Answer body = CheckAs(node.body, {types().bool_type()}, prior);
  Unbind();
  const bool is_any = node.kind == ast::QuantifierKind::Any;
  if (is_any && body.type == types().false_type()) return After(set.ok && body.ok, Succeed(body.type));
  if (!is_any && body.type == types().true_type()) return After(set.ok && body.ok, Succeed(body.type));
  return After(set.ok && body.ok, Succeed(types().bool_type()));
}

}  // namespace remit::check
