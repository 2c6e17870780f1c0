// remit schema: schemas as documents. Translating and formatting are here, looking into a schema is in schema_show.cpp.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/schema_documents.h"
#include "tools/remit/layout_options.h"
#include "tools/remit/schema_import.h"
#include "tools/remit/schema_show.h"

namespace remit::cli {
namespace {

enum class Target : uint8_t { Auto, Text, Json };

struct TranslateOptions {
  std::vector<std::string> files;
  Target target = Target::Auto;
  Limits limits;
  Format format = Format::Human;
};

auto Translate(const TranslateOptions& options) -> ExitCode {
  auto texts = ReadSchemaInputs(options.files, options.limits, options.format);
  if (!texts) return kFailed;
  const bool from_text = GuessSchemaSyntax(texts->front().text) == SchemaSyntax::Text;
  const bool to_json = options.target == Target::Json || (options.target == Target::Auto && from_text);
  CompileJob job(options.limits);
  const auto translated = TranslateSchema(job, std::move(*texts), to_json ? SchemaSyntax::Json : SchemaSyntax::Text);
  if (!translated) return ReportDiagnostics(job, options.format), kFailed;
  if (options.format == Format::Human) ReportDiagnostics(job, options.format);  // warnings
  fmt::print("{}", *translated);
  return kDone;
}

struct SchemaFormatOptions {
  std::vector<std::string> files;
  LayoutOptions output;
};

auto FormatFile(const SchemaFormatOptions& options, const SchemaText& file) -> ExitCode {
  if (GuessSchemaSyntax(file.text) == SchemaSyntax::Json) {
    return ReportError({.code = "schema-is-json",
                        .message = fmt::format("`{}` is a JSON schema, and schema text is what can be formatted", file.name),
                        .pointer = {},
                        .help = "`remit schema translate --to json` prints JSON anew"},
                       options.output.format);
  }
  CompileJob job(options.output.limits);
  const auto formatted = FormatSchemaFile(job, file.name, file.text, options.output.layout);
  if (!formatted) return ReportDiagnostics(job, options.output.format), kFailed;
  return Deliver(options.output, file.name, file.text, *formatted);
}

auto FormatFiles(const SchemaFormatOptions& options) -> ExitCode {
  ExitCode worst = kDone;
  for (const auto& path : options.files) {
    const auto texts = ReadSchemaInputs({path}, options.output.limits, options.output.format);
    worst = std::max(worst, texts ? FormatFile(options, texts->front()) : kFailed);
  }
  return worst;
}

void AddSchemaTranslate(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("translate", "Schema text to JSON and back; several files become one document");
  auto options = std::make_shared<TranslateOptions>();
  verb->add_option("files", options->files, "Schema files, text or JSON, or `-`; together one schema")->required()->option_text("FILE...");
  verb->add_option("--to", options->target, "cedar: text, json: JSON; the default is the other of what the first file is")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Target>{{"cedar", Target::Text}, {"json", Target::Json}}))
      ->option_text("cedar|json");
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 done, 2 wrong usage, an invalid schema, or one that has no form in text.");
  verb->callback([options, &exit] { exit = Translate(*options); });
}

void AddSchemaFormat(CLI::App& schema, ExitSlot& exit) {
  auto* verb = schema.add_subcommand("format", "Lay schema text out in the one way; comments stay, the meaning too");
  auto options = std::make_shared<SchemaFormatOptions>();
  verb->add_option("files", options->files, "Schema files, or `-`")->required()->option_text("FILE...");
  AddLayoutOptions(*verb, options->output);
  verb->callback([options, &exit] { exit = FormatFiles(*options); });
}

}  // namespace

void AddSchema(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("schema", "Translate, format, import and look into schemas");
  verb->require_subcommand(1);
  AddSchemaTranslate(*verb, exit);
  AddSchemaFormat(*verb, exit);
  AddSchemaShow(*verb, exit);
  AddSchemaEnvironments(*verb, exit);
  AddSchemaImport(*verb, exit);
  AddSchemaRequest(*verb, exit);
}

}  // namespace remit::cli
