// Entities: read, moved to another schema, changed, each in one step.
#include <fmt/format.h>

#include "runtime/entity/validate_entity.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json.h"
#include "runtime/server/publisher.h"

namespace remit::server {
namespace {

auto Invalid(const Error& error) -> std::unexpected<Error> {
  Error copy = error;
  copy.message = fmt::format("{}{}{}", error.code, error.message.empty() ? "" : ": ", error.message);
  copy.code = "entities-invalid";
  return std::unexpected(std::move(copy));
}

auto CopyRecord(Arena& arena, RecordView record) -> RecordView {
  return record.empty() ? RecordView{} : CopyValue(arena, Value::OfSortedRecord(record)).as_record();
}

}  // namespace

auto Publisher::ReadAllEntities(const std::string& json, const Schema* schema) -> Expected<std::shared_ptr<const EntityStore>> {
  auto entities = ReadEntities(json, service_.engine().interner(), {.limits = options_.limits, .schema = schema});
  if (!entities) return Invalid(entities.error());
  return std::make_shared<const EntityStore>(std::move(*entities));
}

// What is there, held against a schema it was not read by; the actions of the former one stay behind.
auto Publisher::MoveEntities(const Schema* schema) -> Expected<std::shared_ptr<const EntityStore>> {
  const Snapshot& current = service_.engine().snapshots().current();
  const Schema* former = current.policies->schema();
  if (former == schema) return current.entities;
  Interner& names = service_.engine().interner();
  EntityStoreBuilder builder(names);
  std::vector<Entity> kept;
  for (const Entity& entity : current.entities->entities()) {
    if (former != nullptr && former->FindAction(entity.uid) != nullptr) continue;
    kept.push_back(entity);
    Arena& arena = builder.arena();
    builder.AddOrReplace({.uid = entity.uid,
                          .attrs = CopyRecord(arena, entity.attrs),
                          .tags = CopyRecord(arena, entity.tags),
                          .parents = arena.Copy(entity.parents.span())});
  }
  if (schema != nullptr) {
    if (const auto valid = ValidateEntities(*schema, names, kept); !valid) return Invalid(valid.error());
    AddSchemaActions(builder, *schema, nullptr);
  }
  auto built = std::move(builder).Build();
  if (!built) return Invalid(built.error());
  return std::make_shared<const EntityStore>(std::move(*built));
}

// A trial sees the same entities.
void Publisher::ShareEntities() {
  if (candidate_ == nullptr) return;
  const Snapshot& live = service_.engine().snapshots().current();
  candidate_->engine.PublishEntities(live.entities, live.entities_conform);
}

auto Publisher::ChangeEntities(const std::string& upserts_json, const std::vector<Deletion>& deletions) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  Engine& engine = service_.engine();
  const auto engine_lock = engine.Lock();
  const Schema* schema = engine.snapshots().current().policies->schema();
  Interner& names = engine.interner();
  const auto change = [&](EntityStoreBuilder& builder) -> Expected<void> {
    for (const Deletion& deletion : deletions) {
      const SymbolId type = names.Find(deletion.type);
      const SymbolId id = names.Find(deletion.id);
      if (type.has_value() && id.has_value()) builder.Remove({type, id});
    }
    if (upserts_json.empty()) return {};
    return ReadEntitiesInto(builder, upserts_json, names, {.limits = options_.limits, .schema = schema}, Repeated::Replaces);
  };
  if (auto changed = engine.UpdateEntities(change, schema != nullptr); !changed) return Invalid(changed.error());
  service_.metrics().reloads.fetch_add(1, std::memory_order_relaxed);
  ShareEntities();
  return {};
}

auto Publisher::UpsertEntities(const std::string& json) -> Expected<void> { return ChangeEntities(json, {}); }

auto Publisher::DeleteEntity(std::string_view type, std::string_view id) -> Expected<bool> {
  const std::lock_guard lock(mutex_);
  Engine& engine = service_.engine();
  const auto engine_lock = engine.Lock();
  const SymbolId type_id = engine.interner().Find(type);
  const SymbolId id_id = engine.interner().Find(id);
  const bool is_there =
      type_id.has_value() && id_id.has_value() && engine.snapshots().current().entities->Find(EntityUid{type_id, id_id}) != nullptr;
  if (!is_there) return false;
  if (auto changed = ChangeEntities({}, {{.type = std::string(type), .id = std::string(id)}}); !changed) {
    return std::unexpected(std::move(changed.error()));
  }
  return true;
}

auto Publisher::ReplaceEntities(const std::string& json) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  Engine& engine = service_.engine();
  const auto engine_lock = engine.Lock();
  const Schema* schema = engine.snapshots().current().policies->schema();
  auto entities = ReadAllEntities(json, schema);
  if (!entities) return std::unexpected(std::move(entities.error()));
  engine.PublishEntities(std::move(*entities), schema != nullptr);
  service_.metrics().reloads.fetch_add(1, std::memory_order_relaxed);
  ShareEntities();
  return {};
}

auto Publisher::EntityCount() const -> size_t {
  SnapshotCell::Reader reader(service_.engine().snapshots());
  return reader.Pin().entities->entities().size();
}

}  // namespace remit::server
