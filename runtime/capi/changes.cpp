// Changes to entities: collected, then applied in one step.
#include <memory>
#include <variant>
#include <vector>

#include "runtime/capi/engine_state.h"
#include "runtime/capi/record.h"
#include "runtime/capi/uid.h"
#include "runtime/entity/validate_entity.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json.h"

namespace remit::capi {
namespace {

struct OwnedUid {
  std::string type;
  std::string id;
};

struct Upsert {
  OwnedUid uid;
  std::vector<OwnedUid> parents;
  std::unique_ptr<remit_record> attributes;  // null: empty
  std::unique_ptr<remit_record> tags;
};
struct UpsertJson {
  std::string json;
};
struct Remove {
  OwnedUid uid;
};

}  // namespace
}  // namespace remit::capi

struct remit_changes {
  std::vector<std::variant<remit::capi::Upsert, remit::capi::UpsertJson, remit::capi::Remove>> items;
};

namespace remit::capi {
namespace {

auto CopyUid(remit_uid uid) -> ResultOf<OwnedUid> {
  if (auto checked = CheckUid(uid); !checked) return Fail(std::move(checked.error()));
  return OwnedUid{.type = std::string(View(uid.type)), .id = std::string(View(uid.id))};
}

auto CopyOf(const remit_record* record) -> std::unique_ptr<remit_record> {
  if (record == nullptr) return nullptr;
  auto copy = std::make_unique<remit_record>();
  CopyRecord(*record, *copy);
  return copy;
}

auto CollectUpsert(remit_uid uid, std::span<const remit_uid> parents, const remit_record* attributes, const remit_record* tags)
    -> ResultOf<Upsert> {
  auto copy = CopyUid(uid);
  if (!copy) return Forward(copy.error());
  Upsert upsert{.uid = std::move(*copy), .parents = {}, .attributes = CopyOf(attributes), .tags = CopyOf(tags)};
  for (const remit_uid parent : parents) {
    auto parent_copy = CopyUid(parent);
    if (!parent_copy) return Forward(parent_copy.error());
    upsert.parents.push_back(std::move(*parent_copy));
  }
  return upsert;
}

// Applies a batch to a builder, under the writer lock.
class ChangeWriter {
 public:
  ChangeWriter(EngineState& state, const Schema* schema, EntityStoreBuilder& builder)
      : interner_(*state.interner), schema_(schema), builder_(builder), options_{.limits = state.limits(), .schema = schema} {
    if (schema != nullptr) validator_.emplace(*schema, interner_);
  }

  auto Apply(const Upsert& upsert) -> Expected<void> {
    auto read = ReadEntity(upsert);
    if (!read) return std::unexpected(read.error());
    const Entity& entity = *read;
    if (IsAction(entity.uid)) {
      if (auto checked = CheckAction(entity); !checked) return checked;
    }
    if (validator_) {
      if (auto checked = validator_->Check(entity); !checked) return checked;
    }
    builder_.AddOrReplace(entity);
    return {};
  }

  auto Apply(const UpsertJson& upsert) -> Expected<void> {
    return ReadEntitiesInto(builder_, upsert.json, interner_, options_, Repeated::Replaces);
  }

  auto Apply(const Remove& remove) -> Expected<void> {
    const EntityUid uid = UidOf(remove.uid);
    if (schema_ == nullptr || schema_->FindAction(uid) == nullptr) {
      builder_.Remove(uid);
      return {};
    }
    return Refuse("action-of-schema", "`" + FormatEntityUid(uid, interner_) + "` is an action of the schema and cannot be removed");
  }

