// Lowered and evaluated like any expression, as a tree of its own: lowering looks through all of a tree for constants, and tests are many.
#include "compiler/testing/literal_value.h"

#include "compiler/check/walk.h"
#include "compiler/lower/lower.h"
#include "compiler/partial/copy_expr.h"
#include "runtime/eval/interpreter.h"

namespace remit::tests {
namespace {

auto ReadsRequest(const ast::Ast& ast, ast::ExprId expr) -> bool {
  bool reads = false;
  check::VisitExprs(ast, {expr}, [&](ast::ExprId, const ast::Expr& visited) {
    reads |= std::holds_alternative<ast::VarRef>(visited.node) || std::holds_alternative<ast::StateRead>(visited.node) ||
             std::holds_alternative<ast::StateHas>(visited.node);
  });
  return reads;
}

}  // namespace

auto ValueOf(const ast::Ast& ast, ast::ExprId expr, Interner& interner, std::optional<Datetime> now, Arena& arena) -> Expected<Value> {
  ast::Ast tree;
  const auto copy = partial::CopyExpr(ast, expr, tree);
  if (ReadsRequest(tree, copy)) return Fail("unsupported-expression", "a value of a test cannot read a request");
  DiagnosticSink sink;
  const auto program = LowerExpression(tree, copy, interner, sink);
  if (sink.has_errors()) return Fail(std::string(CodeName(sink.diagnostics()[0].code)), sink.diagnostics()[0].message);

  const EntityStore nothing;
  const Request nobody = {};
  Arena scratch;
  const EvalInput input = {.entities = nothing, .request = nobody, .interner = interner, .arena = scratch, .now = now};
  const auto value = Evaluate(program, 0, input);
  if (!value) return Fail(value.error().code, value.error().message);
  return CopyValue(arena, *value);
}

}  // namespace remit::tests
