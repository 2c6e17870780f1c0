// The fixture that AuthZEN's certification scenario asks for, in our own words: two users, two records, eight decisions.
#pragma once

#include "tests/server/authzen_world.h"

namespace remit::authzen {

inline constexpr const char* kFixtureSchema = R"(
entity User = { role?: String };
entity Record = { status?: String };
action read, write appliesTo { principal: User, resource: Record };
action delete appliesTo { principal: User, resource: Record, context: { soft?: Bool } };
)";

inline constexpr const char* kFixturePolicies = R"(
@id("known-users-read")
permit (principal, action == Action::"read", resource) when { principal in [User::"alice", User::"bob"] };
@id("alice-writes-what-is-not-archived")
permit (principal == User::"alice", action == Action::"write", resource) unless { resource has status && resource.status == "archived" };
@id("admins-write-the-archive")
permit (principal, action == Action::"write", resource) when {
  principal has role && principal.role == "admin" && resource has status && resource.status == "archived" };
@id("soft-deletes")
permit (principal == User::"alice", action == Action::"delete", resource) when { context has soft && context.soft };
)";

inline constexpr const char* kFixtureEntities = R"([
  {"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": []},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {"role": "admin"}, "parents": []},
  {"uid": {"type": "Record", "id": "record-1"}, "attrs": {"status": "active"}, "parents": []},
  {"uid": {"type": "Record", "id": "record-2"}, "attrs": {"status": "archived"}, "parents": []}
])";

inline auto FixtureTexts() -> WorldTexts { return {.policies = kFixturePolicies, .schema = kFixtureSchema, .entities = kFixtureEntities}; }

inline auto User(const char* id) -> Json { return {{"type", "user"}, {"id", id}}; }
inline auto Record(const char* id) -> Json { return {{"type", "record"}, {"id", id}}; }
inline auto With(Json entity, Json properties) -> Json {
  entity["properties"] = std::move(properties);
  return entity;
}
inline auto Ask(Json subject, const char* action, Json resource) -> Json {
  return {{"subject", std::move(subject)}, {"action", {{"name", action}}}, {"resource", std::move(resource)}};
}
inline auto Alice() -> Json { return User("alice"); }

}  // namespace remit::authzen
