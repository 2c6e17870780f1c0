// remit validate-request: whether requests are ones that a schema provides for.
#include <fmt/format.h>

#include <memory>

#include "runtime/request/json.h"
#include "tools/remit/validity.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct ValidateRequestOptions {
  std::vector<std::string> schema;
  std::string request;
  std::string requests;
  Limits limits;
  Format format = Format::Human;
};

class RequestChecker {
 public:
  RequestChecker(const Schema& schema, const CompileJob& job, Format format) : schema_(schema), job_(job), format_(format) {}

  // `name` is what the request goes by unless it has an id. Symbols and values live for this call only.
  void Check(std::string name, std::string_view json) {
    arena_.Reset();
    Interner overlay(&job_.interner);
    std::vector<Error> errors;
    const auto document = ReadRequest(json, overlay, arena_, {.limits = job_.limits, .schema = &schema_, .errors = &errors});
    if (!document && errors.empty()) errors.push_back(document.error());
    if (document && !document->id.empty()) name = document->id;
    ++(errors.empty() ? valid_ : invalid_);
    switch (format_) {
      case Format::Human: PrintErrors(name, errors); break;
      case Format::Json: fmt::print("{}\n", ValidityJson("id", name, errors)); break;
    }
  }

  auto Finish() const -> ExitCode {
    if (format_ == Format::Human) fmt::print("{} valid, {} invalid\n", valid_, invalid_);
    return invalid_ == 0 ? kDone : kNegative;
  }

 private:
  const Schema& schema_;
  const CompileJob& job_;
  Format format_;
  Arena arena_;
  uint64_t valid_ = 0;
  uint64_t invalid_ = 0;
};

auto CheckLines(const ValidateRequestOptions& options, RequestChecker& checker) -> ExitCode {
  auto lines = LineReader::Open(options.requests, options.limits.max_request_bytes);
  if (!lines) return ReportError(lines.error(), options.format);
  for (uint64_t number = 1;; ++number) {
    const auto line = lines->Next();
    if (!line) return ReportError(line.error(), options.format);
    if (!*line) return checker.Finish();
    if ((*line)->find_first_not_of(" \t") != std::string_view::npos) checker.Check(std::to_string(number), **line);
  }
}

auto Run(const ValidateRequestOptions& options) -> ExitCode {
  CompileJob job(options.limits);
  const auto schema = LoadSchemaInputs(job, options.schema, options.format);
  if (!schema) return kFailed;
  RequestChecker checker(*schema, job, options.format);
  if (options.request.empty()) return CheckLines(options, checker);
  const auto json = ReadTextFile(options.request, options.limits.max_request_bytes);
  if (!json) return ReportError(json.error(), options.format);
  checker.Check(options.request, *json);
  return checker.Finish();
}

}  // namespace

void AddValidateRequest(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("validate-request", "Check requests against a schema");
  auto options = std::make_shared<ValidateRequestOptions>();
  AddSchemaOption(*verb, options->schema)->required();
  auto* input = verb->add_option_group("input", "What to check");
  input->add_option("-r,--request", options->request, "One request as JSON, `-` for standard input")->option_text("FILE");
  input->add_option("--requests", options->requests, "JSON lines, one request each, `-` for standard input")->option_text("FILE");
  input->require_option(1);
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 all valid, 1 some are not, 2 wrong usage, unreadable files or an invalid schema.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
