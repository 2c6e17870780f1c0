// Proofs that somebody can check who has neither the log nor a reason to trust it: the log's public key is enough.
//
// Of a record: C2SP tlog-proof, with the record itself as its extra data. Of growth: the old size, the hashes of RFC 9162, and the new checkpoint, like
// what C2SP tlog-witness sends.
#pragma once

#include <string>
#include <string_view>

#include "runtime/audit/checkpoint.h"
#include "runtime/base/error.h"

namespace remit::audit {

// That the record of this number is in the tree of the log's checkpoint. Reads all of the log. Codes: "audit-no-record", those of log_reader.h.
auto ProveRecord(const std::string& folder, uint64_t number) -> Expected<std::string>;
// That the tree of the log's checkpoint extends that of its first `size` records, which are at least one.
auto ProveGrowth(const std::string& folder, uint64_t size) -> Expected<std::string>;

struct ProvenRecord {
  uint64_t number = 0;
  std::string bytes;
  Checkpoint checkpoint;
};
// Codes: "proof-malformed", "proof-wrong", and those of the checkpoint.
auto CheckRecordProof(std::string_view proof, std::span<const NoteVerifier> verifiers) -> Expected<ProvenRecord>;

struct ProvenGrowth {
  Checkpoint from;
  Checkpoint to;
};
// `kept`: the signed checkpoint that somebody had before.
auto CheckGrowthProof(std::string_view proof, std::string_view kept, std::span<const NoteVerifier> verifiers) -> Expected<ProvenGrowth>;

}  // namespace remit::audit
