#include "runtime/approval/escalation.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/approval/canonical_json.h"

namespace remit::approval {
namespace {

auto Reference(const UidText& uid) -> std::string { return fmt::format(R"({{"__entity":{}}})", UidToJson(uid)); }

auto References(const std::vector<UidText>& uids) -> std::string {
  std::vector<std::string> elements;
  for (const auto& uid : uids) elements.push_back(Reference(uid));
  std::ranges::sort(elements);
  return CanonicalArray(elements);
}

}  // namespace

auto DescribeEscalation(std::string id, const Wanted& wanted, const RequestFacts& facts, int64_t asked_ms) -> Escalation {
  return {.id = std::move(id),
          .statement = wanted.statement,
          .by = wanted.by,
          .requester = facts.principal,
          .action = facts.action,
          .resource = facts.resource,
          .delegation = facts.delegation,
          .session = facts.session,
          .context = facts.context,
          .asked_ms = asked_ms};
}

auto EscalationToJson(const Escalation& escalation, ContextAttribute context) -> std::string {
  CanonicalObject attributes;
  attributes.Add("by", References(escalation.by))
      .AddString("statement", escalation.statement)
      .Add("requester", Reference(escalation.requester))
      .Add("action", Reference(escalation.action))
      .Add("resource", Reference(escalation.resource))
      .Add("delegation", References(escalation.delegation));
  if (context == ContextAttribute::Given) attributes.Add("context", escalation.context);
  if (!escalation.session.empty()) attributes.AddString("session", escalation.session);
  return CanonicalObject()
      .Add("uid", UidToJson({.type = "Remit::Escalation", .id = escalation.id}))
      .Add("attrs", attributes.Finish())
      .Add("parents", "[]")
      .Finish();
}

}  // namespace remit::approval
