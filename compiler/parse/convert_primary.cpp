// Expressions: literals, names, brackets, sets and records.
#include <algorithm>
#include <unordered_set>

#include "compiler/parse/literals.h"
#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"
#include "runtime/base/did_you_mean.h"

namespace remit::parse {
namespace {

auto NumberOperand(Conversion& c, Grammar::LiteralContext* literal) -> Operand {
  const auto digits = c.TextOf(literal);
  const auto magnitude = ToMagnitude(digits);
  if (!magnitude || *magnitude > uint64_t{INT64_MAX}) {
    c.Report(DiagnosticCode::NumberTooLarge, c.SpanOf(literal), Clip(digits)).help = "the largest number is 9223372036854775807";
    return {};
  }
  return Operand::Of(c, c.Add(c.SpanOf(literal), ast::LongLit{.value = static_cast<int64_t>(*magnitude)}));
}

auto LiteralOperand(Conversion& c, Grammar::LiteralContext* literal) -> Operand {
  auto* token = static_cast<antlr4::tree::TerminalNode*>(literal->children[0]);
  switch (TokenType(token)) {
    case Grammar::NUMBER: return NumberOperand(c, literal);
    case Grammar::STRING: return {.kind = Operand::Kind::String, .span = c.SpanOf(literal), .string = token};
    default: return {.kind = Operand::Kind::Bool, .span = c.SpanOf(literal), .boolean = TokenType(token) == Grammar::TRUE};
  }
}

auto NameOperand(Conversion& c, Grammar::NameContext* name) -> Operand {
  if (name->children.size() > 1 && (IsEntity(name) || name->record() != nullptr)) {
    const auto uid = ToEntity(c, name);
    return uid ? Operand::Of(c, c.Add(c.SpanOf(name), ast::EntityLit{.uid = *uid})) : Operand{};
  }
  if (const auto variable = IsSimple(name) ? FindVariable(c.TextOf(name)) : std::nullopt) {
    return {.kind = Operand::Kind::Variable, .span = c.SpanOf(name), .variable = *variable};
  }
  if (!ToName(c, name)) return {};
  return {.kind = Operand::Kind::Name, .span = c.SpanOf(name), .name = name};
}

// Slots stand for entities in the scope of a template; nowhere else is there a place for them.
auto RefuseSlot(Conversion& c, const antlr4::tree::TerminalNode* slot) -> Operand {
  const auto text = c.TextOf(slot);
  if (text != "?principal" && text != "?resource") {
    c.Report(DiagnosticCode::InvalidSlot, c.SpanOf(slot), text).help = "a template slot is `?principal` or `?resource`";
  } else {
    c.Report(DiagnosticCode::SlotOutsideScope, c.SpanOf(slot), text).help = "compare with the slot in the scope: `principal == ?principal`";
  }
  return {};
}

auto BracketOperand(Conversion& c, Grammar::ExprContext* inner) -> Operand {
  const auto expr = ToExpr(c, inner);
  if (expr.has_value()) c.ast.exprs[expr.value].parenthesized = true;
  return Operand::Of(c, expr);
}

auto ListOperand(Conversion& c, Grammar::ListContext* list) -> Operand {
  auto elements = ToExprs(c, list->expressions());
  if (!elements) return {};
  return Operand::Of(c, c.Add(c.SpanOf(list), ast::SetLit{.elements = *std::move(elements)}));
}

auto ToKey(Conversion& c, Grammar::EntryContext* entry) -> std::optional<SymbolId> {
  if (entry->IF() != nullptr) {
    c.Report(DiagnosticCode::ReservedIdentifier, c.SpanOf(entry->IF()), "if");
    return std::nullopt;
  }
  auto* rule = AsRule(entry->children[0]);
  const auto key = ToOperand(c, rule);
  switch (key.kind) {
    case Operand::Kind::Error: return std::nullopt;
    case Operand::Kind::Variable: return c.Intern(c.TextOf(rule));
    case Operand::Kind::String: return ToString(c, key.string);
    case Operand::Kind::Bool: c.Report(DiagnosticCode::ReservedIdentifier, key.span, c.TextOf(rule)); return std::nullopt;
    case Operand::Kind::Name:
      if (IsSimple(key.name)) return c.Intern(c.TextOf(rule));
      c.Report(DiagnosticCode::PathAsAttribute, key.span, c.TextOf(rule));
      return std::nullopt;
    case Operand::Kind::Expr: break;
  }
  c.Report(DiagnosticCode::InvalidAttribute, key.span, Clip(c.TextOf(rule))).help = "an attribute is an identifier or a string";
  return std::nullopt;
}

}  // namespace

auto ToRecord(Conversion& c, Grammar::RecordContext* record) -> ast::ExprId {
  ast::RecordLit literal;
  std::unordered_set<SymbolId> keys;
  bool good = true;
  for (size_t i = 1; i + 1 < record->children.size(); i += 2) {
    auto* entry = static_cast<Grammar::EntryContext*>(record->children[i]);
    const auto key = ToKey(c, entry);
    const auto value = ToExpr(c, AsRule(entry->children[2]));
    good = good && key && value.has_value();
    if (!key) continue;
    if (!keys.insert(*key).second) {
      c.Report(DiagnosticCode::DuplicateKey, c.SpanOf(AsRule(entry->children[0])), Clip(c.context.interner.text(*key)));
      good = false;
    }
    literal.entries.push_back({.key = *key, .value = value});
  }
  return good ? c.Add(c.SpanOf(record), std::move(literal)) : ast::ExprId{};
}

auto PrimaryOperand(Conversion& c, Grammar::PrimaryContext* primary) -> Operand {
  if (primary->children.size() == 3) return BracketOperand(c, primary->expr());
  if (auto* slot = primary->SLOT(); slot != nullptr) return RefuseSlot(c, slot);
  auto* rule = AsRule(primary->children[0]);
  switch (rule->getRuleIndex()) {
    case Grammar::RuleLiteral: return LiteralOperand(c, static_cast<Grammar::LiteralContext*>(rule));
    case Grammar::RuleName: return NameOperand(c, static_cast<Grammar::NameContext*>(rule));
    case Grammar::RuleList: return ListOperand(c, static_cast<Grammar::ListContext*>(rule));
    default: return Operand::Of(c, ToRecord(c, static_cast<Grammar::RecordContext*>(rule)));
  }
}

namespace {

auto VariableHelp(const Conversion& c, Grammar::NameContext* name) -> std::string {
  const auto text = c.TextOf(name);
  if (!IsSimple(name)) return fmt::format("an entity is written `{}::\"id\"`", Clip(text));
  if (text == "budget" || text == "breaker") return fmt::format("write `{}.NAME.{}`", text, text == "budget" ? "after" : "open");
  if (text == "null" || text == "nil" || text == "undefined") return "there is no null; ask with `has` whether an attribute is there";
  std::vector<std::string_view> known = {"principal", "action", "resource", "context", "true", "false"};
  for (const auto local : c.locals) known.push_back(c.context.interner.text(local));
  if (auto help = DidYouMean(text, known); !help.empty()) return help;
  known.resize(4);
  for (const auto local : c.locals) known.push_back(c.context.interner.text(local));
  return fmt::format("the variables here are `{}`; a string is written `\"{}\"`", fmt::join(known, "`, `"), Clip(text));
}

}  // namespace

auto IntoExpr(Conversion& c, const Operand& operand) -> ast::ExprId {
  switch (operand.kind) {
    case Operand::Kind::Error: return {};
    case Operand::Kind::Expr: return operand.expr;
    case Operand::Kind::Variable: return c.Add(operand.span, ast::VarRef{.var = operand.variable});
    case Operand::Kind::Bool: return c.Add(operand.span, ast::BoolLit{.value = operand.boolean});
    case Operand::Kind::String: {
      const auto text = ToString(c, operand.string);
      return text ? c.Add(operand.span, ast::StringLit{.text = *text}) : ast::ExprId{};
    }
    case Operand::Kind::Name: break;
  }
  const auto name = c.TextOf(operand.name);
  if (IsSimple(operand.name) && c.IsLocal(name)) return c.Add(operand.span, ast::LocalRef{.name = c.Intern(name)});
  c.Report(DiagnosticCode::UnknownVariable, operand.span, Clip(name)).help = VariableHelp(c, operand.name);
  return {};
}

}  // namespace remit::parse
