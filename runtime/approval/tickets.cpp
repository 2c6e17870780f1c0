#include "runtime/approval/tickets.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/approval/base64url.h"
#include "runtime/approval/canonical_json.h"
#include "runtime/approval/eligibility.h"
#include "runtime/approval/uses.h"

namespace remit::approval {
namespace {

constexpr size_t kPlaceSize = 22;  // of an id: which record; the rest says which of the tickets that were there
constexpr int kTicketAttempts = 64;
constexpr int64_t kForgetEveryMs = 60'000;

auto Busy() -> std::unexpected<Error> { return Fail("approval-store-busy", "others keep changing the same approval", "try again"); }

auto KeyOfPlace(std::string_view place) -> std::string { return fmt::format("ticket/{}", place); }

// `by` takes part: it may be evaluated from attributes that have changed since. It is a set, in whatever order a node has its symbols.
auto PlaceOf(const Wanted& wanted, const Digest& request) -> std::string {
  auto by = wanted.by;
  std::ranges::sort(by);
  const auto repeated = std::ranges::unique(by);
  by.erase(repeated.begin(), repeated.end());
  const Digest digest = Sha256(CanonicalObject()
                                   .AddString("statement", wanted.statement)
                                   .AddString("statement_digest", ToHex(wanted.statement_digest))
                                   .AddString("request_digest", ToHex(request))
                                   .Add("by", UidsToJson(by))
                                   .Finish());
  return ToBase64Url({reinterpret_cast<const char*>(digest.bytes.data()), 16});
}

auto CheckWanted(const Wanted& wanted, int64_t now_ms, const ApprovalLimits& limits) -> Expected<void> {
  if (wanted.quorum < 1 || wanted.quorum > limits.max_approvers) {
    return Fail("approval-invalid", fmt::format("a quorum is from 1 to {}, not {}", limits.max_approvers, wanted.quorum));
  }
  if (wanted.uses < 1 || wanted.uses > limits.max_uses) {
    return Fail("approval-invalid", fmt::format("an approval has from 1 to {} uses, not {}", limits.max_uses, wanted.uses));
  }
  const bool ends = now_ms >= 0 && now_ms <= kMaxTimeMs && wanted.expires_ms >= 1 && wanted.expires_ms <= kMaxTimeMs - now_ms;
  if (!ends) return Fail("approval-invalid", fmt::format("an approval cannot last for {} ms", wanted.expires_ms));
  return {};
}

// INVARIANT: CheckWanted was asked when the ticket was opened.
auto UsesOf(const Wanted& wanted, const ApprovalLimits& limits) -> uint32_t {
  return static_cast<uint32_t>(std::clamp<int64_t>(wanted.uses, 0, limits.max_uses));
}

auto RequireState(const Ticket& ticket, int64_t now_ms) -> Expected<void> {
  switch (ticket.StateAt(now_ms)) {
    case TicketState::Pending:
    case TicketState::Approved: return {};
    case TicketState::Denied: return Fail("escalation-denied", fmt::format("the escalation `{}` was denied", ticket.id));
    case TicketState::Revoked: return Fail("escalation-revoked", fmt::format("the escalation `{}` was revoked", ticket.id));
    case TicketState::Expired: return Fail("escalation-expired", fmt::format("the escalation `{}` has expired", ticket.id));
  }
  return {};
}

auto CheckReason(std::string_view reason, const ApprovalLimits& limits) -> Expected<void> {
  if (reason.size() <= limits.max_reason_bytes) return {};
  return Fail("reason-too-long", fmt::format("a reason has at most {} bytes", limits.max_reason_bytes));
}

void End(Ticket& ticket, TicketState state, const Approver& by, std::string_view reason) {
  ticket.state = state;
  ticket.decided_by = by.person;
  ticket.reason = reason;
  ticket.grant.clear();
}

}  // namespace

auto Tickets::IsLive(const Ticket& ticket, int64_t now_ms) -> Expected<bool> {
  if (now_ms >= ticket.expires_ms) return false;
  if (ticket.state != TicketState::Approved) return true;
  const auto search = FindUse(store_, ticket.grant_id, UsesOf(ticket.wanted, limits_), ticket.facts.exact, {});
  if (!search) return std::unexpected(search.error());
  return search->found != UseSearch::Found::NoneLeft;
}

void Tickets::ForgetNowAndThen(int64_t now_ms) {
  int64_t last = forgotten_ms_.load(std::memory_order_relaxed);
  if (now_ms < last + kForgetEveryMs || !forgotten_ms_.compare_exchange_strong(last, now_ms)) return;
  // What is not forgotten now is forgotten another time, and a store that is away says so where it matters.
  static_cast<void>(store_.Forget(now_ms));
}

auto Tickets::Open(const RequestFacts& facts, const Wanted& wanted, int64_t now_ms) -> Expected<Ticket> {
  if (const auto valid = CheckWanted(wanted, now_ms, limits_); !valid) return std::unexpected(valid.error());
  const auto digest = facts.DigestFor(wanted.scope);
  if (!digest) return std::unexpected(digest.error());
  ForgetNowAndThen(now_ms);
  const auto place = PlaceOf(wanted, *digest);
  for (int attempt = 0; attempt < kTicketAttempts; ++attempt) {
    const auto record = store_.Get(KeyOfPlace(place));
    if (!record) return std::unexpected(record.error());
    if (*record) {
      auto present = TicketFromJson(**record);
      if (!present) return present;
      const auto is_live = IsLive(*present, now_ms);
      if (!is_live) return std::unexpected(is_live.error());
      if (*is_live) return present;
    }
    Ticket ticket{.id = place + RandomId().substr(0, 11),
                  .state = TicketState::Pending,
                  .wanted = wanted,
                  .facts = facts,
                  .digest = *digest,
                  .opened_ms = now_ms,
                  .expires_ms = now_ms + wanted.expires_ms,
                  .approvers = {},
                  .grant_id = RandomId(),
                  .grant = {},
                  .decided_by = {},
                  .reason = {}};
    const auto is_set = store_.CompareAndSet(KeyOfPlace(place), *record, TicketToJson(ticket), ticket.expires_ms + kKeepAfterExpiryMs);
    if (!is_set) return std::unexpected(is_set.error());
    if (*is_set) return ticket;
  }
  return Busy();
}

auto Tickets::Update(std::string_view id, int64_t now_ms, const Change& change) -> Expected<Ticket> {
  const auto key = KeyOfPlace(id.substr(0, kPlaceSize));
  for (int attempt = 0; attempt < kTicketAttempts; ++attempt) {
    auto record = store_.Get(key);
    if (!record) return std::unexpected(record.error());
    auto ticket = *record ? TicketFromJson(**record) : Fail("escalation-unknown", fmt::format("there is no escalation `{}`", id));
    if (!ticket) return ticket;
    if (ticket->id != id) return Fail("escalation-unknown", fmt::format("the escalation `{}` is over", id));
    if (const auto is_open = RequireState(*ticket, now_ms); !is_open) return std::unexpected(is_open.error());
    const auto is_changed = change(*ticket);
    if (!is_changed) return std::unexpected(is_changed.error());
    if (!*is_changed) return ticket;
    const auto is_set = store_.CompareAndSet(key, *record, TicketToJson(*ticket), ticket->expires_ms + kKeepAfterExpiryMs);
    if (!is_set) return std::unexpected(is_set.error());
    if (*is_set) return ticket;
  }
  return Busy();
}

auto Tickets::RequireEligible(const Ticket& ticket, const Approver& approver) -> Expected<void> {
  if (approver.acting_for.size() > limits_.max_chain) {
    return Fail("too-many-approvers", fmt::format("an approver acts for at most {} others", limits_.max_chain));
  }
  if (IsParty(approver, ticket.facts)) {
    return Fail("approval-by-requester",
                fmt::format("`{}` cannot answer a request of its own, or of one acting for it", FormatUid(approver.person)));
  }
  const auto may = IsEligible(approver, DescribeEscalation(ticket.id, ticket.wanted, ticket.facts, approver.at_ms), may_approve_);
  if (!may) return std::unexpected(may.error());
  if (*may) return {};
  return Fail("approver-not-eligible", fmt::format("policy does not let `{}` answer this escalation", FormatUid(approver.person)));
}

auto Tickets::AddApprover(Ticket& ticket, const Approver& approver) -> Expected<bool> {
  const auto is_same = [&](const Approver& other) { return other.person == approver.person && other.acting_for == approver.acting_for; };
  const bool is_there = std::ranges::any_of(ticket.approvers, is_same);
  // Who approved before may be eligible again, and complete the quorum that was not one.
  if (is_there) return ticket.state == TicketState::Pending;
  if (ticket.approvers.size() >= limits_.max_approvers) {
    return Fail("too-many-approvers", fmt::format("an escalation has at most {} approvers", limits_.max_approvers));
  }
  ticket.approvers.push_back(approver);
  return true;
}

auto Tickets::SignIfQuorum(Ticket& ticket, int64_t now_ms) -> Expected<void> {
  const auto count =
      CountApprovers(ticket.approvers, ticket.facts, DescribeEscalation(ticket.id, ticket.wanted, ticket.facts, now_ms), may_approve_);
  if (!count) return std::unexpected(count.error());
  if (*count < ticket.wanted.quorum) return {};
  if (!key_) return Fail("no-signing-key", "this node has no key to sign the grant with");
  auto token = SignGrant({.id = ticket.grant_id,
                          .escalation = ticket.id,
                          .statement = ticket.wanted.statement,
                          .statement_digest = ticket.wanted.statement_digest,
                          .request_digest = ticket.digest,
                          .scope = ticket.wanted.scope,
                          .approvers = ticket.approvers,
                          .uses = UsesOf(ticket.wanted, limits_),
                          .issued_ms = now_ms,
                          .expires_ms = ticket.expires_ms},
                         *key_, limits_);
  if (!token) return std::unexpected(std::move(token.error()));
  ticket.state = TicketState::Approved;
  ticket.grant = std::move(*token);
  return {};
}

auto Tickets::Approve(std::string_view id, Approver approver) -> Expected<Ticket> {
  const int64_t now_ms = approver.at_ms;
  return Update(id, now_ms, [&](Ticket& ticket) -> Expected<bool> {
    if (const auto eligible = RequireEligible(ticket, approver); !eligible) return std::unexpected(eligible.error());
    const auto is_added = AddApprover(ticket, approver);
    if (!is_added || !*is_added) return is_added;
    const auto answered = SignIfQuorum(ticket, now_ms);
    if (!answered) return std::unexpected(answered.error());
    return true;
  });
}

auto Tickets::Deny(std::string_view id, const Approver& by, std::string_view reason) -> Expected<Ticket> {
  if (const auto fits = CheckReason(reason, limits_); !fits) return std::unexpected(fits.error());
  return Update(id, by.at_ms, [&](Ticket& ticket) -> Expected<bool> {
    if (ticket.state == TicketState::Approved) {
      return Fail("escalation-approved", fmt::format("the escalation `{}` is approved already", ticket.id), "revoke it");
    }
    if (const auto eligible = RequireEligible(ticket, by); !eligible) return std::unexpected(eligible.error());
    End(ticket, TicketState::Denied, by, reason);
    return true;
  });
}

auto Tickets::Revoke(std::string_view id, const Approver& by, std::string_view reason) -> Expected<Ticket> {
  if (const auto fits = CheckReason(reason, limits_); !fits) return std::unexpected(fits.error());
  return Update(id, by.at_ms, [&](Ticket& ticket) -> Expected<bool> {
    const bool approved = std::ranges::any_of(ticket.approvers, [&](const auto& other) { return other.person == by.person; });
    const auto eligible = approved ? Expected<void>{} : RequireEligible(ticket, by);
    if (!eligible) return std::unexpected(eligible.error());
    // Before the ticket says so: a grant that another node signs meanwhile is revoked already.
    const auto revoked =
        store_.CompareAndSet(RevocationKey(ticket.grant_id), std::nullopt, "revoked", ticket.expires_ms + kKeepAfterExpiryMs);
    if (!revoked) return std::unexpected(revoked.error());
    End(ticket, TicketState::Revoked, by, reason);
    return true;
  });
}

auto Tickets::Find(std::string_view id, int64_t now_ms) -> Expected<Ticket> {
  const auto record = store_.Get(KeyOfPlace(id.substr(0, kPlaceSize)));
  if (!record) return std::unexpected(record.error());
  auto ticket = *record ? TicketFromJson(**record) : Fail("escalation-unknown", fmt::format("there is no escalation `{}`", id));
  if (!ticket) return ticket;
  if (ticket->id != id) return Fail("escalation-unknown", fmt::format("the escalation `{}` is over", id));
  ticket->state = ticket->StateAt(now_ms);
  return ticket;
}

auto Tickets::List(int64_t now_ms, size_t limit) -> Expected<std::vector<Ticket>> {
  const auto records = store_.List("ticket/", limit);
  if (!records) return std::unexpected(records.error());
  std::vector<Ticket> tickets;
  for (const auto& [key, text] : *records) {
    auto ticket = TicketFromJson(text);
    if (!ticket) return std::unexpected(std::move(ticket.error()));
    ticket->state = ticket->StateAt(now_ms);
    tickets.push_back(std::move(*ticket));
  }
  return tickets;
}

}  // namespace remit::approval
