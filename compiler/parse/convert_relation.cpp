// Expressions: comparisons, `in`, `has`, `like`, `is`.
#include "compiler/parse/literals.h"
#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"
#include "compiler/parse/state.h"
#include "runtime/base/text.h"

namespace remit::parse {
namespace {

auto RelationOp(size_t token_type) -> std::optional<ast::BinaryOp> {
  switch (token_type) {
    case Grammar::LESS: return ast::BinaryOp::Less;
    case Grammar::LESS_EQUAL: return ast::BinaryOp::LessEq;
    case Grammar::GREATER: return ast::BinaryOp::Greater;
    case Grammar::GREATER_EQUAL: return ast::BinaryOp::GreaterEq;
    case Grammar::EQUAL: return ast::BinaryOp::Eq;
    case Grammar::NOT_EQUAL: return ast::BinaryOp::NotEq;
    case Grammar::IN: return ast::BinaryOp::In;
    default: return std::nullopt;
  }
}

// sum operator sum. A third operand is an error that shows no preference for either grouping.
auto CompareOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand {
  bool good = true;
  std::vector<ast::ExprId> operands;
  for (size_t i = 0; i < relation->children.size(); i += 2) {
    operands.push_back(ToExpr(c, AsRule(relation->children[i])));
    good = good && operands.back().has_value();
  }
  auto* op_rule = AsRule(relation->children[1]);
  const auto op = RelationOp(TokenType(op_rule->children[0]));
  if (operands.size() > 2) {
    c.Report(DiagnosticCode::ChainedComparison, c.SpanOf(AsRule(relation->children[3]))).help =
        "use brackets, or `&&` between two comparisons";
    good = false;
  }
  if (!op) {
    c.Report(DiagnosticCode::SingleEquals, c.SpanOf(op_rule)).help = "did you mean `==`?";
    good = false;
  }
  if (!good) return {};
  return Operand::Of(c, c.Add(c.SpanOf(relation), ast::Binary{.op = *op, .left = operands[0], .right = operands[1]}));
}

auto LikeOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand {
  const auto text = ToExpr(c, AsRule(relation->children[0]));
  const auto right = ToOperand(c, AsRule(relation->children[2]));
  if (right.kind == Operand::Kind::Error) return {};
  if (right.kind != Operand::Kind::String) {
    c.Report(DiagnosticCode::InvalidPattern, right.span, Clip(c.context.sources.text(right.span))).help =
        "a pattern is a string literal such as `\"a*\"`";
    return {};
  }
  auto pattern = ToPattern(c, right.string);
  if (!text.has_value() || !pattern) return {};
  return Operand::Of(c, c.Add(c.SpanOf(relation), ast::Like{.text = text, .pattern = *std::move(pattern)}));
}

auto IsOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand {
  constexpr size_t kWithIn = 5;
  const auto object = ToExpr(c, AsRule(relation->children[0]));
  const auto type = ToTypeName(c, static_cast<Grammar::SumContext*>(relation->children[2]));
  ast::ExprId in;
  if (relation->children.size() == kWithIn) {
    in = ToExpr(c, AsRule(relation->children[4]));
    if (!in.has_value()) return {};
  }
  if (!object.has_value() || !type) return {};
  return Operand::Of(c, c.Add(c.SpanOf(relation), ast::Is{.object = object, .type = *type, .in = in}));
}

// ---- has -----------------------------------------------------------------------------------------------------------

using Path = std::optional<std::vector<SymbolId>>;

auto RefuseHasPath(Conversion& c, const Rule* rule) -> Path {
  c.Report(DiagnosticCode::InvalidHasPath, c.SpanOf(rule), Clip(c.TextOf(rule))).help =
      "`has` takes identifiers joined by `.`, or one string";
  return std::nullopt;
}

auto HasLiteral(Conversion& c, Grammar::LiteralContext* literal, Grammar::HasPathContext* path, bool alone) -> Path {
  if (literal->TRUE() != nullptr || literal->FALSE() != nullptr) {
    c.Report(DiagnosticCode::ReservedIdentifier, c.SpanOf(literal), c.TextOf(literal));
    return std::nullopt;
  }
  if (literal->STRING() == nullptr || !alone) return RefuseHasPath(c, path);
  const auto attr = ToString(c, literal->STRING());
  return attr ? Path{{*attr}} : std::nullopt;
}

auto HasNames(Conversion& c, Grammar::MemberContext* member, Grammar::HasPathContext* path) -> Path {
  auto* name = static_cast<Grammar::PrimaryContext*>(member->children[0])->name();
  if (IsEntity(name) || name->record() != nullptr) return RefuseHasPath(c, path);
  if (!ToName(c, name)) return std::nullopt;
  if (!IsSimple(name)) {
    c.Report(DiagnosticCode::PathAsAttribute, c.SpanOf(name), c.TextOf(name));
    return std::nullopt;
  }
  std::vector<SymbolId> attrs = {c.Intern(c.TextOf(name))};
  for (size_t i = 1; i < member->children.size(); ++i) {
    auto* access = static_cast<Grammar::AccessContext*>(member->children[i]);
    if (access->anyWord() == nullptr) return RefuseHasPath(c, path);
    const auto attr = ToIdentifier(c, access->anyWord());
    if (!attr) return std::nullopt;
    attrs.push_back(*attr);
  }
  return attrs;
}

auto ToHasPath(Conversion& c, Grammar::HasPathContext* path) -> Path {
  if (path->IF() != nullptr) {
    c.Report(DiagnosticCode::ReservedIdentifier, c.SpanOf(path->IF()), "if");
    return std::nullopt;
  }
  Rule* rule = path->sum();
  while (rule->getRuleIndex() != Grammar::RuleMember) {
    if (rule->children.size() != 1) return RefuseHasPath(c, path);
    rule = AsRule(rule->children[0]);
  }
  auto* member = static_cast<Grammar::MemberContext*>(rule);
  auto* primary = static_cast<Grammar::PrimaryContext*>(member->children[0]);
  if (primary->literal() != nullptr) return HasLiteral(c, primary->literal(), path, member->children.size() == 1);
  if (primary->name() != nullptr) return HasNames(c, member, path);
  return RefuseHasPath(c, path);
}

auto HasOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand {
  const auto left = ToOperand(c, AsRule(relation->children[0]));
  auto* path_rule = static_cast<Grammar::HasPathContext*>(relation->children[2]);
  auto path = ToHasPath(c, path_rule);
  if (const auto state = FindState(c, left)) {
    if (!path) return {};
    if (path->size() != 1) return RefuseHasPath(c, path_rule), Operand{};
    return Operand::Of(c, c.Add(c.SpanOf(relation), ast::StateHas{.state = *state, .name = path->front()}));
  }
  const auto object = IntoExpr(c, left);
  if (!object.has_value() || !path) return {};
  return Operand::Of(c, c.Add(c.SpanOf(relation), ast::HasAttr{.object = object, .path = *std::move(path)}));
}

}  // namespace

auto RelationOperand(Conversion& c, Grammar::RelationContext* relation) -> Operand {
  if (relation->HAS() != nullptr) return HasOperand(c, relation);
  if (relation->LIKE() != nullptr) return LikeOperand(c, relation);
  if (relation->IS() != nullptr) return IsOperand(c, relation);
  return CompareOperand(c, relation);
}

auto ToTypeName(Conversion& c, Grammar::SumContext* sum) -> std::optional<SymbolId> {
  const auto type = ToOperand(c, sum);
  if (type.kind == Operand::Kind::Error) return std::nullopt;
  if (type.kind == Operand::Kind::Variable) return c.Intern(c.TextOf(sum));
  if (type.kind == Operand::Kind::Name) return c.Intern(*ToName(c, type.name));
  auto& diagnostic = c.Report(DiagnosticCode::InvalidEntityType, c.SpanOf(sum), Clip(c.TextOf(sum)));
  const auto text = c.TextOf(sum);
  if (type.kind == Operand::Kind::String && IsIdentifier(text.substr(1, text.size() - 2))) {
    diagnostic.help = fmt::format("remove the quotes: `is {}`", text.substr(1, text.size() - 2));
  } else {
    diagnostic.help = "`is` takes the name of an entity type; use `==` to compare with a value";
  }
  return std::nullopt;
}

}  // namespace remit::parse
