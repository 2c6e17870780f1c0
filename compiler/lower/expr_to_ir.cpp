#include "compiler/lower/expr_to_ir.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "compiler/ast/literal_arguments.h"
#include "compiler/lower/operators.h"
#include "runtime/base/check.h"

namespace remit {

using ir::Op;
using ir::Register;

void ExprToIr::Lower(ast::ExprId expr, uint32_t to) {
  // The highest register an operation names is a chunk of a literal above `to`.
  if (to + kChunk >= ir::kMaxRegisters) {
    if (!std::exchange(reported_depth_, true)) context_.sink.Report(DiagnosticCode::TooComplex, span(expr));
    return;
  }
  body_.Touch(to);
  std::vector<ast::ExprId> spine;
  ast::ExprId head = Resolve(expr);
  while (!FindValue(head)) {
    const auto left = ast::LeftOperand(context_.ast.expr(head));
    if (!left.has_value()) break;
    spine.push_back(head);
    head = Resolve(left);
  }
  LowerHead(head, to);

  Chain chain = {.last = head};
  for (const auto id : spine | std::views::reverse) {
    if (IsLogical(node(id))) {
      Link(chain, id, to);
    } else {
      EndChain(chain, to, false);
      Apply(id, to);
      chain.last = id;
    }
  }
  EndChain(chain, to, false);
}

auto ExprToIr::Resolve(ast::ExprId id) const -> ast::ExprId {
  while (true) {
    switch (FoldOf(id)) {
      case Fold::Left: id = std::get<ast::Binary>(node(id)).left; break;
      case Fold::Right: id = std::get<ast::Binary>(node(id)).right; break;
      case Fold::Keep:
      case Fold::True:
      case Fold::False:
      case Fold::Then:
      case Fold::Else:
      case Fold::CertainIs: return id;
    }
  }
}

auto ExprToIr::FindValue(ast::ExprId id) const -> std::optional<Value> {
  if (const Value* value = context_.constants.Find(id)) return *value;
  const Fold fold = FoldOf(id);
  return fold == Fold::True || fold == Fold::False ? std::optional(Value::OfBool(fold == Fold::True)) : std::nullopt;
}

void ExprToIr::Link(Chain& chain, ast::ExprId id, uint32_t to) {
  const auto& binary = std::get<ast::Binary>(node(id));
  const Op jump = binary.op == ast::BinaryOp::And ? Op::JumpIfFalse : Op::JumpIfTrue;
  if (jump != chain.jump) EndChain(chain, to, true);
  chain.jump = jump;
  chain.jumps.push_back(Emit({.op = jump, .a = static_cast<Register>(to)}, chain.last));
  Lower(binary.right, to);
  chain.last = binary.right;
}

// Where the jumps of a chain land its value is a bool; if the last operand was reached, that has to be checked still, unless the next
// operation does.
void ExprToIr::EndChain(Chain& chain, uint32_t to, bool is_checked_next) {
  if (chain.jumps.empty()) return;
  if (!is_checked_next && !AlwaysBool(node(chain.last))) Emit({.op = Op::AssertBool, .a = static_cast<Register>(to)}, chain.last);
  for (const auto jump : chain.jumps) body_.Land(jump);
  chain.jumps.clear();
  chain.jump = Op::Jump;
}

void ExprToIr::LowerConstant(const Value& value, ast::ExprId id, uint32_t to) {
  Emit({.op = Op::Const, .dst = static_cast<Register>(to), .imm = context_.tables.Constant(value)}, id);
}

void ExprToIr::Refuse(ast::ExprId id, std::string_view what) {
  context_.sink.Report(DiagnosticCode::UnsupportedExpression, span(id), what);
}

// ---- heads ---------------------------------------------------------------------------------------------------------

struct ExprToIr::HeadVisitor {
  ExprToIr& lowering;
  ast::ExprId id;
  uint32_t to;

  // Constants, which have been dealt with.
  void operator()(const ast::BoolLit&) const {}
  void operator()(const ast::LongLit&) const {}
  void operator()(const ast::StringLit&) const {}
  void operator()(const ast::EntityLit&) const {}

  void operator()(const ast::VarRef& node) const { lowering.Emit({.op = VariableOp(node.var), .dst = static_cast<Register>(to)}, id); }
  void operator()(const ast::SlotRef&) const { lowering.Refuse(id, "a template slot in a condition"); }
  void operator()(const ast::StateRead& node) const { lowering.LowerStateRead(node, id, to); }
  void operator()(const ast::StateHas& node) const { lowering.LowerStateHas(node, id, to); }
  void operator()(const ast::If& node) const { lowering.LowerIf(node, id, to); }
  void operator()(const ast::SetLit& node) const { lowering.LowerSet(node, id, to); }
  void operator()(const ast::RecordLit& node) const { lowering.LowerRecord(node, id, to); }

