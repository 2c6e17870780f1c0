#include "compiler/lint/literals.h"

#include <algorithm>

#include "compiler/check/walk.h"
#include "runtime/value/text_values.h"
#include "stdlib/duration.h"

namespace remit::lint {
namespace {

template <typename Node>
auto As(const LintContext& context, ast::ExprId id) -> const Node* {
  return id.has_value() ? std::get_if<Node>(&context.expr(id).node) : nullptr;
}

}  // namespace

auto BoolOf(const LintContext& context, ast::ExprId id) -> std::optional<bool> {
  const auto* node = As<ast::BoolLit>(context, id);
  return node != nullptr ? std::optional(node->value) : std::nullopt;
}

auto LongOf(const LintContext& context, ast::ExprId id) -> std::optional<int64_t> {
  bool is_negative = false;
  while (const auto* unary = As<ast::Unary>(context, id)) {
    if (unary->op != ast::UnaryOp::Neg) return std::nullopt;
    is_negative = !is_negative;
    id = unary->operand;
  }
  const auto* node = As<ast::LongLit>(context, id);
  if (node == nullptr || (is_negative && node->value == INT64_MIN)) return std::nullopt;
  return is_negative ? -node->value : node->value;
}

auto StringOf(const LintContext& context, ast::ExprId id) -> std::optional<SymbolId> {
  const auto* node = As<ast::StringLit>(context, id);
  return node != nullptr ? std::optional(node->text) : std::nullopt;
}

auto EntityOf(const LintContext& context, ast::ExprId id) -> std::optional<EntityUid> {
  const auto* node = As<ast::EntityLit>(context, id);
  return node != nullptr ? std::optional(node->uid) : std::nullopt;
}

auto MillisecondsOf(const LintContext& context, ast::ExprId id) -> std::optional<int64_t> {
  const auto* call = As<ast::Call>(context, id);
  if (call == nullptr || call->builtin != BuiltinId::DurationParse || call->args.size() != 1) return std::nullopt;
  const auto text = StringOf(context, call->args[0]);
  if (!text) return std::nullopt;
  const auto duration = ParseDuration(String{context.text(*text)});
  return duration ? std::optional(duration->millis) : std::nullopt;
}

auto IsLiteral(const LintContext& context, ast::ExprId id) -> bool {
  return BoolOf(context, id) || LongOf(context, id) || StringOf(context, id) || EntityOf(context, id) || MillisecondsOf(context, id);
}

auto VariableOf(const LintContext& context, ast::ExprId id) -> std::optional<ast::Var> {
  const auto* node = As<ast::VarRef>(context, id);
  return node != nullptr ? std::optional(node->var) : std::nullopt;
}

auto EntitiesIn(const LintContext& context, ast::ExprId id) -> std::vector<EntityUid> {
  std::vector<EntityUid> entities;
  if (const auto entity = EntityOf(context, id)) entities.push_back(*entity);
  if (const auto* set = As<ast::SetLit>(context, id)) {
    for (const auto element : set->elements) {
      if (const auto entity = EntityOf(context, element)) entities.push_back(*entity);
    }
  }
  return entities;
}

auto Reads(const LintContext& context, ast::ExprId id, ast::Var var) -> bool {
  bool found = false;
  if (!id.has_value()) return false;
  check::VisitExprs(context.ast(), {id}, [&](ast::ExprId, const ast::Expr& expr) {
    const auto* node = std::get_if<ast::VarRef>(&expr.node);
    found = found || (node != nullptr && node->var == var);
  });
  return found;
}

auto Reads(const LintContext& context, const std::vector<ast::Condition>& conditions, ast::Var var) -> bool {
  return std::ranges::any_of(conditions, [&](const ast::Condition& condition) { return Reads(context, condition.body, var); });
}

}  // namespace remit::lint
