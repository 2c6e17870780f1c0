#include "runtime/audit/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "runtime/audit/hex.h"
#include "runtime/base/check.h"

namespace remit::audit {
namespace {

auto TakeLine(std::string_view& text) -> std::string_view {
  const size_t end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

auto ReadSize(std::string_view line) -> std::optional<uint64_t> {
  uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size);
  if (error != std::errc() || fmt::format("{}", size) != line) return std::nullopt;
  return size;
}

}  // namespace

auto CheckpointText(const Checkpoint& checkpoint) -> std::string {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, ToBase64(BytesOf(checkpoint.root)));
}

auto ReadCheckpointText(std::string_view text) -> Expected<Checkpoint> {
  const auto origin = TakeLine(text);
  const auto size = ReadSize(TakeLine(text));
  const auto root = FromBase64(TakeLine(text));
  Checkpoint checkpoint = {.origin = std::string(origin), .size = size.value_or(0), .root = {}};
  if (origin.empty() || !size || !root || root->size() != checkpoint.root.size()) {
    return Fail("checkpoint-malformed", "a checkpoint has an origin, a size and a root, a line each");
  }
  std::copy_n(root->begin(), root->size(), checkpoint.root.begin());
  return checkpoint;
}

auto ReadCheckpoint(std::string_view note, std::span<const NoteVerifier> verifiers, std::string_view origin) -> Expected<Checkpoint> {
  const auto read = ReadNote(note);
  if (!read) return std::unexpected(read.error());
  if (const auto verified = VerifyNote(*read, verifiers); !verified) return std::unexpected(verified.error());
  auto checkpoint = ReadCheckpointText(read->text);
  if (checkpoint && !origin.empty() && checkpoint->origin != origin) {
    return Fail("checkpoint-of-another-log", fmt::format("a checkpoint of `{}`, not of `{}`", checkpoint->origin, origin));
  }
  return checkpoint;
}

CheckpointSigner::CheckpointSigner(std::string origin, approval::SigningKey key)
    : key_(std::move(key)), verifier_(std::move(origin), key_.public_key()) {
  CHECK(IsNoteName(verifier_.name()), "an origin is a note's name");
}

auto CheckpointSigner::Sign(uint64_t size, const Hash& root) const -> std::string {
  return key_.Sign(CheckpointText({.origin = origin(), .size = size, .root = root}));
}

}  // namespace remit::audit