 private:
  static auto Refuse(std::string code, std::string message) -> std::unexpected<Error> {
    return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}});
  }

  auto UidOf(const OwnedUid& uid) -> EntityUid { return {.type = interner_.Intern(uid.type), .id = interner_.Intern(uid.id)}; }
  auto IsAction(EntityUid uid) const -> bool { return IsActionType(interner_.text(uid.type)); }

  auto ReadEntity(const Upsert& upsert) -> Expected<Entity> {
    Arena& arena = builder_.arena();
    const auto attributes = MakeValues(upsert.attributes.get(), interner_, arena);
    if (!attributes) return std::unexpected(attributes.error());
    const auto tags = MakeValues(upsert.tags.get(), interner_, arena);
    if (!tags) return std::unexpected(tags.error());
    const auto parents = arena.NewArray<EntityUid>(upsert.parents.size());
    for (size_t i = 0; i < parents.size(); ++i) parents[i] = UidOf(upsert.parents[i]);
    return Entity{.uid = UidOf(upsert.uid), .attrs = *attributes, .tags = *tags, .parents = parents};
  }

  // What reading JSON looks at, too.
  auto CheckAction(const Entity& action) -> Expected<void> {
    for (const EntityUid parent : action.parents) {
      if (IsAction(parent)) continue;
      return Refuse("non-action-parent", "action `" + FormatEntityUid(action.uid, interner_) + "` has a non-action parent `" +
                                             FormatEntityUid(parent, interner_) + "`");
    }
    if (schema_ == nullptr) return {};
    const auto mismatches = FindActionMismatches(*schema_, interner_, {&action, 1});
    return mismatches.empty() ? Expected<void>{} : std::unexpected(mismatches[0].error);
  }

  Interner& interner_;
  const Schema* schema_;
  EntityStoreBuilder& builder_;
  JsonOptions options_;
  std::optional<EntityValidator> validator_;
};

auto ApplyAll(EngineState& state, const remit_changes& changes) -> Result {
  const auto lock = state.engine.Lock();
  const Schema* schema = state.engine.snapshots().current().policies->schema();
  const auto write = [&](EntityStoreBuilder& builder) -> Expected<void> {
    ChangeWriter writer(state, schema, builder);
    for (const auto& item : changes.items) {
      auto applied = std::visit([&](const auto& change) { return writer.Apply(change); }, item);
      if (!applied) return applied;
    }
    return {};
  };
  auto updated = state.engine.UpdateEntities(write, schema != nullptr);
  if (!updated) return Fail(std::move(updated.error()));
  return {};
}

}  // namespace
}  // namespace remit::capi

using namespace remit::capi;

auto remit_changes_new(remit_changes** changes, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"changes", changes}}); !given) return given;
    *changes = nullptr;
    *changes = new remit_changes;
    return {};
  });
}

void remit_changes_free(remit_changes* changes) noexcept { delete changes; }

void remit_changes_clear(remit_changes* changes) noexcept {
  if (changes != nullptr) changes->items.clear();
}

auto remit_changes_upsert(remit_changes* changes, remit_uid uid, const remit_uid* parents, size_t parent_count,
                          const remit_record* attributes, const remit_record* tags, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"changes", changes}}); !given) return given;
    if (parents == nullptr && parent_count > 0) return FailArgument("`parents` is missing");
    auto upsert = CollectUpsert(uid, {parents, parent_count}, attributes, tags);
    if (!upsert) return Forward(upsert.error());
    changes->items.emplace_back(std::move(*upsert));
    return {};
  });
}

auto remit_changes_upsert_json(remit_changes* changes, remit_string json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"changes", changes}, {"json", json}}); !given) return given;
    changes->items.emplace_back(UpsertJson{.json = std::string(View(json))});
    return {};
  });
}

auto remit_changes_remove(remit_changes* changes, remit_uid uid, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"changes", changes}}); !given) return given;
    auto copy = CopyUid(uid);
    if (!copy) return Forward(copy.error());
    changes->items.emplace_back(Remove{.uid = std::move(*copy)});
    return {};
  });
}

auto remit_engine_apply(remit_engine* engine, const remit_changes* changes, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"changes", changes}}); !given) return given;
    return ApplyAll(*engine->state, *changes);
  });
}
