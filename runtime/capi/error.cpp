#include "runtime/capi/error.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/capi/json_text.h"
#include "runtime/capi/versioned.h"

namespace remit::capi {
namespace {

// Never freed, never changed: there is no memory to make it when it is needed.
constinit remit_error out_of_memory = {.status = REMIT_OUT_OF_MEMORY,
                                       .code = "out-of-memory",
                                       .message = "out of memory",
                                       .pointer = {},
                                       .help = {},
                                       .text = "error[out-of-memory]: out of memory\n",
                                       .json = R"({"status":4,"code":"out-of-memory","message":"out of memory","diagnostics":[]})",
                                       .storage = nullptr};

void AppendUnlessEmpty(std::string& json, std::string_view name, std::string_view value) {
  if (!value.empty()) json += fmt::format(R"(,"{}":{})", name, QuoteJson(value));
}

auto ErrorJson(remit_status status, const Error& error, const std::vector<std::string>& diagnostics) -> std::string {
  auto json = fmt::format(R"({{"status":{},"code":{},"message":{})", status, QuoteJson(error.code), QuoteJson(error.message));
  AppendUnlessEmpty(json, "help", error.help);
  AppendUnlessEmpty(json, "pointer", error.pointer);
  return json + fmt::format(R"(,"diagnostics":[{}]}})", fmt::join(diagnostics, ","));
}

auto ErrorText(const Error& error) -> std::string {
  const auto place = error.pointer.empty() ? "" : error.pointer + ": ";
  auto text = fmt::format("{}error[{}]: {}\n", place, error.code, error.message);
  if (!error.help.empty()) text += fmt::format("help: {}\n", error.help);
  return text;
}

auto Make(remit_status status, std::unique_ptr<ErrorStorage> storage) -> Failure {
  auto made = std::make_unique<remit_error>();
  const auto& [error, diagnostics, text, json] = *storage;
  made->status = status;
  made->code = error.code;
  made->message = error.message;
  made->pointer = error.pointer;
  made->help = error.help;
  made->text = text;
  made->json = json;
  made->storage = std::move(storage);
  return made;
}

auto MakeRow(const Diagnostic& diagnostic, const SourceManager& sources) -> DiagnosticRow {
  DiagnosticRow row{.severity = CodeSeverity(diagnostic.code),
                    .code = std::string(CodeName(diagnostic.code)),
                    .message = diagnostic.message,
                    .help = diagnostic.help,
                    .pointer = diagnostic.pointer,
                    .file = {},
                    .text = FormatDiagnostic(diagnostic, sources),
                    .span = diagnostic.span,
                    .begin = {0, 0},
                    .end = {0, 0}};
  if (!diagnostic.span.has_place()) return row;
  const auto& file = sources.file(diagnostic.span.file);
  row.file = file.name();
  row.begin = file.locate(diagnostic.span.begin);
  row.end = file.locate(diagnostic.span.end);
  return row;
}

}  // namespace

auto Fail(remit_status status, Error error) -> std::unexpected<Failure> {
  auto storage = std::make_unique<ErrorStorage>();
  storage->text = ErrorText(error);
  storage->json = ErrorJson(status, error, {});
  storage->error = std::move(error);
  return std::unexpected(Make(status, std::move(storage)));
}

auto FailArgument(std::string_view message) -> std::unexpected<Failure> {
  return Fail(REMIT_INVALID_ARGUMENT, {.code = "invalid-argument", .message = std::string(message), .pointer = {}, .help = {}});
}

auto Forward(Failure& failure) -> std::unexpected<Failure> { return std::unexpected(std::move(failure)); }

auto MakeReport(const DiagnosticSink& sink, const SourceManager& sources) -> Failure {
  auto storage = std::make_unique<ErrorStorage>();
  std::vector<std::string> lines;
  const Diagnostic* first = nullptr;
  for (const auto& diagnostic : sink.diagnostics()) {
    auto line = DiagnosticToJson(diagnostic, sources);
    // Stages that look at the same thing warn of it each.
    if (std::ranges::find(lines, line) != lines.end()) continue;
    const bool is_error = CodeSeverity(diagnostic.code) == Severity::Error;
    if (first == nullptr || (is_error && CodeSeverity(first->code) != Severity::Error)) first = &diagnostic;
    lines.push_back(std::move(line));
    storage->diagnostics.push_back(MakeRow(diagnostic, sources));
    storage->text += storage->diagnostics.back().text;
  }
  if (sink.dropped_count() > 0) storage->text += fmt::format("... and {} more\n", sink.dropped_count());
  if (first != nullptr) {
    storage->error = {
        .code = std::string(CodeName(first->code)), .message = first->message, .pointer = first->pointer, .help = first->help};
  }
  const auto status = sink.has_errors() ? REMIT_INVALID_INPUT : REMIT_OK;
  storage->json = ErrorJson(status, storage->error, lines);
  return Make(status, std::move(storage));
}

auto FailReport(const DiagnosticSink& sink, const SourceManager& sources) -> std::unexpected<Failure> {
  return std::unexpected(MakeReport(sink, sources));
}

// ---- the border ------------------------------------------------------------------------------------------------------

auto Deliver(Failure failure, remit_error** error) noexcept -> remit_status {
  const remit_status status = failure->status;
  if (error != nullptr) *error = failure.release();
  return status;
}

auto DeliverOutOfMemory(remit_error** error) noexcept -> remit_status {
  if (error != nullptr) *error = &out_of_memory;
  return REMIT_OUT_OF_MEMORY;
}

auto DeliverException(const char* what, remit_error** error) noexcept -> remit_status {
  try {
    auto failed = Fail(REMIT_INTERNAL, {.code = "internal", .message = what, .pointer = {}, .help = {}});
    return Deliver(std::move(failed.error()), error);
  } catch (...) {
    return DeliverOutOfMemory(error);
  }
}

}  // namespace remit::capi

