// What a log is after whoever wrote it was stopped: everything that was acknowledged, and nothing else.
//
// Only the last batch can be incomplete, for the next is not begun before it is durable, and nobody was told of it. So what is cut off is what follows
// the last sound commit, if no signed commit lies behind it and the checkpoint does not say that there was more. Anything else is tampering, or
// a disk that lies, and nothing is changed then.
#pragma once

#include <string>

#include "runtime/audit/merkle.h"
#include "runtime/audit/segment.h"

namespace remit::audit {

struct RecoveredLog {
  CompactRange tree;
  std::string segment;  // the last one's path; empty: there is none
  uint64_t offset = 0;  // behind its last batch
  std::string checkpoint;  // a note of the whole tree; empty: there is none yet
  uint64_t cut_bytes = 0;
};

// `verifiers`: first the one that signs from now on, then those that did. Removes what is cut off. Codes: "audit-file", "audit-tampered", "audit-of-another-log".
auto Recover(const std::string& folder, std::span<const NoteVerifier> verifiers) -> Expected<RecoveredLog>;

}  // namespace remit::audit
