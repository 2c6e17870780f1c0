// Cedar's JSON for entities, contexts and requests, read strictly.
//
// Accepted forms are Cedar's: `{"__entity": {..}}`, `{"__extn": {"fn", "arg"|"args"}}`, bare `{"type", "id"}` where an entity is
// expected, and with a schema the implicit forms (extension values as their text). Refused with a JSON pointer: duplicate
// keys, `null`, numbers that are not 64-bit integers, `__expr`, unknown constructors, malformed names, invalid UTF-8, nesting
// beyond the limit. Integers keep all 64 bits. simdjson appears here and nowhere else.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/limits.h"
#include "runtime/entity/entity_store.h"
#include "runtime/entity/known_parts.h"
#include "runtime/entity/schema.h"
#include "runtime/request/request.h"

namespace remit {

namespace json {
class KnownReferences;
}

struct JsonOptions {
  Limits limits;
  const Schema* schema = nullptr;         // null: only the explicit forms
  bool validate_request = true;  // with a schema: ReadRequest refuses what the schema does not provide for, as well as reading by it
  std::vector<Error>* errors =
      nullptr;  // where every entity's error goes, up to `limits.max_diagnostics`; null: the first ends the reading
  // Whether policies may ask of the entities that values hold what those are in: see EntityStoreBuilder::ListOnly. Of requests.
  bool lists_values = true;
  // Entities may leave out "attrs", "parents" and "tags", which are then not known: here is noted of which ones. Null: entities are complete,
  // and only tags may be left out, for there are none.
  KnownPartsMap* partial = nullptr;
  // Of the names that the document is read into: see RequestNames. Null: each reference is read on its own.
  json::KnownReferences* references = nullptr;
};

// An array of entities. With a schema they must conform to it, and the schema's action entities are added. `base`, if given, is what the new
// entities are added to or override (the request's own `entities`). Fails with the first of several errors.
auto ReadEntities(std::string_view json, Interner& interner, const JsonOptions& options, const EntityStore* base = nullptr)
    -> Expected<EntityStore>;

// Entities of one document for `builder`, which they are added to, or whose entities they replace. The schema's action entities are not added.
enum class Repeated : uint8_t { Refused, Replaces };
auto ReadEntitiesInto(EntityStoreBuilder& builder, std::string_view json, Interner& interner, const JsonOptions& options, Repeated repeated)
    -> Expected<void>;
// What the schema says of its actions, but for those that `base` has; it may be null.
void AddSchemaActions(EntityStoreBuilder& builder, const Schema& schema, const EntityStore* base);

// A context record. `action` chooses the context type when there is a schema. Reading is not validating: that is ValidateContext.
auto ReadContext(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, std::optional<EntityUid> action = {})
    -> Expected<RecordView>;

// One value, in the explicit forms.
auto ReadValue(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options) -> Expected<Value>;

// `{"type": "User", "id": "ana"}`, `{"__entity": {..}}` or `"User::\"ana\""`.
auto ReadEntityUid(std::string_view json, Interner& interner, const JsonOptions& options) -> Expected<EntityUid>;

// A request document: principal, action, resource, context (absent: empty). `entities`, if present, is returned as a store made
// of `base` and the request's own. Unknown members are refused, so that a misspelt one is never ignored; `description` and
// `id` are let pass and `id` is returned. A chain of delegation is sound: see MembersOf.
struct RequestDocument {
  Request request;
  std::optional<EntityStore> entities;
  std::string id;
  std::vector<EntityUid> delegation = {};  // on whose behalf, first the origin
  std::string session = {};  // empty: none, as below
  std::string request_id = {};  // asked again with it, a request is the same request
  std::vector<std::string> approvals = {};  // signed grants
  bool dry_run = false;  // nothing is to be reserved
};
auto ReadRequest(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, const EntityStore* base = nullptr)
    -> Expected<RequestDocument>;

// The value as Cedar's JSON, explicit forms, keys sorted.
auto ValueToJson(const Value& value, const Interner& interner) -> std::string;

}  // namespace remit
