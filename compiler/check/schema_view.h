// A schema as the checker asks it: types of attributes and tags, which type may be in which, which requests can be made.
//
// Everything is computed once when the view is made; checking only looks up.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/check/types.h"
#include "runtime/entity/schema.h"
#include "runtime/entity/validate_value.h"

namespace remit::check {

// One kind of request: the types of the four variables. The action itself is known.
struct Environment {
  SymbolId principal;
  const ActionDecl* action = nullptr;
  SymbolId resource;
  TypeRef principal_type, action_type, resource_type, context_type;
};

class SchemaView {
 public:
  // Both outlive the view.
  SchemaView(const Schema& schema, const Interner& interner, TypeTable& types);

  auto schema() const -> const Schema& { return schema_; }
  // By action in the schema's order, then principal, then resource as declared.
  auto environments() const -> const std::vector<Environment>& { return environments_; }
  // Positions in `environments` of an action, given by its position in the schema: [first, last).
  struct Range {
    uint32_t first = 0, last = 0;
  };
  auto environments_of(uint32_t action) const -> Range { return ranges_[action]; }

  auto IsActionType(SymbolId type) const -> bool { return remit::IsActionType(interner_.text(type)); }
  auto IsKnownEntityType(SymbolId type) const -> bool { return IsActionType(type) || schema_.FindEntityType(type) != nullptr; }
  // None for an entity of an undeclared type and for an undeclared action.
  auto TypeOfLiteral(EntityUid uid) const -> TypeRef;

  // The attributes all these types have; none of them if one is not declared.
  auto AttributesOf(const Type& entity) const -> TypeRef;
  // Whether an entity of these types might have the attribute.
  auto MayHaveAttribute(const Type& entity, SymbolId attr) const -> bool;
  // The tag types of those types that have tags; all types with tags for an entity of unknown type.
  auto TagTypesOf(const Type& entity) const -> std::vector<TypeRef>;

  // Whether `x in y` may hold for x of type `descendant` and y of type `ancestor`: always true of equal types.
  auto MayBeIn(SymbolId descendant, SymbolId ancestor) const -> bool;
  auto MayBeIn(const Type& descendant, const Type& ancestor) const -> bool;
  // Both are declared actions: the hierarchy of actions is known.
  auto IsActionIn(EntityUid descendant, EntityUid ancestor) const -> bool;
  // Positions in the schema of the action and of all below it; empty if it is not declared.
  auto ActionsIn(EntityUid uid) const -> std::vector<uint32_t>;

  auto Convert(TypeId id) -> TypeRef;

 private:
  void ConvertEntityTypes();
  void CloseTypes();
  void CloseActions();
  void ListEnvironments();

  const Schema& schema_;
  const Interner& interner_;
  TypeTable& types_;
  std::vector<TypeRef> converted_;             // by TypeId
  std::unordered_map<SymbolId, TypeRef> attributes_, tags_;
  std::unordered_map<SymbolId, TypeRef> literals_;  // types of entities
  std::unordered_map<SymbolId, std::unordered_set<SymbolId>> ancestors_;  // of entity types and of action types, transitive
  std::vector<std::unordered_set<uint64_t>> action_ancestors_;            // by position, packed
  std::unordered_map<uint64_t, std::vector<uint32_t>> action_descendants_;
  std::vector<Environment> environments_;
  std::vector<Range> ranges_;
};

}  // namespace remit::check
