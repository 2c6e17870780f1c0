#include "runtime/audit/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/check.h"

namespace remit::audit {
namespace {

constexpr std::string_view kMagic = "remit-audit-segment-1\n";
constexpr size_t kSignatureBytes = 64;
constexpr size_t kCommitBytes = 8 + sizeof(Hash) + sizeof(NoteKeyId) + kSignatureBytes;

void AppendNumber(std::string& out, uint64_t number, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

auto ReadNumber(std::string_view bytes) -> uint64_t {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

auto ReadHash(std::string_view bytes) -> Hash {
  Hash hash;
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

}  // namespace

auto ReadFrame(std::string_view file, size_t at) -> std::optional<Frame> {
  if (file.size() < at || file.size() - at < kFrameHead) return std::nullopt;
  const char tag = file[at];
  const size_t length = ReadNumber(file.substr(at + 1, 4));
  if (tag != static_cast<char>(FrameTag::Header) && tag != static_cast<char>(FrameTag::Record) &&
      tag != static_cast<char>(FrameTag::Commit)) {
    return std::nullopt;
  }
  if (length > file.size() - at - kFrameHead) return std::nullopt;
  return Frame{.tag = static_cast<FrameTag>(tag), .payload = file.substr(at + kFrameHead, length), .end = at + kFrameHead + length};
}

void AppendFrame(std::string& out, FrameTag tag, std::string_view payload) {
  const size_t size = payload.size();
  const char head[kFrameHead] = {static_cast<char>(tag), static_cast<char>(size), static_cast<char>(size >> 8),
                                 static_cast<char>(size >> 16), static_cast<char>(size >> 24)};
  out.append(head, kFrameHead);
  out += payload;
}

auto EncodeHeader(const SegmentHeader& header) -> std::string {
  std::string payload(kMagic);
  AppendNumber(payload, header.origin.size(), 4);
  payload += header.origin;
  AppendNumber(payload, header.before.size(), 8);
  for (const auto& peak : header.before.peaks()) payload += BytesOf(peak);
  return payload;
}

auto DecodeHeader(std::string_view payload) -> std::optional<SegmentHeader> {
  if (!payload.starts_with(kMagic)) return std::nullopt;
  payload.remove_prefix(kMagic.size());
  if (payload.size() < 4) return std::nullopt;
  const size_t origin_size = ReadNumber(payload.substr(0, 4));
  payload.remove_prefix(4);
  if (payload.size() < origin_size || payload.size() - origin_size < 8) return std::nullopt;
  std::string origin(payload.substr(0, origin_size));
  const uint64_t first = ReadNumber(payload.substr(origin_size, 8));
  payload.remove_prefix(origin_size + 8);
  if (!IsNoteName(origin) || payload.size() != CompactRange::PeaksOf(first) * sizeof(Hash)) return std::nullopt;
  std::vector<Hash> peaks;
  for (; !payload.empty(); payload.remove_prefix(sizeof(Hash))) peaks.push_back(ReadHash(payload));
  return SegmentHeader{.origin = std::move(origin), .before = CompactRange(first, std::move(peaks))};
}

auto EncodeCommit(const Commit& commit) -> std::string {
  CHECK(commit.signature.size() == kSignatureBytes, "a commit is signed");
  std::string payload;
  AppendNumber(payload, commit.size, 8);
  payload += BytesOf(commit.root);
  payload.append(reinterpret_cast<const char*>(commit.key.data()), commit.key.size());
  return payload + commit.signature;
}

auto DecodeCommit(std::string_view payload) -> std::optional<Commit> {
  if (payload.size() != kCommitBytes) return std::nullopt;
  Commit commit = {.size = ReadNumber(payload.substr(0, 8)),
                   .root = ReadHash(payload.substr(8)),
                   .key = {},
                   .signature = std::string(payload.substr(kCommitBytes - kSignatureBytes))};
  std::memcpy(commit.key.data(), payload.data() + 8 + sizeof(Hash), commit.key.size());
  return commit;
}

auto CommitNote(const Commit& commit, const std::string& origin) -> std::string {
  const NoteSignature signature = {.name = origin, .id = commit.key, .signature = commit.signature};
  return WriteNote(CheckpointText({.origin = origin, .size = commit.size, .root = commit.root}), std::span(&signature, 1));
}

auto ParseSegment(std::string path, std::string bytes) -> std::optional<Segment> {
  const auto first = ReadFrame(bytes, 0);
  if (!first || first->tag != FrameTag::Header) return std::nullopt;
  auto header = DecodeHeader(first->payload);
  if (!header) return std::nullopt;
  const size_t begin = first->end;
  Segment segment = {
      .path = std::move(path), .bytes = std::move(bytes), .header = std::move(*header), .begin = begin, .committed = begin, .size = 0};
  segment.size = segment.header.before.size();
  for (size_t at = begin;;) {
    const auto frame = ReadFrame(segment.bytes, at);
    if (!frame || frame->tag == FrameTag::Header) break;
    at = frame->end;
    if (frame->tag != FrameTag::Commit) continue;
    const auto commit = DecodeCommit(frame->payload);
    if (!commit) break;
    segment.committed = at;
    segment.size = commit->size;
  }
  return segment;
}

auto SegmentPath(const std::string& folder, uint64_t first) -> std::string { return fmt::format("{}/{:020}.seg", folder, first); }

}  // namespace remit::audit
