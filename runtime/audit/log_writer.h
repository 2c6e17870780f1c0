// What the writing thread of a log has: the open segment, the tree, and the batch that is being written until it is.
#pragma once

#include <string>
#include <vector>

#include "runtime/audit/files.h"
#include "runtime/audit/log.h"
#include "runtime/audit/recover.h"

namespace remit::audit {

// The latest signed checkpoint, as a note: what was durable is at least this.
auto CheckpointPath(const std::string& folder) -> std::string;

class Log::Writer {
 public:
  Writer(const LogOptions& options, File lock, RecoveredLog log)
      : options_(options), lock_(std::move(lock)), tree_(std::move(log.tree)), checkpoint_(std::move(log.checkpoint)) {
    segment_path_ = std::move(log.segment);
    offset_ = log.offset;
  }

  // Opens what Recover found, and brings the checkpoint up to date.
  auto Start() -> Expected<void>;

  // What Prepare takes, and leaves empty: frames of records and the hashes of these.
  std::string frames;
  std::vector<Hash> leaves;
  // INVARIANT: only if the batch before was written.
  void Prepare();
  // May be tried again: from the same bytes at the same place, so that what failed half leaves nothing behind.
  auto TryWrite() -> Expected<void>;
  auto size() const -> uint64_t { return tree_.size(); }
  auto checkpoint() const -> const std::string& { return checkpoint_; }

 private:
  auto OpenSegment() -> Expected<void>;
  auto WriteCheckpoint() -> Expected<void>;

  const LogOptions& options_;
  File lock_;
  File checkpoint_file_;
  File segment_;  // closed: the next batch begins one
  std::string segment_path_;
  uint64_t offset_ = 0;  // where the next batch goes
  CompactRange tree_;  // behind the batch
  CompactRange before_;  // before it
  std::string batch_;
  std::string checkpoint_;
  size_t synced_checkpoint_bytes_ = 0;  // its length when it was made durable last
};

}  // namespace remit::audit
