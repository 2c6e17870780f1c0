// What is asked of one entity or record: its type, its attributes.
#include <algorithm>
#include <array>

#include "compiler/partial/folder.h"
#include "compiler/partial/write_value.h"

namespace remit::partial {

// ---- types ---------------------------------------------------------------------------------------------------------

auto Folder::StaticIs(const ast::Is& node, const Folded& object) const -> std::optional<bool> {
  if (object.is(State::Known)) {
    return object.value.is(Kind::Entity) ? std::optional(object.value.as_entity().type == node.type) : std::nullopt;
  }
  const auto type = types_.Of(node.object);
  if (!type.has_value() || context_.types.kind(type) != check::TypeKind::Entity) return std::nullopt;
  const auto& names = context_.types.at(type).entity_types;
  if (!std::ranges::binary_search(names, node.type)) return false;
  return names.size() == 1 ? std::optional(true) : std::nullopt;
}

auto Folder::ApplyIs(ast::ExprId id, const ast::Is& node, const Folded& object) -> Folded {
  if (node.in.has_value()) return ApplyIsIn(id, node, object);
  if (object.is(State::Known)) return FromRun(context_.ops.Run(ir::Op::Is, {&object.value, 1}, span(id), node.type.value));
  return Folded::Rest(Emit(ast::Is{.object = object.expr, .type = node.type, .in = {}}, id), object.may_fail);
}

// `x is T in y` is `x is T && x in y`, so y counts only where x is of the type.
auto Folder::ApplyIsIn(ast::ExprId id, const ast::Is& node, const Folded& object) -> Folded {
  const auto is = StaticIs(node, object);
  if (is == false && !object.may_fail) return Folded::Of(false);
  if (is == true) {
    return ApplyBinary(id, {.op = ast::BinaryOp::In, .left = node.object, .right = node.in}, object);
  }
  const auto written = Write(object, node.object);
  const Folded in = Fold(node.in);
  const bool may_fail = object.may_fail || in.may_fail || in.is(State::Failed);
  return Folded::Rest(Emit(ast::Is{.object = written, .type = node.type, .in = Write(in, node.in)}, id), may_fail);
}

// ---- attributes ----------------------------------------------------------------------------------------------------

auto Folder::IsContext(const Folded& folded) const -> bool {
  if (!folded.is(State::Residual)) return false;
  const auto* variable = std::get_if<ast::VarRef>(&context_.residuals.expr(folded.expr).node);
  return variable != nullptr && variable->var == ast::Var::Context;
}

auto Folder::ReadAttr(ir::Op op, ast::ExprId place, const Folded& object, SymbolId attr) -> std::optional<Folded> {
  Value value = object.value;
  if (IsContext(object)) {
    if (std::ranges::find(context_.request.context.unknown, attr) != context_.request.context.unknown.end()) return std::nullopt;
    value = Value::OfSortedRecord(context_.request.context.known);
  } else if (!object.is(State::Known)) {
    return std::nullopt;
  } else if (value.is(Kind::Entity) && !context_.entities.KnowsAttributes(value.as_entity())) {
    return std::nullopt;
  }
  return FromRun(context_.ops.Run(op, {&value, 1}, span(place), attr.value));
}

auto Folder::ApplyGetAttr(ast::ExprId id, const ast::GetAttr& node, const Folded& object) -> Folded {
  if (auto known = ReadAttr(ir::Op::GetAttr, id, object, node.attr)) return *known;
  // An attribute of a record is there, or guarded by `has`; that of an entity is there only if the entity is.
  const auto type = types_.Of(node.object);
  const bool is_record = type.has_value() && context_.types.kind(type) == check::TypeKind::Record;
  return Folded::Rest(Emit(ast::GetAttr{.object = Write(object, node.object), .attr = node.attr}, id), object.may_fail || !is_record);
}

// `x has a.b` is `x has a && x.a has b`.
auto Folder::ApplyHas(ast::ExprId id, const ast::HasAttr& node, const Folded& first) -> Folded {
  Folded object = first;
  for (size_t step = 0; step < node.path.size(); ++step) {
    const auto has = ReadAttr(ir::Op::HasAttr, id, object, node.path[step]);
    if (!has) {
      // Behind the first step only an entity can leave it open, and that has a literal.
      const auto written =
          step == 0 ? Write(object, node.object) : WriteValue(object.value, span(id), context_.residuals, context_.interner);
      ast::HasAttr rest = {.object = written, .path = {node.path.begin() + static_cast<ptrdiff_t>(step), node.path.end()}};
      return Folded::Rest(Emit(std::move(rest), id), object.may_fail);
    }
    if (!has->IsBool(true) || step + 1 == node.path.size()) return *has;
    object = *ReadAttr(ir::Op::GetAttr, id, object, node.path[step]);
  }
  return Folded::Of(true);
}

}  // namespace remit::partial
