// Segments: files of records that only grow, each named after the number of its first record.
//
//   segment = header batch*           batch = record+ commit
//   frame   = tag (1 byte: S, R, C)   length (4 bytes)   payload          numbers are little-endian
//
//   header   magic, origin, number of the first record, and the tree before it: its peaks, so that one segment can be read without the others
//   record   bytes of record.h: a leaf of the tree
//   commit   the tree's size and root behind the batch, and the log's signature of the checkpoint that says so
//
// INVARIANT: what is written of a batch before its commit, nobody was told of. Whatever ends in a commit was durable as a whole, or is not what was
// written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/audit/checkpoint.h"
#include "runtime/audit/merkle.h"

namespace remit::audit {

enum class FrameTag : char { Header = 'S', Record = 'R', Commit = 'C' };

inline constexpr size_t kFrameHead = 5;  // tag and length
inline constexpr size_t kMaxRecordBytes = 64 << 20;

struct Frame {
  FrameTag tag;
  std::string_view payload;
  size_t end;  // offset behind it
};
// None: there is no complete frame at `at`.
auto ReadFrame(std::string_view file, size_t at) -> std::optional<Frame>;
void AppendFrame(std::string& out, FrameTag tag, std::string_view payload);

struct SegmentHeader {
  std::string origin;
  CompactRange before;
};
auto EncodeHeader(const SegmentHeader& header) -> std::string;
auto DecodeHeader(std::string_view payload) -> std::optional<SegmentHeader>;

struct Commit {
  uint64_t size = 0;
  Hash root = {};
  NoteKeyId key = {};
  std::string signature;  // Ed25519's 64 bytes
};
auto EncodeCommit(const Commit& commit) -> std::string;
auto DecodeCommit(std::string_view payload) -> std::optional<Commit>;
// The same as a signed note.
auto CommitNote(const Commit& commit, const std::string& origin) -> std::string;

// A file whose frames were looked at, and nothing else of it.
struct Segment {
  std::string path;
  std::string bytes;
  SegmentHeader header;
  size_t begin = 0;  // of the first batch
  size_t committed = 0;  // behind the last commit
  uint64_t size = 0;  // as the last commit says; the header's if there is none

  auto tail() const -> std::string_view { return std::string_view(bytes).substr(committed); }
};
// None: it has no header.
auto ParseSegment(std::string path, std::string bytes) -> std::optional<Segment>;

// `DIR/00000000000000000000.seg`.
auto SegmentPath(const std::string& folder, uint64_t first) -> std::string;

}  // namespace remit::audit
