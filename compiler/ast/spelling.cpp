#include "compiler/ast/spelling.h"

#include "runtime/base/text.h"

namespace remit::ast {

auto VarName(Var var) -> std::string_view {
  switch (var) {
    case Var::Principal: return "principal";
    case Var::Action: return "action";
    case Var::Resource: return "resource";
    case Var::Context: return "context";
  }
  return "";
}

auto SlotName(Slot slot) -> std::string_view { return slot == Slot::Principal ? "?principal" : "?resource"; }
auto EffectName(Effect effect) -> std::string_view { return effect == Effect::Permit ? "permit" : "forbid"; }
auto ConditionKeyword(ConditionKind kind) -> std::string_view { return kind == ConditionKind::When ? "when" : "unless"; }
auto StateKeyword(StateKind kind) -> std::string_view { return kind == StateKind::Budget ? "budget" : "breaker"; }
auto QuantifierName(QuantifierKind kind) -> std::string_view { return kind == QuantifierKind::Any ? "any" : "all"; }

auto UnaryText(UnaryOp op) -> std::string_view {
  switch (op) {
    case UnaryOp::Not: return "!";
    case UnaryOp::Neg: return "-";
    case UnaryOp::IsEmpty: return "isEmpty";
    case UnaryOp::Size: return "size";
  }
  return "";
}

auto BinaryText(BinaryOp op) -> std::string_view {
  switch (op) {
    case BinaryOp::And: return "&&";
    case BinaryOp::Or: return "||";
    case BinaryOp::Eq: return "==";
    case BinaryOp::NotEq: return "!=";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEq: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEq: return ">=";
    case BinaryOp::Add: return "+";
    case BinaryOp::Sub: return "-";
    case BinaryOp::Mul: return "*";
    case BinaryOp::In: return "in";
    case BinaryOp::Contains: return "contains";
    case BinaryOp::ContainsAll: return "containsAll";
    case BinaryOp::ContainsAny: return "containsAny";
    case BinaryOp::GetTag: return "getTag";
    case BinaryOp::HasTag: return "hasTag";
  }
  return "";
}

auto IsMethod(BinaryOp op) -> bool { return op >= BinaryOp::Contains; }

auto PatternText(const std::vector<PatternElement>& pattern, const Interner& interner) -> std::string {
  std::string out;
  for (const auto& element : pattern) {
    if (element.wildcard) {
      out += '*';
      continue;
    }
    for (const char c : EscapeString(interner.text(element.literal))) {
      if (c == '*') out += '\\';
      out += c;
    }
  }
  return out;
}

auto KeyText(std::string_view key) -> std::string { return IsIdentifier(key) ? std::string{key} : QuoteString(key); }

}  // namespace remit::ast
