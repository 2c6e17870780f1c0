#include "runtime/entity/entity_overlay.h"

namespace remit {

EntityOverlay::EntityOverlay(const EntityStore& base) : base_(base) {
  writer_.emplace(arena_);
  store_.index_ = std::make_shared<EntityIndex>(base.index_.get(), base.index_->size());
  store_.rows_ = EntityRows::Over(base.rows_);
  store_.count_ = base.count_;
  store_.arenas_.clear();
}

void EntityOverlay::Clear() {
  if (rows_.empty()) return;
  if (hides_base_) {
    // Whole chunks were copied, each of which another request would need others of.
    store_.rows_ = EntityRows::Over(base_.rows_);
    arena_.Reset();
    writer_.emplace(arena_);
    hides_base_ = false;
  } else {
    for (const uint32_t row : rows_) store_.rows_.Writable(row, *writer_) = {};
  }
  rows_.clear();
  store_.index_->Clear();
  store_.count_ = base_.count_;
}

auto EntityOverlay::Add(EntityUid uid, RecordView attrs, RecordView tags) -> const Entity& {
  const uint32_t row = store_.index_->Assign(uid);
  hides_base_ |= row < store_.index_->first_row();
  rows_.push_back(row);
  Entity& entity = store_.rows_.Writable(row, *writer_);
  if (entity.uid == EntityUid{}) {
    ++store_.count_;
    entity.uid = uid;
    entity.ancestors = AncestorSet::Empty();
  }
  entity.attrs = attrs;
  entity.tags = tags;
  return entity;
}

}  // namespace remit
