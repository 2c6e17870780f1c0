#include "compiler/testing/test_entities.h"

#include <algorithm>

#include "runtime/entity/validate_entity.h"

namespace remit::tests {

auto TestEntities::Declare(EntityUid uid, std::vector<EntityUid> parents, RecordView attrs, RecordView tags) -> Expected<void> {
  std::ranges::sort(parents);
  const auto repeated = std::ranges::unique(parents);
  parents.erase(repeated.begin(), repeated.end());
  if (schema_ != nullptr) {
    const Entity given = {.uid = uid, .attrs = attrs, .tags = tags, .parents = std::span<const EntityUid>(parents)};
    if (auto valid = EntityValidator(*schema_, interner_).Check(given); !valid) return valid;
  }
  const auto keep = [&](RecordView fields) { return CopyValue(arena_, Value::OfSortedRecord(fields)).as_record(); };
  Declared entity = {.uid = uid, .parents = std::move(parents), .attrs = keep(attrs), .tags = keep(tags)};
  const auto [found, is_new] = position_.emplace(uid.packed(), declared_.size());
  if (is_new) {
    declared_.push_back(std::move(entity));
  } else {
    declared_[found->second] = std::move(entity);
  }
  store_ = nullptr;
  return {};
}

auto TestEntities::Store() -> Expected<const EntityStore*> {
  if (declared_.empty()) return &base_;
  if (store_ != nullptr) return store_.get();
  auto builder = EntityStoreBuilder::Over(interner_, base_);
  auto& arena = builder.arena();
  const auto copy = [&](RecordView fields) { return CopyValue(arena, Value::OfSortedRecord(fields)).as_record(); };
  for (const auto& entity : declared_) {
    builder.AddOrReplace(
        {.uid = entity.uid, .attrs = copy(entity.attrs), .tags = copy(entity.tags), .parents = arena.Copy<EntityUid>(entity.parents)});
  }
  auto store = std::move(builder).Build();
  if (!store) return std::unexpected(store.error());
  store_ = std::make_unique<EntityStore>(std::move(*store));
  return store_.get();
}

}  // namespace remit::tests
