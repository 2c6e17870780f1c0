#include "tools/remit/ticket_answer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/base/text.h"
#include "tools/remit/table.h"

namespace remit::cli {
namespace {

auto List(const std::vector<approval::UidText>& uids, std::string_view between) -> std::string {
  std::vector<std::string> texts;
  for (const auto& uid : uids) texts.push_back(ShowUid(uid));
  return fmt::format("{}", fmt::join(texts, between));
}

}  // namespace

auto ShowUid(const approval::UidText& uid) -> std::string { return fmt::format("{}::{}", uid.type, QuoteString(uid.id)); }

auto TicketText(const approval::Ticket& ticket) -> std::string {
  const auto& facts = ticket.facts;
  std::string text = fmt::format("{} {}\n", ticket.id, TicketStateName(ticket.state));
  const auto add = [&](std::string_view title, const std::string& value) { text += fmt::format("  {:<11}{}\n", title, value); };
  add("statement", Shown(ticket.wanted.statement));
  add("asked by", ShowUid(facts.principal) + (facts.delegation.empty() ? "" : " for " + List(facts.delegation, ", ")));
  add("for", ShowUid(facts.action) + " on " + ShowUid(facts.resource));
  // JSON has its control characters escaped already.
  add("with", facts.context);
  if (!facts.session.empty()) add("session", Shown(facts.session));
  add("approvals", fmt::format("{} of {}, by {}", ticket.approvers.size(), ticket.wanted.quorum, List(ticket.wanted.by, " or ")));
  for (const auto& approver : ticket.approvers) {
    add("", fmt::format("{}{} at {}", ShowUid(approver.person),
                        approver.acting_for.empty() ? "" : " for " + List(approver.acting_for, ", "), TimeText(approver.at_ms)));
  }
  add("until", fmt::format("{}, {} use{}, scope {}", TimeText(ticket.expires_ms), ticket.wanted.uses, ticket.wanted.uses == 1 ? "" : "s",
                           ScopeName(ticket.wanted.scope)));
  if (!ticket.decided_by.type.empty()) add(TicketStateName(ticket.state), "by " + ShowUid(ticket.decided_by));
  if (!ticket.reason.empty()) add("because", Shown(ticket.reason));
  // Alone on its line, to be copied.
  if (!ticket.grant.empty()) text += ticket.grant + "\n";
  return text;
}

}  // namespace remit::cli