  void operator()(const ast::LocalRef& node) const {
    for (const auto& [name, from] : lowering.locals_ | std::views::reverse) {
      if (name != node.name) continue;
      lowering.Emit({.op = Op::Move, .dst = static_cast<Register>(to), .a = from}, id);
      return;
    }
    // The grammar binds these two in a breaker's `trip`, and nothing else.
    const auto name = lowering.context_.interner.text(node.name);
    if (name != "calls" && name != "failures") return lowering.Refuse(id, "a name that nothing binds");
    lowering.Emit({.op = name == "calls" ? Op::Calls : Op::Failures, .dst = static_cast<Register>(to)}, id);
  }

  void operator()(const ast::Call& node) const {
    if (!node.args.empty()) lowering.Lower(node.args[0], to);
    lowering.Apply(id, to);
  }

  void operator()(const ast::UnknownCall& node) const {
    for (const auto arg : node.args) lowering.Lower(arg, to);  // their errors come first
    lowering.Emit({.op = Op::UnknownFunction, .dst = static_cast<Register>(to), .imm = node.function.value}, id);
  }
  void operator()(const ast::Unary& node) const { Operand(node.operand); }
  void operator()(const ast::Binary& node) const { Operand(node.left); }
  void operator()(const ast::GetAttr& node) const { Operand(node.object); }
  void operator()(const ast::HasAttr& node) const { Operand(node.object); }
  void operator()(const ast::Like& node) const { Operand(node.text); }
  void operator()(const ast::Is& node) const { Operand(node.object); }
  void operator()(const ast::Quantifier& node) const { Operand(node.set); }

  void Operand(ast::ExprId operand) const {
    lowering.Lower(operand, to);
    lowering.Apply(id, to);
  }
};

void ExprToIr::LowerHead(ast::ExprId id, uint32_t to) {
  if (const auto value = FindValue(id)) return LowerConstant(*value, id, to);
  std::visit(HeadVisitor{.lowering = *this, .id = id, .to = to}, node(id));
}

void ExprToIr::LowerIf(const ast::If& node, ast::ExprId id, uint32_t to) {
  const Fold fold = FoldOf(id);
  if (fold == Fold::Then || fold == Fold::Else) {
    if (!FindValue(node.condition)) Lower(node.condition, to);  // for its errors
    return Lower(fold == Fold::Then ? node.then_branch : node.else_branch, to);
  }
  Lower(node.condition, to);
  const auto skip = Emit({.op = Op::JumpIfFalse, .a = static_cast<Register>(to)}, node.condition);
  Lower(node.then_branch, to);
  const auto leave = Emit({.op = Op::Jump}, node.then_branch);
  body_.Land(skip);
  Lower(node.else_branch, to);
  body_.Land(leave);
}

// ---- operators, whose left operand is in the register --------------------------------------------------------------

struct ExprToIr::ApplyVisitor {
  ExprToIr& lowering;
  ast::ExprId id;
  uint32_t to;

  auto reg(uint32_t offset = 0) const -> Register { return static_cast<Register>(to + offset); }

  void operator()(const ast::Unary& node) const { lowering.Emit({.op = UnaryToOp(node.op), .dst = reg(), .a = reg()}, id); }
  void operator()(const ast::Binary& node) const {
    lowering.Lower(node.right, to + 1);
    lowering.Emit({.op = BinaryToOp(node.op), .dst = reg(), .a = reg(), .b = reg(1)}, id);
  }
  void operator()(const ast::GetAttr& node) const {
    lowering.Emit({.op = Op::GetAttr, .dst = reg(), .a = reg(), .imm = node.attr.value}, id);
  }
  void operator()(const ast::HasAttr& node) const { lowering.ApplyHas(node, id, to); }
  void operator()(const ast::Like& node) const { lowering.ApplyLike(node, id, to); }
  void operator()(const ast::Is& node) const { lowering.ApplyIs(node, id, to); }
  void operator()(const ast::Call& node) const { lowering.ApplyCall(node, id, to); }
  void operator()(const ast::Quantifier& node) const { lowering.ApplyQuantifier(node, id, to); }

