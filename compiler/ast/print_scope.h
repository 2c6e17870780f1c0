// Annotations and scopes as text.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::ast {

auto AnnotationText(const Annotation& annotation, const Interner& interner) -> std::string;
// `(principal, action == Action::"a", resource in ?resource)`
auto ScopeText(const Scope& scope, const Interner& interner) -> std::string;
// `principal is U in G::"g"`
auto ConstraintText(std::string_view variable, const ScopeConstraint& constraint, const Interner& interner) -> std::string;
// `[U::"a", U::"b"]`
auto EntityListText(const std::vector<EntityUid>& entities, const Interner& interner) -> std::string;

}  // namespace remit::ast
