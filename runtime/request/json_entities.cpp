// Entities: `{"uid", "attrs", "parents", "tags"?}`, other members let pass, as in Cedar.
#include "runtime/request/json_entities.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/entity/schema_hints.h"
#include "runtime/entity/type_facts.h"
#include "runtime/entity/validate_entity.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/json_plain_request.h"

namespace remit::json {
namespace {

// The members of an entity's object.
struct EntityMembers {
  std::optional<Element> uid;
  std::optional<Element> attrs;
  std::optional<Element> tags;
  std::optional<Element> parents;

  // Null: a member that means nothing.
  auto Place(std::string_view key) -> std::optional<Element>* {
    if (IsKey(key, "uid")) return &uid;
    if (IsKey(key, "attrs")) return &attrs;
    if (IsKey(key, "tags")) return &tags;
    if (IsKey(key, "parents")) return &parents;
    return nullptr;
  }
};

auto FindMembers(const Cursor& at, EntityMembers& members) -> Expected<void> {
  bool may_repeat = !at.is_object();
  if (at.is_object()) {
    for (const auto& [key, value] : at.object()) {
      auto* place = members.Place(key);
      if (place == nullptr || place->has_value()) {
        may_repeat = true;
      } else {
        *place = value;
      }
    }
  }
  if (!may_repeat) return {};
  const auto object = at.RequireObject();
  return object ? Expected<void>{} : std::unexpected(object.error());
}

class EntityReader {
 public:
  EntityReader(Interner& interner, EntityStoreBuilder& builder, const JsonOptions& options)
      : interner_(interner),
        builder_(builder),
        schema_(options.schema),
        is_partial_(options.partial != nullptr),
        types_(options.schema, interner),
        values_(interner, builder.arena(), options.schema) {}

  auto Read(const Cursor& at, Entity& entity, KnownParts& known) -> Expected<void>;
  auto IsAction(EntityUid uid) -> bool { return types_.Of(uid.type).is_action; }

 private:
  auto ReadAttributes(const Cursor& at, Entity& entity) -> Expected<void>;
  auto ReadTags(const Cursor& at, Entity& entity) -> Expected<void>;
  auto ReadParents(const Cursor& at, Entity& entity) -> Expected<void>;
  auto CheckDeclared(const Cursor& at, EntityUid uid) -> Expected<void>;
  auto CheckComplete(const Cursor& at, const EntityMembers& members, EntityUid uid) -> Expected<void>;

  // The members of an object as a record, each of the type `type_of(place, key)`.
  template <typename TypeOf>
  auto ReadMembers(const Cursor& at, RecordView& record, TypeOf type_of) -> Expected<void>;

  // Null without a schema and for actions, whose attributes are not declared.
  auto DeclOf(EntityUid uid) -> const EntityTypeDecl* {
    const TypeFacts& type = types_.Of(uid.type);
    return type.is_action ? nullptr : type.decl;
  }

