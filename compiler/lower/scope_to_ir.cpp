#include "compiler/lower/scope_to_ir.h"

namespace remit {
namespace {

auto ToIr(ast::ScopeOp op) -> ir::ScopeOp {
  switch (op) {
    case ast::ScopeOp::Any: return ir::ScopeOp::Any;
    case ast::ScopeOp::Eq: return ir::ScopeOp::Eq;
    case ast::ScopeOp::In: return ir::ScopeOp::In;
    case ast::ScopeOp::Is: return ir::ScopeOp::Is;
    case ast::ScopeOp::IsIn: return ir::ScopeOp::IsIn;
  }
  return ir::ScopeOp::Any;
}

auto ToIr(const ast::ScopeConstraint& constraint, const SlotValues& slots) -> ir::ScopeTest {
  ir::ScopeTest test = {.op = ToIr(constraint.op), .type = constraint.type, .entities = ir::EntityList(constraint.entities)};
  if (constraint.slot) {
    const auto& value = *constraint.slot == ast::Slot::Principal ? slots.principal : slots.resource;
    test.entities = {*value};
  }
  return test;
}

}  // namespace

auto MakeRow(ir::Effect effect, const ast::Scope& scope, uint32_t body, SymbolId id, const SlotValues& slots) -> ir::Policy {
  return {.id = id,
          .effect = effect,
          .principal = ToIr(scope.principal, slots),
          .action = ToIr(scope.action, slots),
          .resource = ToIr(scope.resource, slots),
          .body = body};
}

}  // namespace remit
