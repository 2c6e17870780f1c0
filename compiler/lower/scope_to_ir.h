// A statement's scope as the tests of a row, with a link's entities in the place of slots.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/ir/program.h"

namespace remit {

struct SlotValues {
  std::optional<EntityUid> principal = {};
  std::optional<EntityUid> resource = {};
};

// Every slot of the scope has a value in `slots`.
auto MakeRow(ir::Effect effect, const ast::Scope& scope, uint32_t body, SymbolId id, const SlotValues& slots = {}) -> ir::Policy;

}  // namespace remit
