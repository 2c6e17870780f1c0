// What policies read of budgets and breakers, and the guard that makes it safe.
//
// A budget that does not apply to a request has no figures for it, so reading one asks for `budget has NAME` as an optional attribute
// asks for `has`: unless the reader can only be satisfied where the budget applies.
#include <algorithm>

#include "compiler/ast/spelling.h"
#include "compiler/check/expr_checker.h"
#include "runtime/base/did_you_mean.h"

namespace remit::check {
namespace {

// Whether whoever satisfies `reader` satisfies `wanted`: the same entity, the same group, or a type that is known here.
auto IsImplied(const ast::ScopeConstraint& wanted, const ast::ScopeConstraint& reader, SymbolId type) -> bool {
  const bool same_entities = !wanted.slot && !reader.slot && wanted.entities == reader.entities;
  switch (wanted.op) {
    case ast::ScopeOp::Any: return true;
    case ast::ScopeOp::Is: return wanted.type == type;
    case ast::ScopeOp::Eq: return reader.op == ast::ScopeOp::Eq && same_entities;
    case ast::ScopeOp::In: return reader.op != ast::ScopeOp::Any && reader.op != ast::ScopeOp::Is && same_entities;
    case ast::ScopeOp::IsIn: return wanted.type == type && reader.op != ast::ScopeOp::Any && reader.op != ast::ScopeOp::Is && same_entities;
  }
  return false;
}

}  // namespace

auto ExprChecker::FindState(ast::ExprId id, ast::StateKind kind, SymbolId name) -> const StateDecl* {
  const auto text = context_.interner.text(name);
  const auto* decl = context_.states.Find(kind, name);
  if (decl == nullptr) {
    context_.findings.Report(DiagnosticCode::UnknownState, span(id), ast::StateKeyword(kind), text).help =
        DidYouMean(text, context_.states.Names(kind, context_.interner));
    return nullptr;
  }
  if (reader_.own_kind == kind && reader_.own_name == name) {
    context_.findings.Report(DiagnosticCode::StateReadsItself, span(id), ast::StateKeyword(kind), text);
    return nullptr;
  }
  return decl;
}

auto ExprChecker::IsScopeImplied(const StateDecl& decl) -> bool {
  if (decl.is_conditional || reader_.scope == nullptr) return false;
  const auto& action = decl.scope->action;
  const bool action_applies = action.op == ast::ScopeOp::Any || std::ranges::any_of(action.entities, [&](EntityUid each) {
                                return action.op == ast::ScopeOp::Eq ? each == environment_.action->uid
                                                                     : context_.schema.IsActionIn(environment_.action->uid, each);
                              });
  return action_applies && IsImplied(decl.scope->principal, reader_.scope->principal, environment_.principal) &&
         IsImplied(decl.scope->resource, reader_.scope->resource, environment_.resource);
}

auto ExprChecker::StateFieldType(const StateDecl& decl, SymbolId field) -> TypeRef {
  if (decl.kind == ast::StateKind::Breaker) return context_.interner.text(field) == "open" ? types().bool_type() : types().long_type();
  return decl.counts_decimals ? types().OfKind(Kind::Decimal) : types().long_type();
}

auto ExprChecker::CheckStateRead(ast::ExprId id, const ast::StateRead& node, const Known& prior) -> Answer {
  const auto* decl = FindState(id, node.state, node.name);
  if (decl == nullptr) return Fail();
  const Capability guard{.kind = CapabilityKind::State, .subject = static_cast<uint32_t>(node.state), .name = node.name.value};
  const bool is_safe = prior.Contains(guard) || IsScopeImplied(*decl);
  if (!is_safe) {
    const auto text = context_.interner.text(node.name);
    auto& diagnostic = context_.findings.Report(DiagnosticCode::UnguardedState, span(id), ast::StateKeyword(node.state), text);
    diagnostic.help = fmt::format("ask first: `{} has {} && ..`", ast::StateKeyword(node.state), text);
  }
  return After(is_safe, Succeed(StateFieldType(*decl, node.field)));
}

auto ExprChecker::CheckStateHas(ast::ExprId id, const ast::StateHas& node) -> Answer {
  const auto* decl = FindState(id, node.state, node.name);
  if (decl == nullptr) return Fail(types().bool_type());
  const Capability guard{.kind = CapabilityKind::State, .subject = static_cast<uint32_t>(node.state), .name = node.name.value};
  return Succeed(types().bool_type(), {guard});
}

}  // namespace remit::check
