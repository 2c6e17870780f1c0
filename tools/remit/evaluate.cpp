// remit evaluate: the value of one expression.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/evaluate.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct EvaluateOptions {
  std::string expression;
  EvaluateInput input;
  std::string entities;
  std::string schema;
  std::string request;
  std::string context;
  EngineChoice engine = EngineChoice::Interpreter;
  DecisionTime time;
  Limits limits;
  Format format = Format::Human;
};

void PrintValue(const EvaluatedExpression& result, Format format) {
  switch (format) {
    case Format::Human: fmt::print("{}\n", result.text); break;
    case Format::Json: fmt::print("{{\"value\":{},\"text\":{}}}\n", result.json, nlohmann::json(result.text).dump()); break;
  }
}

auto ReadOptional(const std::string& path, size_t limit, std::string& out) -> Expected<void> {
  if (path.empty()) return {};
  auto text = ReadTextFile(path, limit);
  if (!text) return std::unexpected(text.error());
  out = std::move(*text);
  return {};
}

auto Run(EvaluateOptions& options) -> ExitCode {
  auto& input = options.input;
  for (auto [path, out] : {std::pair{&options.entities, &input.entities},
                           {&options.schema, &input.schema},
                           {&options.request, &input.request},
                           {&options.context, &input.context}}) {
    if (auto done = ReadOptional(*path, options.limits.max_json_bytes, *out); !done) return ReportError(done.error(), options.format);
  }
  if (options.expression == "-") {
    auto text = ReadTextFile("-", options.limits.max_source_bytes);
    if (!text) return ReportError(text.error(), options.format);
    input.expression = std::move(*text);
  } else {
    input.expression = options.expression;
  }
  const auto native = CompilerFor(options.engine);
  if (!native) return ReportError(native.error(), options.format);
  input.native = *native;
  input.now = options.time.Read();
  CompileJob job(options.limits);
  const auto result = EvaluateText(job, input);
  if (job.sink.has_errors()) {
    ReportDiagnostics(job, options.format);
    return kFailed;
  }
  if (!result) {
    ReportError(result.error(), options.format);
    return kNegative;
  }
  PrintValue(*result, options.format);
  return kDone;
}

}  // namespace

void AddEvaluate(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("evaluate", "Evaluate one expression");
  auto options = std::make_shared<EvaluateOptions>();
  verb->add_option("expression", options->expression, "The expression, `-` for standard input")->required()->option_text("EXPRESSION");
  verb->add_option("-e,--entities", options->entities, "Entities as JSON")->option_text("FILE");
  verb->add_option("-s,--schema", options->schema, "Schema, for reading entities and the context")->option_text("FILE");
  auto* request =
      verb->add_option("-r,--request", options->request, "A request as JSON: principal, action, resource, context")->option_text("FILE");
  verb->add_option("--principal", options->input.principal, "The value of `principal`, for example 'User::\"ana\"'")
      ->option_text("ENTITY")
      ->excludes(request);
  verb->add_option("--action", options->input.action, "The value of `action`")->option_text("ENTITY")->excludes(request);
  verb->add_option("--resource", options->input.resource, "The value of `resource`")->option_text("ENTITY")->excludes(request);
  verb->add_option("--context", options->context, "The value of `context` as JSON")->option_text("FILE")->excludes(request);
  AddEngineOption(*verb, options->engine);
  options->time.AddOption(*verb);
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 a value, 1 an evaluation error, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
