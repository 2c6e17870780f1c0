// Audit records as their writers know them: plain data that borrows every text, and the bytes that are kept of it.
//
// Bytes are a kind and its fields in the order of record_fields.def, each a number, a length and a value: the same record is always the same bytes, and
// what is hashed is short. Auditors read them as JSON (record_view.h), which is made of nothing but these bytes. Canonical JSON as what is hashed,
// the alternative, is twice as long, and hashing is most of what a record costs (docs/decisions/0015).
//
// Texts are UTF-8, which nobody here checks: a reader shows anything else as U+FFFD.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace remit::audit {

enum class RecordKind : uint8_t {
#define AUDIT_KIND(number, name, json) name = number,
#include "runtime/audit/record_kinds.def"
#undef AUDIT_KIND
};
auto KindName(RecordKind kind) -> std::string_view;

struct Entity {
  std::string_view type = {};
  std::string_view id = {};
};

struct StatementError {
  std::string_view statement;
  std::string_view code;
  std::string_view message = {};
};

struct ObligationOf {
  std::string_view statement;
  std::string_view record;  // JSON
};

struct BudgetRead {
  std::string_view budget;
  std::string_view key = {};
  int64_t charge = 0;
  int64_t limit = 0;
  int64_t used = 0;
  bool is_lifted = false;
};

struct BreakerRead {
  std::string_view breaker;
  std::string_view key = {};
  bool is_open = false;
  bool is_lifted = false;
};

// A presented grant that lifted a statement's cap.
struct Covered {
  std::string_view statement;
  std::string_view grant = {};  // its id
};

struct Escalation {
  std::string_view statement;
  std::string_view ticket = {};
  int64_t expires_ms = 0;
};

struct Charge {
  std::string_view budget;
  std::string_view key = {};
  int64_t amount = 0;
};

// What every record may have. Empty texts are absent.
struct RecordHead {
  int64_t time_ms = 0;
  std::string_view id = {};
  std::string_view node = {};
  std::string_view caller = {};
  std::string_view request_id = {};
  std::string_view trace_id = {};
  std::string_view session = {};
};

// Everything that a decision read and said: enough to make it again.
struct DecisionRecord {
  RecordHead head = {};  // the time is what `now()` gave
  Entity principal = {};
  Entity action = {};
  Entity resource = {};
  std::span<const Entity> delegation = {};
  std::string_view context = {};  // JSON, as it came; empty: `{}`
  std::string_view entities = {};  // the request's own as JSON, or their digest, or neither
  std::string_view entities_digest = {};
  bool dry_run = false;
  bool is_validated = false;
  std::span<const std::string_view> masked = {};  // JSON pointers to commitments (masking.h)
  std::string_view policy_version = {};  // bytes, not digits
  std::string_view entities_version = {};
  std::string_view variant = {};
  std::string_view outcome = {};
  std::span<const std::string_view> determining = {};
  std::span<const StatementError> errors = {};
  std::span<const ObligationOf> obligations = {};
  std::span<const BudgetRead> budgets = {};
  std::span<const BreakerRead> breakers = {};
  std::span<const Covered> covered = {};
  std::span<const Escalation> escalations = {};
  std::string_view quarantined = {};
  std::string_view reservation = {};
  int64_t reservation_expires_ms = 0;
  bool is_repeated = false;
  std::string_view refusal_code = {};  // there was no decision but an error
  std::string_view refusal_message = {};
};

// Anything else. Each kind fills in what it has.
struct EventRecord {
  RecordKind kind = RecordKind::Start;
  RecordHead head = {};
  std::string_view policy_version = {};  // bytes: what was published
  std::string_view former_version = {};
  std::string_view entities_version = {};
  std::string_view reservation = {};
  int64_t reservation_expires_ms = 0;
  std::string_view verdict = {};
  std::span<const Charge> charges = {};
  std::string_view ticket = {};
  std::string_view statement = {};
  Entity approver = {};
  Entity acting_for = {};
  std::string_view reason = {};
  std::string_view grant = {};
  Entity subject = {};
  std::string_view refusal_code = {};
  std::string_view refusal_message = {};
  std::string_view detail = {};  // JSON
};

// Appended to `out`.
void EncodeRecord(const DecisionRecord& record, std::string& out);
void EncodeRecord(const EventRecord& record, std::string& out);

}  // namespace remit::audit
