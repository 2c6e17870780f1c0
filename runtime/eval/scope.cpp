#include "runtime/eval/scope.h"

#include <algorithm>

namespace remit::eval {
namespace {

auto IsInAny(const ir::ScopeTest& test, EntityUid uid, const EntityStore& entities) -> bool {
  return std::ranges::any_of(test.entities, [&](EntityUid ancestor) { return entities.IsIn(uid, ancestor); });
}

auto Matches(const ir::ScopeTest& test, EntityUid uid, const EntityStore& entities) -> bool {
  switch (test.op) {
    case ir::ScopeOp::Any: return true;
    case ir::ScopeOp::Eq: return test.entities[0] == uid;
    case ir::ScopeOp::In: return IsInAny(test, uid, entities);
    case ir::ScopeOp::Is: return test.type == uid.type;
    case ir::ScopeOp::IsIn: return test.type == uid.type && IsInAny(test, uid, entities);
  }
  return false;
}

}  // namespace

auto MatchScope(const ir::Policy& policy, const Request& request, const EntityStore& entities) -> ScopeMatch {
  return {.principal = Matches(policy.principal, request.principal, entities),
          .action = Matches(policy.action, request.action, entities),
          .resource = Matches(policy.resource, request.resource, entities)};
}

auto MatchesScope(const ir::Policy& policy, const Request& request, const EntityStore& entities) -> bool {
  return Matches(policy.principal, request.principal, entities) && Matches(policy.action, request.action, entities) &&
         Matches(policy.resource, request.resource, entities);
}

}  // namespace remit::eval
