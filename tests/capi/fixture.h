// An engine behind the C++ wrapper, with shorthands.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "remit/remit.hpp"

namespace remit_test {

using remit::Decision;
using remit::Engine;
using remit::Error;
using remit::Outcome;
using remit::Record;
using remit::Request;
using remit::RequestFields;
using remit::Session;
using remit::Sources;

inline constexpr const char* kSchema = R"(
entity Team;
entity User in [Team] { level: Long, home?: ipaddr };
entity Doc { owner: User } tags String;
action "read", "write" appliesTo { principal: User, resource: Doc, context: { amount?: Long, from?: ipaddr } };
)";

inline constexpr const char* kPolicies = R"(
@id("team") permit (principal in Team::"staff", action == Action::"read", resource);
@id("owner") permit (principal, action, resource) when { resource.owner == principal };
@id("limit") forbid (principal, action, resource) when { context has amount && context.amount > principal.level };
)";

inline constexpr const char* kEntities = R"([
  {"uid": {"type": "User", "id": "ana"}, "attrs": {"level": 5, "home": "10.0.0.1"}, "parents": [{"type": "Team", "id": "staff"}]},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {"level": 1}, "parents": []},
  {"uid": {"type": "Doc", "id": "plan"}, "attrs": {"owner": {"type": "User", "id": "bob"}}, "tags": {"kind": "secret"}, "parents": []}
])";

inline auto Fields(const char* user, const char* action, const char* doc = "plan", const Record* context = nullptr) -> RequestFields {
  return {{"User", user}, {"Action", action}, {"Doc", doc}, context};
}

// `execute by a b`, with `; c failed: code` for each error.
inline auto Describe(const Decision& decision) -> std::string {
  std::string text(remit::Name(decision.outcome()));
  for (const auto id : decision.determining()) text += " " + std::string(id);
  for (const auto& error : decision.errors()) text += "; " + error.policy + " failed: " + error.code;
  return text;
}

// What a call throws; an error of status REMIT_OK if it does not.
template <typename Call>
auto Thrown(Call call) -> Error {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(REMIT_OK, nullptr);
}

inline auto Loaded(const char* policies = kPolicies, const char* schema = kSchema, const char* entities = kEntities) -> Engine {
  Sources sources;
  sources.Policies("policies.cedar", policies);
  if (schema != nullptr) sources.Schema("schema.cedarschema", schema);
  if (entities != nullptr) sources.Entities("entities.json", entities);
  Engine engine;
  engine.Load(sources);
  return engine;
}

}  // namespace remit_test
