// Whole sets of entities: read, or carried over to another schema.
#pragma once

#include <memory>
#include <vector>

#include "runtime/capi/engine_state.h"
#include "runtime/capi/sources.h"

namespace remit::capi {

// The writer lock is held by whoever calls these. `schema` may be null. What is wrong is reported to `sink`, and then there is no store.
auto ReadAllEntities(EngineState& state, DiagnosticSink& sink, const std::vector<NamedText>& documents, const Schema* schema)
    -> std::shared_ptr<const EntityStore>;

// The same entities under another schema: they must conform to it, and its actions take the place of those of the former one. Both may be null.
auto MoveEntities(EngineState& state, DiagnosticSink& sink, const EntityStore& entities, const Schema* former, const Schema* schema)
    -> std::shared_ptr<const EntityStore>;

// What there is after loading policies with `schema`: the documents' entities, if there are documents, or those that are there.
auto EntitiesAfterLoad(EngineState& state, DiagnosticSink& sink, const std::vector<NamedText>& documents, const Schema* schema)
    -> std::shared_ptr<const EntityStore>;

}  // namespace remit::capi
