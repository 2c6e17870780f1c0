#include "compiler/ast/print_expr.h"

#include <fmt/format.h>

#include <iterator>

#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit::ast {
namespace {

constexpr size_t kLongestPrefixRun = 4;  // the grammar takes `!!!!x` and no more

auto LevelOf(BinaryOp op) -> Level {
  switch (op) {
    case BinaryOp::Or: return Level::Or;
    case BinaryOp::And: return Level::And;
    case BinaryOp::Eq:
    case BinaryOp::NotEq:
    case BinaryOp::Less:
    case BinaryOp::LessEq:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEq:
    case BinaryOp::In: return Level::Relation;
    case BinaryOp::Add:
    case BinaryOp::Sub: return Level::Sum;
    case BinaryOp::Mul: return Level::Product;
    case BinaryOp::Contains:
    case BinaryOp::ContainsAll:
    case BinaryOp::ContainsAny:
    case BinaryOp::GetTag:
    case BinaryOp::HasTag: return Level::Member;
  }
  return Level::Member;
}

auto LevelOf(const Expr& expr) -> Level {
  if (const auto* binary = std::get_if<Binary>(&expr.node)) return LevelOf(binary->op);
  if (const auto* unary = std::get_if<Unary>(&expr.node)) return IsMethod(unary->op) ? Level::Member : Level::Unary;
  if (const auto* number = std::get_if<LongLit>(&expr.node)) return number->value < 0 ? Level::Unary : Level::Member;
  if (std::holds_alternative<If>(expr.node)) return Level::Conditional;
  if (std::holds_alternative<HasAttr>(expr.node) || std::holds_alternative<Like>(expr.node) || std::holds_alternative<Is>(expr.node) ||
      std::holds_alternative<StateHas>(expr.node)) {
    return Level::Relation;
  }
  return Level::Member;
}

// What the operand before the operator must be. Relations do not chain, so theirs is a sum.
auto LevelOfFirst(const Expr& expr) -> Level {
  const Level level = LevelOf(expr);
  return level == Level::Relation ? Level::Sum : level;
}

auto LevelOfSecond(BinaryOp op) -> Level {
  const Level level = LevelOf(op);
  return level == Level::Member ? Level::Conditional : static_cast<Level>(static_cast<uint8_t>(level) + 1);
}

}  // namespace

void ExprPrinter::Print(ExprId id, Level needed) {
  struct Step {
    ExprId id;
    bool bracketed;
  };
  std::vector<Step> spine;
  while (id.has_value()) {
    const Expr& expr = ast_.expr(id);
    spine.push_back({id, expr.parenthesized || LevelOf(expr) < needed});
    if (spine.back().bracketed) out_ += '(';
    needed = LevelOfFirst(expr);
    id = LeftOperand(expr);
  }
  for (size_t i = spine.size(); i-- > 0;) {
    const Expr& expr = ast_.expr(spine[i].id);
    if (i + 1 == spine.size()) {
      PrintOpening(expr);
    } else {
      PrintAfterFirst(expr);
    }
    if (spine[i].bracketed) out_ += ')';
  }
}

void ExprPrinter::PrintList(const std::vector<ExprId>& ids, size_t first) {
  for (size_t i = first; i < ids.size(); ++i) {
    if (i > first) out_ += ", ";
    Print(ids[i]);
  }
}

// An expression that begins with a token of its own.
void ExprPrinter::PrintOpening(const Expr& expr) {
  const auto put = std::back_inserter(out_);
  if (const auto* boolean = std::get_if<BoolLit>(&expr.node)) {
    out_ += boolean->value ? "true" : "false";
  } else if (const auto* number = std::get_if<LongLit>(&expr.node)) {
    fmt::format_to(put, "{}", number->value);
  } else if (const auto* string = std::get_if<StringLit>(&expr.node)) {
    out_ += QuoteString(interner_.text(string->text));
  } else if (const auto* entity = std::get_if<EntityLit>(&expr.node)) {
    out_ += FormatEntityUid(entity->uid, interner_);
  } else if (const auto* var = std::get_if<VarRef>(&expr.node)) {
    out_ += VarName(var->var);
  } else if (const auto* slot = std::get_if<SlotRef>(&expr.node)) {
    out_ += SlotName(slot->slot);
  } else if (const auto* local = std::get_if<LocalRef>(&expr.node)) {
    out_ += interner_.text(local->name);
  } else if (const auto* unary = std::get_if<Unary>(&expr.node)) {
    PrintPrefix(*unary);
  } else if (const auto* branch = std::get_if<If>(&expr.node)) {
    out_ += "if ";
    Print(branch->condition);
    out_ += " then ";
    Print(branch->then_branch);
    out_ += " else ";
    Print(branch->else_branch);
  } else if (const auto* set = std::get_if<SetLit>(&expr.node)) {
    out_ += '[';
    PrintList(set->elements);
    out_ += ']';
  } else if (const auto* record = std::get_if<RecordLit>(&expr.node)) {
    PrintRecord(*record);
  } else if (const auto* call = std::get_if<Call>(&expr.node)) {
    fmt::format_to(put, "{}(", GetBuiltin(call->builtin).name);
    PrintList(call->args);
    out_ += ')';
  } else if (const auto* unknown = std::get_if<UnknownCall>(&expr.node)) {
    fmt::format_to(put, "{}(", interner_.text(unknown->function));
    PrintList(unknown->args);
    out_ += ')';
  } else if (const auto* read = std::get_if<StateRead>(&expr.node)) {
    fmt::format_to(put, "{}.{}.{}", StateKeyword(read->state), interner_.text(read->name), interner_.text(read->field));
  } else if (const auto* has = std::get_if<StateHas>(&expr.node)) {
    fmt::format_to(put, "{} has {}", StateKeyword(has->state), interner_.text(has->name));
  }
}

