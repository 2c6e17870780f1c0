#include "runtime/approval/ticket.h"

#include <array>

#include "runtime/approval/approver_json.h"
#include "runtime/approval/canonical_json.h"
#include "runtime/approval/json_fields.h"

namespace remit::approval {
namespace {

constexpr auto kStates =
    std::to_array({TicketState::Pending, TicketState::Approved, TicketState::Denied, TicketState::Revoked, TicketState::Expired});

auto StateFromName(std::string_view name) -> std::optional<TicketState> {
  for (const auto state : kStates) {
    if (TicketStateName(state) == name) return state;
  }
  return std::nullopt;
}

auto WantedToJson(const Wanted& wanted) -> std::string {
  return CanonicalObject()
      .AddString("statement", wanted.statement)
      .AddString("statement_digest", ToHex(wanted.statement_digest))
      .Add("by", UidsToJson(wanted.by))
      .AddInteger("quorum", wanted.quorum)
      .AddInteger("expires", wanted.expires_ms)
      .AddInteger("uses", wanted.uses)
      .AddString("scope", ScopeName(wanted.scope))
      .Finish();
}

// The context as a text, so that what people saw is what is hashed again.
auto FactsToJson(const RequestFacts& facts) -> std::string {
  return CanonicalObject()
      .Add("principal", UidToJson(facts.principal))
      .Add("action", UidToJson(facts.action))
      .Add("resource", UidToJson(facts.resource))
      .Add("delegation", UidsToJson(facts.delegation))
      .AddString("session", facts.session)
      .AddString("context", facts.context)
      .Finish();
}

auto ReadWanted(const nlohmann::json& json, bool& ok) -> Wanted {
  JsonFields fields(json, ok);
  Wanted wanted;
  wanted.statement = fields.Text("statement");
  wanted.statement_digest = fields.DigestAt("statement_digest");
  wanted.by = fields.Uids("by");
  wanted.quorum = fields.Integer("quorum");
  wanted.expires_ms = fields.Integer("expires");
  wanted.uses = fields.Integer("uses");
  const auto scope = ScopeFromName(fields.Text("scope"));
  wanted.scope = scope.value_or(Scope::Exact);
  ok = ok && scope.has_value();
  return wanted;
}

auto ReadFacts(const nlohmann::json& json, bool& ok) -> RequestFacts {
  JsonFields fields(json, ok);
  RequestFacts facts;
  facts.principal = fields.Uid("principal");
  facts.action = fields.Uid("action");
  facts.resource = fields.Uid("resource");
  facts.delegation = fields.Uids("delegation");
  facts.session = fields.Text("session");
  facts.context = fields.Text("context");
  AddDigests(facts);
  return facts;
}

}  // namespace

auto TicketStateName(TicketState state) -> std::string_view {
  switch (state) {
    case TicketState::Pending: return "pending";
    case TicketState::Approved: return "approved";
    case TicketState::Denied: return "denied";
    case TicketState::Revoked: return "revoked";
    case TicketState::Expired: return "expired";
  }
  return "";
}

auto Ticket::StateAt(int64_t now_ms) const -> TicketState {
  const bool ends_in_time = state == TicketState::Pending || state == TicketState::Approved;
  return ends_in_time && now_ms >= expires_ms ? TicketState::Expired : state;
}

auto TicketToJson(const Ticket& ticket) -> std::string {
  return CanonicalObject()
      .AddString("id", ticket.id)
      .AddString("state", TicketStateName(ticket.state))
      .Add("wanted", WantedToJson(ticket.wanted))
      .Add("request", FactsToJson(ticket.facts))
      .AddString("digest", ToHex(ticket.digest))
      .AddInteger("opened", ticket.opened_ms)
      .AddInteger("expires", ticket.expires_ms)
      .Add("approvers", ApproversToJson(ticket.approvers))
      .AddString("grant_id", ticket.grant_id)
      .AddString("grant", ticket.grant)
      .Add("decided_by", UidToJson(ticket.decided_by))
      .AddString("reason", ticket.reason)
      .Finish();
}

auto TicketFromJson(std::string_view json) -> Expected<Ticket> {
  const Error damaged{.code = "ticket-damaged", .message = "what the store has is no ticket", .pointer = {}, .help = {}};
  const auto document = JsonFields::Parse(json);
  if (!document) return std::unexpected(damaged);
  bool ok = true;
  JsonFields fields(*document, ok);
  Ticket ticket;
  ticket.id = fields.Text("id");
  const auto state = StateFromName(fields.Text("state"));
  ticket.state = state.value_or(TicketState::Expired);
  ticket.wanted = ReadWanted(fields.Object("wanted"), ok);
  ticket.facts = ReadFacts(fields.Object("request"), ok);
  ticket.digest = fields.DigestAt("digest");
  ticket.opened_ms = fields.Integer("opened");
  ticket.expires_ms = fields.Integer("expires");
  ticket.approvers = ReadApprovers(fields, "approvers", ok);
  ticket.grant_id = fields.Text("grant_id");
  ticket.grant = fields.Text("grant");
  ticket.decided_by = fields.Uid("decided_by");
  ticket.reason = fields.Text("reason");
  if (!ok || !state || ticket.facts.DigestFor(ticket.wanted.scope) != ticket.digest) return std::unexpected(damaged);
  return ticket;
}

}  // namespace remit::approval
