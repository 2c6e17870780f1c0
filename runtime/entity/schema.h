// A resolved schema, as the runtime reads it: types of attributes, tags and contexts, the action hierarchy.
//
// Names are fully qualified and common types are gone. The compiler makes it from Cedar's schema syntaxes; the runtime uses it
// to read JSON (extension values as plain strings, entities as bare `{type, id}`) and to inject the action entities.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/value/value.h"

namespace remit {

using TypeId = Id<struct TypeTag>;

struct TypeField {
  SymbolId key;
  TypeId type;
  bool required = true;
};

struct Type {
  Kind kind = Kind::Bool;
  TypeId element;                 // Set
  SymbolId entity_type;           // Entity; none: of any type, which only the built-in namespace declares
  std::vector<TypeField> fields;  // Record, sorted by key

  // Null if there is none. Of a Record.
  auto FindField(SymbolId key) const -> const TypeField*;
};

struct EntityTypeDecl {
  SymbolId name;
  TypeId attributes;                     // a Record
  TypeId tags;                           // none: the type has no tags
  std::vector<SymbolId> parents;         // declared `in`, direct
  std::vector<SymbolId> enumerated_ids;  // not empty: an enumerated type, and these are all its entities
};

struct ActionDecl {
  EntityUid uid;
  std::vector<EntityUid> parents;  // direct
  std::vector<SymbolId> principal_types;
  std::vector<SymbolId> resource_types;
  TypeId context;                  // a Record
};

struct Schema {
  std::vector<Type> types;
  std::vector<EntityTypeDecl> entity_types;
  std::vector<ActionDecl> actions;
  std::unordered_map<SymbolId, uint32_t> entity_type_index;  // name to position in `entity_types`
  std::unordered_map<uint64_t, uint32_t> action_index;       // EntityUid::packed to position in `actions`

  auto type(TypeId id) const -> const Type& { return types[id.value]; }
  auto FindEntityType(SymbolId name) const -> const EntityTypeDecl*;
  auto FindAction(EntityUid uid) const -> const ActionDecl*;
};

}  // namespace remit