// ---- the functions ---------------------------------------------------------------------------------------------------

using remit::capi::ToC;

void remit_error_free(remit_error* error) noexcept {
  if (error != &remit::capi::out_of_memory) delete error;
}

auto remit_error_status(const remit_error* error) noexcept -> remit_status { return error != nullptr ? error->status : REMIT_OK; }
auto remit_error_code(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->code : ""); }
auto remit_error_message(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->message : ""); }
auto remit_error_pointer(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->pointer : ""); }
auto remit_error_help(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->help : ""); }
auto remit_error_text(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->text : ""); }
auto remit_error_json(const remit_error* error) noexcept -> remit_string { return ToC(error != nullptr ? error->json : ""); }

auto remit_error_diagnostic_count(const remit_error* error) noexcept -> size_t {
  return error != nullptr && error->storage != nullptr ? error->storage->diagnostics.size() : 0;
}

auto remit_error_diagnostic(const remit_error* error, size_t index, remit_diagnostic* diagnostic) noexcept -> remit_status {
  if (diagnostic == nullptr || index >= remit_error_diagnostic_count(error)) return REMIT_INVALID_ARGUMENT;
  const auto& row = error->storage->diagnostics[index];
  const bool has_place = row.span.has_place();
  return remit::capi::WriteStruct(remit_diagnostic{.size = 0,
                                                   .severity = row.severity == remit::Severity::Error ? REMIT_ERROR : REMIT_WARNING,
                                                   .begin = has_place ? row.span.begin : 0,
                                                   .end = has_place ? row.span.end : 0,
                                                   .line = row.begin.line,
                                                   .column = row.begin.column,
                                                   .end_line = row.end.line,
                                                   .end_column = row.end.column,
                                                   .code = ToC(row.code),
                                                   .message = ToC(row.message),
                                                   .help = ToC(row.help),
                                                   .pointer = ToC(row.pointer),
                                                   .file = ToC(row.file),
                                                   .text = ToC(row.text)},
                                  diagnostic)
             ? REMIT_OK
             : REMIT_INVALID_ARGUMENT;
}
