// What a worker writes to the audit log.
#include <fmt/format.h>

#include "runtime/server/caller.h"
#include "runtime/server/worker.h"

namespace remit::server {
namespace {

using audit::DecisionRecord;

// Texts that a record borrows until it is appended.
struct Texts {
  std::string context;
  std::vector<audit::Entity> delegation;
  std::vector<std::string_view> determining;
  std::vector<audit::StatementError> errors;
  std::vector<audit::ObligationOf> obligations;
  std::vector<audit::BudgetRead> budgets;
  std::vector<audit::BreakerRead> breakers;
  std::vector<audit::Escalation> escalations;
};

auto EntityOf(EntityUid uid, const Interner& names) -> audit::Entity { return {.type = names.text(uid.type), .id = names.text(uid.id)}; }

void AddRequest(DecisionRecord& record, Texts& texts, const GovernedRequest& request, const DecideTexts& given) {
  const Interner& names = request.interner;
  record.principal = EntityOf(request.request.principal, names);
  record.action = EntityOf(request.request.action, names);
  record.resource = EntityOf(request.request.resource, names);
  for (const EntityUid uid : request.delegation) texts.delegation.push_back(EntityOf(uid, names));
  record.delegation = texts.delegation;
  record.context = given.context;
  if (given.context.empty() && request.request.context.size() != 0) {
    texts.context = ValueToJson(Value::OfSortedRecord(request.request.context), names);
    record.context = texts.context;
  }
  record.entities = given.entities;
  record.dry_run = request.dry_run;
  record.is_validated = request.conforms;
}

void AddDecision(DecisionRecord& record, Texts& texts, const Decided& decided) {
  record.outcome = OutcomeName(decided.outcome);
  for (const uint32_t policy : decided.determining) texts.determining.push_back(decided.policy_id(policy));
  for (const EvalError& error : decided.errors) {
    texts.errors.push_back({.statement = decided.policy_id(error.policy), .code = error.code, .message = error.message});
  }
  record.determining = texts.determining;
  record.errors = texts.errors;
}

void AddGoverned(DecisionRecord& record, Texts& texts, const Decided& decided) {
  const GovernedDecision& governed = *decided.governed;
  const Decision& decision = governed.decision;
  const ir::Program& program = *decided.program;
  for (const auto& obligation : decision.obligations) {
    texts.obligations.push_back({.statement = decided.policy_id(obligation.policy), .record = obligation.record});
  }
  for (const auto& claim : decision.budgets) {
    texts.budgets.push_back({.budget = decided.names->text(program.budgets[claim.budget].name),
                             .key = claim.key,
                             .charge = claim.charge,
                             .limit = claim.limit,
                             .used = claim.used,
                             .is_lifted = claim.is_lifted});
  }
  for (const auto& claim : decision.breakers) {
    texts.breakers.push_back({.breaker = decided.names->text(program.breakers[claim.breaker].name),
                              .key = claim.key,
                              .is_open = claim.is_open,
                              .is_lifted = claim.is_lifted});
  }
  for (const auto& ticket : governed.tickets) {
    texts.escalations.push_back({.statement = decided.policy_id(ticket.policy), .ticket = ticket.id, .expires_ms = ticket.expires_at});
  }
  record.obligations = texts.obligations;
  record.budgets = texts.budgets;
  record.breakers = texts.breakers;
  record.escalations = texts.escalations;
  record.quarantined = decision.quarantined;
  record.reservation = governed.reservation;
  record.reservation_expires_ms = governed.expires_at;
  record.is_repeated = governed.is_repeated;
}

}  // namespace

auto Worker::Head(int64_t now) -> audit::RecordHead {
  audit::RecordHead head = {.time_ms = now, .node = service_.node_name()};
  if (exchange_ == nullptr) return head;
  caller_.clear();
  if (exchange_->caller != nullptr) caller_ = fmt::format("{}::\"{}\"", exchange_->caller->type, exchange_->caller->id);
  head.caller = caller_;
  head.request_id = exchange_->request_id;
  head.trace_id = exchange_->trace_id;
  return head;
}

auto Worker::Append(const DecisionRecord& record) -> Expected<void> {
  const auto number = service_.audit()->Append(record);
  if (!number) return std::unexpected(number.error());
  if (service_.waits_for_audit()) recorded_ = *number + 1;
  return {};
}

auto Worker::Record(audit::EventRecord record) -> Expected<void> {
  if (service_.audit() == nullptr) return {};
  record.head = Head(service_.now());
  const auto number = service_.audit()->Append(record);
  if (!number) return std::unexpected(number.error());
  if (service_.waits_for_audit()) recorded_ = *number + 1;
  return {};
}

auto Worker::RecordDecision(const GovernedRequest& request, const DecideTexts& given, const Decided& decided) -> Expected<void> {
  if (service_.audit() == nullptr) return {};
  Texts texts;
  DecisionRecord record = {.head = Head(decided.now)};
  record.head.id = decided.decision_id;
  record.head.session = request.session;
  if (!request.request_id.empty()) record.head.request_id = request.request_id;
  record.policy_version = decided.version == facts_->version ? facts_->version_bytes : candidate_->facts->version_bytes;
  if (decided.version != facts_->version) record.variant = "canary";
  AddRequest(record, texts, request, given);
  AddDecision(record, texts, decided);
  if (decided.governed != nullptr) AddGoverned(record, texts, decided);
  return Append(record);
}

// Nothing was executed, so that an answer need not wait for this, nor fail with it.
void Worker::RecordRefusal(const GovernedRequest& request, const DecideTexts& given, const Decided& decided, const Error& error) {
  if (service_.audit() == nullptr) return;
  Texts texts;
  DecisionRecord record = {.head = Head(decided.now)};
  record.head.id = decided.decision_id;
  record.policy_version = facts_->version_bytes;
  record.refusal_code = error.code;
  record.refusal_message = error.message;
  AddRequest(record, texts, request, given);
  [[maybe_unused]] const auto appended = Append(record);
}

}  // namespace remit::server
