#include "compiler/ast/print_scope.h"

#include <fmt/format.h>

#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit::ast {
namespace {

// What a position is compared with: a slot, one entity, or a list.
auto TargetText(const ScopeConstraint& constraint, const Interner& interner) -> std::string {
  if (constraint.slot) return std::string{SlotName(*constraint.slot)};
  if (!constraint.is_list && constraint.entities.size() == 1) return FormatEntityUid(constraint.entities[0], interner);
  return EntityListText(constraint.entities, interner);
}

}  // namespace

auto AnnotationText(const Annotation& annotation, const Interner& interner) -> std::string {
  const auto key = interner.text(annotation.key);
  return annotation.value ? fmt::format("@{}({})", key, QuoteString(interner.text(*annotation.value))) : fmt::format("@{}", key);
}

auto EntityListText(const std::vector<EntityUid>& entities, const Interner& interner) -> std::string {
  std::string out = "[";
  for (size_t i = 0; i < entities.size(); ++i) {
    if (i > 0) out += ", ";
    out += FormatEntityUid(entities[i], interner);
  }
  return out + "]";
}

auto ConstraintText(std::string_view variable, const ScopeConstraint& constraint, const Interner& interner) -> std::string {
  switch (constraint.op) {
    case ScopeOp::Any: return std::string{variable};
    case ScopeOp::Eq: return fmt::format("{} == {}", variable, TargetText(constraint, interner));
    case ScopeOp::In: return fmt::format("{} in {}", variable, TargetText(constraint, interner));
    case ScopeOp::Is: return fmt::format("{} is {}", variable, interner.text(constraint.type));
    case ScopeOp::IsIn: return fmt::format("{} is {} in {}", variable, interner.text(constraint.type), TargetText(constraint, interner));
  }
  return {};
}

auto ScopeText(const Scope& scope, const Interner& interner) -> std::string {
  return fmt::format("({}, {}, {})", ConstraintText("principal", scope.principal, interner),
                     ConstraintText("action", scope.action, interner), ConstraintText("resource", scope.resource, interner));
}

}  // namespace remit::ast
