// Entities: `{"uid", "attrs", "parents", "tags"?}`, other members let pass, as in Cedar.
#include "runtime/request/json_entities.h"

#include <fmt/format.h>

#include "runtime/request/json.h"

namespace remit::json {
namespace {

auto IsAction(EntityUid uid, const Interner& interner) -> bool {
  const auto type = interner.text(uid.type);
  return type == "Action" || type.ends_with("::Action");
}

class EntityReader {
 public:
  EntityReader(Interner& interner, EntityStoreBuilder& builder, const Schema* schema)
      : interner_(interner), builder_(builder), schema_(schema), values_(interner, builder.arena(), schema) {}

  auto Read(const Cursor& at) -> Expected<Entity>;

 private:
  auto ReadAttributes(const Cursor& at, const Entity& entity) -> Expected<RecordView>;
  auto ReadTags(const Cursor& at, const Entity& entity) -> Expected<RecordView>;
  auto ReadParents(const Cursor& at, EntityUid uid) -> Expected<std::span<const EntityUid>>;
  auto CheckDeclared(const Cursor& at, EntityUid uid) -> Expected<void>;

  // The members of an object as a record, each of the type `type_of(place, key)`.
  template <typename TypeOf>
  auto ReadMembers(const Cursor& at, TypeOf type_of) -> Expected<RecordView>;

  // Null without a schema and for actions, whose attributes are not declared.
  auto DeclOf(EntityUid uid) const -> const EntityTypeDecl* {
    return schema_ == nullptr || IsAction(uid, interner_) ? nullptr : schema_->FindEntityType(uid.type);
  }

