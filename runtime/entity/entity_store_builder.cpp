// From entities with parents to a store: rows, hints, and the closure of what changed.
#include <algorithm>
#include <unordered_set>

#include "runtime/entity/entity_closure.h"
#include "runtime/entity/entity_store.h"
#include "runtime/entity/parent_edges.h"

namespace remit {
namespace {

constexpr uint32_t kNoChange = UINT32_MAX;

auto SortedUnique(std::span<const EntityUid> uids) -> std::vector<EntityUid> {
  std::vector<EntityUid> sorted(uids.begin(), uids.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  return sorted;
}

auto SameParents(std::span<const EntityUid> a, std::span<const EntityUid> b) -> bool {
  return std::ranges::equal(a, b) || SortedUnique(a) == SortedUnique(b);
}

auto SameEntity(const Entity& a, const Entity& b) -> bool {
  return Value::OfSortedRecord(a.attrs) == Value::OfSortedRecord(b.attrs) &&
         Value::OfSortedRecord(a.tags) == Value::OfSortedRecord(b.tags) && SameParents(a.parents, b.parents);
}

auto HasRepetition(std::span<const EntityUid> few) -> bool {
  for (size_t i = 1; i < few.size(); ++i) {
    if (std::ranges::find(few.first(i), few[i]) != few.begin() + static_cast<std::ptrdiff_t>(i)) return true;
  }
  return false;
}

// In the order given.
auto WithoutRepetitions(Arena& arena, std::span<const EntityUid> parents) -> std::span<const EntityUid> {
  constexpr size_t kFew = 16;
  if (parents.size() <= kFew && !HasRepetition(parents)) return parents;
  std::unordered_set<uint64_t> seen;
  std::vector<EntityUid> kept;
  for (const EntityUid parent : parents) {
    if (seen.insert(parent.packed()).second) kept.push_back(parent);
  }
  return kept.size() == parents.size() ? parents : arena.Copy(std::span<const EntityUid>(kept));
}

}  // namespace

struct EntityStoreBuilder::Applied {
  std::vector<EntityUid> moved;  // entities whose ancestors, or whose existence, changed
  ParentEdges edges;             // of those that exist
  bool moves_others = false;     // one of them was a parent of something before
};

auto ChildrenOf(const EntityStore& store) -> ChildMap {
  ChildMap children;
  for (const Entity& entity : store.entities()) {
    for (const EntityUid parent : entity.parents) children[parent.packed()].push_back(store.RowHint(entity.uid) - 1);
  }
  return children;
}

auto EntityStoreBuilder::Over(const Interner& interner, const EntityStore& base) -> EntityStoreBuilder {
  EntityStoreBuilder builder(interner);
  if (base.entities().empty()) return builder;
  builder.is_fresh_ = false;
  builder.first_new_row_ = base.index_->size();
  builder.store_.index_ = std::make_shared<EntityIndex>(base.index_.get(), builder.first_new_row_);
  builder.store_.rows_ = EntityRows::Over(base.rows_);
  builder.store_.count_ = base.count_;
  return builder;
}

auto EntityStoreBuilder::Next(const Interner& interner, const EntityStore& base, ChildMap* children) -> EntityStoreBuilder {
  EntityStoreBuilder builder(interner);
  builder.is_fresh_ = false;
  builder.children_ = children;
  builder.first_new_row_ = base.index_->size();
  builder.store_.index_ = base.index_;
  builder.store_.index_->Share();
  builder.store_.rows_ = base.rows_;
  builder.store_.count_ = base.count_;
  builder.store_.arenas_ = base.arenas_;
  return builder;
}

void EntityStoreBuilder::Reserve(size_t count) {
  changes_.reserve(count);
  // The entities of a request name as many that are not among them; a place for each costs less than growing.
  const size_t places = is_fresh_ ? count : count * 2;
  if (children_ == nullptr) store_.index_->Reserve(static_cast<uint32_t>(std::min<size_t>(places, UINT32_MAX / 4)));
  if (!is_fresh_) change_of_new_row_.reserve(count);
}

auto EntityStoreBuilder::PositionOf(uint32_t row) -> uint32_t& {
  if (row < first_new_row_) return change_of_base_row_.try_emplace(row, kNoChange).first->second;
  const size_t at = row - first_new_row_;
  if (at >= change_of_new_row_.size()) change_of_new_row_.resize(at + 1, kNoChange);
  return change_of_new_row_[at];
}

auto EntityStoreBuilder::ChangeOf(EntityUid uid) -> Slot {
  const uint32_t row = store_.index_->Assign(uid);
  uint32_t position = row;
  bool is_new = row == changes_.size();
  if (!is_fresh_) {
    uint32_t& known = PositionOf(row);
    is_new = known == kNoChange;
    if (is_new) known = static_cast<uint32_t>(changes_.size());
    position = known;
  }
  if (is_new) changes_.push_back({.uid = uid, .row = row});
  return {.change = changes_[position], .is_new = is_new};
}

auto EntityStoreBuilder::Add(const Entity& entity) -> Expected<void> {
  const auto [change, is_new] = ChangeOf(entity.uid);
  if (!is_new) {
    if (SameEntity(change.entity, entity)) return {};
    return std::unexpected(Error{.code = "duplicate-entity",
                                 .message = "duplicate entity entry `" + FormatEntityUid(entity.uid, *interner_) + "`",
                                 .pointer = {},
                                 .help = "an entity may be listed again only with the same attributes, tags and parents"});
  }
  change.entity = entity;
  change.entity.parents = WithoutRepetitions(arena(), entity.parents);
  return {};
}

void EntityStoreBuilder::AddOrReplace(const Entity& entity) {
  auto& change = ChangeOf(entity.uid).change;
  change.entity = entity;
  change.entity.parents = WithoutRepetitions(arena(), entity.parents);
}

void EntityStoreBuilder::Remove(EntityUid uid) {
  if (store_.index_->Find(uid) == EntityIndex::kNoRow) return;
  ChangeOf(uid).change.entity = {};
}

void EntityStoreBuilder::RegisterParents(const Change& change, ParentEdges& edges) {
  for (const EntityUid parent : change.entity.parents) {
    edges.parent_rows.push_back(store_.index_->MarkParent(parent));
    if (children_ == nullptr) continue;
    auto& rows = (*children_)[parent.packed()];
    if (rows.empty() || rows.back() != change.row) rows.push_back(change.row);
  }
  if (change.entity.uid != EntityUid{}) edges.Close(change.row);
}

// Writes the changed rows.
auto EntityStoreBuilder::Apply(EntityRows::Writer& writer) -> Applied {
  Applied applied;
  applied.moved.reserve(changes_.size());
  applied.edges.Reserve(changes_.size());
  const EntityIndex& index = *store_.index_;
  // What only the entities added here have as their parent moves nothing that was there. An index that is shared with the base does not tell the two
  // apart once parents are marked.
  const bool asks_ahead = is_next();
  std::vector<bool> was_parent(asks_ahead ? changes_.size() : 0);
  for (size_t i = 0; i < was_parent.size(); ++i) was_parent[i] = index.IsParent(changes_[i].uid);
  for (auto& change : changes_) {
    Entity& row = store_.rows_.Writable(change.row, writer);
    const bool was_there = row.uid != EntityUid{};
    const bool is_there = change.entity.uid != EntityUid{};
    const bool is_same = was_there && is_there && SameParents(row.parents, change.entity.parents);
    const bool may_stay_unlisted = asked_ && !change.entity.parents.empty();
    change.entity.ancestors = is_same ? row.ancestors : may_stay_unlisted ? nullptr : AncestorSet::Empty();
    store_.count_ += static_cast<size_t>(is_there) - static_cast<size_t>(was_there);
    row = change.entity;
    if (is_same || !(was_there || is_there)) continue;
    applied.moved.push_back(change.uid);
    applied.moves_others |=
        asks_ahead ? was_parent[static_cast<size_t>(&change - changes_.data())] : !is_fresh_ && index.WasParent(change.uid);
    RegisterParents(change, applied.edges);
  }
  return applied;
}

void EntityStoreBuilder::SetRowHint(Value& value) {
  const uint32_t row = store_.index_->Find(value.as_entity());
  value = Value::OfEntity(value.as_entity(), row + 1);
  if (asked_ && lists_values_ && row != EntityIndex::kNoRow) asked_rows_.push_back(row);
}

// Entity values learn where their entities are: so most are found without a search. Only values in `arena()`, which nobody reads yet.
void EntityStoreBuilder::SetRowHints(RecordView fields) {
  const auto set = [&](auto& self, const Value& value) -> void {
    switch (value.kind()) {
      case Kind::Entity: SetRowHint(const_cast<Value&>(value)); break;
      case Kind::Set:
        for (const Value& element : value.as_set()) self(self, element);
        break;
      case Kind::Record:
        for (const Field& field : value.as_record()) self(self, field.value);
        break;
      case Kind::Bool:
      case Kind::Long:
      case Kind::String:
      case Kind::Ip:
      case Kind::Decimal:
      case Kind::Datetime:
      case Kind::Duration:
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: break;
    }
  };
  for (const Field& field : fields) set(set, field.value);
}

// New entities with parents, each once, whose ancestors a request asks for.
auto EntityStoreBuilder::AskedRows() -> std::vector<uint32_t> {
  for (const EntityUid uid : *asked_) asked_rows_.push_back(store_.index_->Find(uid));
  std::erase_if(asked_rows_, [&](uint32_t row) { return row >= store_.rows_.capacity() || store_.rows_.At(row).parents.empty(); });
  std::ranges::sort(asked_rows_);
  const auto repeated = std::ranges::unique(asked_rows_);
  asked_rows_.erase(repeated.begin(), repeated.end());
  return std::move(asked_rows_);
}

// The ancestors of what changed. Fails with a member of a cycle.
auto EntityStoreBuilder::SetClosure(const Applied& applied, const ClosureInput& input) -> std::optional<EntityUid> {
  if (applied.moves_others) {
    const auto rows = RowsBelow(input, applied.moved, children_ != nullptr ? *children_ : ChildrenOf(store_));
    return SetAncestors(input, EdgesOf(input, rows));
  }
  // Entities without parents have the empty set already, and make no cycle.
  if (applied.edges.parent_rows.empty()) return std::nullopt;
  if (!asked_) return SetAncestors(input, applied.edges);
  const auto asked = AskedRows();
  return asked.size() <= kFewAsked ? SetAncestorsOf(input, applied.edges, asked) : SetAncestors(input, applied.edges);
}

auto EntityStoreBuilder::Build() && -> Expected<EntityStore> {
  EntityRows::Writer writer(arena());
  const auto applied = Apply(writer);
  for (const auto& change : changes_) {
    SetRowHints(change.entity.attrs);
    SetRowHints(change.entity.tags);
  }
  const ClosureInput input = {.rows = store_.rows_, .index = *store_.index_, .writer = writer};
  if (const auto member = SetClosure(applied, input)) {
    return std::unexpected(Error{.code = "hierarchy-cycle",
                                 .message = "the entity hierarchy has a cycle containing `" + FormatEntityUid(*member, *interner_) + "`",
                                 .pointer = {},
                                 .help = "an entity cannot be its own parent or ancestor"});
  }
  store_.index_->Share();
  if (is_next()) writer.MarkReplaced();
  return std::move(store_);
}

}  // namespace remit
