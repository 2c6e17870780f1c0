// The entities of one request, if they are plainly spelt: see json_plain.h.
#pragma once

#include <vector>

#include "runtime/entity/type_facts.h"
#include "runtime/entity/validate_entity.h"
#include "runtime/request/json.h"
#include "runtime/request/json_plain.h"

namespace remit::json {

// Reads one array into a builder; with a schema the entities conform to it.
class PlainEntities {
 public:
  // Borrowed things outlive this. `values` fill the builder's arena.
  PlainEntities(PlainReader& reader, ValueReader& values, EntityStoreBuilder& builder);

  // False: not plain, or something is wrong; what was added by then is in the builder.
  auto Read() -> bool;

 private:
  enum class Member : uint8_t { Uid, Parents, Attrs, Tags };
  struct Places;  // of the members of an entity that cannot be read before its type is known

  auto ReadEntity() -> bool;
  auto TakeMember(Member& member) -> bool;
  auto ReadOrSkip(Entity& entity, bool has_uid, uint32_t& place, bool (PlainEntities::*read)(Entity&)) -> bool;
  auto ReadMember(Entity& entity, Places& places) -> bool;
  auto ReadLater(Entity& entity, uint32_t& place, bool (PlainEntities::*read)(Entity&)) -> bool;
  auto ReadAttributes(Entity& entity) -> bool;
  auto ReadTags(Entity& entity) -> bool;
  auto ReadParents(Entity& entity) -> bool;
  auto Conforms(const Entity& entity) -> bool;
  // Null without a schema and for actions, whose attributes are not declared.
  auto DeclOf(const Entity& entity) -> const EntityTypeDecl*;

  PlainReader& reader_;
  ValueReader& values_;
  EntityStoreBuilder& builder_;
  const Schema* schema_;
  TypeFactsTable types_;
  std::optional<EntityValidator> validator_;
  std::vector<Entity> actions_;
  std::vector<EntityUid> parents_;  // of the entity being read
};

}  // namespace remit::json
