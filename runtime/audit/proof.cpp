#include "runtime/audit/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/audit/files.h"
#include "runtime/audit/hex.h"
#include "runtime/audit/log_reader.h"
#include "runtime/audit/merkle.h"

namespace remit::audit {
namespace {

constexpr std::string_view kRecordProof = "c2sp.org/tlog-proof@v1";
constexpr size_t kMaxHashes = 64;

auto Malformed() { return Fail("proof-malformed", "this is no proof"); }

// ---- making --------------------------------------------------------------------------------------------------------

// The log's checkpoint, which is taken at its word: whoever checks the proof verifies it.
struct Own {
  std::string note;
  Checkpoint checkpoint;
};
auto ReadOwn(const std::string& folder) -> Expected<Own> {
  auto bytes = ReadWhole(folder + "/checkpoint");
  if (!bytes) return std::unexpected(bytes.error());
  const auto note = ReadNote(*bytes);
  if (!note) return std::unexpected(note.error());
  const auto checkpoint = ReadCheckpointText(note->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  return Own{.note = std::move(*bytes), .checkpoint = *checkpoint};
}

// The hashes of these ranges, in one pass over the log; `wanted` is a record that is kept on the way.
struct Pass {
  std::vector<LeafRange> ranges;
  std::vector<CompactRange> hashes;
  std::optional<uint64_t> wanted;
  std::string bytes;

  auto Run(const std::string& folder, uint64_t size) -> Expected<void> {
    hashes.resize(ranges.size());
    uint64_t seen = 0;
    const auto read = ForEachRecord(folder, 0, [&](uint64_t number, std::string_view record) {
      seen = number + 1;
      Add(number, record);
      return seen < size;
    });
    if (read && seen < size) return Fail("audit-tampered", fmt::format("the checkpoint is of {} records and {} are there", size, seen));
    return read;
  }

  void Add(uint64_t number, std::string_view record) {
    if (wanted == number) bytes = record;
    const Hash leaf = LeafHash(record);
    for (size_t i = 0; i < ranges.size(); ++i) {
      if (number >= ranges[i].begin && number < ranges[i].end) hashes[i].Append(leaf);
    }
  }

  auto Lines() const -> std::string {
    std::string lines;
    for (const auto& hash : hashes) lines += ToBase64(BytesOf(hash.Root())) + '\n';
    return lines;
  }
};

// ---- reading -------------------------------------------------------------------------------------------------------

auto TakeLine(std::string_view& text) -> std::string_view {
  const size_t end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

auto TakeNumber(std::string_view& text, std::string_view name) -> std::optional<uint64_t> {
  auto line = TakeLine(text);
  if (!line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || fmt::format("{}", number) != line) return std::nullopt;
  return number;
}

// Up to the empty line, which is taken too.
auto TakeHashes(std::string_view& text) -> std::optional<std::vector<Hash>> {
  std::vector<Hash> hashes;
  for (auto line = TakeLine(text); !line.empty(); line = TakeLine(text)) {
    const auto bytes = FromBase64(line);
    if (!bytes || bytes->size() != sizeof(Hash) || hashes.size() == kMaxHashes) return std::nullopt;
    std::ranges::copy(*bytes, hashes.emplace_back().begin());
  }
  return hashes;
}

}  // namespace

auto ProveRecord(const std::string& folder, uint64_t number) -> Expected<std::string> {
  const auto own = ReadOwn(folder);
  if (!own) return std::unexpected(own.error());
  const uint64_t size = own->checkpoint.size;
  if (number >= size) return Fail("audit-no-record", fmt::format("there is no record {}: the log has {}", number, size));
  Pass pass = {.ranges = InclusionPath(number, size), .hashes = {}, .wanted = number, .bytes = {}};
  if (const auto read = pass.Run(folder, size); !read) return std::unexpected(read.error());
  return fmt::format("{}\nextra {}\nindex {}\n{}\n{}", kRecordProof, ToBase64(pass.bytes), number, pass.Lines(), own->note);
}

auto ProveGrowth(const std::string& folder, uint64_t size) -> Expected<std::string> {
  const auto own = ReadOwn(folder);
  if (!own) return std::unexpected(own.error());
  if (size == 0 || size > own->checkpoint.size)
    return Fail("audit-no-record", fmt::format("the log has {} records: it does not extend {}", own->checkpoint.size, size));
  Pass pass = {.ranges = ConsistencyPath(size, own->checkpoint.size), .hashes = {}, .wanted = {}, .bytes = {}};
  if (const auto read = pass.Run(folder, own->checkpoint.size); !read) return std::unexpected(read.error());
  return fmt::format("old {}\n{}\n{}", size, pass.Lines(), own->note);
}

auto CheckRecordProof(std::string_view proof, std::span<const NoteVerifier> verifiers) -> Expected<ProvenRecord> {
  if (TakeLine(proof) != kRecordProof) return Malformed();
  const auto extra = TakeLine(proof);
  const auto bytes = extra.starts_with("extra ") ? FromBase64(extra.substr(6)) : std::nullopt;
  const auto number = TakeNumber(proof, "index ");
  const auto hashes = TakeHashes(proof);
  if (!bytes || !number || !hashes) return Malformed();
  const auto checkpoint = ReadCheckpoint(proof, verifiers);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  if (!VerifyInclusion(*number, checkpoint->size, LeafHash(*bytes), *hashes, checkpoint->root))
    return Fail("proof-wrong", "the proof does not lead to the checkpoint's root");
  return ProvenRecord{.number = *number, .bytes = *bytes, .checkpoint = *checkpoint};
}

auto CheckGrowthProof(std::string_view proof, std::string_view kept, std::span<const NoteVerifier> verifiers) -> Expected<ProvenGrowth> {
  const auto size = TakeNumber(proof, "old ");
  const auto hashes = TakeHashes(proof);
  if (!size || !hashes) return Malformed();
  const auto to = ReadCheckpoint(proof, verifiers);
  if (!to) return std::unexpected(to.error());
  const auto from = ReadCheckpoint(kept, verifiers, to->origin);
  if (!from) return std::unexpected(from.error());
  if (from->size != *size) return Fail("proof-wrong", fmt::format("a proof from {} records on, and a checkpoint of {}", *size, from->size));
  if (!VerifyConsistency(from->size, to->size, from->root, to->root, *hashes))
    return Fail("proof-wrong", "the log does not extend what the kept checkpoint says");
  return ProvenGrowth{.from = *from, .to = *to};
}

}  // namespace remit::audit
