// remit audit verify: a whole log, or one proof out of it. remit audit prove: that proof.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/audit/hex.h"
#include "runtime/audit/proof.h"
#include "runtime/audit/record_view.h"
#include "runtime/audit/verify.h"
#include "tools/remit/audit.h"

namespace remit::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxNoteBytes = size_t{128} << 20;  // a proof has its record inside

struct VerifyOptions {
  std::string folder;
  AuditKeys keys;
  std::vector<std::string> kept;
  std::string proof;
  Format format = Format::Human;
};

auto CheckpointJson(const audit::Checkpoint& checkpoint) -> Json {
  return {{"origin", checkpoint.origin}, {"size", checkpoint.size}, {"root", audit::ToBase64(audit::BytesOf(checkpoint.root))}};
}

void PrintReport(const audit::LogReport& report, const std::string& origin, Format format) {
  switch (format) {
    case Format::Human:
      for (const auto& finding : report.findings) fmt::print("error[{}]: {}\n", finding.code, finding.message);
      fmt::print("{}: {} records in {} batches and {} segments, {} bytes: {}\n", origin, report.records, report.commits, report.segments,
                 report.bytes, report.is_sound() ? "as they were signed" : "NOT as they were signed");
      return;
    case Format::Json: {
      Json json = {{"origin", origin},          {"sound", report.is_sound()},  {"records", report.records},
                   {"batches", report.commits}, {"segments", report.segments}, {"bytes", report.bytes}};
      if (report.latest) json["checkpoint"] = CheckpointJson(*report.latest);
      json["findings"] = Json::array();
      for (const auto& finding : report.findings) json["findings"].push_back({{"code", finding.code}, {"message", finding.message}});
      fmt::print("{}\n", audit::DumpJson(json));
      return;
    }
  }
}

auto VerifyFolder(const VerifyOptions& options, std::span<const audit::NoteVerifier> verifiers) -> ExitCode {
  std::vector<std::string> kept;
  for (const auto& path : options.kept) {
    auto note = ReadTextFile(path, kMaxNoteBytes);
    if (!note) return ReportError(note.error(), options.format);
    kept.push_back(std::move(*note));
  }
  const auto report = audit::VerifyLog(options.folder, {.verifiers = verifiers, .kept = kept});
  PrintReport(report, verifiers.front().name(), options.format);
  return report.is_sound() ? kDone : kNegative;
}

// A proof of growth if a checkpoint is given to grow from, else one of a record.
auto VerifyProof(const VerifyOptions& options, std::span<const audit::NoteVerifier> verifiers) -> ExitCode {
  const auto wrong = [&](const Error& error) {
    ReportError(error, options.format);
    return kNegative;
  };
  const auto proof = ReadTextFile(options.proof, kMaxNoteBytes);
  if (!proof) return ReportError(proof.error(), options.format);
  if (options.kept.empty()) {
    const auto proven = audit::CheckRecordProof(*proof, verifiers);
    if (!proven) return wrong(proven.error());
    const auto record = audit::DecodeRecord(proven->bytes);
    if (!record) return wrong(record.error());
    const Json json = {
        {"number", proven->number}, {"checkpoint", CheckpointJson(proven->checkpoint)}, {"record", audit::RecordToJson(*record)}};
    fmt::print("{}\n", audit::DumpJson(json, options.format == Format::Human ? 2 : -1));
    return kDone;
  }
  const auto kept = ReadTextFile(options.kept.front(), kMaxNoteBytes);
  if (!kept) return ReportError(kept.error(), options.format);
  const auto proven = audit::CheckGrowthProof(*proof, *kept, verifiers);
  if (!proven) return wrong(proven.error());
  switch (options.format) {
    case Format::Human: fmt::print("{}: {} records extend the first {}\n", proven->to.origin, proven->to.size, proven->from.size); break;
    case Format::Json:
      fmt::print("{}\n", audit::DumpJson({{"from", CheckpointJson(proven->from)}, {"to", CheckpointJson(proven->to)}}));
      break;
  }
  return kDone;
}

auto RunVerify(const VerifyOptions& options) -> ExitCode {
  if (options.folder.empty() == options.proof.empty()) {
    return ReportError(
        {.code = "wrong-usage", .message = "either a log or a proof is verified", .pointer = {}, .help = "give DIR or --proof"},
        options.format);
  }
  const auto verifiers = ReadVerifiers(options.keys, options.folder);
  if (!verifiers) return ReportError(verifiers.error(), options.format);
  return options.proof.empty() ? VerifyFolder(options, *verifiers) : VerifyProof(options, *verifiers);
}

struct ProveOptions {
  std::string folder;
  std::optional<uint64_t> number;
  std::optional<uint64_t> from;
  Format format = Format::Human;
};

auto RunProve(const ProveOptions& options) -> ExitCode {
  if (options.number.has_value() == options.from.has_value()) {
    return ReportError(
        {.code = "wrong-usage", .message = "either a record or a growth is proven", .pointer = {}, .help = "give NUMBER or --from"},
        options.format);
  }
  const auto proof =
      options.number ? audit::ProveRecord(options.folder, *options.number) : audit::ProveGrowth(options.folder, *options.from);
  if (!proof) {
    ReportError(proof.error(), options.format);
    return proof.error().code == "audit-no-record" ? kNegative : kFailed;
  }
  fmt::print("{}", *proof);
  return kDone;
}

}  // namespace

void AddAuditVerify(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("verify", "Whether a log, or a proof out of one, is what was signed");
  auto options = std::make_shared<VerifyOptions>();
  verb->add_option("log", options->folder, "The log's folder")->option_text("DIR");
  AddKeyOptions(*verb, options->keys);
  verb->add_option("--checkpoint", options->kept, "A checkpoint that was kept elsewhere, which the log must extend; may be repeated")
      ->option_text("FILE");
  verb->add_option("--proof", options->proof, "In the place of a log: what `remit audit prove` wrote; of growth with --checkpoint")
      ->option_text("FILE");
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = RunVerify(*options); });
}

void AddAuditProve(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("prove", "A proof that a record is in the log, or that the log has only grown");
  auto options = std::make_shared<ProveOptions>();
  AddLogArgument(*verb, options->folder);
  verb->add_option("number", options->number, "The record's number")->option_text("NUMBER");
  verb->add_option("--from", options->from, "The size of the log that somebody has a checkpoint of")->option_text("SIZE");
  verb->callback([options, &exit] { exit = RunProve(*options); });
}

}  // namespace remit::cli
