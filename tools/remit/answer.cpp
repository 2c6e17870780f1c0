#include "tools/remit/answer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "runtime/base/text.h"

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

auto DeterminingIds(const Decision& decision, const RequestDecider& decider) -> std::vector<std::string> {
  std::vector<std::string> ids;
  for (const uint32_t policy : decision.determining) ids.emplace_back(decider.policy_id(policy));
  return ids;
}

auto Dump(const Json& json) -> std::string { return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

auto CodePoints(std::string_view text) -> size_t {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

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

// `15m`; Cedar's duration literals have these units.
auto ShortDuration(int64_t millis) -> std::string {
  constexpr auto kUnits =
      std::to_array<std::pair<int64_t, std::string_view>>({{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}});
  for (const auto& [unit, name] : kUnits) {
    if (millis % unit == 0) return fmt::format("{}{}", millis / unit, name);
  }
  return fmt::format("{}ms", millis);
}

auto ScopeName(ir::ApprovalScope scope) -> std::string_view { return scope == ir::ApprovalScope::Exact ? "exact" : "session"; }

// What comes of Remit's statements, a line each.
auto StatementLines(const Decision& decision, const RequestDecider& decider) -> std::vector<std::string> {
  std::vector<std::string> lines;
  if (!decision.quarantined.empty()) lines.push_back(fmt::format("quarantined: {}", decision.quarantined));
  for (const auto& wanted : decision.approvals) {
    lines.push_back(fmt::format("{} waits for {} of {} within {}", decider.policy_id(wanted.policy),
                                wanted.terms.quorum == 1 ? "an approval" : fmt::format("{} approvals", wanted.terms.quorum),
                                EntityList(wanted.by), ShortDuration(wanted.terms.expires)));
  }
  for (const auto& [policy, record] : decision.obligations)
    lines.push_back(fmt::format("{} obliges: {}", decider.policy_id(policy), record));
  return lines;
}

auto ApprovalsJson(const Decision& decision, const RequestDecider& decider) -> Json {
  Json approvals = Json::array();
  for (const auto& wanted : decision.approvals) {
    Json by = Json::array();
    for (const auto& each : wanted.by) by.push_back({{"type", each.type}, {"id", each.id}});
    approvals.push_back({{"policyId", decider.policy_id(wanted.policy)},
                         {"by", std::move(by)},
                         {"quorum", wanted.terms.quorum},
                         {"expiresMs", wanted.terms.expires},
                         {"uses", wanted.terms.uses},
                         {"scope", ScopeName(wanted.terms.scope)}});
  }
  return approvals;
}

// Members that a decision without Remit's statements does not have.
void AddStatements(Json& json, const Decision& decision, const RequestDecider& decider) {
  if (!decision.obligations.empty()) {
    Json obligations = Json::array();
    for (const auto& [policy, record] : decision.obligations) {
      obligations.push_back({{"policyId", decider.policy_id(policy)}, {"obligations", Json::parse(record)}});
    }
    json["obligations"] = std::move(obligations);
  }
  if (!decision.approvals.empty()) json["approvals"] = ApprovalsJson(decision, decider);
  if (!decision.quarantined.empty()) json["quarantined"] = decision.quarantined;
}

}  // namespace

auto AnswerText(const RequestAnswer& answer, const RequestDecider& decider, const CompileJob& job, bool color) -> std::string {
  const auto ids = DeterminingIds(answer.decision, decider);
  std::string text = ColoredOutcome(answer.decision.outcome, color);
  text +=
      ids.empty() ? std::string{answer.decision.allowed() ? "" : " (no policy permits it)"} : fmt::format(" by {}", fmt::join(ids, ", "));
  text += '\n';
  for (const auto& error : answer.decision.errors) {
    text += fmt::format("{}error[{}] in {}: {}\n", PlaceText(error, job), error.code, decider.policy_id(error.policy), error.message);
  }
  for (const auto& line : StatementLines(answer.decision, decider)) text += line + '\n';
  return text;
}

auto AnswerJson(const RequestAnswer& answer, const RequestDecider& decider) -> std::string {
  Json errors = Json::array();
  for (const auto& error : answer.decision.errors) {
    errors.push_back({{"policyId", decider.policy_id(error.policy)}, {"code", error.code}, {"message", error.message}});
  }
  Json json;
  if (!answer.request_id.empty()) json["id"] = answer.request_id;
  json["decision"] = answer.decision.allowed() ? "allow" : "deny";
  json["outcome"] = OutcomeName(answer.decision.outcome);
  json["reason"] = DeterminingIds(answer.decision, decider);
  json["errors"] = std::move(errors);
  AddStatements(json, answer.decision, decider);
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

void AnswerTable::Add(const RequestAnswer& answer, const RequestDecider& decider) {
  const auto ids = DeterminingIds(answer.decision, decider);
  Row row{.cells = {answer.request_id, answer.principal, answer.action, answer.resource, std::string{OutcomeName(answer.decision.outcome)},
                    fmt::format("{}", fmt::join(ids, ", "))},
          .outcome = answer.decision.outcome,
          .notes = {}};
  for (const auto& error : answer.decision.errors)
    row.notes.push_back(fmt::format("error in {}: {}", decider.policy_id(error.policy), error.message));
  for (auto& line : StatementLines(answer.decision, decider)) row.notes.push_back(std::move(line));
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
