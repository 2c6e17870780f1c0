#include "runtime/audit/recover.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runtime/audit/files.h"

namespace remit::audit {
namespace {

auto Tampered(std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "audit-tampered",
                               .message = std::move(message),
                               .pointer = {},
                               .help = "keep the folder as it is and look at it with `remit audit verify`"});
}

// The sound part of the last segment.
struct SoundPart {
  CompactRange tree;
  size_t end = 0;
  std::string note;  // of the last commit; empty: there is none
  bool has_checkpoint = false;  // one of its commits, or its beginning, is what the checkpoint says
};

class Recovery {
 public:
  Recovery(const std::string& folder, std::span<const NoteVerifier> verifiers) : folder_(folder), verifiers_(verifiers) {}

  auto Run() -> Expected<RecoveredLog> {
    auto paths = ListSegments(folder_);
    if (!paths) return std::unexpected(paths.error());
    if (auto read = ReadLatest(!paths->empty()); !read) return std::unexpected(read.error());
    while (!paths->empty()) {
      auto done = TryLast(paths->back());
      if (!done) return std::unexpected(done.error());
      if (*done) break;
      removed_.push_back(paths->back());
      paths->pop_back();
    }
    if (latest_ && latest_->size > log_.tree.size())
      return Tampered(fmt::format("the checkpoint is of {} records and only {} are there", latest_->size, log_.tree.size()));
    if (auto cut = CutOff(); !cut) return std::unexpected(cut.error());
    return std::move(log_);
  }

 private:
  auto ReadLatest(bool has_segments) -> Expected<void> {
    const auto bytes = ReadWhole(folder_ + "/checkpoint");
    if (!bytes && bytes.error().code != "audit-file-missing") return std::unexpected(bytes.error());
    if (!bytes || bytes->empty()) {
      if (has_segments) return Tampered("there are segments and no checkpoint");
      return {};
    }
    const auto note = ReadNote(*bytes);
    const auto read = note ? ReadCheckpointText(note->text) : std::unexpected(note.error());
    if (!read) return Tampered(fmt::format("the checkpoint: {}", read.error().message));
    if (read->origin != origin()) {
      return std::unexpected(Error{.code = "audit-of-another-log",
                                   .message = fmt::format("this is the log of `{}`, not of `{}`", read->origin, origin()),
                                   .pointer = {},
                                   .help = {}});
    }
    if (const auto verified = VerifyNote(*note, verifiers_); !verified)
      return Tampered(fmt::format("the checkpoint: {}", verified.error().message));
    latest_ = *read;
    return {};
  }

  // False: there is nothing in it that was acknowledged.
  auto TryLast(const std::string& path) -> Expected<bool> {
    auto bytes = ReadWhole(path);
    if (!bytes) return std::unexpected(bytes.error());
    log_.cut_bytes += bytes->size();
    const auto segment = ParseSegment(path, std::move(*bytes));
    if (!segment) return false;
    if (segment->header.origin != origin()) return Tampered(fmt::format("`{}` is of another log", path));
    auto sound = ReadSound(*segment);
    if (!sound) return std::unexpected(sound.error());
    if (HasAcknowledged(std::string_view(segment->bytes).substr(sound->end)))
      return Tampered(fmt::format("byte {} of `{}` and what follows is not what was written", sound->end, path));
    if (sound->note.empty()) return false;
    log_.cut_bytes -= sound->end;
    log_.tree = std::move(sound->tree);
    log_.segment = path;
    log_.offset = sound->end;
    log_.checkpoint = std::move(sound->note);
    if (latest_ && latest_->size >= segment->header.before.size() && latest_->size <= log_.tree.size() && !sound->has_checkpoint)
      return Tampered(fmt::format("`{}` is not what the checkpoint says", path));
    return true;
  }

  auto ReadSound(const Segment& segment) const -> Expected<SoundPart> {
    SoundPart sound = {.tree = segment.header.before, .end = segment.begin, .note = {}};
    sound.has_checkpoint = IsLatest(sound.tree);
    CompactRange tree = sound.tree;
    for (size_t at = segment.begin; at < segment.committed;) {
      const auto frame = *ReadFrame(segment.bytes, at);
      at = frame.end;
      if (frame.tag == FrameTag::Record) tree.Append(LeafHash(frame.payload));
      if (frame.tag != FrameTag::Commit) continue;
      const auto commit = *DecodeCommit(frame.payload);
      if (!IsSound(commit, tree)) break;
      sound.tree = tree;
      sound.end = at;
      sound.note = CommitNote(commit, origin());
      sound.has_checkpoint = sound.has_checkpoint || IsLatest(tree);
    }
    return sound;
  }

  auto IsLatest(const CompactRange& tree) const -> bool { return latest_ && latest_->size == tree.size() && latest_->root == tree.Root(); }

  auto IsSound(const Commit& commit, const CompactRange& tree) const -> bool {
    return commit.size == tree.size() && commit.root == tree.Root() && IsSigned(commit);
  }
  auto IsSigned(const Commit& commit) const -> bool {
    const auto verifier = std::ranges::find(verifiers_, commit.key, &NoteVerifier::id);
    if (verifier == verifiers_.end()) return false;
    return verifier->Verifies(CheckpointText({.origin = origin(), .size = commit.size, .root = commit.root}), commit.signature);
  }
  auto origin() const -> const std::string& { return verifiers_.front().name(); }

  // Whether a commit of ours is followed by more: then it had been acknowledged.
  auto HasAcknowledged(std::string_view tail) const -> bool {
    for (size_t at = tail.find(static_cast<char>(FrameTag::Commit)); at != std::string_view::npos;
         at = tail.find(static_cast<char>(FrameTag::Commit), at + 1)) {
      const auto frame = ReadFrame(tail, at);
      const auto commit = frame && frame->end < tail.size() ? DecodeCommit(frame->payload) : std::nullopt;
      if (commit && IsSigned(*commit)) return true;
    }
    return false;
  }

  auto CutOff() -> Expected<void> {
    for (const auto& path : removed_) {
      if (auto removed = RemoveFile(path); !removed) return removed;
    }
    if (log_.segment.empty() || log_.cut_bytes == 0) return {};
    const auto file = OpenFile(log_.segment, O_RDWR);
    if (!file) return std::unexpected(file.error());
    if (auto cut = Truncate(*file, log_.offset); !cut) return cut;
    return SyncData(*file);
  }

  const std::string& folder_;
  std::span<const NoteVerifier> verifiers_;
  std::optional<Checkpoint> latest_;
  RecoveredLog log_;
  std::vector<std::string> removed_;
};

}  // namespace

auto Recover(const std::string& folder, std::span<const NoteVerifier> verifiers) -> Expected<RecoveredLog> {
  return Recovery(folder, verifiers).Run();
}

}  // namespace remit::audit
