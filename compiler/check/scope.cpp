#include "compiler/check/scope.h"

#include <algorithm>

namespace remit::check {
namespace {

auto AskIn(EntityUid ancestor, SymbolId type, const SchemaView& schema) -> ScopeAnswer {
  if (!schema.TypeOfLiteral(ancestor).has_value()) return {.ok = false};
  return {.may_hold = schema.MayBeIn(type, ancestor.type)};
}

// Positions of the actions that a scope may hold for, in the schema's order.
auto CandidateActions(const ast::ScopeConstraint& position, const SchemaView& schema) -> std::vector<uint32_t> {
  const auto& actions = schema.schema().actions;
  const bool is_known = std::ranges::all_of(position.entities, [&](EntityUid each) { return schema.TypeOfLiteral(each).has_value(); });
  std::vector<uint32_t> found;
  if (position.op == ast::ScopeOp::Eq) {
    const auto it = schema.schema().action_index.find(position.entities[0].packed());
    if (it != schema.schema().action_index.end()) found.push_back(it->second);
  } else if (position.op == ast::ScopeOp::In && is_known) {
    for (const EntityUid each : position.entities) {
      const auto below = schema.ActionsIn(each);
      found.insert(found.end(), below.begin(), below.end());
    }
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
  } else {
    for (uint32_t i = 0; i < actions.size(); ++i) found.push_back(i);
  }
  return found;
}

}  // namespace

auto AskPosition(const ast::ScopeConstraint& position, SymbolId type, const SchemaView& schema) -> ScopeAnswer {
  switch (position.op) {
    case ast::ScopeOp::Any: return {};
    case ast::ScopeOp::Is: return {.may_hold = position.type == type};
    case ast::ScopeOp::Eq:
      // A slot is linked with an entity of a type that fits.
      if (position.slot) return {};
      if (!schema.TypeOfLiteral(position.entities[0]).has_value()) return {.ok = false};
      return {.may_hold = position.entities[0].type == type};
    case ast::ScopeOp::In: return position.slot ? ScopeAnswer{} : AskIn(position.entities[0], type, schema);
    case ast::ScopeOp::IsIn:
      if (position.type != type) return {.may_hold = false};
      return position.slot ? ScopeAnswer{} : AskIn(position.entities[0], type, schema);
  }
  return {};
}

auto AskAction(const ast::ScopeConstraint& position, EntityUid action, const SchemaView& schema) -> ScopeAnswer {
  const auto is_known = [&](EntityUid each) { return schema.TypeOfLiteral(each).has_value(); };
  switch (position.op) {
    case ast::ScopeOp::Any: return {};
    case ast::ScopeOp::Eq: return {.may_hold = position.entities[0] == action, .ok = is_known(position.entities[0])};
    case ast::ScopeOp::In:
      if (!std::ranges::all_of(position.entities, is_known)) return {.ok = false};
      return {.may_hold = std::ranges::any_of(position.entities, [&](EntityUid each) { return schema.IsActionIn(action, each); })};
    case ast::ScopeOp::Is:
    case ast::ScopeOp::IsIn: return {};  // the parser has refused them
  }
  return {};
}

auto HasListType(const ast::ScopeConstraint& action, const SchemaView& schema, Mode mode) -> bool {
  if (!action.is_list || mode == Mode::Permissive) return true;
  const bool is_known = std::ranges::all_of(action.entities, [&](EntityUid each) { return schema.TypeOfLiteral(each).has_value(); });
  if (!is_known) return true;  // reported as such
  return !action.entities.empty() &&
         std::ranges::all_of(action.entities, [&](EntityUid each) { return each.type == action.entities[0].type; });
}

auto MatchScope(const ast::Scope& scope, const SchemaView& schema, Mode mode) -> std::vector<ScopeMatch> {
  std::vector<ScopeMatch> matches;
  const bool has_type = HasListType(scope.action, schema, mode);
  for (const uint32_t action : CandidateActions(has_type ? scope.action : ast::ScopeConstraint{}, schema)) {
    const auto on_action = has_type ? AskAction(scope.action, schema.schema().actions[action].uid, schema) : ScopeAnswer{.ok = false};
    if (!on_action.may_hold) continue;
    const auto [first, last] = schema.environments_of(action);
    for (uint32_t i = first; i < last; ++i) {
      const auto& environment = schema.environments()[i];
      const auto on_principal = AskPosition(scope.principal, environment.principal, schema);
      if (!on_principal.may_hold) continue;
      const auto on_resource = AskPosition(scope.resource, environment.resource, schema);
      if (on_resource.may_hold) matches.push_back({.environment = i, .ok = on_action.ok && on_principal.ok && on_resource.ok});
    }
  }
  return matches;
}

}  // namespace remit::check
