#include "runtime/audit/record.h"

#include "runtime/audit/record_writer.h"

namespace remit::audit {
namespace {

void WriteHead(RecordWriter& writer, const RecordHead& head) {
  writer.Integer(Field::Time, head.time_ms);
  writer.Text(Field::Id, head.id);
  writer.Text(Field::Node, head.node);
  writer.Text(Field::Caller, head.caller);
  writer.Text(Field::RequestId, head.request_id);
  writer.Text(Field::TraceId, head.trace_id);
  writer.Text(Field::Session, head.session);
}

void WriteRequest(RecordWriter& writer, const DecisionRecord& record) {
  writer.Entity(Field::Principal, record.principal);
  writer.Entity(Field::Action, record.action);
  writer.Entity(Field::Resource, record.resource);
  for (const auto& member : record.delegation) writer.EntityOrEmpty(Field::Delegation, member);
  if (record.context != "{}") writer.Text(Field::Context, record.context);
  writer.Text(Field::OwnEntities, record.entities);
  writer.Text(Field::OwnEntitiesDigest, record.entities_digest);
  writer.Flag(Field::DryRun, record.dry_run);
  writer.Flag(Field::IsValidated, record.is_validated);
  for (const auto& pointer : record.masked) writer.TextOrEmpty(Field::Masked, pointer);
}

void WriteVersions(RecordWriter& writer, const DecisionRecord& record) {
  writer.Text(Field::PolicyVersion, record.policy_version);
  writer.Text(Field::EntitiesVersion, record.entities_version);
  writer.Text(Field::Variant, record.variant);
}

void WriteWhy(RecordWriter& writer, const DecisionRecord& record) {
  writer.Text(Field::Outcome, record.outcome);
  for (const auto& statement : record.determining) writer.TextOrEmpty(Field::Determining, statement);
  for (const auto& error : record.errors) {
    writer.TextOrEmpty(Field::ErrorStatement, error.statement);
    writer.Text(Field::ErrorCode, error.code);
    writer.Text(Field::ErrorMessage, error.message);
  }
  for (const auto& [statement, json] : record.obligations) {
    writer.TextOrEmpty(Field::Obligor, statement);
    writer.Text(Field::Obligation, json);
  }
}

void WriteState(RecordWriter& writer, const DecisionRecord& record) {
  for (const auto& read : record.budgets) {
    writer.TextOrEmpty(Field::Budget, read.budget);
    writer.Text(Field::BudgetKey, read.key);
    writer.Integer(Field::BudgetCharge, read.charge);
    writer.Integer(Field::BudgetLimit, read.limit);
    writer.Integer(Field::BudgetUsed, read.used);
    writer.Flag(Field::BudgetLifted, read.is_lifted);
  }
  for (const auto& read : record.breakers) {
    writer.TextOrEmpty(Field::Breaker, read.breaker);
    writer.Text(Field::BreakerKey, read.key);
    writer.Flag(Field::BreakerOpen, read.is_open);
    writer.Flag(Field::BreakerLifted, read.is_lifted);
  }
  for (const auto& covered : record.covered) {
    writer.TextOrEmpty(Field::CoveredStatement, covered.statement);
    writer.Text(Field::CoveringGrant, covered.grant);
  }
  for (const auto& escalation : record.escalations) {
    writer.TextOrEmpty(Field::WantedStatement, escalation.statement);
    writer.Text(Field::WantedTicket, escalation.ticket);
    writer.Integer(Field::WantedExpiry, escalation.expires_ms);
  }
  writer.Text(Field::Quarantined, record.quarantined);
  writer.Text(Field::Reservation, record.reservation);
  writer.Integer(Field::ReservationExpiry, record.reservation_expires_ms);
  writer.Flag(Field::IsRepeated, record.is_repeated);
}

}  // namespace

void EncodeRecord(const DecisionRecord& record, std::string& out) {
  RecordWriter writer(RecordKind::Decision, out);
  WriteHead(writer, record.head);
  WriteRequest(writer, record);
  WriteVersions(writer, record);
  WriteWhy(writer, record);
  WriteState(writer, record);
  writer.Text(Field::RefusalCode, record.refusal_code);
  writer.Text(Field::RefusalMessage, record.refusal_message);
}

void EncodeRecord(const EventRecord& record, std::string& out) {
  RecordWriter writer(record.kind, out);
  WriteHead(writer, record.head);
  writer.Text(Field::PolicyVersion, record.policy_version);
  writer.Text(Field::EntitiesVersion, record.entities_version);
  writer.Text(Field::Reservation, record.reservation);
  writer.Integer(Field::ReservationExpiry, record.reservation_expires_ms);
  writer.Text(Field::Verdict, record.verdict);
  for (const auto& charge : record.charges) {
    writer.TextOrEmpty(Field::ChargedBudget, charge.budget);
    writer.Text(Field::ChargedKey, charge.key);
    writer.Integer(Field::ChargedAmount, charge.amount);
  }
  writer.Text(Field::Ticket, record.ticket);
  writer.Text(Field::Statement, record.statement);
  writer.Entity(Field::Approver, record.approver);
  writer.Entity(Field::ActingFor, record.acting_for);
  writer.Text(Field::Reason, record.reason);
  writer.Text(Field::Grant, record.grant);
  writer.Entity(Field::Subject, record.subject);
  writer.Text(Field::FormerVersion, record.former_version);
  writer.Text(Field::RefusalCode, record.refusal_code);
  writer.Text(Field::RefusalMessage, record.refusal_message);
  writer.Text(Field::Detail, record.detail);
}

}  // namespace remit::audit
