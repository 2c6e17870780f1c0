#include "compiler/driver/evaluate.h"

#include "compiler/lower/lower.h"
#include "compiler/parse/parse.h"
#include "runtime/base/check.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

void ReportInput(CompileJob& job, std::string_view input, const Error& error) {
  job.sink.Add({.code = DiagnosticCode::InvalidRequest,
                .span = {},
                .message = error.message,
                .help = error.help,
                .pointer = std::string{input} + "#" + error.pointer});
}

auto ReadUid(CompileJob& job, const std::string& text, std::string_view variable) -> EntityUid {
  if (text.empty()) return {.type = job.interner.Intern("Unspecified"), .id = job.interner.Intern(variable)};
  const auto uid = ParseEntityUid(text, job.interner);
  if (!uid) {
    job.sink.Report(DiagnosticCode::InvalidEntityText, {}, text).help = "write it as `User::\"ana\"`";
    return {};
  }
  return *uid;
}

auto ReadRequestInput(CompileJob& job, const EvaluateInput& input, Arena& arena, const JsonOptions& options, const EntityStore& entities)
    -> RequestDocument {
  if (!input.request.empty()) {
    auto document = ReadRequest(input.request, job.interner, arena, options, &entities);
    if (document) return std::move(*document);
    ReportInput(job, "request", document.error());
    return {};
  }
  RequestDocument document;
  document.request.principal = ReadUid(job, input.principal, "principal");
  document.request.action = ReadUid(job, input.action, "action");
  document.request.resource = ReadUid(job, input.resource, "resource");
  const auto action = input.action.empty() ? std::nullopt : std::optional{document.request.action};
  const auto context = ReadContext(input.context.empty() ? "{}" : input.context, job.interner, arena, options, action);
  context ? static_cast<void>(document.request.context = *context) : ReportInput(job, "context", context.error());
  return document;
}

}  // namespace

auto EvaluateText(CompileJob& job, const EvaluateInput& input) -> Expected<EvaluatedExpression> {
  const auto failed = std::unexpected(Error{.code = "invalid-input", .message = "see the diagnostics", .pointer = {}, .help = {}});
  auto context = job.parse_context();
  const auto expression = ParseExpression(job.sources.Add("expression", input.expression), context, job.ast);
  std::optional<Schema> schema;
  if (!input.schema.empty()) schema = LoadSchema(job, "schema", input.schema);
  const auto* known_schema = schema ? &*schema : nullptr;
  const auto entities = LoadEntities(job, "entities", input.entities.empty() ? "[]" : input.entities, known_schema);
  if (job.sink.has_errors()) return failed;

  Arena arena;
  const auto document = ReadRequestInput(job, input, arena, {.limits = job.limits, .schema = known_schema}, *entities);
  if (job.sink.has_errors()) return failed;
  const auto program = LowerExpression(job.ast, expression, job.interner, job.sink);
  if (job.sink.has_errors()) return failed;
  const auto verified = ir::Verify(program);
  CHECK(verified.has_value(), FormatError(verified.error()));

  const auto value = Evaluate(program, 0,
                              {.entities = document.entities ? *document.entities : *entities,
                               .request = document.request,
                               .interner = job.interner,
                               .arena = arena,
                               .now = input.now,
                               .max_loop_work = job.limits.max_loop_work});
  if (!value) return std::unexpected(Error{.code = value.error().code, .message = value.error().message, .pointer = {}, .help = {}});
  return EvaluatedExpression{.text = FormatValue(*value, job.interner), .json = ValueToJson(*value, job.interner)};
}

}  // namespace remit
