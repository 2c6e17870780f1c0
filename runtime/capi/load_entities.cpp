#include "runtime/capi/load_entities.h"

#include "runtime/entity/validate_entity.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json.h"

namespace remit::capi {
namespace {

void Report(CompileJob& job, std::string_view name, const Error& error) {
  const auto pointer = name.empty() ? error.pointer : std::string(name) + "#" + error.pointer;
  job.sink.Add({.code = DiagnosticCode::InvalidEntities, .span = {}, .message = error.message, .help = error.help, .pointer = pointer});
}

auto Finish(CompileJob& job, EntityStoreBuilder builder, const Schema* schema) -> ResultOf<std::shared_ptr<const EntityStore>> {
  if (job.sink.has_errors()) return FailJob(job);
  if (schema != nullptr) AddSchemaActions(builder, *schema, nullptr);
  auto store = std::move(builder).Build();
  if (store) return std::make_shared<const EntityStore>(std::move(*store));
  Report(job, {}, store.error());
  return FailJob(job);
}

auto CopyRecord(Arena& arena, RecordView record) -> RecordView {
  return record.empty() ? RecordView{} : CopyValue(arena, Value::OfSortedRecord(record)).as_record();
}

}  // namespace

auto ReadAllEntities(CompileJob& job, const std::vector<JsonText>& documents, const Schema* schema)
    -> ResultOf<std::shared_ptr<const EntityStore>> {
  EntityStoreBuilder builder(job.interner);
  for (const auto& [name, json] : documents) {
    std::vector<Error> errors;
    const JsonOptions options{.limits = job.limits, .schema = schema, .errors = &errors};
    const auto read = ReadEntitiesInto(builder, json, job.interner, options, Repeated::Refused);
    if (!read && errors.empty()) errors.push_back(read.error());
    for (const Error& error : errors) Report(job, name, error);
  }
  return Finish(job, std::move(builder), schema);
}

auto MoveEntities(CompileJob& job, const EntityStore& entities, const Schema* former, const Schema* schema)
    -> ResultOf<std::shared_ptr<const EntityStore>> {
  EntityStoreBuilder builder(job.interner);
  std::optional<EntityValidator> validator;
  if (schema != nullptr) validator.emplace(*schema, job.interner);
  std::vector<Entity> actions;
  for (const Entity& entity : entities.entities()) {
    if (former != nullptr && former->FindAction(entity.uid) != nullptr) continue;
    if (schema != nullptr && IsActionType(job.interner.text(entity.uid.type))) actions.push_back(entity);
    if (validator) {
      const auto checked = validator->Check(entity);
      if (!checked) Report(job, {}, checked.error());
    }
    Arena& arena = builder.arena();
    builder.AddOrReplace({.uid = entity.uid,
                          .attrs = CopyRecord(arena, entity.attrs),
                          .tags = CopyRecord(arena, entity.tags),
                          .parents = arena.Copy(entity.parents)});
  }
  if (schema != nullptr && !job.sink.has_errors()) {
    for (const auto& [index, mismatch] : FindActionMismatches(*schema, job.interner, actions)) Report(job, {}, mismatch);
  }
  return Finish(job, std::move(builder), schema);
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_engine_load_entities(remit_engine* engine, remit_string name, remit_string json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"name", name}, {"json", json}}); !given) return given;
    auto& state = *engine->state;
    const auto lock = state.engine.Lock();
    remit::CompileJob job(state.limits(), state.interner);
    const remit::Schema* schema = state.engine.snapshots().current().policies->schema();
    auto entities = ReadAllEntities(job, {{.name = std::string(View(name)), .json = std::string(View(json))}}, schema);
    if (!entities) return Forward(entities.error());
    state.engine.PublishEntities(std::move(*entities), schema != nullptr);
    return {};
  });
}
