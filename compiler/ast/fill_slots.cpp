#include "compiler/ast/fill_slots.h"

namespace remit::ast {

auto FillSlots(Scope scope, const Link& link) -> Scope {
  for (ScopeConstraint* position : {&scope.principal, &scope.resource}) {
    if (!position->slot) continue;
    position->entities = {*(*position->slot == Slot::Principal ? link.principal : link.resource)};
    position->slot.reset();
  }
  return scope;
}

}  // namespace remit::ast
