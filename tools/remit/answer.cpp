#include "tools/remit/answer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "runtime/base/text.h"
#include "tools/remit/table.h"

namespace remit::cli {
namespace {

using Json = nlohmann::ordered_json;

auto OutcomeColor(Outcome outcome) -> std::string_view {
  switch (outcome) {
    case Outcome::Deny: return "\033[31m";
    case Outcome::Observe:
    case Outcome::Draft:
    case Outcome::Approve: return "\033[33m";
    case Outcome::Execute: return "\033[32m";
  }
  return "";
}

auto ColoredOutcome(Outcome outcome, bool color) -> std::string {
  return color ? fmt::format("{}{}\033[0m", OutcomeColor(outcome), OutcomeName(outcome)) : std::string{OutcomeName(outcome)};
}

auto DeterminingIds(const Decision& decision, const PolicyIds& policy_ids) -> std::vector<std::string> {
  std::vector<std::string> ids;
  for (const uint32_t policy : decision.determining) ids.emplace_back(policy_ids(policy));
  return ids;
}

auto Dump(const Json& json) -> std::string { return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

auto PlaceText(const EvalError& error, const CompileJob& job) -> std::string {
  if (error.span_file >= job.sources.size()) return "";  // none, or that of a bundle which says anything
  const auto& file = job.sources.file({error.span_file});
  const auto place = file.locate(error.span_begin);
  return fmt::format("{}:{}:{}: ", file.name(), place.line, place.column);
}

}  // namespace

namespace {

auto EntityList(const std::vector<UidText>& entities) -> std::string {
  std::vector<std::string> texts;
  for (const auto& each : entities) texts.push_back(FormatUid(each));
  return texts.empty() ? "nobody" : fmt::format("{}", fmt::join(texts, " or "));
}

auto ScopeName(ir::ApprovalScope scope) -> std::string_view { return scope == ir::ApprovalScope::Exact ? "exact" : "session"; }

// What the ledger did, and the tickets that wait for people, a line each.
void AddGovernedLines(std::vector<std::string>& lines, const GovernedDecision& governed, const PolicyIds& policy_ids) {
  if (!governed.reservation.empty()) {
    lines.push_back(fmt::format("reservation {}{} until {}", governed.reservation,
                                governed.is_repeated ? " (of the same request before)" : "", TimeText(governed.expires_at)));
  }
  for (const auto& ticket : governed.tickets)
    lines.push_back(fmt::format("{} opened escalation {} until {}", policy_ids(ticket.policy), ticket.id, TimeText(ticket.expires_at)));
  for (const auto& [policy, why] : governed.refused)
    lines.push_back(fmt::format("{} is not lifted by what was presented: [{}] {}", policy_ids(policy), why.code, why.message));
  for (const auto& error : governed.ticket_errors)
    lines.push_back(fmt::format("no escalation was opened: [{}] {}", error.code, error.message));
}

// What comes of Remit's statements, a line each.
auto StatementLines(const DecidedAnswer& decided, const PolicyIds& policy_ids) -> std::vector<std::string> {
  const Decision& decision = decided.answer.decision;
  std::vector<std::string> lines;
  if (!decision.quarantined.empty()) lines.push_back(fmt::format("quarantined: {}", decision.quarantined));
  for (const auto& wanted : decision.approvals) {
    lines.push_back(fmt::format("{} waits for {} of {} within {}", policy_ids(wanted.policy),
                                wanted.terms.quorum == 1 ? "an approval" : fmt::format("{} approvals", wanted.terms.quorum),
                                EntityList(wanted.by), ShortDuration(wanted.terms.expires)));
  }
  for (const auto& [policy, record] : decision.obligations) lines.push_back(fmt::format("{} obliges: {}", policy_ids(policy), record));
  if (decided.governed) AddGovernedLines(lines, *decided.governed, policy_ids);
  return lines;
}

auto ApprovalsJson(const Decision& decision, const PolicyIds& policy_ids) -> Json {
  Json approvals = Json::array();
  for (const auto& wanted : decision.approvals) {
    Json by = Json::array();
    for (const auto& each : wanted.by) by.push_back({{"type", each.type}, {"id", each.id}});
    approvals.push_back({{"policyId", policy_ids(wanted.policy)},
                         {"by", std::move(by)},
                         {"quorum", wanted.terms.quorum},
                         {"expiresMs", wanted.terms.expires},
                         {"uses", wanted.terms.uses},
                         {"scope", ScopeName(wanted.terms.scope)}});
  }
  return approvals;
}

// Members that a decision without Remit's statements does not have.
void AddStatements(Json& json, const Decision& decision, const PolicyIds& policy_ids) {
  if (!decision.obligations.empty()) {
    Json obligations = Json::array();
    for (const auto& [policy, record] : decision.obligations) {
      obligations.push_back({{"policyId", policy_ids(policy)}, {"obligations", Json::parse(record)}});
    }
    json["obligations"] = std::move(obligations);
  }
  if (!decision.approvals.empty()) json["approvals"] = ApprovalsJson(decision, policy_ids);
  if (!decision.quarantined.empty()) json["quarantined"] = decision.quarantined;
}

auto ErrorJson(const Error& error) -> Json { return {{"code", error.code}, {"message", error.message}}; }

// Members that only a decision with a ledger has.
void AddGoverned(Json& json, const GovernedDecision& governed, const PolicyIds& policy_ids) {
  if (!governed.reservation.empty()) {
    json["reservation"] = {{"id", governed.reservation}, {"expiresAt", governed.expires_at}, {"repeated", governed.is_repeated}};
  }
  for (const auto& ticket : governed.tickets) {
    json["escalations"].push_back(
        {{"id", ticket.id}, {"policyId", policy_ids(ticket.policy)}, {"digest", ticket.digest}, {"expiresAt", ticket.expires_at}});
  }
  for (const auto& [policy, why] : governed.refused) {
    Json refused = {{"policyId", policy_ids(policy)}};
    refused.update(ErrorJson(why));
    json["notLifted"].push_back(std::move(refused));
  }
  for (const auto& error : governed.ticket_errors) json["escalationErrors"].push_back(ErrorJson(error));
}

}  // namespace

auto AnswerText(const DecidedAnswer& decided, const PolicyIds& policy_ids, const CompileJob& job, bool color) -> std::string {
  const auto& answer = decided.answer;
  const auto ids = DeterminingIds(answer.decision, policy_ids);
  std::string text = ColoredOutcome(answer.decision.outcome, color);
  text +=
      ids.empty() ? std::string{answer.decision.allowed() ? "" : " (no policy permits it)"} : fmt::format(" by {}", fmt::join(ids, ", "));
  text += '\n';
  for (const auto& error : answer.decision.errors) {
    text += fmt::format("{}error[{}] in {}: {}\n", PlaceText(error, job), error.code, policy_ids(error.policy), error.message);
  }
  for (const auto& line : StatementLines(decided, policy_ids)) text += line + '\n';
  return text;
}

auto AnswerJson(const DecidedAnswer& decided, const PolicyIds& policy_ids) -> std::string {
  const auto& answer = decided.answer;
  Json errors = Json::array();
  for (const auto& error : answer.decision.errors) {
    errors.push_back({{"policyId", policy_ids(error.policy)}, {"code", error.code}, {"message", error.message}});
  }
  Json json;
  if (!answer.request_id.empty()) json["id"] = answer.request_id;
  json["decision"] = answer.decision.allowed() ? "allow" : "deny";
  json["outcome"] = OutcomeName(answer.decision.outcome);
  json["reason"] = DeterminingIds(answer.decision, policy_ids);
  json["errors"] = std::move(errors);
  AddStatements(json, answer.decision, policy_ids);
  if (decided.governed) AddGoverned(json, *decided.governed, policy_ids);
  return Dump(json);
}

auto RefusalJson(uint64_t line, const Error& error) -> std::string {
  Json json = {{"id", std::to_string(line)},
               {"decision", "deny"},
               {"outcome", OutcomeName(Outcome::Deny)},
               {"reason", Json::array()},
               {"errors", Json::array()}};
  json["refused"] = {{"code", error.code}, {"message", error.message}, {"pointer", error.pointer}};
  return Dump(json);
}

void AnswerTable::Add(const DecidedAnswer& decided, const PolicyIds& policy_ids) {
  const auto& answer = decided.answer;
  const auto ids = DeterminingIds(answer.decision, policy_ids);
  Row row{.cells = {answer.request_id, answer.principal, answer.action, answer.resource, std::string{OutcomeName(answer.decision.outcome)},
                    fmt::format("{}", fmt::join(ids, ", "))},
          .outcome = answer.decision.outcome,
          .notes = {}};
  for (const auto& error : answer.decision.errors)
    row.notes.push_back(fmt::format("error in {}: {}", policy_ids(error.policy), error.message));
  for (auto& line : StatementLines(decided, policy_ids)) row.notes.push_back(std::move(line));
  rows_.push_back(std::move(row));
}

void AnswerTable::AddError(uint64_t line, const Error& error) {
  rows_.push_back({.cells = {std::to_string(line), "", "", "", "deny", ""},
                   .outcome = Outcome::Deny,
                   .notes = {fmt::format("request refused [{}]: {}", error.code, FormatError(error))}});
}

auto AnswerTable::Finish() const -> std::string {
  static constexpr std::array<std::string_view, 6> kTitles = {"request", "principal", "action", "resource", "outcome", "by"};
  constexpr size_t kOutcomeColumn = 4;
  std::array<size_t, kTitles.size()> widths;
  for (size_t i = 0; i < kTitles.size(); ++i) {
    widths[i] = kTitles[i].size();
    for (const auto& row : rows_) widths[i] = std::max(widths[i], CodePoints(row.cells[i]));
  }
  const auto pad = [&](std::string_view cell, size_t column) {
    return std::string(column + 1 == kTitles.size() ? 0 : widths[column] - CodePoints(cell) + 2, ' ');
  };
  std::string text;
  for (size_t i = 0; i < kTitles.size(); ++i) text += fmt::format("{}{}", kTitles[i], pad(kTitles[i], i));
  text += '\n';
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.cells.size(); ++i) {
      text += i == kOutcomeColumn ? ColoredOutcome(row.outcome, color_) : row.cells[i];
      text += pad(row.cells[i], i);
    }
    while (text.ends_with(' ')) text.pop_back();
    text += '\n';
    for (const auto& note : row.notes) text += fmt::format("    {}\n", note);
  }
  return text;
}

}  // namespace remit::cli