  // Nothing is to the left of these.
  template <typename Node>
  void operator()(const Node&) const {}
};

void ExprToIr::Apply(ast::ExprId id, uint32_t to) { std::visit(ApplyVisitor{.lowering = *this, .id = id, .to = to}, node(id)); }

// `x has a.b.c` is `x has a && x.a has b && x.a.b has c`, with the object so far one register up.
void ExprToIr::ApplyHas(const ast::HasAttr& node, ast::ExprId id, uint32_t to) {
  const auto result = static_cast<Register>(to);
  if (node.path.size() == 1) {
    Emit({.op = Op::HasAttr, .dst = result, .a = result, .imm = node.path[0].value}, id);
    return;
  }
  const auto object = static_cast<Register>(to + 1);
  body_.Touch(object);
  std::vector<uint32_t> jumps;
  Emit({.op = Op::Move, .dst = object, .a = result}, id);
  for (size_t step = 0; step < node.path.size(); ++step) {
    if (step > 0) {
      jumps.push_back(Emit({.op = Op::JumpIfFalse, .a = result}, id));
      Emit({.op = Op::GetAttr, .dst = object, .a = object, .imm = node.path[step - 1].value}, id);
    }
    Emit({.op = Op::HasAttr, .dst = result, .a = object, .imm = node.path[step].value}, id);
  }
  for (const auto jump : jumps) body_.Land(jump);
}

// `x is T in y` is `x is T && x in y`.
void ExprToIr::ApplyIs(const ast::Is& node, ast::ExprId id, uint32_t to) {
  const auto result = static_cast<Register>(to);
  if (!node.in.has_value()) {
    Emit({.op = Op::Is, .dst = result, .a = result, .imm = node.type.value}, id);
    return;
  }
  if (FoldOf(id) == Fold::CertainIs) {
    Lower(node.in, to + 1);
    Emit({.op = Op::In, .dst = result, .a = result, .b = static_cast<Register>(to + 1)}, id);
    return;
  }
  const auto object = static_cast<Register>(to + 1);
  const auto other = static_cast<Register>(to + 2);
  body_.Touch(other);
  Emit({.op = Op::Move, .dst = object, .a = result}, id);
  Emit({.op = Op::Is, .dst = result, .a = object, .imm = node.type.value}, id);
  const auto jump = Emit({.op = Op::JumpIfFalse, .a = result}, id);
  Lower(node.in, other);
  Emit({.op = Op::In, .dst = result, .a = object, .b = other}, id);
  body_.Land(jump);
}

void ExprToIr::ApplyLike(const ast::Like& node, ast::ExprId id, uint32_t to) {
  ir::Pattern pattern;
  for (const auto& element : node.pattern) {
    pattern.push_back(element.wildcard ? std::nullopt : std::optional(element.literal));
  }
  const auto text = static_cast<Register>(to);
  Emit({.op = Op::Like, .dst = text, .a = text, .imm = context_.tables.AddPattern(pattern)}, id);
}

// Arguments are evaluated first even if their number is wrong: their errors come before that one.
void ExprToIr::ApplyCall(const ast::Call& node, ast::ExprId id, uint32_t to) {
  const auto& builtin = GetBuiltin(node.builtin);
  const bool fits = builtin.signature.arity == node.args.size();
  if (fits && builtin.is_operation) return ApplyOperation(node, id, to);
  for (size_t i = 1; i < node.args.size(); ++i) Lower(node.args[i], to + (fits ? static_cast<uint32_t>(i) : 1));
  const auto first = static_cast<Register>(to);
  Emit({.op = fits ? Op::Call : Op::BadArity,
        .dst = first,
        .a = fits ? first : Register{0},
        .imm = static_cast<uint32_t>(node.builtin),
        .count = static_cast<uint32_t>(node.args.size())},
       id);
}

// Builtins with an operation of their own.
void ExprToIr::ApplyOperation(const ast::Call& node, ast::ExprId id, uint32_t to) {
  const auto result = static_cast<Register>(to);
  if (node.builtin == BuiltinId::Now) {
    Emit({.op = Op::Now, .dst = result}, id);
    return;
  }
  CHECK(node.builtin == BuiltinId::Matches);
  if (const auto problem = ast::FindLiteralProblem(context_.ast, context_.interner, node)) {
    context_.sink.Report(problem->code, problem->span, problem->subject, problem->detail).help = problem->help;
    return;
  }
  const SymbolId pattern = std::get<ast::StringLit>(this->node(node.args[1])).text;
  const auto compiled = Regex::Compile(context_.interner.text(pattern));
  Emit({.op = Op::Matches, .dst = result, .a = result, .imm = context_.tables.AddRegex(pattern, *compiled)}, id);
}

void ExprToIr::ApplyQuantifier(const ast::Quantifier& node, ast::ExprId id, uint32_t to) {
  const auto result = static_cast<Register>(to);
  const auto element = static_cast<Register>(to + 1);
  const auto answer = static_cast<Register>(to + 2);
  body_.Touch(answer);
  const auto loop = Emit({.op = node.kind == ast::QuantifierKind::Any ? Op::Any : Op::All, .dst = result, .a = result, .b = element}, id);
  locals_.emplace_back(node.variable, element);
  Lower(node.body, answer);
  locals_.pop_back();
  Emit({.op = Op::Next, .a = answer}, node.body);
  body_.Land(loop);
}

}  // namespace remit
