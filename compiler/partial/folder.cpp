#include "compiler/partial/folder.h"

#include <algorithm>
#include <ranges>

#include "compiler/partial/copy_expr.h"
#include "compiler/partial/write_value.h"

namespace remit::partial {

auto Folder::Emit(ast::ExprNode node, ast::ExprId place) -> ast::ExprId {
  return context_.residuals.Add({.span = place.has_value() ? span(place) : Span{}, .node = std::move(node)});
}

auto Folder::Fail(EvalError error) -> Folded {
  context_.errors.push_back(std::move(error));
  return {.state = State::Failed, .error = static_cast<uint32_t>(context_.errors.size() - 1)};
}

auto Folder::FromRun(RunResult result) -> Folded { return result ? Folded::Of(*result) : Fail(std::move(result.error())); }

auto Folder::Keep(ast::ExprId id) -> Folded { return Folded::Rest(CopyExpr(context_.ast, id, context_.residuals), true); }

auto Folder::IsLiteralCall(ast::ExprId id) const -> bool {
  const auto* call = id.has_value() ? std::get_if<ast::Call>(&node(id)) : nullptr;
  return call != nullptr && GetBuiltin(call->builtin).is_constructor &&
         std::ranges::all_of(call->args, [this](ast::ExprId arg) { return std::holds_alternative<ast::StringLit>(node(arg)); });
}

// What is known or fails says so where it stands in the source, too: that is how it is written if it is too large to write out, or a literal
// there already.
auto Folder::Write(const Folded& folded, ast::ExprId source) -> ast::ExprId {
  if (folded.expr.has_value()) return folded.expr;
  if (folded.is(State::Known) && !IsLiteralCall(source)) {
    const auto place = source.has_value() ? span(source) : Span{};
    const auto literal = WriteValue(folded.value, place, context_.residuals, context_.interner);
    if (literal.has_value()) return literal;
  }
  return CopyExpr(context_.ast, source, context_.residuals);
}

auto Folder::Settle(Folded folded, ast::ExprId id) const -> Folded {
  if (!folded.is(State::Residual)) return folded;
  folded.never_true |= TypeIs(id, context_.types.false_type());
  if (folded.may_fail) return folded;
  if (TypeIs(id, context_.types.true_type())) return Folded::Of(true);
  if (folded.never_true) return Folded::Of(false);
  return folded;
}

auto Folder::Fold(ast::ExprId id) -> Folded {
  std::vector<ast::ExprId> spine;
  for (auto at = id; at.has_value(); at = ast::LeftOperand(context_.ast.expr(at))) spine.push_back(at);
  Folded folded = Settle(FoldHead(spine.back()), spine.back());
  spine.pop_back();
  // Whatever is to the right of an error, it is never evaluated, or evaluated for nothing.
  for (const auto each : spine | std::views::reverse) {
    if (folded.is(State::Failed)) break;
    folded = Settle(Apply(each, folded), each);
  }
  return folded;
}

// ---- heads and operators -------------------------------------------------------------------------------------------

struct Folder::HeadVisitor {
  Folder& folder;
  ast::ExprId id;

  auto operator()(const ast::BoolLit& node) const -> Folded { return Folded::Of(node.value); }
  auto operator()(const ast::LongLit& node) const -> Folded { return Folded::Of(Value::OfLong(node.value)); }
  auto operator()(const ast::StringLit& node) const -> Folded {
    return Folded::Of(Value::OfString(folder.context_.interner.text(node.text)));
  }
  auto operator()(const ast::EntityLit& node) const -> Folded { return Folded::Of(Value::OfEntity(node.uid)); }
  auto operator()(const ast::VarRef& node) const -> Folded { return folder.FoldVariable(id, node.var); }
  auto operator()(const ast::LocalRef& node) const -> Folded { return folder.FoldLocal(id, node); }
  auto operator()(const ast::If& node) const -> Folded { return folder.FoldIf(id, node); }
  auto operator()(const ast::SetLit& node) const -> Folded { return folder.FoldSet(id, node); }
  auto operator()(const ast::RecordLit& node) const -> Folded { return folder.FoldRecord(id, node); }
  auto operator()(const ast::Call& node) const -> Folded { return folder.FoldCall(id, node, std::nullopt); }
  auto operator()(const ast::Unary& node) const -> Folded { return folder.FoldUnary(id, node, folder.Fold(node.operand)); }

