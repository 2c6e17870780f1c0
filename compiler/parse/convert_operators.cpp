// Expressions: `if`, chains of binary operators, signs.
//
// Chains are loops, and rules with one child are passed through without a call: stack is used for nesting alone, which the splitter has
// bounded.
#include "compiler/parse/literals.h"
#include "compiler/parse/operand.h"
#include "runtime/base/check.h"

namespace remit::parse {
namespace {

auto IfOperand(Conversion& c, Rule* rule) -> Operand {
  const auto condition = ToExpr(c, AsRule(rule->children[1]));
  const auto then_branch = ToExpr(c, AsRule(rule->children[3]));
  const auto else_branch = ToExpr(c, AsRule(rule->children[5]));
  if (!condition.has_value() || !then_branch.has_value() || !else_branch.has_value()) return {};
  return Operand::Of(c, c.Add(c.SpanOf(rule), ast::If{.condition = condition, .then_branch = then_branch, .else_branch = else_branch}));
}

auto ChainOperator(size_t token_type) -> std::optional<ast::BinaryOp> {
  switch (token_type) {
    case Grammar::OR_OR: return ast::BinaryOp::Or;
    case Grammar::AND_AND: return ast::BinaryOp::And;
    case Grammar::PLUS: return ast::BinaryOp::Add;
    case Grammar::MINUS: return ast::BinaryOp::Sub;
    case Grammar::STAR: return ast::BinaryOp::Mul;
    default: return std::nullopt;
  }
}

auto RefuseOperator(Conversion& c, Tree* tree) -> void {
  const auto* terminal = static_cast<antlr4::tree::TerminalNode*>(tree);
  const bool division = TokenType(tree) == Grammar::SLASH;
  auto& diagnostic = c.Report(DiagnosticCode::UnsupportedOperator, c.SpanOf(terminal), division ? "division" : "the remainder");
  if (division) diagnostic.help = "multiply the other side instead: `a < b * 2` for `a / 2 < b`";
}

// operand (operator operand)*, grouped to the left.
auto ChainOperand(Conversion& c, Rule* rule) -> Operand {
  auto chain = ToExpr(c, AsRule(rule->children[0]));
  bool good = chain.has_value();
  for (size_t i = 1; i < rule->children.size(); i += 2) {
    const auto op = ChainOperator(TokenType(rule->children[i]));
    auto* right_rule = AsRule(rule->children[i + 1]);
    const auto right = ToExpr(c, right_rule);
    if (!op) RefuseOperator(c, rule->children[i]);
    good = good && op && right.has_value();
    if (good) chain = c.Add(c.SpanOver(rule, right_rule), ast::Binary{.op = *op, .left = chain, .right = right});
  }
  return good ? Operand::Of(c, chain) : Operand{};
}

// A number right behind a minus is a negative literal: that is how the smallest Long can be written at all.
auto NegativeLiteral(Conversion& c, Rule* unary, Rule* member) -> std::optional<Operand> {
  auto* primary = OnlyPrimary(member);
  if (primary == nullptr || primary->literal() == nullptr || primary->literal()->NUMBER() == nullptr) return std::nullopt;
  constexpr uint64_t kMinimum = uint64_t{1} << 63;
  const auto digits = c.TextOf(member);
  const auto magnitude = ToMagnitude(digits);
  if (!magnitude || *magnitude > kMinimum) {
    c.Report(DiagnosticCode::NumberTooLarge, c.SpanOf(unary), Clip(digits)).help =
        "numbers go from -9223372036854775808 to 9223372036854775807";
    return Operand{};
  }
  const auto value = static_cast<int64_t>(~*magnitude + 1);
  auto span = c.SpanOf(member);
  span.begin = c.SpanOf(static_cast<antlr4::tree::TerminalNode*>(unary->children[unary->children.size() - 2])).begin;
  return Operand::Of(c, c.Add(span, ast::LongLit{.value = value}));
}

// ('!'+ | '-'+) member
auto SignOperand(Conversion& c, Rule* rule) -> Operand {
  constexpr size_t kMost = 4;
  size_t signs = rule->children.size() - 1;
  const bool negates = TokenType(rule->children[0]) == Grammar::MINUS;
  if (signs > kMost) {
    c.Report(DiagnosticCode::TooManySigns, c.SpanOf(rule), negates ? "-" : "!").help = "at most four may stand in a row";
    return {};
  }
  auto* member = AsRule(rule->children.back());
  auto literal = negates ? NegativeLiteral(c, rule, member) : std::nullopt;
  if (literal) --signs;
  auto operand = literal ? *literal : Operand::Of(c, ToExpr(c, member));
  for (; signs > 0 && operand.kind == Operand::Kind::Expr; --signs) {
    auto span = c.SpanOf(rule);
    span.begin = c.SpanOf(static_cast<antlr4::tree::TerminalNode*>(rule->children[signs - 1])).begin;
    operand = Operand::Of(c, c.Add(span, ast::Unary{.op = negates ? ast::UnaryOp::Neg : ast::UnaryOp::Not, .operand = operand.expr}));
  }
  return operand;
}

}  // namespace

auto OnlyPrimary(Rule* rule) -> Grammar::PrimaryContext* {
  while (rule->getRuleIndex() != Grammar::RulePrimary) {
    if (rule->children.size() != 1) return nullptr;
    rule = AsRule(rule->children[0]);
  }
  return static_cast<Grammar::PrimaryContext*>(rule);
}

auto ToOperand(Conversion& c, Rule* rule) -> Operand {
  while (rule->children.size() == 1 && rule->getRuleIndex() != Grammar::RulePrimary) rule = AsRule(rule->children[0]);
  switch (rule->getRuleIndex()) {
    case Grammar::RuleExpr: return IfOperand(c, rule);
    case Grammar::RuleDisjunction:
    case Grammar::RuleConjunction:
    case Grammar::RuleSum:
    case Grammar::RuleProduct: return ChainOperand(c, rule);
    case Grammar::RuleRelation: return RelationOperand(c, static_cast<Grammar::RelationContext*>(rule));
    case Grammar::RuleUnary: return SignOperand(c, rule);
    case Grammar::RuleMember: return MemberOperand(c, static_cast<Grammar::MemberContext*>(rule));
    default: break;
  }
  CHECK(rule->getRuleIndex() == Grammar::RulePrimary, "not a rule of expressions");
  return PrimaryOperand(c, static_cast<Grammar::PrimaryContext*>(rule));
}

auto ToExprs(Conversion& c, Grammar::ExpressionsContext* list) -> std::optional<std::vector<ast::ExprId>> {
  std::vector<ast::ExprId> exprs;
  bool good = true;
  for (size_t i = 0; list != nullptr && i < list->children.size(); i += 2) {
    exprs.push_back(ToExpr(c, AsRule(list->children[i])));
    good = good && exprs.back().has_value();
  }
  return good ? std::optional{std::move(exprs)} : std::nullopt;
}

}  // namespace remit::parse
