#include "compiler/explain/constant.h"

#include "compiler/lower/lower.h"
#include "compiler/source/diagnostic.h"
#include "runtime/entity/entity_store.h"
#include "runtime/eval/interpreter.h"

namespace remit::explain {

auto ConstantOf(const ast::Ast& ast, ast::ExprId id, Interner& interner) -> std::optional<Value> {
  DiagnosticSink sink;
  const auto program = LowerExpression(ast, id, interner, sink);
  if (sink.has_errors() || !ir::Verify(program)) return std::nullopt;
  const EntityStore none;
  // Of no entities: an expression that has variables finds nothing there, and fails.
  const Request request = {};
  Arena arena;
  const auto value = Evaluate(program, 0, {.entities = none, .request = request, .interner = interner, .arena = arena});
  if (!value) return std::nullopt;
  const bool is_scalar = value->is(Kind::Bool) || value->is(Kind::Long) || value->is(Kind::Decimal) || value->is(Kind::Datetime);
  return is_scalar ? std::optional(*value) : std::nullopt;
}

}  // namespace remit::explain
