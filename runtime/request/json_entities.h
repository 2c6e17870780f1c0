// An array of entities, at any place of a document.
#pragma once

#include "runtime/entity/entity_store.h"
#include "runtime/request/json.h"
#include "runtime/request/json_value.h"

namespace remit::json {

// As ReadEntities of json.h, for one request: see EntityStoreBuilder::ListOnly.
auto ReadRequestEntities(const Cursor& at, Interner& interner, const JsonOptions& options, const EntityStore* base,
                         std::span<const EntityUid> asked) -> Expected<EntityStore>;

// For the entities of a document. `base` may be null.
auto BuilderOver(const EntityStore* base, const Interner& interner) -> EntityStoreBuilder;

}  // namespace remit::json
