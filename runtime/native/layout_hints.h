// Where the fields of records and entities are expected: native code looks there first.
//
// A record is an array sorted by key, so when the keys a type declares are known, the position of a required key is fixed but for the
// optional keys in front of it. Code compares the key it finds and searches when it is another: hints make it fast and never wrong. Fixed
// slots for each type, the alternative, need data that is known to conform, which entities without a schema are not.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/entity/entity_store.h"
#include "runtime/entity/schema.h"

namespace remit {

using LayoutId = Id<struct LayoutTag>;

struct FieldHint {
  SymbolId key;
  bool required = true;
  Kind kind = Kind::Bool;
  SymbolId entity_type = {};  // of an entity
  LayoutId record = {};       // of a record
};

// Sorted by key.
using Layout = std::vector<FieldHint>;

// The position of a key is one of first to last.
struct PositionHint {
  uint32_t first = 0;
  uint32_t last = 0;
  const FieldHint* field = nullptr;  // null: the key is not expected; it would be between these
};

class LayoutHints {
 public:
  LayoutHints() = default;
  static auto FromSchema(const Schema& schema) -> LayoutHints;
  // One entity of each type is the sample.
  static auto FromEntities(const EntityStore& entities) -> LayoutHints;

  // None: nothing is expected.
  auto OfEntityType(SymbolId type) const -> LayoutId;
  auto OfContext(EntityUid action) const -> LayoutId;
  auto Find(LayoutId layout, SymbolId key) const -> std::optional<PositionHint>;

 private:
  class Builder;

  std::vector<Layout> layouts_;
  std::unordered_map<SymbolId, LayoutId> entity_types_;
  std::unordered_map<uint64_t, LayoutId> contexts_;  // by EntityUid::packed of the action
};

}  // namespace remit
