// remit validate-entities: whether entity documents conform to a schema, with everything that is wrong in them.
#include <fmt/format.h>

#include <memory>

#include "runtime/request/json.h"
#include "tools/remit/validity.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct ValidateEntitiesOptions {
  std::vector<std::string> schema;
  std::vector<std::string> files;
  Limits limits;
  Format format = Format::Human;
};

// The document's symbols and entities live for this call only.
auto ValidateFile(const std::string& json, const Schema& schema, const CompileJob& job) -> std::vector<Error> {
  Interner overlay(&job.interner);
  std::vector<Error> errors;
  const auto store = ReadEntities(json, overlay, {.limits = job.limits, .schema = &schema, .errors = &errors});
  if (!store && errors.empty()) errors.push_back(store.error());
  return errors;
}

auto Run(const ValidateEntitiesOptions& options) -> ExitCode {
  CompileJob job(options.limits);
  const auto schema = LoadSchemaInputs(job, options.schema, options.format);
  if (!schema) return kFailed;
  size_t invalid = 0;
  for (const auto& file : options.files) {
    const auto json = ReadTextFile(file, options.limits.max_json_bytes);
    if (!json) return ReportError(json.error(), options.format);
    const auto errors = ValidateFile(*json, *schema, job);
    invalid += errors.empty() ? 0 : 1;
    switch (options.format) {
      case Format::Human: PrintErrors(file, errors); break;
      case Format::Json: fmt::print("{}\n", ValidityJson("file", file, errors)); break;
    }
  }
  if (options.format == Format::Human) fmt::print("{} valid, {} invalid\n", options.files.size() - invalid, invalid);
  return invalid == 0 ? kDone : kNegative;
}

}  // namespace

void AddValidateEntities(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("validate-entities", "Check entities against a schema");
  auto options = std::make_shared<ValidateEntitiesOptions>();
  AddSchemaOption(*verb, options->schema)->required();
  verb->add_option("files", options->files, "Entity documents as JSON, `-` for standard input")->required()->option_text("FILE...");
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 all conform, 1 some do not, 2 wrong usage, unreadable files or an invalid schema.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
