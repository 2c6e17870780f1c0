#include "runtime/approval/request_facts.h"

#include <algorithm>

#include "runtime/approval/canonical_json.h"
#include "runtime/approval/canonical_value.h"

namespace remit::approval {

auto ScopeName(Scope scope) -> std::string_view {
  switch (scope) {
    case Scope::Exact: return "exact";
    case Scope::Session: return "session";
  }
  return "";
}

auto ScopeFromName(std::string_view name) -> std::optional<Scope> {
  for (const Scope scope : {Scope::Exact, Scope::Session}) {
    if (ScopeName(scope) == name) return scope;
  }
  return std::nullopt;
}

auto CanonicalRequest(const RequestFacts& facts, Scope scope) -> std::string {
  CanonicalObject object;
  object.AddInteger("version", 1)
      .AddString("scope", ScopeName(scope))
      .Add("principal", UidToJson(facts.principal))
      .Add("action", UidToJson(facts.action))
      .Add("resource", UidToJson(facts.resource))
      .Add("delegation", UidsToJson(facts.delegation));
  if (!facts.session.empty()) object.AddString("session", facts.session);
  if (scope == Scope::Exact) object.Add("context", facts.context);
  return object.Finish();
}

auto RequestFacts::DigestFor(Scope scope) const -> Expected<Digest> {
  if (scope == Scope::Exact) return exact;
  if (in_session) return *in_session;
  return std::unexpected(Error{.code = "approval-needs-session",
                               .message = "the approval is for a session, and the request has none",
                               .pointer = "/session",
                               .help = "give the request a `session`"});
}

auto RequestFacts::Concerns(const UidText& person) const -> bool {
  return person == principal || std::ranges::find(delegation, person) != delegation.end();
}

void AddDigests(RequestFacts& facts) {
  facts.exact = Sha256(CanonicalRequest(facts, Scope::Exact));
  if (!facts.session.empty()) facts.in_session = Sha256(CanonicalRequest(facts, Scope::Session));
}

auto DescribeRequest(const Request& request, std::span<const EntityUid> delegation, std::string_view session, const Interner& interner,
                     const ApprovalLimits& limits) -> Expected<RequestFacts> {
  auto context = CanonicalValue(Value::OfSortedRecord(request.context), interner, limits);
  if (!context) return std::unexpected(std::move(context.error()));
  RequestFacts facts{.principal = ToUidText(request.principal, interner),
                     .action = ToUidText(request.action, interner),
                     .resource = ToUidText(request.resource, interner),
                     .delegation = {},
                     .session = std::string(session),
                     .context = std::move(*context),
                     .exact = {},
                     .in_session = std::nullopt};
  for (const EntityUid member : delegation) facts.delegation.push_back(ToUidText(member, interner));
  AddDigests(facts);
  return facts;
}

}  // namespace remit::approval
