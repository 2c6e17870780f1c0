// Whether entities are what a schema declares: attributes, tags, parents, enumerated ids, actions.
//
// The rules are Cedar's. Parents are judged by type: whatever the schema lets the type be `in`, directly or further up. An action in a document
// can only repeat what the schema says of it, with all its ancestors.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/entity/entity_store.h"
#include "runtime/entity/known_parts.h"
#include "runtime/entity/schema.h"
#include "runtime/entity/type_facts.h"

namespace remit {

// Remembers which type may be in which, so one validator serves many entities. Not to be shared by threads.
class EntityValidator {
 public:
  EntityValidator(const Schema& schema, const Interner& interner) : schema_(schema), interner_(interner), types_(&schema, interner) {}

  // Everything that is known about one entity, but the ancestors of an action. The pointer is within the entity's JSON: `/attrs/role`, `/parents/0`. Codes:
  // those of ValidateValue, "undeclared-entity-type", "unexpected-tag", "parent-not-allowed", "action-mismatch".
  auto Check(const Entity& entity, KnownParts known = {}) -> Expected<void>;

 private:
  auto CheckAttributes(const Entity& entity, const EntityTypeDecl& type) const -> Expected<void>;
  auto CheckTags(const Entity& entity, const EntityTypeDecl& type) const -> Expected<void>;
  auto CheckParents(const Entity& entity, const EntityTypeDecl& type) -> Expected<void>;
  auto CheckAction(const Entity& entity) const -> Expected<void>;
  auto Nonconforming(const Entity& entity, std::string_view place, Error error) const -> Expected<void>;
  auto MayBeIn(const EntityTypeDecl& type, SymbolId ancestor) -> bool;

  const Schema& schema_;
  const Interner& interner_;
  TypeFactsTable types_;
  std::unordered_map<uint64_t, bool> may_be_in_;  // by the two types' symbols, what is not declared directly
  uint64_t last_allowed_ = UINT64_MAX;  // the two types' symbols: parents of one entity are mostly of one type
};

// What is wrong with the ancestors of actions, given all the actions of one document.
struct ActionMismatch {
  size_t index;  // into `actions`
  Error error;  // "action-mismatch", pointer within the entity's JSON
};
auto FindActionMismatches(const Schema& schema, const Interner& interner, std::span<const Entity> actions) -> std::vector<ActionMismatch>;

// The first error of a whole set of entities, such as a store that was not read from JSON. The pointer begins with the position: `/3/attrs`.
auto ValidateEntities(const Schema& schema, const Interner& interner, std::span<const Entity> entities) -> Expected<void>;

}  // namespace remit
