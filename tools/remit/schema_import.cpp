// remit schema import, request: tools of the Model Context Protocol as a schema, and calls of them as requests.
#include "tools/remit/schema_import.h"

#include <fmt/format.h>

#include <memory>

#include "compiler/mcp/call_to_request.h"
#include "compiler/mcp/drift.h"
#include "compiler/mcp/guards.h"
#include "compiler/mcp/server_process.h"
#include "runtime/base/text.h"

namespace remit::cli {
namespace {

struct ToolOptions {
  std::string manifest;
  std::string command;
  std::string stub;
  std::string name_space = "Mcp";
  bool precise = false;
  bool no_hint_groups = false;
  bool no_notes = false;
  uint32_t timeout_seconds = 60;
  mcp::SchemaOptions schema;
  Limits limits;
  Format format = Format::Human;
};

void AddToolOptions(CLI::App& verb, ToolOptions& options) {
  auto* manifest =
      verb.add_option("--mcp", options.manifest, "Tools as JSON: a `tools/list` response, a list of tools, or one; `-`: standard input")
          ->option_text("FILE");
  auto* command = verb.add_option("--mcp-command", options.command,
                                  "Start this server, speak over its standard input and output, and ask for its tools")
                      ->option_text("'COMMAND ARGUMENT..'");
  manifest->excludes(command);
  verb.add_option("--timeout", options.timeout_seconds, "Seconds that the server has for everything (60)")
      ->option_text("SECONDS")
      ->check(CLI::Range(1, 3600));
  verb.add_option("--stub", options.stub, "Schema with the principals (`@mcp_principal`), resources (`@mcp_resource`), contexts and groups")
      ->option_text("FILE");
  verb.add_option("--namespace", options.name_space, "Without a stub: the namespace (Mcp), which has `User` and `Server`")
      ->option_text("NAME");
  verb.add_flag("--include-outputs", options.schema.include_outputs, "Results of tools as the optional attribute `output`");
  verb.add_flag("--objects-as-records", options.schema.objects_as_records,
                "Objects are records, not entities, unless they have further properties");
  verb.add_flag("--encode-numbers-as-decimal", options.schema.numbers_as_decimal, "Numbers are decimals, of four digits behind the point");
  verb.add_flag("--flatten-namespaces", options.schema.flatten_namespaces, "All types in one namespace");
  verb.add_flag("--deduplicate-entity-types", options.schema.deduplicate, "Equal types of several tools are one");
  verb.add_flag("--keep-annotations", options.schema.keep_annotations, "The stub's `@mcp_..` stay");
  verb.add_flag("--precise", options.precise, "Records; nullable is optional; enumerations and mixed lists as what they are");
  verb.add_flag("--docs", options.schema.docs, "Descriptions as `@doc`");
  verb.add_flag("--no-hint-groups", options.no_hint_groups, "No groups of actions for what tools say of themselves");
  verb.add_flag("--no-notes", options.no_notes, "No annotations for ranges, lengths, patterns and formats");
  AddLimitOptions(verb, options.limits);
  AddFormatOption(verb, options.format);
}

auto Refuse(const ToolOptions& options, std::string code, std::string message) -> std::nullopt_t {
  ReportError({.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}}, options.format);
  return std::nullopt;
}

auto Read(const ToolOptions& options, const std::string& path) -> std::optional<std::string> {
  auto text = ReadTextFile(path, options.limits.max_request_bytes);
  if (text) return std::move(*text);
  ReportError(text.error(), options.format);
  return std::nullopt;
}

auto ReadTools(const ToolOptions& options) -> std::optional<std::string> {
  if (!options.manifest.empty()) return Read(options, options.manifest);
  if (options.command.empty()) return Refuse(options, "no-tools", "name a file of tools with `--mcp`, or a server with `--mcp-command`");
  auto tools = mcp::ListServerTools(options.command, {.milliseconds = options.timeout_seconds * 1000});
  if (tools) return std::move(*tools);
  ReportError(tools.error(), options.format);
  return std::nullopt;
}

struct Imported {
  std::string tools;
  mcp::Manifest manifest;
  mcp::ToolSchema schema;
};

auto Import(CompileJob& job, const ToolOptions& options) -> std::optional<Imported> {
  if (!IsNormalizedName(options.name_space))
    return Refuse(options, "invalid-namespace", fmt::format("`{}` is not a name", options.name_space));
  auto tools = ReadTools(options);
  if (!tools) return std::nullopt;
  auto stub = mcp::DefaultStub(options.name_space);
  if (!options.stub.empty()) {
    auto text = Read(options, options.stub);
    if (!text) return std::nullopt;
    stub = {.name = options.stub, .text = std::move(*text)};
  }
  auto manifest = mcp::ReadManifest(*tools, {.limits = options.limits, .precise = options.precise});
  if (!manifest) return ReportError(manifest.error(), options.format), std::nullopt;
  auto schema_options = options.schema;
  schema_options.objects_as_records |= options.precise;
  schema_options.hint_groups = !options.no_hint_groups;
  schema_options.notes = !options.no_notes;
  auto schema = mcp::MakeSchema(job, stub, *manifest, schema_options);
  if (!schema) {
    if (job.sink.has_errors())
      ReportDiagnostics(job, options.format);
    else
      ReportError(schema.error(), options.format);
    return std::nullopt;
  }
  return Imported{.tools = std::move(*tools), .manifest = std::move(*manifest), .schema = std::move(*schema)};
}

struct ImportOptions {
  ToolOptions tools;
  std::string output;
  std::string guards;
  std::string save_tools;
  std::string drift;
};

auto Write(const ImportOptions& options, const std::string& path, const std::string& text) -> bool {
  if (path.empty()) return true;
  const auto done = WriteTextFile(path, text);
  if (!done) ReportError(done.error(), options.tools.format);
  return done.has_value();
}

// The old schema is compared and nothing is written.
auto ShowDrift(const ImportOptions& options, const Imported& imported) -> ExitCode {
  auto before = Read(options.tools, options.drift);
  if (!before) return kFailed;
  CompileJob job(options.tools.limits);
  const auto drifts =
      mcp::FindDrift(job, {.name = options.drift, .text = std::move(*before)}, {.name = "imported schema", .text = imported.schema.text});
  if (!drifts) return ReportDiagnostics(job, options.tools.format), kFailed;
  switch (options.tools.format) {
    case Format::Human: fmt::print("{}", mcp::FormatDrift(*drifts, job.sources, UseColor(stdout))); break;
    case Format::Json: fmt::print("{}\n", mcp::DriftToJson(*drifts, job.sources)); break;
  }
  fmt::print(stderr, "{} differences, {} tools\n", drifts->size(), imported.manifest.tools.size());
  return drifts->empty() ? kDone : kNegative;
}

auto RunImport(const ImportOptions& options) -> ExitCode {
  CompileJob job(options.tools.limits);
  const auto imported = Import(job, options.tools);
  if (!imported) return kFailed;
  if (!Write(options, options.save_tools, imported->tools)) return kFailed;
  if (!options.drift.empty()) return ShowDrift(options, *imported);
  if (!options.guards.empty() && !Write(options, options.guards, mcp::MakeGuards(imported->manifest, imported->schema))) return kFailed;
  if (!Write(options, options.output, imported->schema.text)) return kFailed;
  if (options.output.empty()) fmt::print("{}", imported->schema.text);
  return kDone;
}

struct RequestOptions {
  ToolOptions tools;
  std::string call;
  mcp::CallParts parts;
  std::string context;
  std::string result;
};

// Without a principal or resource: one of the stub's first type.
auto FillParts(const RequestOptions& options, const Imported& imported) -> std::optional<mcp::CallParts> {
  mcp::CallParts parts = options.parts;
  if (parts.principal.empty()) parts.principal = imported.schema.principals.front() + "::\"user\"";
  if (parts.resource.empty()) parts.resource = imported.schema.resources.front() + "::\"server\"";
  for (const auto& [path, text] : {std::pair{&options.context, &parts.context}, std::pair{&options.result, &parts.result}}) {
    if (path->empty()) continue;
    auto read = Read(options.tools, *path);
    if (!read) return std::nullopt;
    *text = std::move(*read);
  }
  return parts;
}

auto RunRequest(const RequestOptions& options) -> ExitCode {
  CompileJob job(options.tools.limits);
  const auto imported = Import(job, options.tools);
  const auto call = imported ? Read(options.tools, options.call) : std::nullopt;
  const auto parts = call ? FillParts(options, *imported) : std::nullopt;
  if (!parts) return kFailed;
  const auto request = mcp::CallToRequest(imported->manifest, imported->schema, *call, *parts, options.tools.limits);
  if (!request) {
    ReportError(request.error(), options.tools.format);
    return request.error().code == "invalid-argument" ? kNegative : kFailed;
  }
  fmt::print("{}\n", *request);
  return kDone;
}

}  // namespace