// `-(1)` negates a literal while `-1` is one, so whatever opens with a number keeps brackets after a minus.
auto ExprPrinter::OpensWithNumber(ExprId id) const -> bool {
  while (id.has_value() && !ast_.expr(id).parenthesized) {
    if (std::holds_alternative<LongLit>(ast_.expr(id).node)) return true;
    id = LeftOperand(ast_.expr(id));
  }
  return false;
}

void ExprPrinter::PrintPrefix(const Unary& unary) {
  size_t run = 1;
  ExprId operand = unary.operand;
  while (run < kLongestPrefixRun) {
    const auto* inner = std::get_if<Unary>(&ast_.expr(operand).node);
    if (inner == nullptr || inner->op != unary.op || ast_.expr(operand).parenthesized) break;
    operand = inner->operand;
    ++run;
  }
  for (size_t i = 0; i < run; ++i) out_ += UnaryText(unary.op);
  if (unary.op == UnaryOp::Neg && OpensWithNumber(operand)) {
    out_ += '(';
    Print(operand);
    out_ += ')';
  } else {
    Print(operand, Level::Member);
  }
}

void ExprPrinter::PrintRecord(const RecordLit& record) {
  out_ += '{';
  for (size_t i = 0; i < record.entries.size(); ++i) {
    if (i > 0) out_ += ", ";
    out_ += KeyText(interner_.text(record.entries[i].key));
    out_ += ": ";
    Print(record.entries[i].value);
  }
  out_ += '}';
}

// What follows the operand that was written first.
void ExprPrinter::PrintAfterFirst(const Expr& expr) {
  const auto put = std::back_inserter(out_);
  if (const auto* binary = std::get_if<Binary>(&expr.node)) {
    PrintBinaryTail(*binary);
  } else if (const auto* get = std::get_if<GetAttr>(&expr.node)) {
    const auto attr = interner_.text(get->attr);
    fmt::format_to(put, fmt::runtime(IsIdentifier(attr) ? ".{}" : "[{}]"), KeyText(attr));
  } else if (const auto* has = std::get_if<HasAttr>(&expr.node)) {
    PrintHasTail(*has);
  } else if (const auto* like = std::get_if<Like>(&expr.node)) {
    fmt::format_to(put, " like \"{}\"", PatternText(like->pattern, interner_));
  } else if (const auto* is = std::get_if<Is>(&expr.node)) {
    PrintIsTail(*is);
  } else if (const auto* quantifier = std::get_if<Quantifier>(&expr.node)) {
    fmt::format_to(put, ".{}({}, ", QuantifierName(quantifier->kind), interner_.text(quantifier->variable));
    Print(quantifier->body);
    out_ += ')';
  } else if (const auto* unary = std::get_if<Unary>(&expr.node)) {
    fmt::format_to(put, ".{}()", UnaryText(unary->op));
  } else if (const auto* call = std::get_if<Call>(&expr.node)) {
    fmt::format_to(put, ".{}(", GetBuiltin(call->builtin).name);
    PrintList(call->args, 1);
    out_ += ')';
  }
}

void ExprPrinter::PrintBinaryTail(const Binary& binary) {
  const auto put = std::back_inserter(out_);
  fmt::format_to(put, fmt::runtime(IsMethod(binary.op) ? ".{}(" : " {} "), BinaryText(binary.op));
  Print(binary.right, LevelOfSecond(binary.op));
  if (IsMethod(binary.op)) out_ += ')';
}

void ExprPrinter::PrintHasTail(const HasAttr& has) {
  out_ += " has ";
  for (size_t i = 0; i < has.path.size(); ++i) {
    if (i > 0) out_ += '.';
    out_ += KeyText(interner_.text(has.path[i]));
  }
}

void ExprPrinter::PrintIsTail(const Is& is) {
  out_ += " is ";
  out_ += interner_.text(is.type);
  if (!is.in.has_value()) return;
  out_ += " in ";
  Print(is.in, Level::Sum);
}

}  // namespace remit::ast
