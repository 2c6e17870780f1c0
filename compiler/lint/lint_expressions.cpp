// Expressions that say less than they seem to, one node at a time.
//
// A fix reuses the source text of the part that stays. It is offered only where no error can appear or vanish: `x && x` is `x`, but `x || true`
// stays as it is, since evaluating x may fail.
#include <algorithm>
#include <cctype>

#include "compiler/ast/comparison.h"
#include "compiler/ast/printer.h"
#include "compiler/ast/same_meaning.h"
#include "compiler/ast/spelling.h"
#include "compiler/check/walk.h"
#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"
#include "runtime/base/text.h"

namespace remit::lint {
namespace {

using ast::BinaryOp;

class ExpressionLinter {
 public:
  ExpressionLinter(LintContext& context, uint32_t statement) : context_(context), statement_(statement) {}

  void Look(ast::ExprId id) {
    id_ = id;
    std::visit(*this, context_.expr(id).node);
  }

  void operator()(const ast::Binary& node) {
    switch (node.op) {
      case BinaryOp::And:
      case BinaryOp::Or: Logic(node); return;
      case BinaryOp::Eq:
      case BinaryOp::NotEq:
        if (!Same(node)) BooleanComparison(node);
        return;
      case BinaryOp::Less:
      case BinaryOp::LessEq:
      case BinaryOp::Greater:
      case BinaryOp::GreaterEq:
      case BinaryOp::In:
      case BinaryOp::ContainsAll:
      case BinaryOp::ContainsAny: Same(node); return;
      case BinaryOp::Contains: SingletonContains(node); return;
      case BinaryOp::Add:
      case BinaryOp::Sub:
      case BinaryOp::Mul:
      case BinaryOp::GetTag:
      case BinaryOp::HasTag: return;
    }
  }
  void operator()(const ast::Unary& node) {
    if (node.op != ast::UnaryOp::Not) return;
    const auto& operand = context_.expr(node.operand).node;
    if (const auto* inner = std::get_if<ast::Unary>(&operand); inner != nullptr && inner->op == ast::UnaryOp::Not) {
      Replace(context_.Report(Rule::DoubleNegation, statement_, span()), inner->operand);
    } else if (const auto* compared = std::get_if<ast::Binary>(&operand)) {
      NegatedComparison(*compared);
    }
  }
  void operator()(const ast::If& node) {
    const auto when_true = BoolOf(context_, node.then_branch);
    const auto when_false = BoolOf(context_, node.else_branch);
    if (when_true && when_false && *when_true && !*when_false) {
      Replace(context_.Report(Rule::RedundantIf, statement_, span()), node.condition);
    } else if (SameExpr(node.then_branch, node.else_branch)) {
      context_.Report(Rule::SameBranches, statement_, span());
    }
  }
  void operator()(const ast::Like& node) {
    const auto text = ast::PatternText(node.pattern, context_.interner());
    const bool has_wildcard = std::ranges::any_of(node.pattern, &ast::PatternElement::wildcard);
    const bool is_all = !node.pattern.empty() && std::ranges::all_of(node.pattern, &ast::PatternElement::wildcard);
    if (!has_wildcard) {
      LikeWithoutWildcard(node);
    } else if (is_all) {
      context_.Report(Rule::LikeEverything, statement_, span(), text);
    } else if (IsUnanchored(node.pattern)) {
      context_.Report(Rule::UnanchoredPattern, statement_, span(), text);
    }
  }
  void operator()(const ast::SetLit& node) {
    for (size_t i = 0; i < node.elements.size(); ++i) {
      for (size_t j = 0; j < i && node.elements.size() <= kComparedElements; ++j) {
        if (SameExpr(node.elements[i], node.elements[j])) return RepeatedElement(node, i);
      }
    }
  }
  template <typename Node>
  void operator()(const Node& /*node*/) {}

 private:
  // Beyond this comparing each with each would show.
  static constexpr size_t kComparedElements = 1'000;

