// Entities by uid with their ancestors precomputed: `in` is a lookup, not a walk.
//
// A store is complete and const once built; readers share it freely. Parents need not exist as entities: they count as
// ancestors all the same, as in Cedar. A store can be built over another one, from what differs: it shares the rest.
//
// Cost: the closure is linear in the number of entities. Entities with the same parents share one set of ancestors, and an entity
// with more than `kMaxListedAncestors` may have none: there `in` walks up to entities that have a set. Listing everything, the
// alternative, takes memory with the square of the depth, and entities may come from a request.
#pragma once

#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/entity/entity.h"
#include "runtime/entity/entity_index.h"
#include "runtime/entity/entity_rows.h"
#include "runtime/entity/spare_blocks.h"

namespace remit {

inline constexpr size_t kMaxListedAncestors = 256;

// The entities of a store, in the order in which their uids were first seen.
class EntityRange {
 public:
  class Iterator {
   public:
    using value_type = Entity;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const EntityRows* rows, uint32_t row) : rows_(rows), row_(row) { Skip(); }
    auto operator*() const -> const Entity& { return rows_->At(row_); }
    auto operator->() const -> const Entity* { return &rows_->At(row_); }
    auto operator++() -> Iterator& {
      ++row_;
      Skip();
      return *this;
    }
    auto operator++(int) -> Iterator {
      auto before = *this;
      ++*this;
      return before;
    }
    friend auto operator==(const Iterator& a, const Iterator& b) -> bool { return a.row_ == b.row_; }

   private:
    void Skip() {
      while (row_ < rows_->capacity() && rows_->At(row_).uid == EntityUid{}) ++row_;
    }

    const EntityRows* rows_ = nullptr;
    uint32_t row_ = 0;
  };

  EntityRange(const EntityRows* rows, size_t size) : rows_(rows), size_(size) {}
  auto begin() const -> Iterator { return {rows_, 0}; }
  auto end() const -> Iterator { return {rows_, rows_->capacity()}; }
  auto size() const -> size_t { return size_; }
  auto empty() const -> bool { return size_ == 0; }

 private:
  const EntityRows* rows_;
  size_t size_;
};

class EntityStore {
 public:
  EntityStore();
  EntityStore(EntityStore&&) = default;
  auto operator=(EntityStore&&) -> EntityStore& = default;

  // Null if there is no such entity.
  auto Find(EntityUid uid) const -> const Entity*;
  // The same for an entity value, mostly without a search.
  auto Find(const Value& entity) const -> const Entity* {
    const uint32_t row = entity.row_hint() - 1;  // 0, no hint, becomes the largest number
    if (row < rows_.capacity() && rows_.At(row).uid == entity.as_entity()) return &rows_.At(row);
    return Find(entity.as_entity());
  }
  // For Value::row_hint.
  auto RowHint(EntityUid uid) const -> uint32_t { return index_->Find(uid) + 1; }

  // Cedar's `in`: reflexive, transitive; an entity that does not exist is in itself alone.
  auto IsIn(EntityUid descendant, EntityUid ancestor) const -> bool {
    return descendant == ancestor || IsBelow(Find(descendant), ancestor);
  }
  auto IsIn(const Value& descendant, EntityUid ancestor) const -> bool {
    return descendant.as_entity() == ancestor || IsBelow(Find(descendant), ancestor);
  }
  // `in` of an entity found before, itself not included. Null: false.
  auto IsBelow(const Entity* entity, EntityUid ancestor) const -> bool {
    if (entity == nullptr) return false;
    return entity->ancestors != nullptr ? entity->ancestors->Contains(ancestor.packed()) : WalkIsIn(*entity, ancestor);
  }
  // All ancestors of an entity, sorted, whether listed or not. For tools: deciding uses IsIn.
  auto AncestorsOf(EntityUid uid) const -> std::vector<EntityUid>;
  auto entities() const -> EntityRange { return {&rows_, count_}; }

  auto rows() const -> const EntityRows& { return rows_; }
  // Bytes of attributes, tags, parents and ancestors, and of the rows and their index.
  auto footprint() const -> size_t;

 private:
  friend class EntityOverlay;
  friend class EntityStoreBuilder;

  auto WalkIsIn(const Entity& descendant, EntityUid ancestor) const -> bool;

  std::shared_ptr<EntityIndex> index_;
  EntityRows rows_;
  size_t count_ = 0;
  std::vector<std::shared_ptr<Arena>> arenas_;
};

