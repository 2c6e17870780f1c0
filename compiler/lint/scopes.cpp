#include "compiler/lint/scopes.h"

#include <algorithm>

#include "compiler/ast/same_meaning.h"
#include "runtime/base/hash.h"

namespace remit::lint {
namespace {

using ast::ScopeOp;

// Whether `uid` is certain to be in `ancestor`: itself, or by the schema's hierarchy of actions.
auto IsIn(const LintContext& context, EntityUid uid, EntityUid ancestor) -> bool {
  if (uid == ancestor) return true;
  return context.typed() != nullptr && context.typed()->schema().IsActionIn(uid, ancestor);
}

auto TakesEntity(const LintContext& context, const ast::ScopeConstraint& wide, EntityUid uid) -> bool {
  const auto is_in_any = [&] {
    return std::ranges::any_of(wide.entities, [&](EntityUid ancestor) { return IsIn(context, uid, ancestor); });
  };
  switch (wide.op) {
    case ScopeOp::Any: return true;
    case ScopeOp::Eq: return !wide.entities.empty() && wide.entities[0] == uid;
    case ScopeOp::In: return is_in_any();
    case ScopeOp::Is: return wide.type == uid.type;
    case ScopeOp::IsIn: return wide.type == uid.type && is_in_any();
  }
  return false;
}

// Every entity in `uid` is in one of the wide constraint's.
auto TakesBelow(const LintContext& context, const ast::ScopeConstraint& wide, EntityUid uid) -> bool {
  return std::ranges::any_of(wide.entities, [&](EntityUid ancestor) { return IsIn(context, uid, ancestor); });
}

// Types that exclude each other.
auto TypesDiffer(const ast::ScopeConstraint& a, const ast::ScopeConstraint& b) -> bool {
  const auto type_of = [](const ast::ScopeConstraint& constraint) -> std::optional<SymbolId> {
    if (constraint.op == ScopeOp::Is || constraint.op == ScopeOp::IsIn) return constraint.type;
    if (constraint.op == ScopeOp::Eq && !constraint.entities.empty()) return constraint.entities[0].type;
    return std::nullopt;
  };
  const auto left = type_of(a);
  const auto right = type_of(b);
  return left && right && *left != *right;
}

auto Mix(uint64_t a, uint64_t b) -> uint64_t { return hash_detail::Fold(a ^ HashSeed(), b + 0x9E3779B97F4A7C15); }

auto HashOf(ScopeOp op, SymbolId type, EntityUid entity) -> uint64_t {
  return Mix(Mix(static_cast<uint64_t>(op) + 1, type.value), entity.packed());
}

auto KeyOf(const ast::ScopeConstraint& constraint) -> uint64_t {
  const bool has_type = constraint.op == ScopeOp::Is || constraint.op == ScopeOp::IsIn;
  if (constraint.slot)
    return HashOf(constraint.op, has_type ? constraint.type : SymbolId{}, EntityUid{{}, {static_cast<uint32_t>(*constraint.slot)}});
  return HashOf(constraint.op, has_type ? constraint.type : SymbolId{}, constraint.entities.empty() ? EntityUid{} : constraint.entities[0]);
}

// The keys of all constraints on one position that cover this one.
auto CoveringKeys(const ast::ScopeConstraint& narrow) -> std::vector<uint64_t> {
  std::vector<uint64_t> keys = {HashOf(ScopeOp::Any, {}, {}), KeyOf(narrow)};
  if (narrow.op == ScopeOp::Is || narrow.op == ScopeOp::IsIn) keys.push_back(HashOf(ScopeOp::Is, narrow.type, {}));
  if (narrow.slot || narrow.entities.empty()) return keys;
  const auto entity = narrow.entities[0];
  if (narrow.op != ScopeOp::Is) keys.push_back(HashOf(ScopeOp::In, {}, entity));
  if (narrow.op == ScopeOp::Eq) {
    keys.push_back(HashOf(ScopeOp::Is, entity.type, {}));
    keys.push_back(HashOf(ScopeOp::IsIn, entity.type, entity));
  }
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

// The action and whatever the schema has it in.
auto WithAncestors(const LintContext& context, EntityUid action) -> std::vector<EntityUid> {
  std::vector<EntityUid> all = {action};
  if (context.typed() == nullptr) return all;
  const auto& schema = context.typed()->schema().schema();
  for (size_t i = 0; i < all.size(); ++i) {
    const auto* decl = schema.FindAction(all[i]);
    if (decl == nullptr) continue;
    for (const auto parent : decl->parents) {
      if (std::ranges::find(all, parent) == all.end()) all.push_back(parent);
    }
  }
  return all;
}

// A list is filed under each of its elements: one of them is in whatever covers all.
auto ActionKeys(const ast::ScopeConstraint& action) -> std::vector<uint64_t> {
  if (action.op != ScopeOp::In) return {KeyOf(action)};
  std::vector<uint64_t> keys;
  for (const auto entity : action.entities) keys.push_back(HashOf(ScopeOp::In, {}, entity));
  return keys;
}

auto CoveringActionKeys(const LintContext& context, const ast::ScopeConstraint& narrow) -> std::vector<uint64_t> {
  std::vector<uint64_t> keys = {HashOf(ScopeOp::Any, {}, {})};
  if (narrow.entities.empty()) return keys;
  if (narrow.op == ScopeOp::Eq) keys.push_back(KeyOf(narrow));
  for (const auto action : WithAncestors(context, narrow.entities[0])) keys.push_back(HashOf(ScopeOp::In, {}, action));
  return keys;
}

}  // namespace

auto Covers(const LintContext& context, const ast::ScopeConstraint& wide, const ast::ScopeConstraint& narrow) -> bool {
  if (wide.op == ScopeOp::Any || ast::SameConstraint(wide, narrow)) return true;
  if (wide.slot) return false;
  if (narrow.slot) return wide.op == ScopeOp::Is && narrow.op == ScopeOp::IsIn && wide.type == narrow.type;
  switch (narrow.op) {
    case ScopeOp::Any: return false;
    case ScopeOp::Eq: return !narrow.entities.empty() && TakesEntity(context, wide, narrow.entities[0]);
    case ScopeOp::Is: return wide.op == ScopeOp::Is && wide.type == narrow.type;
    case ScopeOp::In:
      return wide.op == ScopeOp::In && !narrow.entities.empty() &&
             std::ranges::all_of(narrow.entities, [&](EntityUid uid) { return TakesBelow(context, wide, uid); });
    case ScopeOp::IsIn: {
      if (wide.op == ScopeOp::Is) return wide.type == narrow.type;
      const bool fits = wide.op == ScopeOp::In || (wide.op == ScopeOp::IsIn && wide.type == narrow.type);
      return fits && !narrow.entities.empty() && TakesBelow(context, wide, narrow.entities[0]);
    }
  }
  return false;
}

auto Covers(const LintContext& context, const ast::Scope& wide, const ast::Scope& narrow) -> bool {
  return Covers(context, wide.principal, narrow.principal) && Covers(context, wide.action, narrow.action) &&
         Covers(context, wide.resource, narrow.resource);
}

auto MayMeet(const ast::ScopeConstraint& a, const ast::ScopeConstraint& b) -> bool {
  if (a.slot || b.slot) return !TypesDiffer(a, b);
  if (TypesDiffer(a, b)) return false;
  if (a.op == ScopeOp::Eq && b.op == ScopeOp::Eq) return a.entities == b.entities;
  return true;
}

auto MayMeet(const LintContext& context, const ast::Scope& a, const ast::Scope& b) -> bool {
  if (!MayMeet(a.principal, b.principal) || !MayMeet(a.resource, b.resource)) return false;
  if (!MayMeet(a.action, b.action)) return false;
  // The hierarchy of actions is known with a schema: one of all actions must be in both.
  auto* typed = context.typed();
  if (typed == nullptr) return true;
  const auto takes = [&](const ast::ScopeConstraint& constraint, EntityUid action) {
    return constraint.slot || TakesEntity(context, constraint, action);
  };
  return std::ranges::any_of(typed->schema().schema().actions,
                             [&](const ActionDecl& action) { return takes(a.action, action.uid) && takes(b.action, action.uid); });
}

void ScopeBuckets::Add(const ast::Scope& scope, uint32_t statement) {
  const auto entities = Mix(KeyOf(scope.principal), KeyOf(scope.resource));
  for (const auto action : ActionKeys(scope.action)) buckets_[Mix(entities, action)].push_back(statement);
}

auto ScopeBuckets::Candidates(const ast::Scope& scope) const -> std::vector<uint32_t> {
  std::vector<uint32_t> found;
  const auto actions = CoveringActionKeys(context_, scope.action);
  const auto resources = CoveringKeys(scope.resource);
  for (const auto principal : CoveringKeys(scope.principal)) {
    for (const auto resource : resources) {
      for (const auto action : actions) {
        const auto it = buckets_.find(Mix(Mix(principal, resource), action));
        if (it != buckets_.end()) found.insert(found.end(), it->second.begin(), it->second.end());
      }
    }
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

}  // namespace remit::lint