  auto span() const -> Span { return context_.expr(id_).span; }
  auto SameExpr(ast::ExprId a, ast::ExprId b) const -> bool { return ast::SameExpr(context_.ast(), a, b); }
  auto TextOf(ast::ExprId id) const -> std::string { return ast::PrintExpr(context_.ast(), id, context_.interner()); }

  // The whole expression becomes its part, in brackets unless it is a name, a literal or a call.
  void Replace(Finding& finding, ast::ExprId part) {
    if (const auto text = BracketedText(part); text && span().has_place()) finding.fix = {{.span = span(), .text = *text}};
  }
  auto BracketedText(ast::ExprId part) const -> std::optional<std::string> {
    const auto text = context_.TextAt(context_.expr(part).span);
    if (text.empty()) return std::nullopt;
    const auto& node = context_.expr(part).node;
    const bool is_open = std::holds_alternative<ast::Binary>(node) || std::holds_alternative<ast::If>(node) ||
                         std::holds_alternative<ast::Is>(node) || std::holds_alternative<ast::Like>(node) ||
                         std::holds_alternative<ast::HasAttr>(node) || std::holds_alternative<ast::Unary>(node);
    return is_open ? fmt::format("({})", text) : std::string(text);
  }

  auto Same(const ast::Binary& node) -> bool {
    if (!SameExpr(node.left, node.right)) return false;
    context_.Report(Rule::SelfComparison, statement_, span(), ast::BinaryText(node.op));
    return true;
  }

  void Logic(const ast::Binary& node) {
    if (SameExpr(node.left, node.right)) {
      Replace(context_.Report(Rule::SameOperands, statement_, span(), ast::BinaryText(node.op)), node.left);
      return;
    }
    const bool neutral = node.op == BinaryOp::And;
    for (const auto& [constant, other] : {std::pair(node.left, node.right), std::pair(node.right, node.left)}) {
      const auto value = BoolOf(context_, constant);
      if (!value) continue;
      auto& finding = context_.Report(Rule::ConstantOperand, statement_, context_.expr(constant).span, *value ? "true" : "false");
      if (*value == neutral) Replace(finding, other);
      return;
    }
  }

  void BooleanComparison(const ast::Binary& node) {
    for (const auto& [constant, other] : {std::pair(node.left, node.right), std::pair(node.right, node.left)}) {
      const auto value = BoolOf(context_, constant);
      if (!value) continue;
      auto& finding = context_.Report(Rule::BooleanComparison, statement_, span(), *value ? "true" : "false");
      // What is no boolean is unequal to one, but no condition: only a condition can stand for the comparison.
      if (!IsCondition(other)) return;
      if (*value == (node.op == BinaryOp::Eq)) {
        Replace(finding, other);
      } else if (const auto text = BracketedText(other); text && span().has_place()) {
        finding.fix = {{.span = span(), .text = "!" + *text}};
      }
      return;
    }
  }

  // True or false, or an error, whatever its operands are.
  auto IsCondition(ast::ExprId id) const -> bool {
    const auto& node = context_.expr(id).node;
    if (const auto* binary = std::get_if<ast::Binary>(&node)) {
      return binary->op != BinaryOp::Add && binary->op != BinaryOp::Sub && binary->op != BinaryOp::Mul && binary->op != BinaryOp::GetTag;
    }
    if (const auto* unary = std::get_if<ast::Unary>(&node)) return unary->op == ast::UnaryOp::Not || unary->op == ast::UnaryOp::IsEmpty;
    return std::holds_alternative<ast::Is>(node) || std::holds_alternative<ast::Like>(node) || std::holds_alternative<ast::HasAttr>(node) ||
           std::holds_alternative<ast::Quantifier>(node);
  }

