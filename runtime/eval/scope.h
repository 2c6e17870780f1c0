// Whether a request falls under a policy's scope. Scopes cannot fail.
#pragma once

#include "runtime/entity/entity_store.h"
#include "runtime/ir/program.h"
#include "runtime/request/request.h"

namespace remit::eval {

struct ScopeMatch {
  bool principal = false;
  bool action = false;
  bool resource = false;
};
auto MatchScope(const ir::Policy& policy, const Request& request, const EntityStore& entities) -> ScopeMatch;

auto MatchesScope(const ir::Policy& policy, const Request& request, const EntityStore& entities) -> bool;

}  // namespace remit::eval
