// remit sign: who vouches for a bundle, and whether somebody does.
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "runtime/approval/key_files.h"
#include "runtime/audit/bundle_note.h"
#include "runtime/bundle/bundle.h"
#include "tools/remit/audit.h"
#include "tools/remit/sign.h"

namespace remit::cli {
namespace {

constexpr size_t kMaxNoteBytes = 256 << 10;

struct SignOptions {
  std::string bundle;
  AuditKeys keys;
  std::string output;
  std::string verified;
  Format format = Format::Human;
};

auto Wrong(std::string message, std::string help) -> Error {
  return {.code = "wrong-usage", .message = std::move(message), .pointer = {}, .help = std::move(help)};
}

auto Sign(const SignOptions& options, const std::string& digest) -> ExitCode {
  if (options.keys.keys.size() != 1 || !audit::IsNoteName(options.keys.origin))
    return ReportError(Wrong("a bundle is signed with one private key, which has a name", "give --key and --origin"), options.format);
  const auto key = approval::ReadSigningKey(options.keys.keys.front());
  if (!key) return ReportError(key.error(), options.format);
  const std::string path = options.output.empty() ? options.bundle + ".sig" : options.output;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << audit::SignBundle(digest, options.keys.origin, *key) << std::flush;
  if (!file) {
    return ReportError({.code = "file-unwritable", .message = fmt::format("`{}` cannot be written", path), .pointer = {}, .help = {}},
                       options.format);
  }
  fmt::print("{}\n", audit::NoteVerifier(options.keys.origin, key->public_key()).ToText());
  return kDone;
}

auto Verify(const SignOptions& options, const std::string& digest) -> ExitCode {
  const auto verifiers = ReadVerifiers(options.keys, "");
  if (!verifiers) return ReportError(verifiers.error(), options.format);
  const auto note = ReadTextFile(options.verified, kMaxNoteBytes);
  if (!note) return ReportError(note.error(), options.format);
  if (const auto verified = audit::VerifyBundleNote(*note, digest, *verifiers); !verified) {
    ReportError(verified.error(), options.format);
    return kNegative;
  }
  fmt::print("{}\n", digest);
  return kDone;
}

auto Run(const SignOptions& options) -> ExitCode {
  const auto bundle = Bundle::Open(options.bundle);
  if (!bundle) return ReportError(bundle.error(), options.format);
  return options.verified.empty() ? Sign(options, bundle->digest()) : Verify(options, bundle->digest());
}

}  // namespace

void AddSign(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("sign", "Sign a bundle, or verify that somebody did");
  auto options = std::make_shared<SignOptions>();
  verb->add_option("bundle", options->bundle, "What `remit build` wrote")->required()->option_text("FILE");
  verb->add_option("-k,--key", options->keys.keys,
                   "To sign, a private key in PEM; to verify, keys in PEM or verifier keys `NAME+ID+KEY`; may be repeated")
      ->required()
      ->option_text("FILE|KEY");
  verb->add_option("--origin", options->keys.origin, "What the key is called")->option_text("NAME");
  verb->add_option("-o,--output", options->output, "Where the signature goes: beside the bundle, with `.sig`, by default")
      ->option_text("FILE");
  verb->add_option("--verify", options->verified, "A signature that is to be of this bundle and by one of the keys")->option_text("FILE");
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 signed, or verified, 1 not what was signed, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
