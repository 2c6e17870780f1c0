// A template's scope with a link's entities in the place of its slots.
#pragma once

#include "compiler/ast/ast.h"

namespace remit::ast {

// The link has an entity for each slot.
auto FillSlots(Scope scope, const Link& link) -> Scope;

}  // namespace remit::ast
