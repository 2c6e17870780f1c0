#include "runtime/audit/bundle_note.h"

#include <fmt/format.h>

namespace remit::audit {
namespace {

constexpr std::string_view kHead = "remit-bundle-1\nsha256 ";

auto TextOf(std::string_view digest) -> std::string { return fmt::format("{}{}\n", kHead, digest); }

}  // namespace

auto SignBundle(std::string_view digest, const std::string& name, const approval::SigningKey& key) -> std::string {
  const std::string text = TextOf(digest);
  const NoteSignature signature = {.name = name, .id = NoteVerifier(name, key.public_key()).id(), .signature = key.Sign(text)};
  return WriteNote(text, std::span(&signature, 1));
}

auto VerifyBundleNote(std::string_view note, std::string_view digest, std::span<const NoteVerifier> verifiers) -> Expected<void> {
  const auto read = ReadNote(note);
  if (!read) return std::unexpected(read.error());
  if (auto verified = VerifyNote(*read, verifiers); !verified) return verified;
  if (!read->text.starts_with(kHead)) return Fail("bundle-note-malformed", "a note that is signed, and of no bundle");
  if (read->text != TextOf(digest)) return Fail("signed-another-bundle", fmt::format("what was signed is not the bundle {}", digest));
  return {};
}

}  // namespace remit::audit
