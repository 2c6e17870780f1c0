// The policies, schema and entities that most tests of the C API are about: as texts, for the tests and for the bundles that are made of them.
#pragma once

namespace remit_test {

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

// What replaces them where policies are exchanged: other names, and the same ones for other things.
inline constexpr const char* kOtherSchema = R"(
entity Group;
entity User in [Group] { home?: ipaddr, level: Long, badge: String };
entity Doc { size: Long, owner: User } tags String;
action "write", "read", "share" appliesTo { principal: User, resource: Doc, context: { from?: ipaddr, amount?: Long } };
)";

inline constexpr const char* kOtherPolicies = R"(
@id("small") permit (principal is User, action in [Action::"read", Action::"share"], resource is Doc) when { resource.size < 10 };
@id("badge") permit (principal, action, resource) when { principal.badge == "gold" } unless { resource.owner == principal };
@id("limit") forbid (principal, action, resource) when { context has amount && context.amount > principal.level };
)";

inline constexpr const char* kOtherEntities = R"([
  {"uid": {"type": "User", "id": "ana"}, "attrs": {"level": 5, "badge": "gold"}, "parents": []},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {"level": 1, "badge": "tin"}, "parents": []},
  {"uid": {"type": "Doc", "id": "plan"}, "attrs": {"size": 100, "owner": {"type": "User", "id": "bob"}}, "parents": []},
  {"uid": {"type": "Doc", "id": "memo"}, "attrs": {"size": 1, "owner": {"type": "User", "id": "ana"}}, "parents": []}
])";

// Of the tests with a ledger, without a schema.
inline constexpr const char* kLedgerPolicies = R"(
@id("refund") permit (principal in Team::"support", action == Action::"refund", resource) oblige { log: "refunds" };
@id("large") escalate (principal, action == Action::"refund", resource) when { context.amount > 100 }
  approval { by: [Team::"leads"], quorum: 2, expires: duration("15m") };
budget spend (principal, action == Action::"refund", resource) charge { context.amount } limit { 1000 };
breaker crm (principal, action == Action::"refund", resource)
  trip { failures >= 2 } within { duration("1m") } cooldown { duration("1m") };
)";

inline constexpr const char* kLedgerEntities = R"([
  {"uid": {"type": "Agent", "id": "s1"}, "attrs": {}, "parents": [{"type": "Team", "id": "support"}]},
  {"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Team", "id": "leads"}]},
  {"uid": {"type": "User", "id": "kim"}, "attrs": {}, "parents": [{"type": "Team", "id": "leads"}]},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {}, "parents": []}
])";

}  // namespace remit_test
