// What approvals are bound to: the text of a statement as it is printed, so that layout and comments may change and meaning may not.
#pragma once

#include "compiler/ast/ast.h"
#include "runtime/ir/statements.h"

namespace remit {

auto StatementDigest(const ast::Ast& ast, uint32_t statement, const Interner& interner) -> ir::TextDigest;

}  // namespace remit
