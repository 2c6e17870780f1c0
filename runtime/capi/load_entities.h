// Whole sets of entities: read, or carried over to another schema.
#pragma once

#include <memory>
#include <vector>

#include "runtime/capi/engine_state.h"
#include "runtime/capi/sources.h"

namespace remit::capi {

// The writer lock is held, and the job has the engine's interner. `schema` may be null.
auto ReadAllEntities(CompileJob& job, const std::vector<JsonText>& documents, const Schema* schema)
    -> ResultOf<std::shared_ptr<const EntityStore>>;

// The same entities under another schema: they must conform to it, and its actions take the place of those of the former one. Both may be null.
auto MoveEntities(CompileJob& job, const EntityStore& entities, const Schema* former, const Schema* schema)
    -> ResultOf<std::shared_ptr<const EntityStore>>;

}  // namespace remit::capi
