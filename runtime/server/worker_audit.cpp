// What a worker writes to the audit log.
#include "runtime/audit/query.h"
#include "runtime/governor/decision_record.h"
#include "runtime/request/json_writer.h"
#include "runtime/server/caller.h"
#include "runtime/server/worker.h"

namespace remit::server {
namespace {

using audit::DecisionRecord;

// What a record borrows until it is appended.
struct RecordTexts {
  DecisionDescriber describer;
  std::string context;
  std::vector<std::string_view> determining;
  std::vector<audit::StatementError> errors;
};

// Memory that the records of a thread take turns with; what one large request has left there goes.
auto NewTexts() -> RecordTexts& {
  constexpr size_t kKept = size_t{64} << 10;
  thread_local RecordTexts texts;
  if (texts.context.capacity() > kKept) texts = {};
  texts.context.clear();
  texts.determining.clear();
  texts.errors.clear();
  return texts;
}

void AddRequest(DecisionRecord& record, RecordTexts& texts, const GovernedRequest& request, const DecideTexts& given) {
  const auto asked_as = record.head.request_id;
  texts.describer.DescribeRequest(request, record);
  if (request.request_id.empty()) record.head.request_id = asked_as;
  record.context = given.context;
  if (given.context.empty() && request.request.context.size() != 0) {
    AppendValueJson(texts.context, Value::OfSortedRecord(request.request.context), request.interner);
    record.context = texts.context;
  }
  record.entities = given.entities;
}

// Of policies without statements of Remit's, for which nothing else is to be said.
void AddPlain(DecisionRecord& record, RecordTexts& texts, const Decided& decided) {
  record.outcome = OutcomeName(decided.outcome);
  for (const uint32_t policy : decided.determining) texts.determining.push_back(decided.policy_id(policy));
  for (const EvalError& error : decided.errors) {
    texts.errors.push_back({.statement = decided.policy_id(error.policy), .code = error.code, .message = error.message});
  }
  record.determining = texts.determining;
  record.errors = texts.errors;
}

}  // namespace

// What stands in a record in the place of what came.
struct MaskedTexts {
  std::string context;
  std::string entities;
  std::vector<audit::MaskedValue> values;
  std::vector<std::string_view> pointers;
};

// Values are kept before the record that commits to them is appended, so that a record never commits to what nobody has. What cannot be masked must not be recorded.
auto Worker::Mask(DecisionRecord& record, MaskedTexts& texts) -> Expected<void> {
  const audit::Masker& masker = facts_->masker;
  if (masker.masks_context() && !record.context.empty()) {
    auto masked = masker.MaskContext(record.context, texts.values);
    if (!masked) return std::unexpected(std::move(masked.error()));
    texts.context = std::move(*masked);
    record.context = texts.context;
  }
  if (masker.masks_entities() && !record.entities.empty()) {
    auto masked = masker.MaskEntities(record.entities, texts.values);
    if (!masked) return std::unexpected(std::move(masked.error()));
    texts.entities = std::move(*masked);
    record.entities = texts.entities;
  }
  if (texts.values.empty()) return {};
  for (const audit::MaskedValue& value : texts.values) texts.pointers.push_back(value.pointer);
  record.masked = texts.pointers;
  if (service_.masked_values() == nullptr) return {};
  return service_.masked_values()->Add(audit::EntityText(record.principal), texts.values);
}

auto Worker::Head(int64_t now) -> audit::RecordHead {
  audit::RecordHead head = {.time_ms = now, .node = service_.node_name()};
  if (exchange_ == nullptr) return head;
  caller_.clear();
  if (exchange_->caller != nullptr) caller_.append(exchange_->caller->type).append("::\"").append(exchange_->caller->id).append("\"");
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
  RecordTexts& texts = NewTexts();
  DecisionRecord record = {.head = Head(decided.now)};
  record.head.id = decided.decision_id;
  record.policy_version = decided.version == facts_->version ? facts_->version_bytes : candidate_->facts->version_bytes;
  if (decided.version != facts_->version) record.variant = "canary";
  AddRequest(record, texts, request, given);
  MaskedTexts masked;
  if (auto done = Mask(record, masked); !done) return done;
  if (decided.governed != nullptr) {
    texts.describer.Describe(*decided.governed, *decided.program, *decided.names, record);
  } else {
    AddPlain(record, texts, decided);
  }
  return Append(record);
}

// Nothing was executed, so that an answer need not wait for this, nor fail with it.
void Worker::RecordRefusal(const GovernedRequest& request, const DecideTexts& given, const Decided& decided, const Error& error) {
  if (service_.audit() == nullptr) return;
  RecordTexts& texts = NewTexts();
  DecisionRecord record = {.head = Head(decided.now)};
  record.head.id = decided.decision_id;
  record.policy_version = facts_->version_bytes;
  record.refusal_code = error.code;
  record.refusal_message = error.message;
  AddRequest(record, texts, request, given);
  MaskedTexts masked;
  if (!Mask(record, masked)) {
    record.context = {};
    record.entities = {};
    record.masked = {};
  }
  [[maybe_unused]] const auto appended = Append(record);
}

}  // namespace remit::server
