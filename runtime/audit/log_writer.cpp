#include "runtime/audit/log_writer.h"

#include <fcntl.h>

#include "runtime/audit/segment.h"

namespace remit::audit {

auto CheckpointPath(const std::string& folder) -> std::string { return folder + "/checkpoint"; }

auto Log::Writer::Start() -> Expected<void> {
  auto file = OpenFile(CheckpointPath(options_.folder), O_RDWR | O_CREAT);
  if (!file) return std::unexpected(file.error());
  checkpoint_file_ = std::move(*file);
  if (checkpoint_.empty()) {
    const Hash root = tree_.Root();
    checkpoint_ = CommitNote(
        {.size = tree_.size(), .root = root, .key = options_.signer.verifier().id(), .signature = options_.signer.Sign(tree_.size(), root)},
        options_.signer.origin());
  }
  if (auto written = WriteCheckpoint(); !written) return written;
  if (auto cut = Truncate(checkpoint_file_, checkpoint_.size()); !cut) return cut;
  if (auto synced = SyncFolder(options_.folder); !synced) return synced;
  if (segment_path_.empty()) return {};
  auto segment = OpenFile(segment_path_, O_RDWR);
  if (!segment) return std::unexpected(segment.error());
  segment_ = std::move(*segment);
  return {};
}

void Log::Writer::Prepare() {
  batch_.clear();
  batch_.swap(frames);
  before_ = tree_;
  for (const auto& leaf : leaves) tree_.Append(leaf);
  leaves.clear();
  const Hash root = tree_.Root();
  const Commit commit = {
      .size = tree_.size(), .root = root, .key = options_.signer.verifier().id(), .signature = options_.signer.Sign(tree_.size(), root)};
  AppendFrame(batch_, FrameTag::Commit, EncodeCommit(commit));
  checkpoint_ = CommitNote(commit, options_.signer.origin());
  if (offset_ >= options_.segment_bytes) segment_ = File();
}

auto Log::Writer::TryWrite() -> Expected<void> {
  if (options_.before_batch) {
    if (auto done = options_.before_batch(); !done) return done;
  }
  if (!segment_.is_open()) {
    if (auto opened = OpenSegment(); !opened) return opened;
  }
  if (auto written = WriteAt(segment_, batch_, offset_); !written) return written;
  if (auto synced = SyncData(segment_); !synced) return synced;
  if (auto written = WriteCheckpoint(); !written) return written;
  offset_ += batch_.size();
  return {};
}

auto Log::Writer::OpenSegment() -> Expected<void> {
  auto file = OpenFile(SegmentPath(options_.folder, before_.size()), O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return std::unexpected(file.error());
  std::string header;
  AppendFrame(header, FrameTag::Header, EncodeHeader({.origin = options_.signer.origin(), .before = before_}));
  if (auto written = WriteAt(*file, header, 0); !written) return written;
  if (auto synced = SyncFolder(options_.folder); !synced) return synced;
  segment_ = std::move(*file);
  offset_ = header.size();
  return {};
}

// In place: a checkpoint is never shorter than the one before. It is made durable when it has become longer, so that a machine that stops in between
// has an old one or a new one and no mixture; otherwise it may be old after that, and says less than is there.
auto Log::Writer::WriteCheckpoint() -> Expected<void> {
  if (auto written = WriteAt(checkpoint_file_, checkpoint_, 0); !written) return written;
  if (checkpoint_.size() == synced_checkpoint_bytes_) return {};
  if (auto synced = SyncData(checkpoint_file_); !synced) return synced;
  synced_checkpoint_bytes_ = checkpoint_.size();
  return {};
}

}  // namespace remit::audit