void AddSchemaImport(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("import", "Tools of the Model Context Protocol as a typed schema");
  auto options = std::make_shared<ImportOptions>();
  AddToolOptions(*verb, options->tools);
  verb->add_option("-o,--output", options->output, "Where the schema goes")->option_text("FILE");
  verb->add_option("--guards", options->guards, "Write policies that forbid calls beyond ranges, lengths and patterns")
      ->option_text("FILE");
  verb->add_option("--save-tools", options->save_tools, "Write the tools as the server listed them")->option_text("FILE");
  verb->add_option("--drift", options->drift, "Write nothing: say what has changed since this schema was imported with the same options")
      ->option_text("FILE");
  verb->footer(
      "Exit codes: 0 done, 1 with --drift something has changed, 2 wrong usage, unreadable tools, or a server that does not answer.");
  verb->callback([options, &exit] { exit = RunImport(*options); });
}

void AddSchemaRequest(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("request", "A call of a tool as a request, by the schema that `import` makes with the same options");
  auto options = std::make_shared<RequestOptions>();
  AddToolOptions(*verb, options->tools);
  verb->add_option("--call", options->call, "A `tools/call` message, or {\"name\", \"arguments\"}; `-`: standard input")
      ->required()
      ->option_text("FILE");
  verb->add_option("--principal", options->parts.principal, "Who calls")->option_text("ENTITY");
  verb->add_option("--resource", options->parts.resource, "The server that is called")->option_text("ENTITY");
  verb->add_option("--context", options->context, "JSON object with the other attributes of the context")->option_text("FILE");
  verb->add_option("--result", options->result, "With --include-outputs: the tool's structured result")->option_text("FILE");
  verb->footer("Exit codes: 0 done, 1 the arguments are not what the tool takes, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = RunRequest(*options); });
}

}  // namespace remit::cli
