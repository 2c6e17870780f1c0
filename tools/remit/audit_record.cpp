// remit audit record: requests decided, and each decision on disk before it is printed.
#include <fmt/format.h>

#include <memory>

#include "tools/remit/audit.h"
#include "tools/remit/audit_sink.h"
#include "tools/remit/decision_time.h"

namespace remit::cli {
namespace {

struct RecordOptions {
  AuditSinkOptions sink;
  PolicyOptions policies;
  std::string entities;
  std::vector<std::string> schema;
  std::string requests;
  EngineChoice engine = EngineChoice::Interpreter;
  DecisionTime time;
};

auto RecordLines(const RecordOptions& options, const PolicyEnvironment& environment, AuditSink& sink) -> ExitCode {
  auto lines = LineReader::Open(options.requests, options.policies.limits.max_request_bytes);
  if (!lines) return ReportError(lines.error(), Format::Json);
  RequestDecider decider(environment, options.policies.limits);
  bool all_read = true;
  for (;;) {
    const auto line = lines->Next();
    if (!line) return ReportError(line.error(), Format::Json);
    if (!*line) break;
    if ((*line)->find_first_not_of(" \t") == std::string_view::npos) continue;
    const Datetime now = options.time.Read();
    const auto answer = decider.Decide(**line, now);
    all_read &= answer.has_value();
    const auto recorded = sink.Record(**line, answer, environment, now);
    if (!recorded) return ReportError(recorded.error(), Format::Human);
    fmt::print("{}\n", *recorded);
  }
  return all_read ? kDone : kFailed;
}

auto Run(const RecordOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.engine);
  if (!native) return ReportError(native.error(), Format::Human);
  auto sink = AuditSink::Open(options.sink);
  if (!sink) return ReportError(sink.error(), Format::Human);
  CompileJob job(options.policies.limits);
  const auto environment = LoadEnvironment(job, options.policies, options.entities, options.schema, Format::Human);
  if (!environment) return kFailed;
  const PolicyEnvironment decided = {.program = environment->program,
                                     .entities = environment->entities,
                                     .interner = job.interner,
                                     .schema = environment->schema ? &*environment->schema : nullptr,
                                     .native = *native};
  return RecordLines(options, decided, **sink);
}

}  // namespace

void AddAuditRecord(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("record", "Decide requests and record each decision before it is printed");
  auto options = std::make_shared<RecordOptions>();
  AddLogArgument(*verb, options->sink.folder);
  AddAuditSinkOptions(*verb, options->sink);
  AddPolicyOptions(*verb, options->policies);
  verb->add_option("-e,--entities", options->entities, "Entities as JSON")->option_text("FILE");
  AddSchemaOption(*verb, options->schema);
  verb->add_option("--requests", options->requests, "JSON lines, one request each, `-` for standard input")
      ->required()
      ->option_text("FILE");
  AddEngineOption(*verb, options->engine);
  options->time.AddOption(*verb);
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
