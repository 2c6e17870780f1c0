// What a scope says about the requests of each environment.
//
// A scope is the first part of a policy's condition: where it is always false, nothing further is looked at. Its three positions depend on
// one of the four variables each, so they are asked one by one, and environments that no position excludes are found by the action.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/findings.h"
#include "compiler/check/schema_view.h"

namespace remit::check {

// Of one position in one environment.
struct ScopeAnswer {
  bool may_hold = true;
  bool ok = true;  // false: it names something the schema does not have
};

// `type` is the principal's or the resource's.
auto AskPosition(const ast::ScopeConstraint& position, SymbolId type, const SchemaView& schema) -> ScopeAnswer;
auto AskAction(const ast::ScopeConstraint& position, EntityUid action, const SchemaView& schema) -> ScopeAnswer;

// An environment that the scope does not exclude.
struct ScopeMatch {
  uint32_t environment;
  bool ok;
};
auto MatchScope(const ast::Scope& scope, const SchemaView& schema, Mode mode) -> std::vector<ScopeMatch>;

// Strict checking types the list of `action in [..]` like any other set: without elements, or with actions of several namespaces, it has no
// type, and the scope is a mistake that excludes nothing.
auto HasListType(const ast::ScopeConstraint& action, const SchemaView& schema, Mode mode) -> bool;

}  // namespace remit::check
