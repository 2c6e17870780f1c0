// `&&`, `||`, `!`, `if` and quantifiers: what decides which of its operands is evaluated.
#include <ranges>

#include "compiler/partial/copy_expr.h"
#include "compiler/partial/folder.h"

namespace remit::partial {
namespace {

// Elements that the quantifiers of one statement are unrolled over; beyond that they stay.
constexpr size_t kMostUnrolled = 1000;

auto IsKnownBool(const Folded& folded) -> bool { return folded.is(State::Known) && folded.value.is(Kind::Bool); }

auto IsAnd(const ast::ExprNode& node) -> const ast::Binary* {
  const auto* binary = std::get_if<ast::Binary>(&node);
  return binary != nullptr && binary->op == ast::BinaryOp::And ? binary : nullptr;
}

}  // namespace

// ---- conjunctions of whole conditions ------------------------------------------------------------------------------

auto Folder::And(const Folded& left, const Folded& right, ast::ExprId source) -> Folded {
  if (left.is(State::Failed) || left.IsBool(false)) return left;
  if (left.IsBool(true)) {
    Folded only = right;
    if (only.is(State::Failed)) only.expr = Write(right, source);
    return only;
  }
  if (right.IsBool(true)) return left;
  if (right.IsBool(false) && !left.may_fail) return right;
  const bool may_fail = left.may_fail || right.may_fail || right.is(State::Failed);
  const auto written = Write(right, source);
  Folded both = Folded::Rest(Emit(ast::Binary{.op = ast::BinaryOp::And, .left = left.expr, .right = written}, source), may_fail);
  both.never_true = !left.CanBeTrue() || !right.CanBeTrue();
  return both;
}

auto Folder::FoldConjunction(Folded left, ast::ExprId id) -> Folded {
  std::vector<ast::ExprId> conjuncts;  // the last first
  while (const auto* chain = IsAnd(node(id))) {
    conjuncts.push_back(chain->right);
    id = chain->left;
  }
  conjuncts.push_back(id);
  for (const auto each : conjuncts | std::views::reverse) {
    if (!left.is(State::Residual) && !left.IsBool(true)) break;
    left = And(left, Fold(each), each);
    if (!left.CanBeTrue()) break;  // false or an error: nothing further is evaluated
  }
  return left;
}

auto Folder::FoldNegated(const Folded& left, ast::ExprId id) -> Folded {
  if (!left.is(State::Residual) && !left.IsBool(true)) return left;
  Folded right = Fold(id);
  if (IsKnownBool(right)) {
    right = Folded::Of(!right.value.as_bool());
  } else {
    right.expr = Emit(ast::Unary{.op = ast::UnaryOp::Not, .operand = Write(right, id)}, id);
    right.never_true = false;
  }
  return And(left, right, id);
}

// ---- operators -----------------------------------------------------------------------------------------------------

auto Folder::ApplyAnd(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded {
  if (left.is(State::Known) && !IsKnownBool(left)) return Keep(id);
  if (left.IsBool(false)) return left;
  if (left.IsBool(true)) return Fold(node.right);
  if (left.never_true) return left;
  return And(left, Fold(node.right), node.right);
}

auto Folder::ApplyOr(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded {
  if (left.is(State::Known) && !IsKnownBool(left)) return Keep(id);
  if (left.IsBool(true)) return left;
  if (left.IsBool(false)) return Fold(node.right);
  if (TypeIs(node.left, context_.types.true_type())) return left;
  const Folded right = Fold(node.right);
  if (right.IsBool(false)) return left;
  if (right.IsBool(true) && !left.may_fail) return right;
  const bool may_fail = left.may_fail || right.may_fail || right.is(State::Failed);
  const auto written = Write(right, node.right);
  return Folded::Rest(Emit(ast::Binary{.op = ast::BinaryOp::Or, .left = left.expr, .right = written}, id), may_fail);
}

auto Folder::FoldIf(ast::ExprId id, const ast::If& node) -> Folded {
  const Folded condition = Fold(node.condition);
  if (condition.is(State::Failed)) return condition;
  if (IsKnownBool(condition)) return Fold(condition.value.as_bool() ? node.then_branch : node.else_branch);
  if (condition.is(State::Known)) return Keep(id);
  const Folded then_branch = Fold(node.then_branch);
  const Folded else_branch = Fold(node.else_branch);
  const bool are_known = then_branch.is(State::Known) && else_branch.is(State::Known);
  if (are_known && !condition.may_fail && then_branch.value == else_branch.value) return then_branch;
  const auto may_fail = [](const Folded& folded) { return folded.may_fail || folded.is(State::Failed); };
  const ast::If residual = {.condition = Write(condition, node.condition),
                            .then_branch = Write(then_branch, node.then_branch),
                            .else_branch = Write(else_branch, node.else_branch)};
  return Folded::Rest(Emit(residual, id), condition.may_fail || may_fail(then_branch) || may_fail(else_branch));
}

// ---- quantifiers ---------------------------------------------------------------------------------------------------

auto Folder::ApplyQuantifier(ast::ExprId id, const ast::Quantifier& node, const Folded& set) -> Folded {
  if (set.is(State::Known) && set.value.is(Kind::Set)) {
    // What was written while looking is of no use.
    const auto mark = static_cast<ptrdiff_t>(context_.residuals.exprs.size());
    const auto unrolled = UnrollQuantifier(node, set.value.as_set());
    context_.residuals.exprs.erase(context_.residuals.exprs.begin() + mark, context_.residuals.exprs.end());
    if (unrolled) return *unrolled;
  }
  const auto over = Write(set, node.set);
  locals_.emplace_back(node.variable, std::nullopt);
  const Folded body = Fold(node.body);
  locals_.pop_back();
  const auto written = Write(body, node.body);
  // A decision bounds the work of quantifiers, so any of them may fail.
  return Folded::Rest(Emit(ast::Quantifier{.kind = node.kind, .set = over, .variable = node.variable, .body = written}, id), true);
}

// Every element counts: an error in any is the error of the whole, even where another decides.
auto Folder::UnrollQuantifier(const ast::Quantifier& node, SetView set) -> std::optional<Folded> {
  const bool decisive = node.kind == ast::QuantifierKind::Any;
  bool is_decided = false;
  bool is_open = false;
  for (const Value& element : set) {
    if (++elements_ > kMostUnrolled) return std::nullopt;
    locals_.emplace_back(node.variable, element);
    Folded body = Fold(node.body);
    locals_.pop_back();
    body.expr = {};
    if (body.is(State::Failed)) return body;
    is_decided |= body.IsBool(decisive);
    is_open |= !IsKnownBool(body);
  }
  if (is_open) return std::nullopt;
  return Folded::Of(is_decided == decisive);
}

}  // namespace remit::partial
