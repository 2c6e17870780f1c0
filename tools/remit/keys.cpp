// remit keys: the Ed25519 keys that sign approvals.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/approval/key_files.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct KeyOptions {
  std::string file;
  std::string public_file;
  Format format = Format::Human;
};

void Show(const approval::PublicKey& key, Format format) {
  switch (format) {
    case Format::Human: fmt::print("{}\n{}", key.id(), key.ToPem()); break;
    case Format::Json: fmt::print("{}\n", nlohmann::json{{"id", key.id()}, {"publicKey", key.ToPem()}}.dump()); break;
  }
}

auto Generate(const KeyOptions& options) -> ExitCode {
  const auto key = approval::SigningKey::Generate();
  auto written = approval::WriteSigningKey(options.file, key);
  if (written && !options.public_file.empty()) written = approval::WritePublicKey(options.public_file, key.public_key());
  if (!written) return ReportError(written.error(), options.format);
  Show(key.public_key(), options.format);
  return kDone;
}

auto ShowFile(const KeyOptions& options) -> ExitCode {
  const auto key = approval::ReadPublicKey(options.file);
  if (!key) return ReportError(key.error(), options.format);
  Show(*key, options.format);
  return kDone;
}

void AddGenerate(CLI::App& keys, ExitSlot& exit) {
  auto* verb = keys.add_subcommand("generate", "Make a key pair");
  auto options = std::make_shared<KeyOptions>();
  verb->add_option("-o,--output", options->file, "Where the private key goes; an existing file is left alone")
      ->required()
      ->option_text("FILE");
  verb->add_option("--public", options->public_file, "Where the public key goes, as well as to standard output")->option_text("FILE");
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = Generate(*options); });
}

void AddShow(CLI::App& keys, ExitSlot& exit) {
  auto* verb = keys.add_subcommand("show", "The id and the public key of a private or public key");
  auto options = std::make_shared<KeyOptions>();
  verb->add_option("file", options->file, "A key in PEM")->required()->option_text("FILE");
  AddFormatOption(*verb, options->format);
  verb->callback([options, &exit] { exit = ShowFile(*options); });
}

}  // namespace

void AddKeys(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("keys", "Keys that sign approvals: generate, show");
  verb->require_subcommand(1);
  AddGenerate(*verb, exit);
  AddShow(*verb, exit);
  verb->footer("Exit codes: 0 done, 2 wrong usage, an unreadable key, or a file that exists.");
}

}  // namespace remit::cli