  // Slots are of scopes alone, and the state of budgets is not known before a request; the rest has a left operand.
  template <typename Node>
  auto operator()(const Node& /*node*/) const -> Folded {
    return folder.Keep(id);
  }
};

auto Folder::FoldHead(ast::ExprId id) -> Folded { return std::visit(HeadVisitor{.folder = *this, .id = id}, node(id)); }

struct Folder::ApplyVisitor {
  Folder& folder;
  ast::ExprId id;
  const Folded& left;

  auto operator()(const ast::Unary& node) const -> Folded { return folder.FoldUnary(id, node, left); }
  auto operator()(const ast::Binary& node) const -> Folded {
    if (node.op == ast::BinaryOp::And) return folder.ApplyAnd(id, node, left);
    if (node.op == ast::BinaryOp::Or) return folder.ApplyOr(id, node, left);
    return folder.ApplyBinary(id, node, left);
  }
  auto operator()(const ast::GetAttr& node) const -> Folded { return folder.ApplyGetAttr(id, node, left); }
  auto operator()(const ast::HasAttr& node) const -> Folded { return folder.ApplyHas(id, node, left); }
  auto operator()(const ast::Like& node) const -> Folded { return folder.ApplyLike(id, node, left); }
  auto operator()(const ast::Is& node) const -> Folded { return folder.ApplyIs(id, node, left); }
  auto operator()(const ast::Call& node) const -> Folded { return folder.FoldCall(id, node, left); }
  auto operator()(const ast::Quantifier& node) const -> Folded { return folder.ApplyQuantifier(id, node, left); }

  // These have no left operand.
  template <typename Node>
  auto operator()(const Node& /*node*/) const -> Folded {
    return folder.Keep(id);
  }
};

auto Folder::Apply(ast::ExprId id, const Folded& left) -> Folded {
  return std::visit(ApplyVisitor{.folder = *this, .id = id, .left = left}, node(id));
}

// ---- variables and literals ----------------------------------------------------------------------------------------

auto Folder::FoldVariable(ast::ExprId id, ast::Var var) -> Folded {
  const auto& request = context_.request;
  std::optional<Value> value;
  switch (var) {
    case ast::Var::Principal:
      if (request.principal.id) value = Value::OfEntity(*request.principal.uid());
      break;
    case ast::Var::Action: value = Value::OfEntity(request.action); break;
    case ast::Var::Resource:
      if (request.resource.id) value = Value::OfEntity(*request.resource.uid());
      break;
    case ast::Var::Context:
      if (request.context.is_known()) value = Value::OfSortedRecord(request.context.known);
      break;
  }
  return value ? Folded::Of(*value) : Folded::Rest(Emit(ast::VarRef{var}, id), false);
}

auto Folder::FoldLocal(ast::ExprId id, const ast::LocalRef& node) -> Folded {
  for (const auto& [name, value] : locals_ | std::views::reverse) {
    if (name != node.name) continue;
    return value ? Folded::Of(*value) : Folded::Rest(Emit(node, id), false);
  }
  return Keep(id);
}

auto Folder::FoldSet(ast::ExprId id, const ast::SetLit& node) -> Folded {
  std::vector<Folded> elements;
  std::vector<Value> values;
  bool may_fail = false;
  for (const auto element : node.elements) {
    elements.push_back(Fold(element));
    if (elements.back().is(State::Failed)) return elements.back();
    if (elements.back().is(State::Known)) values.push_back(elements.back().value);
    may_fail |= elements.back().may_fail;
  }
  if (values.size() == elements.size()) return Folded::Of(MakeSet(context_.arena, values));
  ast::SetLit residual;
  for (size_t i = 0; i < elements.size(); ++i) residual.elements.push_back(Write(elements[i], node.elements[i]));
  return Folded::Rest(Emit(std::move(residual), id), may_fail);
}

auto Folder::FoldRecord(ast::ExprId id, const ast::RecordLit& node) -> Folded {
  std::vector<Folded> entries;
  std::vector<Field> fields;
  bool may_fail = false;
  for (const auto& entry : node.entries) {
    entries.push_back(Fold(entry.value));
    if (entries.back().is(State::Failed)) return entries.back();
    if (entries.back().is(State::Known)) fields.push_back({.key = entry.key, .value = entries.back().value});
    may_fail |= entries.back().may_fail;
  }
  if (fields.size() == entries.size()) return Folded::Of(MakeRecord(context_.arena, fields));
  ast::RecordLit residual;
  for (size_t i = 0; i < entries.size(); ++i) {
    residual.entries.push_back({.key = node.entries[i].key, .value = Write(entries[i], node.entries[i].value)});
  }
  return Folded::Rest(Emit(std::move(residual), id), may_fail);
}

}  // namespace remit::partial
