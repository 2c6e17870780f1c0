#include "compiler/partial/copy_expr.h"

#include <ranges>

namespace remit::partial {
namespace {

class Copier {
 public:
  Copier(const ast::Ast& from, ast::Ast& to) : from_(from), to_(to) {}

  // Chains grow to the left and are walked; recursion follows the other operands, whose depth the parser bounds.
  auto Copy(ast::ExprId id) -> ast::ExprId {
    std::vector<ast::ExprId> spine;
    for (; id.has_value(); id = ast::LeftOperand(from_.expr(id))) spine.push_back(id);
    ast::ExprId copied;
    for (const auto each : spine | std::views::reverse) {
      ast::Expr expr = from_.expr(each);
      expr.parenthesized = false;
      std::visit(Operands{.copier = *this, .left = ast::LeftOperand(expr), .copied = copied}, expr.node);
      copied = to_.Add(std::move(expr));
    }
    return copied;
  }

 private:
  // Puts copies in the places of a node's operands; that of the left one is there already.
  struct Operands {
    Copier& copier;
    ast::ExprId left;
    ast::ExprId copied;

    void Replace(ast::ExprId& operand) const {
      if (operand.has_value()) operand = operand == left ? copied : copier.Copy(operand);
    }
    void operator()(ast::Unary& node) const { Replace(node.operand); }
    void operator()(ast::Binary& node) const {
      Replace(node.left);
      Replace(node.right);
    }
    void operator()(ast::If& node) const {
      Replace(node.condition);
      Replace(node.then_branch);
      Replace(node.else_branch);
    }
    void operator()(ast::GetAttr& node) const { Replace(node.object); }
    void operator()(ast::HasAttr& node) const { Replace(node.object); }
    void operator()(ast::Like& node) const { Replace(node.text); }
    void operator()(ast::Is& node) const {
      Replace(node.object);
      Replace(node.in);
    }
    void operator()(ast::SetLit& node) const {
      for (auto& element : node.elements) Replace(element);
    }
    void operator()(ast::RecordLit& node) const {
      for (auto& entry : node.entries) Replace(entry.value);
    }
    void operator()(ast::Call& node) const {
      for (auto& arg : node.args) Replace(arg);
    }
    void operator()(ast::Quantifier& node) const {
      Replace(node.set);
      Replace(node.body);
    }
    // Leaves.
    template <typename Node>
    void operator()(Node& /*node*/) const {}
  };

  const ast::Ast& from_;
  ast::Ast& to_;
};

}  // namespace

auto CopyExpr(const ast::Ast& from, ast::ExprId id, ast::Ast& to) -> ast::ExprId { return Copier(from, to).Copy(id); }

}  // namespace remit::partial
