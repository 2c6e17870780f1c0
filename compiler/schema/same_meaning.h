// Whether two schemas say the same: what formatting and translating prove about their results.
#pragma once

#include "compiler/schema/ast.h"
#include "runtime/entity/schema.h"

namespace remit {

// The same declarations in the same order, with the same annotations, wherever in the text they stand.
auto SameDeclarations(const schema_ast::Fragment& a, const schema_ast::Fragment& b) -> bool;

// The same types and actions under the same names, in any order. Both have their names from one interner. Of an action that can never be
// requested the parameters do not count.
auto SameSchema(const Schema& a, const Schema& b) -> bool;

}  // namespace remit