// A store and where its rows are, which is in other memory.
struct StoreView {
  const EntityStore* store;
  const EntityRows::Node* const* nodes;  // EntityRows::nodes and capacity
  uint64_t capacity;
};

inline auto ViewOf(const EntityStore& store) -> StoreView {
  return {.store = &store, .nodes = store.rows().nodes(), .capacity = store.rows().capacity()};
}

// Which entities name a uid as their parent; whoever updates one line of stores again and again keeps it, so that no update has to look
// through all entities. By EntityUid::packed(); may hold entities that are gone or have moved.
using ChildMap = std::unordered_map<uint64_t, std::vector<uint32_t>>;
auto ChildrenOf(const EntityStore& store) -> ChildMap;

struct ClosureInput;
struct ParentEdges;

// Collects entities, or changes to those of another store, then computes the closure of what they touch.
class EntityStoreBuilder {
 public:
  explicit EntityStoreBuilder(const Interner& interner) : interner_(&interner) {}
  // Over `base`, which must outlive the store built and is not changed: entities of a request.
  static auto Over(const Interner& interner, const EntityStore& base) -> EntityStoreBuilder;
  // The next store of a line: shares index and memory with `base` and may outlive it. One builder of a line at a time. `children` is kept up to
  // date by the caller through Build; null: all entities are looked through when a parent changes.
  static auto Next(const Interner& interner, const EntityStore& base, ChildMap* children) -> EntityStoreBuilder;

  // Where attribute and tag values of added entities must live.
  auto arena() -> Arena& { return *store_.arenas_.back(); }

  // A guess at how many entities will be added.
  void Reserve(size_t count);

  // The entity's spans must live in `arena()`; `ancestors` is computed. Adding the same entity twice is allowed if nothing differs
  // ("duplicate-entity" otherwise). Entities of the base are replaced.
  auto Add(const Entity& entity) -> Expected<void>;
  // The same, but an entity that was added before is replaced.
  void AddOrReplace(const Entity& entity);
  // The entity is gone; nothing if there is none. It may still be the parent of others.
  void Remove(EntityUid uid);

  // The store is for one request, in which only these entities, and those that values hold if `lists_values`, are asked what they are in: their ancestors
  // are listed, those of other new entities may not be, so that `in` walks there. What is not listed is not computed.
  void ListOnly(std::span<const EntityUid> asked, bool lists_values = true) {
    asked_.emplace(asked.begin(), asked.end());
    lists_values_ = lists_values;
  }

  auto change_count() const -> size_t { return changes_.size(); }
  // Calls `visit(uid, entity)` for each change made so far; the entity has no uid if it is removed.
  template <typename Visit>
  void ForEachChange(Visit visit) const {
    for (const auto& change : changes_) visit(change.uid, change.entity);
  }

  // Fails with "hierarchy-cycle" naming one entity of the cycle.
  auto Build() && -> Expected<EntityStore>;

 private:
  struct Change {
    EntityUid uid;
    uint32_t row;
    Entity entity = {};  // without a uid: removed
  };

  // The change to this row, made if there was none: see `is_new`.
  struct Slot {
    Change& change;
    bool is_new;
  };
  auto ChangeOf(EntityUid uid) -> Slot;
  struct Applied;
  auto Apply(EntityRows::Writer& writer) -> Applied;
  // The store is of its base's line: see Next.
  auto is_next() const -> bool { return !is_fresh_ && !store_.index_->has_parent(); }
  void RegisterParents(const Change& change, ParentEdges& edges);
  auto AskedRows() -> std::vector<uint32_t>;
  auto SetClosure(const Applied& applied, const ClosureInput& input) -> std::optional<EntityUid>;
  auto PositionOf(uint32_t row) -> uint32_t&;
  void SetRowHints(RecordView fields);
  void SetRowHint(Value& value);

  const Interner* interner_;
  EntityStore store_;
  bool is_fresh_ = true;  // no base: rows are positions in `changes_`
  ChildMap* children_ = nullptr;
  SpareVector<Change> changes_;
  // With a base only: the position in `changes_` of each row's change. Rows that are new are a list.
  uint32_t first_new_row_ = 0;
  std::vector<uint32_t> change_of_new_row_;
  std::unordered_map<uint32_t, uint32_t> change_of_base_row_;
  std::optional<std::vector<EntityUid>> asked_;  // see ListOnly
  bool lists_values_ = true;
  std::vector<uint32_t> asked_rows_;  // of the entities that values hold, if `asked_` and `lists_values_`
};

}  // namespace remit
