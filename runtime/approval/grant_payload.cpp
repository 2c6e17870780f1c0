#include <fmt/format.h>

#include "runtime/approval/approver_json.h"
#include "runtime/approval/canonical_json.h"
#include "runtime/approval/grant.h"

namespace remit::approval {
namespace {

auto Malformed() -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "grant-malformed", .message = "this is no grant", .pointer = {}, .help = {}});
}

}  // namespace

auto GrantPayload(const Grant& grant) -> std::string {
  return CanonicalObject()
      .AddString("id", grant.id)
      .AddString("escalation", grant.escalation)
      .AddString("statement", grant.statement)
      .AddString("statement_digest", ToHex(grant.statement_digest))
      .AddString("request_digest", ToHex(grant.request_digest))
      .AddString("scope", ScopeName(grant.scope))
      .Add("approvers", ApproversToJson(grant.approvers))
      .AddInteger("uses", grant.uses)
      .AddInteger("issued", grant.issued_ms)
      .AddInteger("expires", grant.expires_ms)
      .Finish();
}

auto ReadGrantPayload(std::string_view payload) -> Expected<Grant> {
  const auto document = JsonFields::Parse(payload);
  if (!document) return Malformed();
  bool ok = true;
  JsonFields fields(*document, ok);
  Grant grant;
  grant.id = fields.Text("id");
  grant.escalation = fields.Text("escalation");
  grant.statement = fields.Text("statement");
  grant.statement_digest = fields.DigestAt("statement_digest");
  grant.request_digest = fields.DigestAt("request_digest");
  const auto scope = ScopeFromName(fields.Text("scope"));
  grant.scope = scope.value_or(Scope::Exact);
  grant.approvers = ReadApprovers(fields, "approvers", ok);
  grant.uses = fields.Count("uses");
  grant.issued_ms = fields.Integer("issued");
  grant.expires_ms = fields.Integer("expires");
  // Members that we do not know, members twice, white space and other spellings of a string all make a difference here.
  const bool is_timely = grant.issued_ms >= 0 && grant.issued_ms <= grant.expires_ms && grant.expires_ms <= kMaxTimeMs;
  if (!ok || !scope || !is_timely || GrantPayload(grant) != payload) return Malformed();
  return grant;
}

}  // namespace remit::approval
