// What a log vouches for at one size (C2SP tlog-checkpoint): whoever keeps one can tell later that nothing before it was changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/audit/note.h"
#include "runtime/audit/tree_hash.h"

namespace remit::audit {

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Hash root = {};

  friend auto operator==(const Checkpoint&, const Checkpoint&) -> bool = default;
};

// Three lines: what is signed.
auto CheckpointText(const Checkpoint& checkpoint) -> std::string;
// "checkpoint-malformed". Extension lines are let be.
auto ReadCheckpointText(std::string_view text) -> Expected<Checkpoint>;

// The whole note, held against the keys: codes as above and those of note.h, and "checkpoint-of-another-log" if `origin` is given and another.
auto ReadCheckpoint(std::string_view note, std::span<const NoteVerifier> verifiers, std::string_view origin = {}) -> Expected<Checkpoint>;

// Signs checkpoints of one log, by a key whose name is the log's origin.
class CheckpointSigner {
 public:
  // `origin` is a note's name (IsNoteName).
  CheckpointSigner(std::string origin, approval::SigningKey key);

  auto origin() const -> const std::string& { return verifier_.name(); }
  auto verifier() const -> const NoteVerifier& { return verifier_; }
  // Of the note's text.
  auto Sign(uint64_t size, const Hash& root) const -> std::string;

 private:
  approval::SigningKey key_;
  NoteVerifier verifier_;
};

}  // namespace remit::audit
