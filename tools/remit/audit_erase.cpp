// remit audit erase: masked values that must be forgotten.
#include <fmt/format.h>

#include <memory>

#include "runtime/audit/log_reader.h"
#include "runtime/audit/masked_values.h"
#include "tools/remit/audit.h"

namespace remit::cli {
namespace {

struct EraseOptions {
  std::string folder;
  std::string subject;
  std::optional<uint64_t> number;
  Format format = Format::Human;
};

auto Erase(const EraseOptions& options, audit::MaskedValues& values) -> Expected<uint64_t> {
  if (!options.number) return values.EraseSubject(options.subject);
  const auto bytes = audit::ReadRecordBytes(options.folder, *options.number);
  if (!bytes) return std::unexpected(bytes.error());
  const auto record = audit::DecodeRecord(*bytes);
  if (!record) return std::unexpected(record.error());
  return values.EraseCommitments(audit::CommitmentsOf(*record));
}

auto Run(const EraseOptions& options) -> ExitCode {
  if (options.number.has_value() != options.subject.empty()) {
    return ReportError({.code = "wrong-usage",
                        .message = "either a record's values are erased or a subject's",
                        .pointer = {},
                        .help = "give NUMBER or --subject"},
                       options.format);
  }
  if (const auto origin = audit::ReadOrigin(options.folder); !origin) return ReportError(origin.error(), options.format);
  const auto values = audit::MaskedValues::Open(options.folder, audit::MaskedValues::Mode::Write);
  if (!values) return ReportError(values.error(), options.format);
  const auto erased = Erase(options, **values);
  if (!erased) return ReportError(erased.error(), options.format);
  switch (options.format) {
    case Format::Human: fmt::print("{} values erased\n", *erased); break;
    case Format::Json: fmt::print("{{\"erased\":{}}}\n", *erased); break;
  }
  return *erased > 0 ? kDone : kNegative;
}

}  // namespace

void AddAuditErase(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("erase", "Erase masked values of a record or of a subject; records and proofs stay as they are");
  auto options = std::make_shared<EraseOptions>();
  AddLogArgument(*verb, options->folder);
  verb->add_option("number", options->number, "The record's number")->option_text("NUMBER");
  verb->add_option("--subject", options->subject, R"(Whose values: `User::"ana"`, the principal as it was recorded)")
      ->option_text("ENTITY");
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