  Interner& interner_;
  EntityStoreBuilder& builder_;
  const Schema* schema_;
  ValueReader values_;
};

auto EntityReader::Read(const Cursor& at) -> Expected<Entity> {
  if (const auto members = at.RequireObject(); !members) return std::unexpected(members.error());
  const auto uid_element = at.Require("uid");
  const auto attrs_element = uid_element ? at.Require("attrs") : uid_element;
  const auto parents_element = attrs_element ? at.Require("parents") : attrs_element;
  if (!parents_element) return std::unexpected(parents_element.error());

  const Cursor uid_at = at.At("uid", *uid_element);
  const auto uid = values_.ReadUid(uid_at);
  if (!uid) return std::unexpected(uid.error());
  if (const auto declared = CheckDeclared(uid_at, *uid); !declared) return std::unexpected(declared.error());

  Entity entity{.uid = *uid, .attrs = {}, .tags = {}, .parents = {}, .ancestors = {}};
  const auto attrs = ReadAttributes(at.At("attrs", *attrs_element), entity);
  if (!attrs) return std::unexpected(attrs.error());
  entity.attrs = *attrs;
  if (const auto tags_element = at.Find("tags")) {
    const auto tags = ReadTags(at.At("tags", *tags_element), entity);
    if (!tags) return std::unexpected(tags.error());
    entity.tags = *tags;
  }
  const auto parents = ReadParents(at.At("parents", *parents_element), *uid);
  if (!parents) return std::unexpected(parents.error());
  entity.parents = *parents;
  return entity;
}

auto EntityReader::CheckDeclared(const Cursor& at, EntityUid uid) -> Expected<void> {
  if (schema_ == nullptr) return {};
  if (IsAction(uid, interner_)) {
    if (schema_->FindAction(uid) != nullptr) return {};
    return at.Fail("undeclared-action", fmt::format("action `{}` is not declared in the schema", FormatEntityUid(uid, interner_)));
  }
  if (schema_->FindEntityType(uid.type) != nullptr) return {};
  return at.Fail("undeclared-entity-type", fmt::format("entity `{}` has type `{}`, which is not declared in the schema",
                                                       FormatEntityUid(uid, interner_), interner_.text(uid.type)));
}

template <typename TypeOf>
auto EntityReader::ReadMembers(const Cursor& at, TypeOf type_of) -> Expected<RecordView> {
  const auto members = at.RequireObject();
  if (!members) return std::unexpected(members.error());
  std::vector<Field> fields;
  for (const auto& [key, child] : *members) {
    const Cursor place = at.At(key, child);
    const SymbolId symbol = interner_.Intern(key);
    const Expected<TypeId> type = type_of(place, symbol);
    if (!type) return std::unexpected(type.error());
    const auto value = values_.ReadTyped(place, *type);
    if (!value) return std::unexpected(value.error());
    fields.push_back({.key = symbol, .value = *value});
  }
  return MakeRecord(values_.arena(), fields).as_record();
}

auto EntityReader::ReadAttributes(const Cursor& at, const Entity& entity) -> Expected<RecordView> {
  const EntityTypeDecl* decl = DeclOf(entity.uid);
  return ReadMembers(at, [&](const Cursor& place, SymbolId key) -> Expected<TypeId> {
    if (decl == nullptr) return TypeId{};
    if (decl->attributes.has_value()) {
      for (const TypeField& field : schema_->type(decl->attributes).fields) {
        if (field.key == key) return field.type;
      }
    }
    return place.Fail("unexpected-attribute", fmt::format("attribute `{}` on `{}` should not exist according to the schema",
                                                          interner_.text(key), FormatEntityUid(entity.uid, interner_)));
  });
}

auto EntityReader::ReadTags(const Cursor& at, const Entity& entity) -> Expected<RecordView> {
  const EntityTypeDecl* decl = DeclOf(entity.uid);
  return ReadMembers(at, [&](const Cursor& place, SymbolId key) -> Expected<TypeId> {
    if (decl == nullptr) return TypeId{};
    if (decl->tags.has_value()) return decl->tags;
    return place.Fail("unexpected-tag", fmt::format("found a tag `{}` on `{}`, but no tags should exist on it according to the schema",
                                                    interner_.text(key), FormatEntityUid(entity.uid, interner_)));
  });
}

auto EntityReader::ReadParents(const Cursor& at, EntityUid uid) -> Expected<std::span<const EntityUid>> {
  const auto elements = at.RequireArray();
  if (!elements) return std::unexpected(elements.error());
  std::vector<EntityUid> parents;
  for (const Element element : *elements) {
    const Cursor place = at.At(parents.size(), element);
    const auto parent = values_.ReadUid(place);
    if (!parent) return std::unexpected(parent.error());
    if (IsAction(uid, interner_) && !IsAction(*parent, interner_)) {
      return place.Fail("non-action-parent", fmt::format("action `{}` has a non-action parent `{}`", FormatEntityUid(uid, interner_),
                                                         FormatEntityUid(*parent, interner_)));
    }
    parents.push_back(*parent);
  }
  return builder_.arena().Copy(std::span<const EntityUid>(parents));
}

// The schema's word on its actions is final: a document can only repeat it.
void AddActions(EntityStoreBuilder& builder, const Schema& schema) {
  for (const ActionDecl& action : schema.actions) {
    const auto parents = builder.arena().Copy(std::span<const EntityUid>(action.parents));
    builder.AddOrReplace({.uid = action.uid, .attrs = {}, .tags = {}, .parents = parents, .ancestors = {}});
  }
}

// Collects the array's own entities first, so that one listed twice is judged against itself and not against the base.
auto CollectInto(const Cursor& at, EntityReader& reader, EntityStoreBuilder& own) -> Expected<void> {
  const auto elements = at.RequireArray();
  if (!elements) return std::unexpected(elements.error());
  size_t index = 0;
  for (const Element element : *elements) {
    const Cursor place = at.At(index++, element);
    const auto entity = reader.Read(place);
    if (!entity) return std::unexpected(entity.error());
    if (auto added = own.Add(*entity); !added) {
      added.error().pointer = place.pointer();
      return added;
    }
  }
  return {};
}

}  // namespace

auto ReadEntityArray(const Cursor& at, Interner& interner, const Schema* schema, const EntityStore* base) -> Expected<EntityStore> {
  EntityStoreBuilder own(interner);
  EntityReader reader(interner, own, schema);
  if (const auto collected = CollectInto(at, reader, own); !collected) return std::unexpected(collected.error());
  if (base != nullptr) own.AddMissing(*base);
  if (schema != nullptr) AddActions(own, *schema);
  auto store = std::move(own).Build();
  if (!store) store.error().pointer = at.pointer();
  return store;
}

}  // namespace remit::json

namespace remit {

auto ReadEntities(std::string_view json, Interner& interner, const JsonOptions& options, const EntityStore* base) -> Expected<EntityStore> {
  const auto document = json::Document::Parse(json, options.limits.max_json_bytes, options.limits.max_json_depth);
  if (!document) return std::unexpected(document.error());
  return json::ReadEntityArray(json::Cursor(document->root()), interner, options.schema, base);
}

}  // namespace remit
