// Whether a log is what its writer signed, from its files and the writer's public keys alone.
//
// Each record is hashed, each commit's size, root and signature are checked, and so are names and headers of segments, the checkpoint, and whatever
// checkpoints somebody kept elsewhere. One finding for each segment: what follows the first one cannot be told from its consequences.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/audit/checkpoint.h"
#include "runtime/base/error.h"

namespace remit::audit {

struct VerifyOptions {
  std::span<const NoteVerifier> verifiers;  // at least one, all of one name: the log's origin
  std::span<const std::string> kept = {};  // signed checkpoints that the log must extend
};

struct LogReport {
  uint64_t segments = 0;
  uint64_t records = 0;
  uint64_t commits = 0;
  uint64_t bytes = 0;
  std::optional<Checkpoint> latest;  // that the log's own checkpoint says
  // Codes: "tampered-segment", "tampered-record", "tampered-commit", "tampered-checkpoint", "missing-segment", "missing-records", "torn-tail" (behind the
  // last commit: a node that was killed, or is writing, leaves the same), "rewritten" (against a kept checkpoint), and those of files.h.
  std::vector<Error> findings;

  auto is_sound() const -> bool { return findings.empty(); }
};

auto VerifyLog(const std::string& folder, const VerifyOptions& options) -> LogReport;

}  // namespace remit::audit
