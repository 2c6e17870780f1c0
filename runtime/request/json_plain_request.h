// Documents whose entities are plainly spelt: see json_plain.h. None: read the document's tree, which is right or says what is wrong.
#pragma once

#include <optional>

#include "runtime/request/json.h"

namespace remit::json {

// As ReadRequest of json.h, of a request that has entities.
auto ReadPlainRequest(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, const EntityStore* base)
    -> std::optional<RequestDocument>;

// As ReadEntities of json.h.
auto ReadPlainEntities(std::string_view json, Interner& interner, const JsonOptions& options, const EntityStore* base)
    -> std::optional<EntityStore>;

}  // namespace remit::json
