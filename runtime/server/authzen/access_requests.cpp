// What a denial says of asking for access.
#include "runtime/server/authzen/access_requests.h"

#include <algorithm>

#include "runtime/approval/base64url.h"
#include "runtime/server/authzen/binding.h"
#include "runtime/server/authzen/times.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using server::AppendMember;
using server::AppendName;

// Those members that became attributes of the context a grant is bound to.
auto BoundMembers(const State& state, const server::Decided& decided, const Question& asked, const Translation& translation)
    -> std::vector<std::string> {
  std::vector<std::string> members;
  if (!asked.context) return members;
  const auto context = asked.context->get_object().value_unsafe();
  for (const auto& [key, child] : context) {
    if (IsOwnMember(key)) continue;
    const SymbolId symbol = decided.names->Find(Renamed(state.mapping().context, key));
    if (symbol.has_value() && FindField(translation.request.context, symbol) != nullptr) members.emplace_back(key);
  }
  std::ranges::sort(members);
  return members;
}

// Every cap that is in the way has a ticket.
auto IsRequestable(const State& state, const server::Decided& decided) -> bool {
  if (!state.options().find_ticket || decided.governed == nullptr || decided.outcome != Outcome::Approve) return false;
  const auto& governed = *decided.governed;
  return !governed.tickets.empty() && governed.tickets.size() == governed.decision.approvals.size();
}

auto Bind(const State& state, const server::Decided& decided, const Question& asked, const Translation& translation) -> Binding {
  Binding binding{.tickets = {},
                  .evaluation = std::string(decided.decision_id),
                  .question = {},
                  .members = BoundMembers(state, decided, asked, translation),
                  .expires_ms = INT64_MAX};
  for (const auto& ticket : decided.governed->tickets) {
    binding.tickets.push_back(ticket.id);
    binding.expires_ms = std::min(binding.expires_ms, ticket.expires_at);
  }
  binding.question = DigestOfQuestion(asked, binding.members);
  return binding;
}

struct NextStep {
  std::string_view action;
  std::string_view reason;
};
// After an approval that was presented and did not suffice.
auto NextAfter(const PresentedApproval& approval, const server::Decided& decided, bool is_requestable) -> NextStep {
  if (decided.outcome != Outcome::Approve) return {.action = "none", .reason = "policy_denied"};
  if (!is_requestable) return {.action = "none", .reason = "approval_unverifiable"};
  if (approval.grants.empty()) return {.action = "request", .reason = "approval_unverifiable"};
  // Both are times as FormatTime writes them, or the first is no time of ours and says nothing.
  const bool is_over = approval.approved_until.size() == FormatTime(0).size() && approval.approved_until <= FormatTime(decided.now);
  return {.action = "request", .reason = is_over ? "approval_expired" : "out_of_scope"};
}

}  // namespace

void AppendAccessRequest(std::string& out, const State& state, const server::Decided& decided, const Question& asked,
                         const Translation& translation) {
  if (decided.outcome == Outcome::Execute) {
    if (!translation.approval || translation.approval->grants.empty()) return;
    AppendName(out, "approval");
    out += '{';
    AppendMember(out, "id", translation.approval->id);
    AppendMember(out, "approved_until", translation.approval->approved_until);
    out += '}';
    return;
  }
  const bool is_requestable = IsRequestable(state, decided);
  if (translation.approval) {
    const auto next = NextAfter(*translation.approval, decided, is_requestable);
    AppendMember(out, "next_action", next.action);
    AppendMember(out, "reason", next.reason);
  } else if (is_requestable) {
    AppendMember(out, "reason", "approval_required");
  }
  if (!is_requestable) return;
  const Binding binding = Bind(state, decided, asked, translation);
  AppendMember(out, "evaluated_at", FormatTime(decided.now));
  AppendName(out, "access_request");
  out += '{';
  AppendMember(out, "expires_at", FormatTime(binding.expires_ms));
  AppendMember(out, "binding_token", SealBinding(state, binding));
  out += '}';
}

auto ApprovalId(const std::vector<std::string>& grants) -> std::string {
  std::string id;
  for (const auto& token : grants) {  // remit1.KEY.PAYLOAD.SIGNATURE
    const size_t first = token.find('.');
    const size_t begin = first == std::string::npos ? first : token.find('.', first + 1);
    const size_t end = begin == std::string::npos ? begin : token.find('.', begin + 1);
    if (end == std::string::npos) return {};
    const auto payload = approval::FromBase64Url(std::string_view(token).substr(begin + 1, end - begin - 1));
    const auto grant = payload ? approval::ReadGrantPayload(*payload) : std::unexpected(Error{});
    if (!grant) return {};
    if (!id.empty()) id += '.';
    id += grant->id;
  }
  return id;
}

auto IsConsistent(const PresentedApproval& approval) -> bool {
  return approval.grants.empty() || approval.id == ApprovalId(approval.grants);
}

}  // namespace remit::authzen
