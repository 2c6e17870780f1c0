// remit audit show, query, export: records as people and other tools read them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/audit/export.h"
#include "runtime/audit/log_reader.h"
#include "runtime/audit/query.h"
#include "runtime/value/format.h"
#include "stdlib/datetime.h"
#include "tools/remit/audit.h"

namespace remit::cli {
namespace {

struct ShowOptions {
  std::string folder;
  uint64_t number = 0;
  Format format = Format::Human;
};

auto RunShow(const ShowOptions& options) -> ExitCode {
  const auto bytes = audit::ReadRecordBytes(options.folder, options.number);
  if (!bytes) {
    ReportError(bytes.error(), options.format);
    return bytes.error().code == "audit-no-record" ? kNegative : kFailed;
  }
  const auto record = audit::DecodeRecord(*bytes);
  if (!record) return ReportError(record.error(), options.format);
  fmt::print("{}\n", audit::DumpJson(audit::RecordToJson(*record), options.format == Format::Human ? 2 : -1));
  return kDone;
}

// ---- query ---------------------------------------------------------------------------------------------------------

struct QueryOptions {
  std::string folder;
  audit::Query query;
  Format format = Format::Human;
};

auto EntityAt(const audit::RecordView& record, audit::Field field) -> std::string {
  const auto* value = record.Find(field);
  return value == nullptr ? std::string() : audit::EntityText(value->entity);
}

// `7  2026-11-23T10:00:00.000Z  decision  execute  Agent::"a" Action::"refund" Order::"7"  by policy0`
auto LineOf(uint64_t number, const audit::RecordView& record) -> std::string {
  const auto time = FormatDatetime({.millis = record.Integer(audit::Field::Time)});
  std::string line = fmt::format("{}  {}  {}", number, time.value_or("-"), audit::KindName(record.kind));
  const auto add = [&](std::string_view before, std::string_view text) {
    if (!text.empty()) line += fmt::format("{}{}", before, text);
  };
  using enum audit::Field;
  add("  ", record.Text(Outcome));
  add("  refused: ", record.Text(RefusalCode));
  add("  ", EntityAt(record, Principal));
  add(" ", EntityAt(record, Action));
  add(" ", EntityAt(record, Resource));
  std::vector<std::string_view> statements;
  for (const auto& value : record.fields) {
    if (value.facts->field == Determining) statements.push_back(value.bytes);
  }
  add("  by ", fmt::format("{}", fmt::join(statements, ", ")));
  add("  ", EntityAt(record, Subject));
  add("  ", record.Text(Ticket));
  add("  ", EntityAt(record, Approver));
  add("  ", record.Text(Verdict));
  add("  ", record.Text(Reservation));
  return line;
}

auto RunQuery(const QueryOptions& options) -> ExitCode {
  bool found = false;
  const auto origin = audit::ReadOrigin(options.folder).value_or("");
  const auto read = audit::RunQuery(options.folder, options.query, [&](uint64_t number, const audit::RecordView& record) {
    found = true;
    switch (options.format) {
      case Format::Human: fmt::print("{}\n", LineOf(number, record)); break;
      case Format::Json:
        fmt::print("{}\n", audit::DumpJson(*audit::ExportRecord(number, record, origin, audit::ExportFormat::JsonLines)));
        break;
    }
  });
  if (!read) return ReportError(read.error(), options.format);
  return found ? kDone : kNegative;
}

void AddTimeOption(CLI::App& verb, const char* name, std::optional<int64_t>& time, const char* help) {
  const auto set = [&time, name](const std::string& text) {
    const auto parsed = ParseDatetime(String(text));
    if (!parsed) throw CLI::ValidationError(name, parsed.error());
    time = parsed->millis;
  };
  verb.add_option_function<std::string>(name, set, help)->option_text("DATETIME");
}

void AddQueryOptions(CLI::App& verb, audit::Query& query) {
  verb.add_option("--kind", query.kind, "decision, settlement, approval, publication, quarantine, ...")->option_text("KIND");
  verb.add_option("--outcome", query.outcome, "execute, approve, draft, observe, deny")->option_text("OUTCOME");
  verb.add_option("--principal", query.principal, R"(Who asked, acted for somebody, approved, or was quarantined: `User::"ana"`)")
      ->option_text("ENTITY");
  verb.add_option("--action", query.action, "What was asked for")->option_text("ENTITY");
  verb.add_option("--resource", query.resource, "Of what")->option_text("ENTITY");
  verb.add_option("--caller", query.caller, "Who called the node")->option_text("NAME");
  verb.add_option("--id", query.id, "The decision's or event's id")->option_text("ID");
  verb.add_option("--request-id", query.request_id, "The request's id")->option_text("ID");
  verb.add_option("--trace-id", query.trace_id, "The trace it belongs to")->option_text("ID");
  verb.add_option("--session", query.session, "The session it belongs to")->option_text("ID");
  verb.add_option("--statement", query.statement, "A statement that decided, failed, or waits for an approval")->option_text("ID");
  verb.add_option("--reservation", query.reservation, "The reservation that was made or settled")->option_text("ID");
  verb.add_option("--ticket", query.ticket, "The ticket that was opened or answered")->option_text("ID");
  AddTimeOption(verb, "--since", query.since_ms, "Not earlier");
  AddTimeOption(verb, "--until", query.until_ms, "Earlier");
  verb.add_option("--first", query.first, "From the record of this number on")->option_text("NUMBER");
  verb.add_option("--limit", query.limit, "At most so many")->option_text("COUNT");
}

// ---- export --------------------------------------------------------------------------------------------------------

struct ExportOptions {
  std::string folder;
  audit::ExportFormat as = audit::ExportFormat::JsonLines;
  audit::Query query;
};

auto RunExport(const ExportOptions& options) -> ExitCode {
  const auto origin = audit::ReadOrigin(options.folder);
  if (!origin) return ReportError(origin.error(), Format::Human);
  const auto read = audit::RunQuery(options.folder, options.query, [&](uint64_t number, const audit::RecordView& record) {
    if (const auto json = audit::ExportRecord(number, record, *origin, options.as)) fmt::print("{}\n", audit::DumpJson(*json));
  });
  if (!read) return ReportError(read.error(), Format::Human);
  return kDone;
}

}  // namespace

void AddAuditShow(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("show", "One record, with everything it has");
  auto options = std::make_shared<ShowOptions>();
  AddLogArgument(*verb, options->folder);
  verb->add_option("number", options->number, "The record's number")->required()->option_text("NUMBER");
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = RunShow(*options); });
}

void AddAuditQuery(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("query", "The records that match, a line each");
  auto options = std::make_shared<QueryOptions>();
  AddLogArgument(*verb, options->folder);
  AddQueryOptions(*verb, options->query);
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = RunQuery(*options); });
}

void AddAuditExport(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("export", "Records as JSON lines, in the shape that another tool reads");
  auto options = std::make_shared<ExportOptions>();
  AddLogArgument(*verb, options->folder);
  const std::map<std::string, audit::ExportFormat> formats = {
      {"jsonl", audit::ExportFormat::JsonLines}, {"opa", audit::ExportFormat::Opa}, {"ocsf", audit::ExportFormat::Ocsf}};
  verb->add_option("--as", options->as, "jsonl: the records; opa: its decision logs; ocsf: API Activity")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("jsonl|opa|ocsf");
  AddQueryOptions(*verb, options->query);
  verb->callback([options, &exit] { exit = RunExport(*options); });
}

}  // namespace remit::cli
