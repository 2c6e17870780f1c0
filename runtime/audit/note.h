// Signed notes (C2SP signed-note): a text, and under it who signed it.
//
// A key has a name and an id made of name and key; other signatures than Ed25519's are let be, as the specification asks, so that witnesses may add theirs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/keys.h"
#include "runtime/base/error.h"

namespace remit::audit {

using NoteKeyId = std::array<uint8_t, 4>;

// Who a signature is by.
class NoteVerifier {
 public:
  NoteVerifier(std::string name, approval::PublicKey key);
  // `name+id+key`, as ToText writes it. Code: "verifier-key-unreadable".
  static auto FromText(std::string_view text) -> Expected<NoteVerifier>;

  auto ToText() const -> std::string;
  auto name() const -> const std::string& { return name_; }
  auto id() const -> const NoteKeyId& { return id_; }
  auto Verifies(std::string_view text, std::string_view signature) const -> bool { return key_.Verifies(text, signature); }

 private:
  std::string name_;
  approval::PublicKey key_;
  NoteKeyId id_;
};

struct NoteSignature {
  std::string name;
  NoteKeyId id;
  std::string signature;
};

// Neither empty nor with white space, a plus or anything that is no text.
auto IsNoteName(std::string_view name) -> bool;

// `text` ends in a newline.
auto WriteNote(std::string_view text, std::span<const NoteSignature> signatures) -> std::string;

struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;
};
// "note-malformed".
auto ReadNote(std::string_view note) -> Expected<Note>;

// At least one of the verifiers signed it, and none whose signature is wrong: "note-unsigned", "note-forged".
auto VerifyNote(const Note& note, std::span<const NoteVerifier> verifiers) -> Expected<void>;

}  // namespace remit::audit
