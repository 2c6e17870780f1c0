// Reading budgets and breakers.
#include "compiler/ast/spelling.h"
#include "compiler/lower/expr_to_ir.h"
#include "runtime/base/did_you_mean.h"

namespace remit {

using ir::Op;
using ir::Register;

namespace {

auto ToField(std::string_view name) -> ir::BudgetField {
  if (name == "used") return ir::BudgetField::Used;
  if (name == "charge") return ir::BudgetField::Charge;
  if (name == "after") return ir::BudgetField::After;
  return name == "limit" ? ir::BudgetField::Limit : ir::BudgetField::Remaining;  // the grammar knows no others
}

}  // namespace

auto ExprToIr::FindState(ast::StateKind kind, SymbolId name, ast::ExprId id) -> uint32_t {
  if (const auto index = context_.states.Find(kind, name)) return *index;
  const auto text = context_.interner.text(name);
  context_.sink.Report(DiagnosticCode::UnknownState, span(id), ast::StateKeyword(kind), text).help =
      DidYouMean(text, context_.states.Names(kind, context_.interner));
  return 0;
}

void ExprToIr::LowerStateRead(const ast::StateRead& node, ast::ExprId id, uint32_t to) {
  const uint32_t index = FindState(node.state, node.name, id);
  const bool is_budget = node.state == ast::StateKind::Budget;
  const uint32_t field = is_budget ? static_cast<uint32_t>(ToField(context_.interner.text(node.field))) : 0;
  Emit({.op = is_budget ? Op::ReadBudget : Op::IsOpen, .dst = static_cast<Register>(to), .imm = index, .count = field}, id);
}

void ExprToIr::LowerStateHas(const ast::StateHas& node, ast::ExprId id, uint32_t to) {
  const Op op = node.state == ast::StateKind::Budget ? Op::HasBudget : Op::HasBreaker;
  Emit({.op = op, .dst = static_cast<Register>(to), .imm = FindState(node.state, node.name, id)}, id);
}

}  // namespace remit
