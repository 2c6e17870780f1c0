// remit audit: what a log says, and whether it says what was written.
#include "tools/remit/audit.h"

#include <fmt/format.h>

#include <memory>

#include "runtime/approval/key_files.h"
#include "runtime/audit/log_reader.h"

namespace remit::cli {

void AddLogArgument(CLI::App& verb, std::string& folder) {
  verb.add_option("log", folder, "The log's folder")->required()->option_text("DIR");
}

void AddKeyOptions(CLI::App& verb, AuditKeys& keys) {
  verb.add_option("-k,--key", keys.keys, "Who signs the log: a key in PEM, or a verifier key `NAME+ID+KEY`; may be repeated")
      ->required()
      ->option_text("FILE|KEY");
  verb.add_option("--origin", keys.origin, "What the log is called, for keys in PEM: its own word by default")->option_text("NAME");
}

auto ReadVerifiers(const AuditKeys& keys, const std::string& folder) -> Expected<std::vector<audit::NoteVerifier>> {
  std::vector<audit::NoteVerifier> verifiers;
  for (const auto& text : keys.keys) {
    if (auto verifier = audit::NoteVerifier::FromText(text)) {
      verifiers.push_back(std::move(*verifier));
      continue;
    }
    auto key = approval::ReadPublicKey(text);
    if (!key) return std::unexpected(key.error());
    auto origin = keys.origin.empty() && !folder.empty() ? audit::ReadOrigin(folder) : Expected<std::string>(keys.origin);
    if (!origin) return std::unexpected(origin.error());
    if (!audit::IsNoteName(*origin))
      return std::unexpected(Error{.code = "wrong-usage", .message = "a key in PEM has no name", .pointer = {}, .help = "give --origin"});
    verifiers.emplace_back(std::move(*origin), std::move(*key));
  }
  for (const auto& verifier : verifiers) {
    if (verifier.name() != verifiers.front().name()) {
      return std::unexpected(Error{.code = "wrong-usage",
                                   .message = fmt::format("keys of `{}` and of `{}`", verifiers.front().name(), verifier.name()),
                                   .pointer = {},
                                   .help = "a log has one name"});
    }
  }
  return verifiers;
}

namespace {

struct KeyOptions {
  std::string file;
  std::string origin;
  Format format = Format::Human;
};

auto ShowKey(const KeyOptions& options) -> ExitCode {
  const auto key = approval::ReadPublicKey(options.file);
  if (!key) return ReportError(key.error(), options.format);
  if (!audit::IsNoteName(options.origin))
    return ReportError({.code = "wrong-usage", .message = fmt::format("`{}` names no log", options.origin), .pointer = {}, .help = {}},
                       options.format);
  fmt::print("{}\n", audit::NoteVerifier(options.origin, *key).ToText());
  return kDone;
}

}  // namespace

void AddAuditKey(CLI::App& audit, ExitSlot& exit) {
  auto* verb = audit.add_subcommand("key", "A key as what verifies the checkpoints of one log");
  auto options = std::make_shared<KeyOptions>();
  verb->add_option("file", options->file, "A key in PEM")->required()->option_text("FILE");
  verb->add_option("--origin", options->origin, "What the log is called")->required()->option_text("NAME");
  verb->callback([options, &exit] { exit = ShowKey(*options); });
}

void AddAudit(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("audit", "Audit logs: verify, show, query, prove, export, erase, record, key");
  verb->require_subcommand(1);
  AddAuditVerify(*verb, exit);
  AddAuditShow(*verb, exit);
  AddAuditQuery(*verb, exit);
  AddAuditProve(*verb, exit);
  AddAuditExport(*verb, exit);
  AddAuditErase(*verb, exit);
  AddAuditRecord(*verb, exit);
  AddAuditKey(*verb, exit);
  verb->footer("Exit codes: 0 done, 1 not what was written, or nothing found, 2 wrong usage or an unreadable log.");
}

}  // namespace remit::cli
