#include "compiler/partial/fold_scope.h"

namespace remit::partial {
namespace {

class ScopeFolder {
 public:
  ScopeFolder(FoldContext& context, const check::SchemaView& schema) : context_(context), schema_(schema) {}

  auto Fold(const ast::ScopeConstraint& position, ast::Var var, const PartialUid& subject) -> Folded {
    switch (position.op) {
      case ast::ScopeOp::Any: return Folded::Of(true);
      case ast::ScopeOp::Is: return Folded::Of(position.type == subject.type);
      case ast::ScopeOp::Eq: return FoldEq(position, var, subject);
      case ast::ScopeOp::In: return FoldIn(position, var, subject);
      case ast::ScopeOp::IsIn: return position.type == subject.type ? FoldIn(position, var, subject) : Folded::Of(false);
    }
    return Folded::Of(true);
  }

 private:
  auto Emit(ast::ExprNode node, Span span) -> ast::ExprId { return context_.residuals.Add({.span = span, .node = std::move(node)}); }

  auto Subject(ast::Var var, const PartialUid& subject, Span span) -> ast::ExprId {
    return subject.id ? Emit(ast::EntityLit{*subject.uid()}, span) : Emit(ast::VarRef{var}, span);
  }

  auto Compare(ast::BinaryOp op, EntityUid with, ast::Var var, const PartialUid& subject, Span span) -> Folded {
    const auto left = Subject(var, subject, span);
    const auto right = Emit(ast::EntityLit{with}, span);
    return Folded::Rest(Emit(ast::Binary{.op = op, .left = left, .right = right}, span), false);
  }

  auto FoldEq(const ast::ScopeConstraint& position, ast::Var var, const PartialUid& subject) -> Folded {
    const EntityUid with = position.entities[0];
    if (with.type != subject.type) return Folded::Of(false);
    if (subject.id) return Folded::Of(*subject.id == with.id);
    return Compare(ast::BinaryOp::Eq, with, var, subject, position.span);
  }

  // In any of the entities: one, but for a list of actions, whose hierarchy the schema knows.
  auto FoldIn(const ast::ScopeConstraint& position, ast::Var var, const PartialUid& subject) -> Folded {
    Folded any = Folded::Of(false);
    for (const EntityUid group : position.entities) {
      const Folded one = FoldInOne(group, var, subject, position.span);
      if (one.IsBool(true)) return one;
      if (one.IsBool(false)) continue;
      any = any.is(State::Known)
                ? one
                : Folded::Rest(Emit(ast::Binary{.op = ast::BinaryOp::Or, .left = any.expr, .right = one.expr}, position.span), false);
    }
    return any;
  }

  auto FoldInOne(EntityUid group, ast::Var var, const PartialUid& subject, Span span) -> Folded {
    if (subject.id) {
      if (const auto is_in = context_.entities.IsIn(*subject.uid(), group)) return Folded::Of(*is_in);
    } else if (!schema_.MayBeIn(subject.type, group.type)) {
      return Folded::Of(false);
    }
    return Compare(ast::BinaryOp::In, group, var, subject, span);
  }

  FoldContext& context_;
  const check::SchemaView& schema_;
};

}  // namespace

auto FoldScope(const ast::Scope& scope, FoldContext& context, const check::SchemaView& schema) -> Folded {
  const StatementTypes none;
  Folder folder(context, none);
  ScopeFolder positions(context, schema);
  Folded all = positions.Fold(scope.action, ast::Var::Action, PartialUid::Of(context.request.action));
  if (all.IsBool(false)) return all;
  all = folder.And(all, positions.Fold(scope.principal, ast::Var::Principal, context.request.principal), {});
  if (all.IsBool(false)) return all;
  return folder.And(all, positions.Fold(scope.resource, ast::Var::Resource, context.request.resource), {});
}

}  // namespace remit::partial
