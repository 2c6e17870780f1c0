#include "runtime/audit/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/audit/log_reader.h"
#include "runtime/base/text.h"

namespace remit::audit {
namespace {

// Any of these fields has this text; always if nothing is asked for.
template <size_t Count>
auto HasText(const RecordView& record, const std::string& wanted, const std::array<Field, Count>& fields) -> bool {
  if (wanted.empty()) return true;
  return std::ranges::any_of(record.fields, [&](const FieldValue& value) {
    return std::ranges::find(fields, value.facts->field) != fields.end() && value.bytes == wanted;
  });
}

template <size_t Count>
auto HasEntity(const RecordView& record, const std::string& wanted, const std::array<Field, Count>& fields) -> bool {
  if (wanted.empty()) return true;
  return std::ranges::any_of(record.fields, [&](const FieldValue& value) {
    return std::ranges::find(fields, value.facts->field) != fields.end() && EntityText(value.entity) == wanted;
  });
}

}  // namespace

auto EntityText(const Entity& entity) -> std::string { return fmt::format("{}::{}", entity.type, QuoteString(entity.id)); }

auto Matches(const Query& query, const RecordView& record) -> bool {
  if (!query.kind.empty() && KindName(record.kind) != query.kind) return false;
  const int64_t time = record.Integer(Field::Time);
  if (query.since_ms && time < *query.since_ms) return false;
  if (query.until_ms && time >= *query.until_ms) return false;
  using enum Field;
  return HasText(record, query.outcome, std::array{Outcome}) && HasText(record, query.caller, std::array{Caller}) &&
         HasText(record, query.id, std::array{Id}) && HasText(record, query.request_id, std::array{RequestId}) &&
         HasText(record, query.trace_id, std::array{TraceId}) && HasText(record, query.session, std::array{Session}) &&
         HasText(record, query.statement, std::array{Determining, ErrorStatement, WantedStatement, CoveredStatement, Statement}) &&
         HasText(record, query.reservation, std::array{Reservation}) && HasText(record, query.ticket, std::array{Ticket, WantedTicket}) &&
         HasEntity(record, query.principal, std::array{Principal, Delegation, Approver, ActingFor, Subject}) &&
         HasEntity(record, query.action, std::array{Action}) && HasEntity(record, query.resource, std::array{Resource});
}

auto RunQuery(const std::string& folder, const Query& query, const VisitView& visit) -> Expected<void> {
  uint64_t found = 0;
  Expected<void> result;
  const auto read = ForEachRecord(folder, query.first, [&](uint64_t number, std::string_view bytes) {
    if (query.limit && found == *query.limit) return false;
    const auto record = DecodeRecord(bytes);
    if (!record) {
      result = std::unexpected(record.error());
      result.error().message = fmt::format("record {}: {}", number, record.error().message);
      return false;
    }
    if (!Matches(query, *record)) return true;
    ++found;
    visit(number, *record);
    return true;
  });
  if (!read) return read;
  return result;
}

}  // namespace remit::audit
