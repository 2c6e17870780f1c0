#include "runtime/audit/log_reader.h"

#include <fmt/format.h>

#include "runtime/audit/files.h"

namespace remit::audit {
namespace {

auto Tampered(std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "audit-tampered", .message = std::move(message), .pointer = {}, .help = {}});
}

// False: the visitor has had enough.
auto VisitSegment(const Segment& segment, uint64_t first, const VisitRecord& visit) -> bool {
  uint64_t number = segment.header.before.size();
  for (size_t at = segment.begin; at < segment.committed;) {
    const auto frame = *ReadFrame(segment.bytes, at);
    at = frame.end;
    if (frame.tag != FrameTag::Record) continue;
    if (number >= first && !visit(number, frame.payload)) return false;
    ++number;
  }
  return true;
}

}  // namespace

auto ReadSegment(const std::string& path) -> Expected<Segment> {
  auto bytes = ReadWhole(path);
  if (!bytes) return std::unexpected(bytes.error());
  auto segment = ParseSegment(path, std::move(*bytes));
  if (!segment) return Tampered(fmt::format("`{}` is no segment", path));
  const std::string name = SegmentPath("", segment->header.before.size());
  if (!path.ends_with(name)) return Tampered(fmt::format("`{}` is the segment `{}`", path, name.substr(1)));
  return std::move(*segment);
}

auto ForEachRecord(const std::string& folder, uint64_t first, const VisitRecord& visit) -> Expected<void> {
  const auto paths = ListSegments(folder);
  if (!paths) return std::unexpected(paths.error());
  for (size_t i = 0; i < paths->size(); ++i) {
    if (i + 1 < paths->size() && (*paths)[i + 1] <= SegmentPath(folder, first)) continue;
    const auto segment = ReadSegment((*paths)[i]);
    if (!segment && i + 1 == paths->size() && i > 0) return {};  // it has only been begun
    if (!segment) return std::unexpected(segment.error());
    if (!VisitSegment(*segment, first, visit)) return {};
  }
  return {};
}

auto ReadRecordBytes(const std::string& folder, uint64_t number) -> Expected<std::string> {
  std::string found;
  bool is_found = false;
  const auto read = ForEachRecord(folder, number, [&](uint64_t at, std::string_view bytes) {
    is_found = at == number;
    if (is_found) found = bytes;
    return false;
  });
  if (!read) return std::unexpected(read.error());
  if (is_found) return found;
  return std::unexpected(
      Error{.code = "audit-no-record", .message = fmt::format("there is no record {}", number), .pointer = {}, .help = {}});
}

auto ReadOrigin(const std::string& folder) -> Expected<std::string> {
  const auto bytes = ReadWhole(folder + "/checkpoint");
  if (!bytes) return std::unexpected(bytes.error());
  const auto note = ReadNote(*bytes);
  if (!note) return std::unexpected(note.error());
  const auto checkpoint = ReadCheckpointText(note->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  return checkpoint->origin;
}

}  // namespace remit::audit
