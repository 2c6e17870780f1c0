#include "compiler/driver/evaluate.h"

#include <array>

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

auto ToExpected(const std::expected<Value, EvalError>& value) -> Expected<Value> {
  if (value) return *value;
  return std::unexpected(Error{.code = value.error().code, .message = value.error().message, .pointer = {}, .help = {}});
}

// The program's only body, by native code alone; the interpreter makes the message if it failed.
auto EvaluateNative(NativeCompiler& compiler, const ir::Program& program, const EvalInput& input) -> Expected<Value> {
  const Shapes shapes = FindShapes(program);
  const auto code = compiler.CompileShapes(program, shapes, std::array{shapes.shape_of_body[0]}, {});
  if (!code) return std::unexpected(code.error());
  NativeFrame frame = MakeFrame(program, input);
  switch (static_cast<BodyResult>((*code)->body(0)(&frame, shapes.literals_of(0)))) {
    case BodyReturned: return frame.result;
    case BodyFailed: break;
    case BodySatisfied:
    case BodyNotSatisfied: CHECK(false, "a body of an expression returns"); break;
  }
  auto interpreted = ToExpected(Evaluate(program, 0, input));
  if (!interpreted) return interpreted;
  return std::unexpected(Error{.code = "too-complex", .message = "the expression is too large for native code", .pointer = {}, .help = {}});
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

  const EvalInput eval_input = {.entities = document.entities ? *document.entities : *entities,
                                .request = document.request,
                                .interner = job.interner,
                                .arena = arena,
                                .now = input.now,
                                .max_loop_work = job.limits.max_loop_work};
  const auto value =
      input.native == nullptr ? ToExpected(Evaluate(program, 0, eval_input)) : EvaluateNative(*input.native, program, eval_input);
  if (!value) return std::unexpected(value.error());
  return EvaluatedExpression{.text = FormatValue(*value, job.interner), .json = ValueToJson(*value, job.interner)};
}

}  // namespace remit