  Interner& interner_;
  EntityStoreBuilder& builder_;
  const Schema* schema_;
  bool is_partial_;
  TypeFactsTable types_;
  ValueReader values_;
  std::vector<EntityUid> parents_;  // of the entity being read
};

// The schema knows all about actions, so documents give them in full.
auto EntityReader::CheckComplete(const Cursor& at, const EntityMembers& members, EntityUid uid) -> Expected<void> {
  if (is_partial_ && !IsAction(uid)) return {};
  if (!members.attrs) return at.Missing("attrs");
  if (!members.parents) return at.Missing("parents");
  return {};
}

auto EntityReader::Read(const Cursor& at, Entity& entity, KnownParts& known) -> Expected<void> {
  EntityMembers members;
  if (auto found = FindMembers(at, members); !found) return found;
  if (!members.uid) return at.Missing("uid");
  const Cursor uid_at = at.At("uid", *members.uid);
  const auto uid = values_.ReadUid(uid_at);
  if (!uid) return std::unexpected(uid.error());
  entity.uid = *uid;
  if (auto complete = CheckComplete(at, members, *uid); !complete) return complete;
  if (auto declared = CheckDeclared(uid_at, *uid); !declared) return declared;
  Expected<void> read;
  if (members.attrs) read = ReadAttributes(at.At("attrs", *members.attrs), entity);
  if (read && members.tags) read = ReadTags(at.At("tags", *members.tags), entity);
  if (read && members.parents) read = ReadParents(at.At("parents", *members.parents), entity);
  if (read && is_partial_ && !IsAction(*uid)) {
    known = {.attrs = members.attrs.has_value(), .tags = members.tags.has_value(), .parents = members.parents.has_value()};
  }
  return read;
}

auto EntityReader::CheckDeclared(const Cursor& at, EntityUid uid) -> Expected<void> {
  if (schema_ == nullptr) return {};
  const TypeFacts& type = types_.Of(uid.type);
  if (type.is_action) {
    if (schema_->FindAction(uid) != nullptr) return {};
    return at.Fail("undeclared-action", fmt::format("action `{}` is not declared in the schema", FormatEntityUid(uid, interner_)),
                   SuggestAction(*schema_, uid, interner_));
  }
  if (type.decl != nullptr) return {};
  return at.Fail("undeclared-entity-type",
                 fmt::format("entity `{}` has type `{}`, which is not declared in the schema", FormatEntityUid(uid, interner_),
                             interner_.text(uid.type)),
                 SuggestEntityType(*schema_, uid.type, interner_));
}

template <typename TypeOf>
auto EntityReader::ReadMembers(const Cursor& at, RecordView& record, TypeOf type_of) -> Expected<void> {
  const auto members = at.RequireObject();
  if (!members) return std::unexpected(members.error());
  if (members->begin() == members->end()) return {};
  Tail<Field> fields(values_.fields());
  for (const auto& [key, child] : *members) {
    const Cursor place = at.At(key, child);
    const SymbolId symbol = values_.keys().Intern(key);
    const Expected<TypeId> type = type_of(place, symbol);
    if (!type) return std::unexpected(type.error());
    const auto value = values_.ReadTyped(place, *type);
    if (!value) return std::unexpected(value.error());
    fields.Push({.key = symbol, .value = *value});
  }
  record = MakeRecord(values_.arena(), fields.items()).as_record();
  return {};
}

auto EntityReader::ReadAttributes(const Cursor& at, Entity& entity) -> Expected<void> {
  const EntityTypeDecl* decl = DeclOf(entity.uid);
  return ReadMembers(at, entity.attrs, [&](const Cursor& place, SymbolId key) -> Expected<TypeId> {
    if (decl == nullptr) return TypeId{};
    for (const TypeField& field : schema_->type(decl->attributes).fields) {
      if (field.key == key) return field.type;
    }
    return place.Fail("unexpected-attribute",
                      fmt::format("attribute `{}` on `{}` should not exist according to the schema", interner_.text(key),
                                  FormatEntityUid(entity.uid, interner_)),
                      SuggestField(schema_->type(decl->attributes), key, interner_));
  });
}

auto EntityReader::ReadTags(const Cursor& at, Entity& entity) -> Expected<void> {
  const EntityTypeDecl* decl = DeclOf(entity.uid);
  return ReadMembers(at, entity.tags, [&](const Cursor& place, SymbolId key) -> Expected<TypeId> {
    if (decl == nullptr) return TypeId{};
    if (decl->tags.has_value()) return decl->tags;
    return place.Fail("unexpected-tag", fmt::format("found a tag `{}` on `{}`, but no tags should exist on it according to the schema",
                                                    interner_.text(key), FormatEntityUid(entity.uid, interner_)));
  });
}

auto EntityReader::ReadParents(const Cursor& at, Entity& entity) -> Expected<void> {
  const auto elements = at.RequireArray();
  if (!elements) return std::unexpected(elements.error());
  const bool is_action = IsAction(entity.uid);
  parents_.clear();
  for (const Element element : *elements) {
    const Cursor place = at.At(parents_.size(), element);
    const auto parent = values_.ReadUid(place);
    if (!parent) return std::unexpected(parent.error());
    if (is_action && !IsAction(*parent)) {
      return place.Fail("non-action-parent", fmt::format("action `{}` has a non-action parent `{}`", FormatEntityUid(entity.uid, interner_),
                                                         FormatEntityUid(*parent, interner_)));
    }
    parents_.push_back(*parent);
  }
  if (!parents_.empty()) entity.parents = builder_.arena().Copy(std::span<const EntityUid>(parents_));
  return {};
}

// What is reserved at most for an array within a request: what stands there may be no entities.
constexpr size_t kReserved = 1024;
// The same for a document that is nothing but entities, by its size: none has fewer bytes.
constexpr size_t kLeastBytesOfEntity = 40;

// One array: reads and validates its entities, and keeps what has been wrong with them.
class ArrayReader {
 public:
  ArrayReader(Interner& interner, const JsonOptions& options, EntityStoreBuilder& builder, Repeated repeated)
      : interner_(interner), options_(options), builder_(builder), repeated_(repeated) {
    if (options.schema != nullptr) validator_.emplace(*options.schema, interner);
  }

  auto Read(const Cursor& at, size_t most_reserved) -> Expected<void> {
    const auto elements = at.RequireArray();
    if (!elements) return std::unexpected(elements.error());
    builder_.Reserve(std::min<size_t>(elements->size(), most_reserved));  // the parser cuts off the size of large arrays
    EntityReader reader(interner_, builder_, options_);
    size_t index = 0;
    for (const Element element : *elements) {
      if (auto added = Add(at.At(index++, element), reader); !added && !Keep(added.error())) return std::unexpected(added.error());
    }
    if (const auto checked = CheckActions(); !checked) return std::unexpected(checked.error());
    if (first_error_) return std::unexpected(*first_error_);
    return {};
  }

