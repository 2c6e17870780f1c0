#include "runtime/request/json_plain_entities.h"

#include <algorithm>
#include <utility>

namespace remit::json {
namespace {

constexpr uint32_t kNowhere = UINT32_MAX;

}  // namespace

struct PlainEntities::Places {
  uint32_t attrs = kNowhere;
  uint32_t tags = kNowhere;
  bool has_uid = false;
  bool has_attrs = false;
  bool has_tags = false;
  bool has_parents = false;
};

PlainEntities::PlainEntities(PlainReader& reader, ValueReader& values, EntityStoreBuilder& builder)
    : reader_(reader), values_(values), builder_(builder), schema_(values.schema()), types_(schema_, values.interner()) {
  if (schema_ != nullptr) validator_.emplace(*schema_, values.interner());
}

auto PlainEntities::Read() -> bool {
  if (!reader_.Take('[') || !reader_.ReadUpTo(']', [&] { return ReadEntity(); })) return false;
  return actions_.empty() || FindActionMismatches(*schema_, values_.interner(), actions_).empty();
}

auto PlainEntities::ReadEntity() -> bool {
  Entity entity{.uid = {}, .attrs = {}, .tags = {}, .parents = {}};
  Places places;
  if (!reader_.Take('{') || !reader_.ReadUpTo('}', [&] { return ReadMember(entity, places); })) return false;
  if (!places.has_uid || !places.has_attrs || !places.has_parents) return false;
  if (!ReadLater(entity, places.attrs, &PlainEntities::ReadAttributes)) return false;
  if (!ReadLater(entity, places.tags, &PlainEntities::ReadTags)) return false;
  return Conforms(entity) && builder_.Add(entity).has_value();
}

// The members' names as most programs write them, else as they may be.
auto PlainEntities::TakeMember(Member& member) -> bool {
  if (reader_.TakeKey(R"("uid":)")) {
    member = Member::Uid;
  } else if (reader_.TakeKey(R"("parents":)")) {
    member = Member::Parents;
  } else if (reader_.TakeKey(R"("attrs":)")) {
    member = Member::Attrs;
  } else {
    std::string_view key;
    if (!reader_.TakeKey(key)) return false;
    if (IsKey(key, "uid")) {
      member = Member::Uid;
    } else if (IsKey(key, "parents")) {
      member = Member::Parents;
    } else if (IsKey(key, "attrs")) {
      member = Member::Attrs;
    } else if (IsKey(key, "tags")) {
      member = Member::Tags;
    } else {
      return false;
    }
  }
  return true;
}

auto PlainEntities::ReadMember(Entity& entity, Places& places) -> bool {
  Member member;
  if (!TakeMember(member)) return false;
  switch (member) {
    case Member::Uid: return !std::exchange(places.has_uid, true) && reader_.ReadUid(entity.uid);
    case Member::Parents: return !std::exchange(places.has_parents, true) && ReadParents(entity);
    case Member::Attrs:
      return !std::exchange(places.has_attrs, true) && ReadOrSkip(entity, places.has_uid, places.attrs, &PlainEntities::ReadAttributes);
    case Member::Tags:
      return !std::exchange(places.has_tags, true) && ReadOrSkip(entity, places.has_uid, places.tags, &PlainEntities::ReadTags);
  }
  return false;
}

// Of a type that is not known yet, only where it is.
auto PlainEntities::ReadOrSkip(Entity& entity, bool has_uid, uint32_t& place, bool (PlainEntities::*read)(Entity&)) -> bool {
  if (reader_.TakeEmpty('{', '}')) return true;
  if (has_uid) return (this->*read)(entity);
  place = reader_.place();
  return reader_.Skip();
}

// What stood before the uid, if it did.
auto PlainEntities::ReadLater(Entity& entity, uint32_t& place, bool (PlainEntities::*read)(Entity&)) -> bool {
  if (place == kNowhere) return true;
  const uint32_t behind = reader_.place();
  reader_.GoTo(place);
  if (!(this->*read)(entity)) return false;
  reader_.GoTo(behind);
  return true;
}

auto PlainEntities::DeclOf(const Entity& entity) -> const EntityTypeDecl* {
  const TypeFacts& type = types_.Of(entity.uid.type);
  return type.is_action ? nullptr : type.decl;
}

auto PlainEntities::ReadAttributes(Entity& entity) -> bool {
  const EntityTypeDecl* decl = DeclOf(entity);
  return reader_.ReadMembers(entity.attrs, [&](SymbolId key, TypeId& type) {
    if (decl == nullptr) return true;
    const TypeField* field = schema_->type(decl->attributes).FindField(key);
    if (field == nullptr) return false;
    type = field->type;
    return true;
  });
}

auto PlainEntities::ReadTags(Entity& entity) -> bool {
  const EntityTypeDecl* decl = DeclOf(entity);
  return reader_.ReadMembers(entity.tags, [&](SymbolId, TypeId& type) {
    if (decl != nullptr) type = decl->tags;
    return decl == nullptr || decl->tags.has_value();
  });
}

auto PlainEntities::ReadParents(Entity& entity) -> bool {
  if (reader_.TakeEmpty('[', ']')) return true;
  if (!reader_.Take('[')) return false;
  parents_.clear();
  const bool is_read = reader_.ReadUpTo(']', [&] { return reader_.ReadUid(parents_.emplace_back()); });
  if (is_read && !parents_.empty()) entity.parents = builder_.arena().Copy(std::span<const EntityUid>(parents_));
  return is_read;
}

auto PlainEntities::Conforms(const Entity& entity) -> bool {
  const bool is_action = types_.Of(entity.uid.type).is_action;
  if (is_action && !std::ranges::all_of(entity.parents, [&](EntityUid parent) { return types_.Of(parent.type).is_action; })) return false;
  if (!validator_) return true;
  if (is_action && schema_->FindAction(entity.uid) == nullptr) return false;
  if (is_action) actions_.push_back(entity);
  return validator_->Check(entity).has_value();
}

}  // namespace remit::json