  // The same errors: both orders compare the same two values.
  void NegatedComparison(const ast::Binary& compared) {
    const auto opposite = ast::Negated(compared.op);
    if (!opposite) return;
    const auto negated = ast::BinaryText(*opposite);
    auto& finding = context_.Report(Rule::NegatedComparison, statement_, span(), negated);
    const auto left = context_.TextAt(context_.expr(compared.left).span);
    const auto right = context_.TextAt(context_.expr(compared.right).span);
    if (left.empty() || right.empty() || !span().has_place()) return;
    // Spans leave out an operand's own brackets, so those that had some keep what was between them.
    if (context_.expr(compared.left).parenthesized || context_.expr(compared.right).parenthesized) return;
    finding.fix = {{.span = span(), .text = fmt::format("({} {} {})", left, negated, right)}};
  }

  void SingletonContains(const ast::Binary& node) {
    const auto* set = std::get_if<ast::SetLit>(&context_.expr(node.left).node);
    if (set == nullptr || set->elements.size() != 1) return;
    auto& finding = context_.Report(Rule::SingletonContains, statement_, span());
    const auto element = BracketedText(set->elements[0]);
    const auto sought = BracketedText(node.right);
    if (element && sought && span().has_place()) finding.fix = {{.span = span(), .text = fmt::format("({} == {})", *sought, *element)}};
  }

  void LikeWithoutWildcard(const ast::Like& node) {
    auto& finding = context_.Report(Rule::LikeWithoutWildcard, statement_, span());
    const auto text = BracketedText(node.text);
    // `like` fails on what is no text, and `==` does not: with types it always is one.
    if (context_.typed() == nullptr || !text || !span().has_place()) return;
    const auto literal = node.pattern.empty() ? std::string{} : std::string(context_.text(node.pattern[0].literal));
    finding.fix = {{.span = span(), .text = fmt::format("({} == {})", *text, QuoteString(literal))}};
  }

  // `*acme.com` and `*acme*`, where a letter stands behind the first star of a name with a dot in it, or nothing is anchored at all.
  auto IsUnanchored(const std::vector<ast::PatternElement>& pattern) const -> bool {
    if (pattern.size() < 2 || !pattern[0].wildcard || pattern[1].wildcard) return false;
    const auto behind = context_.text(pattern[1].literal);
    const bool is_letter = !behind.empty() && std::isalnum(static_cast<unsigned char>(behind[0])) != 0;
    return is_letter && behind.find('.') != std::string_view::npos;
  }

  void RepeatedElement(const ast::SetLit& node, size_t repeated) {
    const auto element = context_.expr(node.elements[repeated]).span;
    auto& finding =
        context_.Report(Rule::RepeatedElement, statement_, element.has_place() ? element : span(), TextOf(node.elements[repeated]));
    const auto before = context_.expr(node.elements[repeated - 1]).span;
    // With the comma before it.
    if (element.has_place() && !context_.expr(node.elements[repeated]).parenthesized &&
        !context_.expr(node.elements[repeated - 1]).parenthesized) {
      finding.fix = {{.span = {.file = element.file, .begin = before.end, .end = element.end}, .text = ""}};
    }
  }

  LintContext& context_;
  uint32_t statement_;
  ast::ExprId id_;
};

// `unless { !x }`
void UnlessNot(LintContext& context, const StatementView& view) {
  for (const auto& condition : *view.conditions) {
    const auto* unary = std::get_if<ast::Unary>(&context.expr(condition.body).node);
    if (condition.kind != ast::ConditionKind::Unless || unary == nullptr || unary->op != ast::UnaryOp::Not) continue;
    auto& finding = context.Report(Rule::UnlessNot, view.index, condition.span);
    const auto text = context.TextAt(context.expr(unary->operand).span);
    if (!text.empty() && condition.span.has_place()) finding.fix = {{.span = condition.span, .text = fmt::format("when {{ {} }}", text)}};
  }
}

}  // namespace

void LintExpressions(LintContext& context) {
  for (const auto& view : context.statements()) {
    if (view.conditions == nullptr) continue;
    ExpressionLinter linter{context, view.index};
    check::VisitExprs(context.ast(), check::RootsOf(view.statement), [&](ast::ExprId id, const ast::Expr&) { linter.Look(id); });
    UnlessNot(context, view);
  }
}

}  // namespace remit::lint
