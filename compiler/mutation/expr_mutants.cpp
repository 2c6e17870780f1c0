#include "compiler/mutation/expr_mutants.h"

#include <algorithm>
#include <optional>

#include "compiler/ast/comparison.h"
#include "compiler/ast/printer.h"

namespace remit::mutation {
namespace {

using ast::BinaryOp;
using ast::ExprId;

// Of one expression: nobody reads more, and each is a run of tests.
constexpr size_t kMostInOne = 400;

auto OtherBoundary(BinaryOp op) -> std::optional<BinaryOp> {
  if (op == BinaryOp::Less) return BinaryOp::LessEq;
  if (op == BinaryOp::LessEq) return BinaryOp::Less;
  if (op == BinaryOp::Greater) return BinaryOp::GreaterEq;
  if (op == BinaryOp::GreaterEq) return BinaryOp::Greater;
  return std::nullopt;
}

// Operands in which conditions may stand.
auto Operands(const ast::Expr& expr) -> std::vector<ExprId> {
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node)) return {unary->operand};
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node)) return {binary->left, binary->right};
  if (const auto* choice = std::get_if<ast::If>(&expr.node)) return {choice->condition, choice->then_branch, choice->else_branch};
  if (const auto* quantifier = std::get_if<ast::Quantifier>(&expr.node)) return {quantifier->set, quantifier->body};
  return {};
}

class Finder {
 public:
  Finder(ast::Ast& ast, const Interner& interner, uint32_t statement) : ast_(ast), interner_(interner), statement_(statement) {}

  auto Run(ExprId root) -> std::vector<Mutant> {
    std::vector<ExprId> open = {root};
    while (!open.empty() && found_.size() < kMostInOne) {
      const ExprId id = open.back();
      open.pop_back();
      const auto operands = Operands(ast_.expr(id));
      open.insert(open.end(), operands.rbegin(), operands.rend());
      Look(id);
    }
    return std::move(found_);
  }

 private:
  void Look(ExprId id) {
    const auto node = ast_.expr(id).node;
    if (const auto* binary = std::get_if<ast::Binary>(&node)) OfBinary(id, *binary);
    const auto* unary = std::get_if<ast::Unary>(&node);
    if (unary != nullptr && unary->op == ast::UnaryOp::Not) Add(Mutation::DropNot, id, ast_.expr(unary->operand).node);
  }

  void OfBinary(ExprId id, const ast::Binary& binary) {
    if (const auto opposite = ast::Negated(binary.op))
      Add(Mutation::FlipComparison, id, ast::Binary{.op = *opposite, .left = binary.left, .right = binary.right});
    if (const auto other = OtherBoundary(binary.op))
      Add(Mutation::MoveBoundary, id, ast::Binary{.op = *other, .left = binary.left, .right = binary.right});
    const bool is_and = binary.op == BinaryOp::And;
    if (!is_and && binary.op != BinaryOp::Or) return;
    Add(Mutation::DropOperand, id, ast_.expr(binary.left).node);
    Add(Mutation::DropOperand, id, ast_.expr(binary.right).node);
    Add(Mutation::SwapLogic, id, ast::Binary{.op = is_and ? BinaryOp::Or : BinaryOp::And, .left = binary.left, .right = binary.right});
  }

  void Add(Mutation mutation, ExprId id, ast::ExprNode node) {
    auto mutant = ExprMutant(ast_, interner_, statement_, mutation, id, std::move(node));
    if (mutant.span.has_place()) found_.push_back(std::move(mutant));
  }

  ast::Ast& ast_;
  const Interner& interner_;
  uint32_t statement_;
  std::vector<Mutant> found_ = {};
};

}  // namespace

auto ExprMutant(ast::Ast& ast, const Interner& interner, uint32_t statement, Mutation mutation, ExprId id, ast::ExprNode node) -> Mutant {
  const ast::Expr& old = ast.expr(id);
  Mutant mutant = {.mutation = mutation, .statement = statement, .span = old.span, .after = {}, .widens = false, .expr = id};
  mutant.new_expr = {.span = old.span, .parenthesized = old.parenthesized, .node = std::move(node)};
  const Applied applied(ast, mutant);
  mutant.after = ast::PrintExpr(ast, id, interner);
  return mutant;
}

auto FindExprMutants(ast::Ast& ast, const Interner& interner, uint32_t statement, ExprId root) -> std::vector<Mutant> {
  return Finder(ast, interner, statement).Run(root);
}

}  // namespace remit::mutation