 private:
  auto Add(const Cursor& place, EntityReader& reader) -> Expected<void> {
    Entity entity{.uid = {}, .attrs = {}, .tags = {}, .parents = {}};
    KnownParts known;
    if (auto read = reader.Read(place, entity, known); !read) return read;
    auto checked = validator_ ? validator_->Check(entity, known) : Expected<void>{};
    if (checked && validator_ && reader.IsAction(entity.uid)) {
      actions_.push_back(entity);
      action_places_.push_back(place.pointer());
    }
    if (checked) checked = AddTo(entity);
    if (checked && !known.all()) Note(entity.uid, known);
    if (!checked) checked.error().pointer = place.pointer() + checked.error().pointer;
    return checked;
  }

  auto AddTo(const Entity& entity) -> Expected<void> {
    if (repeated_ == Repeated::Refused) return builder_.Add(entity);
    builder_.AddOrReplace(entity);
    return {};
  }

  // Of an entity listed twice, what is left out once is not known: what is empty and what is left out look alike to the store.
  void Note(EntityUid uid, KnownParts known) {
    const auto [it, is_new] = options_.partial->try_emplace(uid.packed(), known);
    if (is_new) return;
    auto& noted = it->second;
    noted = {.attrs = noted.attrs && known.attrs, .tags = noted.tags && known.tags, .parents = noted.parents && known.parents};
  }

  auto CheckActions() -> Expected<void> {
    if (actions_.empty()) return {};
    for (auto& [index, error] : FindActionMismatches(*options_.schema, interner_, actions_)) {
      error.pointer = action_places_[index] + error.pointer;
      if (!Keep(error)) return std::unexpected(std::move(error));
    }
    return {};
  }

  // Whether reading goes on.
  auto Keep(const Error& error) -> bool {
    if (!first_error_) first_error_ = error;
    if (options_.errors == nullptr) return false;
    options_.errors->push_back(error);
    return options_.errors->size() < options_.limits.max_diagnostics;
  }

  Interner& interner_;
  const JsonOptions& options_;
  EntityStoreBuilder& builder_;
  Repeated repeated_;
  std::optional<EntityValidator> validator_;
  std::vector<Entity> actions_;
  std::vector<std::string> action_places_;
  std::optional<Error> first_error_;
};

}  // namespace

auto BuilderOver(const EntityStore* base, const Interner& interner) -> EntityStoreBuilder {
  return base == nullptr ? EntityStoreBuilder(interner) : EntityStoreBuilder::Over(interner, *base);
}

namespace {

auto ReadArray(EntityStoreBuilder builder, const Cursor& at, Interner& interner, const JsonOptions& options, const EntityStore* base,
               size_t most_reserved) -> Expected<EntityStore> {
  const auto read = ArrayReader(interner, options, builder, Repeated::Refused).Read(at, most_reserved);
  if (!read) return std::unexpected(read.error());
  if (options.schema != nullptr) AddSchemaActions(builder, *options.schema, base);
  auto store = std::move(builder).Build();
  if (!store) store.error().pointer = at.pointer();
  return store;
}

}  // namespace

auto ReadRequestEntities(const Cursor& at, Interner& interner, const JsonOptions& options, const EntityStore* base,
                         std::span<const EntityUid> asked) -> Expected<EntityStore> {
  auto builder = BuilderOver(base, interner);
  builder.ListOnly(asked, options.lists_values);
  return ReadArray(std::move(builder), at, interner, options, base, kReserved);
}

}  // namespace remit::json

namespace remit {

auto ReadEntities(std::string_view json, Interner& interner, const JsonOptions& options, const EntityStore* base) -> Expected<EntityStore> {
  if (auto plain = json::ReadPlainEntities(json, interner, options, base)) return std::move(*plain);
  const auto document = json::Document::Parse(json, options.limits.max_json_bytes, options.limits.max_json_depth);
  if (!document) return std::unexpected(document.error());
  const size_t most = json.size() / json::kLeastBytesOfEntity;
  return json::ReadArray(json::BuilderOver(base, interner), json::Cursor(document->root()), interner, options, base, most);
}

auto ReadEntitiesInto(EntityStoreBuilder& builder, std::string_view json, Interner& interner, const JsonOptions& options, Repeated repeated)
    -> Expected<void> {
  const auto document = json::Document::Parse(json, options.limits.max_json_bytes, options.limits.max_json_depth);
  if (!document) return std::unexpected(document.error());
  return json::ArrayReader(interner, options, builder, repeated)
      .Read(json::Cursor(document->root()), json.size() / json::kLeastBytesOfEntity);
}

// The schema's word on its actions is final: a document can only repeat it.
void AddSchemaActions(EntityStoreBuilder& builder, const Schema& schema, const EntityStore* base) {
  for (const ActionDecl& action : schema.actions) {
    if (base != nullptr && base->Find(action.uid) != nullptr) continue;
    const auto parents = builder.arena().Copy(std::span<const EntityUid>(action.parents));
    builder.AddOrReplace({.uid = action.uid, .attrs = {}, .tags = {}, .parents = parents});
  }
}

}  // namespace remit
