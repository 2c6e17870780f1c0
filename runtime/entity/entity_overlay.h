// The few entities that one request after the other brings, over those of a snapshot: a store whose memory stays.
//
// Making a store takes an index, a node and a chunk of rows, seven kilobytes, which is more than the rest of a small request takes. Here rows are written and
// taken back. Only attributes and tags can be said of an entity: what moves it in the hierarchy needs a closure, and EntityStoreBuilder.
#pragma once

#include <optional>
#include <vector>

#include "runtime/entity/entity_store.h"

namespace remit {

// Threads: one.
class EntityOverlay {
 public:
  // `base` outlives every use but the end.
  explicit EntityOverlay(const EntityStore& base);

  // Back to the base.
  void Clear();
  // Makes or replaces an entity. Parents and ancestors are the base's; none if it is not there. Both records live until Clear.
  auto Add(EntityUid uid, RecordView attrs, RecordView tags) -> const Entity&;
  // The base and what was added. Row hints of values are not set: those that come from the base are right.
  auto store() const -> const EntityStore& { return store_; }

 private:
  const EntityStore& base_;
  EntityStore store_;
  Arena arena_;  // of the rows
  std::optional<EntityRows::Writer> writer_;
  std::vector<uint32_t> rows_;  // that were written
  bool hides_base_ = false;  // one of them is a row of the base
};

}  // namespace remit
