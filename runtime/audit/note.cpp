#include "runtime/audit/note.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/approval/digest.h"
#include "runtime/audit/hex.h"
#include "runtime/base/text.h"

namespace remit::audit {
namespace {

constexpr char kEd25519 = 1;  // the signature type
constexpr std::string_view kDash = "\u2014 ";
constexpr size_t kMaxNoteBytes = 256 << 10;
constexpr size_t kMaxSignatures = 64;

auto KeyId(std::string_view name, const approval::PublicKey& key) -> NoteKeyId {
  const auto digest = approval::Sha256(fmt::format("{}\n{}{}", name, kEd25519, key.ToRaw()));
  NoteKeyId id;
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

auto TextOf(const NoteKeyId& id) -> std::string { return {reinterpret_cast<const char*>(id.data()), id.size()}; }

auto ReadSignature(std::string_view line) -> std::optional<NoteSignature> {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsNoteName(line.substr(0, space))) return std::nullopt;
  const auto bytes = FromBase64(line.substr(space + 1));
  NoteSignature signature = {.name = std::string(line.substr(0, space)), .id = {}, .signature = {}};
  if (!bytes || bytes->size() <= signature.id.size()) return std::nullopt;
  std::copy_n(bytes->begin(), signature.id.size(), signature.id.begin());
  signature.signature = bytes->substr(signature.id.size());
  return signature;
}

}  // namespace

auto IsNoteName(std::string_view name) -> bool {
  if (name.empty() || FindInvalidUtf8(name)) return false;
  for (size_t at = 0; at < name.size();) {
    const char32_t c = DecodeUtf8(name, at);
    if (c == '+' || c < 0x20 || IsWhiteSpace(c)) return false;
  }
  return true;
}

NoteVerifier::NoteVerifier(std::string name, approval::PublicKey key)
    : name_(std::move(name)), key_(std::move(key)), id_(KeyId(name_, key_)) {}

auto NoteVerifier::ToText() const -> std::string {
  return fmt::format("{}+{}+{}", name_, HexOf(TextOf(id_)), ToBase64(kEd25519 + key_.ToRaw()));
}

auto NoteVerifier::FromText(std::string_view text) -> Expected<NoteVerifier> {
  const auto fail = [&] { return Fail("verifier-key-unreadable", fmt::format("`{}` is no verifier key of Ed25519", text)); };
  const size_t first = text.find('+');
  const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail();
  const auto bytes = FromBase64(text.substr(second + 1));
  if (!IsNoteName(text.substr(0, first)) || !bytes || bytes->size() != 33 || bytes->front() != kEd25519) return fail();
  auto key = approval::PublicKey::FromRaw(std::string_view(*bytes).substr(1));
  if (!key) return std::unexpected(key.error());
  NoteVerifier verifier(std::string(text.substr(0, first)), std::move(*key));
  if (verifier.ToText() != text) return fail();
  return verifier;
}

auto WriteNote(std::string_view text, std::span<const NoteSignature> signatures) -> std::string {
  std::string note = fmt::format("{}\n", text);
  for (const auto& each : signatures) note += fmt::format("{}{} {}\n", kDash, each.name, ToBase64(TextOf(each.id) + each.signature));
  return note;
}

auto ReadNote(std::string_view note) -> Expected<Note> {
  const auto fail = [](std::string_view what) { return Fail("note-malformed", fmt::format("no signed note: {}", what)); };
  if (note.size() > kMaxNoteBytes) return fail("it is too long");
  if (FindInvalidUtf8(note) || std::ranges::any_of(note, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; })) {
    return fail("it is no text");
  }
  const size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || !note.ends_with('\n')) return fail("it has no signatures");
  Note result = {.text = std::string(note.substr(0, blank + 1)), .signatures = {}};
  for (size_t at = blank + 2; at < note.size();) {
    const size_t end = note.find('\n', at);
    auto signature = ReadSignature(note.substr(at, end - at));
    if (!signature || result.signatures.size() == kMaxSignatures) return fail("a line under it is no signature");
    result.signatures.push_back(std::move(*signature));
    at = end + 1;
  }
  if (result.signatures.empty()) return fail("it has no signatures");
  return result;
}

auto VerifyNote(const Note& note, std::span<const NoteVerifier> verifiers) -> Expected<void> {
  bool is_signed = false;
  for (const auto& signature : note.signatures) {
    for (const auto& verifier : verifiers) {
      if (verifier.name() != signature.name || verifier.id() != signature.id) continue;
      if (!verifier.Verifies(note.text, signature.signature))
        return Fail("note-forged", fmt::format("the signature of `{}` is wrong", signature.name));
      is_signed = true;
    }
  }
  if (!is_signed) return Fail("note-unsigned", "nobody signed it whose key is known");
  return {};
}

}  // namespace remit::audit
