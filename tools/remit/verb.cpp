#include "tools/remit/verb.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "compiler/driver/packs.h"
#include "compiler/project/choices.h"
#include "tools/remit/forbid_errors_option.h"

namespace remit::cli {

void AddFormatOption(CLI::App& verb, Format& format) {
  verb.add_option("--format", format, "Output for people or for programs: human, json")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Format>{{"human", Format::Human}, {"json", Format::Json}}))
      ->option_text("human|json");
}

void AddEngineOption(CLI::App& verb, EngineChoice& engine) {
  verb.add_option("--engine", engine, "What decides: interpreter (the reference), native")
      ->transform(CLI::CheckedTransformer(project::ChoiceMap(project::kEngineChoices)))
      ->option_text("interpreter|native");
}

void AddLimitOptions(CLI::App& verb, Limits& limits) {
  verb.add_option("--max-source-bytes", limits.max_source_bytes, "Refuse policy and schema files larger than this")->capture_default_str();
  verb.add_option("--max-json-bytes", limits.max_json_bytes, "Refuse JSON documents larger than this")->capture_default_str();
  verb.add_option("--max-request-bytes", limits.max_request_bytes, "Refuse single requests larger than this")->capture_default_str();
}

void AddPolicyOptions(CLI::App& verb, PolicyOptions& options) {
  verb.add_option("-p,--policies", options.policies,
                  "Policy files (text, or JSON), `-`, or folders with *.cedar and *.remit; may be repeated")
      ->required()
      ->option_text("PATH");
  verb.add_option("--links", options.links, "Template links as JSON")->option_text("FILE");
  verb.add_option("--ids", options.ids, "remit: a policy goes by its @id; cedar: by its position, policy0, policy1, ...")
      ->transform(CLI::CheckedTransformer(project::ChoiceMap(project::kIdChoices)))
      ->option_text("remit|cedar");
  AddForbidErrorsOption(verb);
  AddLimitOptions(verb, options.limits);
}

auto UseColor(FILE* stream) -> bool {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(fileno(stream)) != 0 && (no_color == nullptr || *no_color == '\0');
}

auto ReportError(const Error& error, Format format) -> ExitCode {
  switch (format) {
    case Format::Human: fmt::print(stderr, "error[{}]: {}\n", error.code, FormatError(error)); break;
    case Format::Json: {
      nlohmann::ordered_json json = {{"code", error.code}, {"message", error.message}};
      if (!error.pointer.empty()) json["pointer"] = error.pointer;
      if (!error.help.empty()) json["help"] = error.help;
      fmt::print("{}\n", nlohmann::ordered_json{{"error", json}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      break;
    }
  }
  return kFailed;
}

void ReportDiagnostics(const CompileJob& job, Format format) {
  if (format == Format::Json) {
    fmt::print("{{\"diagnostics\":[");
    for (size_t i = 0; i < job.sink.diagnostics().size(); ++i) {
      fmt::print("{}{}", i == 0 ? "" : ",", DiagnosticToJson(job.sink.diagnostics()[i], job.sources));
    }
    fmt::print("],\"errors\":{},\"warnings\":{}}}\n", job.sink.error_count(), job.sink.warning_count());
    return;
  }
  for (const auto& diagnostic : job.sink.diagnostics()) {
    fmt::print(stderr, "{}", FormatDiagnostic(diagnostic, job.sources, {.color = UseColor(stderr)}));
  }
  if (job.sink.dropped_count() > 0) fmt::print(stderr, "... and {} more\n", job.sink.dropped_count());
}

auto LoadPolicyInputs(CompileJob& job, const PolicyOptions& options, Format format) -> bool {
  for (const auto& path : options.policies) {
    if (BuiltinPolicies(path)) {
      LoadPolicies(job, path, {}, PolicyFormat::Text);
      continue;
    }
    const auto files = ListPolicyFiles(path);
    if (!files) return ReportError(files.error(), format), false;
    for (const auto& file : *files) {
      auto text = ReadTextFile(file, options.limits.max_source_bytes);
      if (!text) return ReportError(text.error(), format), false;
      const auto kind = GuessPolicyFormat(file, *text);
      LoadPolicies(job, file, std::move(*text), kind);
    }
  }
  if (!options.links.empty()) {
    const auto json = ReadTextFile(options.links, options.limits.max_json_bytes);
    if (!json) return ReportError(json.error(), format), false;
    LoadLinks(job, options.links, *json);
  }
  if (!job.sink.has_errors()) return true;
  ReportDiagnostics(job, format);
  return false;
}

auto AddSchemaOption(CLI::App& verb, std::vector<std::string>& schema) -> CLI::Option* {
  return verb.add_option("-s,--schema", schema, "Schema as text or JSON; may be repeated: the files make one schema together")
      ->option_text("FILE")
      ->allow_extra_args(false);
}

auto ReadSchemaInputs(const std::vector<std::string>& schema, const Limits& limits, Format format)
    -> std::optional<std::vector<SchemaText>> {
  std::vector<SchemaText> texts;
  for (const auto& path : schema) {
    if (BuiltinSchema(path)) {
      texts.push_back({.name = path, .text = {}});
      continue;
    }
    auto text = ReadTextFile(path, limits.max_source_bytes);
    if (!text) return ReportError(text.error(), format), std::nullopt;
    texts.push_back({.name = path, .text = std::move(*text)});
  }
  return texts;
}

auto LoadSchemaInputs(CompileJob& job, const std::vector<std::string>& schema, Format format) -> std::optional<Schema> {
  auto texts = ReadSchemaInputs(schema, job.limits, format);
  if (!texts) return std::nullopt;
  auto loaded = LoadSchema(job, std::move(*texts));
  if (!loaded) ReportDiagnostics(job, format);
  return loaded;
}

auto LoadEnvironment(CompileJob& job, const PolicyOptions& options, const std::string& entities, const std::vector<std::string>& schema,
                     Format format) -> std::optional<LoadedEnvironment> {
  if (!LoadPolicyInputs(job, options, format)) return std::nullopt;

  LoadedEnvironment result;
  if (!schema.empty()) {
    result.schema = LoadSchemaInputs(job, schema, format);
    if (!result.schema) return std::nullopt;
  }
  auto json = entities.empty() ? Expected<std::string>("[]") : ReadTextFile(entities, options.limits.max_json_bytes);
  if (!json) return ReportError(json.error(), format), std::nullopt;
  auto store = LoadEntities(job, entities, *json, result.schema ? &*result.schema : nullptr);
  auto program = CompileProgram(job, options.ids, result.schema ? &*result.schema : nullptr);
  if (job.sink.has_errors()) {
    ReportDiagnostics(job, format);
    return std::nullopt;
  }
  if (format == Format::Human) ReportDiagnostics(job, format);  // warnings
  result.entities = std::move(*store);
  result.program = std::move(*program);
  return result;
}

}  // namespace remit::cli
