#include "runtime/capi/load_entities.h"

#include "runtime/entity/validate_entity.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json.h"

namespace remit::capi {
namespace {

void Report(DiagnosticSink& sink, std::string_view name, const Error& error) {
  const auto pointer = name.empty() ? error.pointer : std::string(name) + "#" + error.pointer;
  sink.Add({.code = DiagnosticCode::InvalidEntities, .span = {}, .message = error.message, .help = error.help, .pointer = pointer});
}

auto Finish(DiagnosticSink& sink, EntityStoreBuilder builder, const Schema* schema) -> std::shared_ptr<const EntityStore> {
  if (sink.has_errors()) return nullptr;
  if (schema != nullptr) AddSchemaActions(builder, *schema, nullptr);
  auto store = std::move(builder).Build();
  if (store) return std::make_shared<const EntityStore>(std::move(*store));
  Report(sink, {}, store.error());
  return nullptr;
}

auto CopyRecord(Arena& arena, RecordView record) -> RecordView {
  return record.empty() ? RecordView{} : CopyValue(arena, Value::OfSortedRecord(record)).as_record();
}

}  // namespace

auto ReadAllEntities(EngineState& state, DiagnosticSink& sink, const std::vector<NamedText>& documents, const Schema* schema)
    -> std::shared_ptr<const EntityStore> {
  EntityStoreBuilder builder(*state.interner);
  for (const auto& [name, json] : documents) {
    std::vector<Error> errors;
    const JsonOptions options{.limits = state.limits(), .schema = schema, .errors = &errors};
    const auto read = ReadEntitiesInto(builder, json, *state.interner, options, Repeated::Refused);
    if (!read && errors.empty()) errors.push_back(read.error());
    for (const Error& error : errors) Report(sink, name, error);
  }
  return Finish(sink, std::move(builder), schema);
}

auto MoveEntities(EngineState& state, DiagnosticSink& sink, const EntityStore& entities, const Schema* former, const Schema* schema)
    -> std::shared_ptr<const EntityStore> {
  const Interner& interner = *state.interner;
  EntityStoreBuilder builder(*state.interner);
  std::optional<EntityValidator> validator;
  if (schema != nullptr) validator.emplace(*schema, interner);
  std::vector<Entity> actions;
  for (const Entity& entity : entities.entities()) {
    if (former != nullptr && former->FindAction(entity.uid) != nullptr) continue;
    if (schema != nullptr && IsActionType(interner.text(entity.uid.type))) actions.push_back(entity);
    if (validator) {
      const auto checked = validator->Check(entity);
      if (!checked) Report(sink, {}, checked.error());
    }
    Arena& arena = builder.arena();
    builder.AddOrReplace({.uid = entity.uid,
                          .attrs = CopyRecord(arena, entity.attrs),
                          .tags = CopyRecord(arena, entity.tags),
                          .parents = arena.Copy(entity.parents.span())});
  }
  if (schema != nullptr && !sink.has_errors()) {
    for (const auto& [index, mismatch] : FindActionMismatches(*schema, interner, actions)) Report(sink, {}, mismatch);
  }
  return Finish(sink, std::move(builder), schema);
}

auto EntitiesAfterLoad(EngineState& state, DiagnosticSink& sink, const std::vector<NamedText>& documents, const Schema* schema)
    -> std::shared_ptr<const EntityStore> {
  if (!documents.empty()) return ReadAllEntities(state, sink, documents, schema);
  const Snapshot& current = state.engine.snapshots().current();
  const Schema* former = current.policies->schema();
  if (former == schema) return current.entities;
  return MoveEntities(state, sink, *current.entities, former, schema);
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_engine_load_entities(remit_engine* engine, remit_string name, remit_string json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"name", name}, {"json", json}}); !given) return given;
    auto& state = *engine->state;
    const auto lock = state.engine.Lock();
    remit::DiagnosticSink sink(state.limits().max_diagnostics);
    const remit::Schema* schema = state.engine.snapshots().current().policies->schema();
    auto entities = ReadAllEntities(state, sink, {{.name = std::string(View(name)), .text = std::string(View(json))}}, schema);
    if (entities == nullptr) return FailReport(sink, {});
    state.engine.PublishEntities(std::move(entities), schema != nullptr);
    return {};
  });
}
