#include "compiler/partial/statement_types.h"

#include <algorithm>

#include "compiler/check/walk.h"

namespace remit::partial {

StatementTypes::StatementTypes(const ast::Ast& ast, check::TypedPolicySet& typed, uint32_t statement, uint32_t environment) {
  const auto& all = typed.ExprTypesIn(statement, environment);
  uint32_t first = UINT32_MAX;
  uint32_t last = 0;
  check::VisitExprs(ast, check::RootsOf(ast.statements[statement]), [&](ast::ExprId id, const ast::Expr& /*expr*/) {
    first = std::min(first, id.value);
    last = std::max(last, id.value);
  });
  if (first > last) return;
  first_ = first;
  types_.assign(all.begin() + first, all.begin() + last + 1);
}

}  // namespace remit::partial
