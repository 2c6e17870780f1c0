#include "runtime/audit/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/audit/files.h"
#include "runtime/audit/log_reader.h"
#include "runtime/audit/record_view.h"
#include "runtime/base/check.h"

namespace remit::audit {
namespace {

class Verification {
 public:
  Verification(const std::string& folder, const VerifyOptions& options) : folder_(folder), options_(options) {
    CHECK(!options.verifiers.empty(), "somebody must be trusted");
  }

  auto Run() -> LogReport {
    ReadCheckpoints();
    const auto paths = ListSegments(folder_);
    if (!paths) report_.findings.push_back(paths.error());
    for (size_t i = 0; paths && i < paths->size(); ++i) VerifySegment((*paths)[i], i + 1 == paths->size());
    for (const auto& known : known_) {
      if (!known.is_met && known.checkpoint.size > tree_.size())
        Find("missing-records", fmt::format("{} is of {} records and {} are there", known.what, known.checkpoint.size, tree_.size()));
    }
    report_.records = tree_.size();
    return std::move(report_);
  }

 private:
  // A checkpoint that the tree has to come past.
  struct Known {
    Checkpoint checkpoint;
    std::string what;
    std::string code;
    bool is_met = false;
  };

  auto origin() const -> const std::string& { return options_.verifiers.front().name(); }
  void Find(std::string_view code, std::string message) {
    report_.findings.push_back({.code = std::string(code), .message = std::move(message), .pointer = {}, .help = {}});
  }

  // The log's own first: it may grow while it is read.
  void ReadCheckpoints() {
    const auto own = ReadWhole(folder_ + "/checkpoint");
    if (own) {
      AddKnown(*own, "the checkpoint", "tampered-checkpoint");
      if (!known_.empty()) report_.latest = known_.front().checkpoint;
    } else {
      Find("tampered-checkpoint", own.error().message);
    }
    for (size_t i = 0; i < options_.kept.size(); ++i) AddKnown(options_.kept[i], fmt::format("kept checkpoint {}", i + 1), "rewritten");
    CheckKnown();
  }
  void AddKnown(std::string_view note, std::string what, std::string_view code) {
    const auto checkpoint = ReadCheckpoint(note, options_.verifiers, origin());
    if (!checkpoint) return Find("tampered-checkpoint", fmt::format("{}: {}", what, checkpoint.error().message));
    known_.push_back({.checkpoint = *checkpoint, .what = std::move(what), .code = std::string(code)});
  }
  void CheckKnown() {
    for (auto& known : known_) {
      if (known.is_met || known.checkpoint.size != tree_.size()) continue;
      known.is_met = true;
      if (known.checkpoint.root != tree_.Root())
        Find(known.code, fmt::format("{} is of other records than the first {} of the log", known.what, tree_.size()));
    }
  }

  void VerifySegment(const std::string& path, bool is_last) {
    const auto segment = ReadSegment(path);
    if (!segment) {
      Find(is_last ? "torn-tail" : "tampered-segment", segment.error().message);
      return;
    }
    ++report_.segments;
    report_.bytes += segment->bytes.size();
    const auto& header = segment->header;
    if (header.origin != origin()) Find("tampered-segment", fmt::format("`{}` is of the log `{}`", path, header.origin));
    if (header.before.size() != tree_.size()) {
      Find("missing-segment", fmt::format("`{}` begins with record {} and not with {}", path, header.before.size(), tree_.size()));
    } else if (header.before.Root() != tree_.Root()) {
      Find("tampered-segment", fmt::format("`{}` does not follow the segment before it", path));
    }
    tree_ = header.before;
    CheckKnown();
    if (VerifyBatches(*segment) && !segment->tail().empty())
      Find(is_last ? "torn-tail" : "tampered-segment",
           fmt::format("{} bytes of `{}` follow its last commit", segment->tail().size(), path));
    if (tree_.size() == header.before.size() && segment->tail().empty())
      Find(is_last ? "torn-tail" : "tampered-segment", fmt::format("`{}` has no batch", path));
  }

  // False: a finding ended it.
  auto VerifyBatches(const Segment& segment) -> bool {
    const size_t findings = report_.findings.size();
    uint64_t batch = tree_.size();
    for (size_t at = segment.begin; at < segment.committed;) {
      const auto frame = *ReadFrame(segment.bytes, at);
      at = frame.end;
      if (frame.tag == FrameTag::Record) {
        VerifyRecord(frame.payload);
      } else {
        VerifyCommit(segment, *DecodeCommit(frame.payload), batch);
        batch = tree_.size();
      }
      if (report_.findings.size() > findings) return false;
    }
    return true;
  }

  void VerifyRecord(std::string_view bytes) {
    if (const auto record = DecodeRecord(bytes); !record)
      Find("tampered-record", fmt::format("record {}: {}", tree_.size(), record.error().message));
    tree_.Append(LeafHash(bytes));
    CheckKnown();
  }

  void VerifyCommit(const Segment& segment, const Commit& commit, uint64_t batch) {
    ++report_.commits;
    if (commit.size != tree_.size() || commit.root != tree_.Root() || batch == tree_.size()) {
      return Find("tampered-record",
                  fmt::format("records {} to {} in `{}` are not those that were signed", batch, tree_.size(), segment.path));
    }
    const auto verifier = std::ranges::find(options_.verifiers, commit.key, &NoteVerifier::id);
    const auto text = CheckpointText({.origin = origin(), .size = commit.size, .root = commit.root});
    if (verifier == options_.verifiers.end() || !verifier->Verifies(text, commit.signature))
      Find("tampered-commit", fmt::format("nobody known signed records {} to {} in `{}`", batch, tree_.size(), segment.path));
  }

  const std::string& folder_;
  const VerifyOptions& options_;
  CompactRange tree_;
  std::vector<Known> known_;
  LogReport report_;
};

}  // namespace

auto VerifyLog(const std::string& folder, const VerifyOptions& options) -> LogReport { return Verification(folder, options).Run(); }

}  // namespace remit::audit
