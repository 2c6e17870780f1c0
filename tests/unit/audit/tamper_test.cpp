// A log that was changed does not verify: 1,000 changes of every sort that somebody with the files and without the key can make.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "runtime/audit/log_reader.h"
#include "runtime/audit/segment.h"
#include "runtime/audit/verify.h"
#include "tests/unit/audit/log_fixture.h"

namespace remit::audit {
namespace {

using Files = std::map<std::string, std::string>;  // by path

// Where frames of a tag begin and end in a file.
auto FramesOf(const std::string& bytes, FrameTag tag) -> std::vector<std::pair<size_t, size_t>> {
  std::vector<std::pair<size_t, size_t>> places;
  for (size_t at = 0; at < bytes.size();) {
    const auto frame = ReadFrame(bytes, at);
    if (!frame) break;
    if (frame->tag == tag) places.emplace_back(at, frame->end);
    at = frame->end;
  }
  return places;
}

class Tampering : public testing::Test {
 protected:
  void SetUp() override {
    files_ = WriteLog(folder_, folder_.signer, "a");
    const LogFolder other;
    const CheckpointSigner forger("remit.test/log", approval::SigningKey::Generate());
    for (const auto& [path, bytes] : WriteLog(other, forger, "b")) forged_[folder_.log() + path.substr(other.log().size())] = bytes;
    ASSERT_GE(files_.size(), 4U);
  }

  static auto WriteLog(const LogFolder& folder, const CheckpointSigner& signer, const std::string& id) -> Files {
    auto log = *Log::Open({.folder = folder.log(), .signer = signer, .segment_bytes = 1500});
    for (int i = 0; i < 60; ++i) {
      const auto number = *log->Append(SmallRecord(id + std::to_string(i), 1000 + i));
      if (i % 3 == 0) log->WaitDurable(number).value();
    }
    log->Close().value();
    Files files;
    for (const auto& path : SegmentsOf(folder.log())) files[path] = ReadText(path);
    files[folder.log() + "/checkpoint"] = ReadText(folder.log() + "/checkpoint");
    return files;
  }

  auto Verify() const -> LogReport { return VerifyLog(folder_.log(), {.verifiers = std::span(&folder_.signer.verifier(), 1)}); }
  auto Checkpoint() const -> std::string { return folder_.log() + "/checkpoint"; }
  auto Random(size_t below) -> size_t { return random_() % below; }
  auto AnySegment(size_t least_records = 1) -> std::string {
    for (;;) {
      const auto& [path, bytes] = *std::next(files_.begin(), static_cast<std::ptrdiff_t>(Random(files_.size())));
      if (path.ends_with(".seg") && FramesOf(bytes, FrameTag::Record).size() >= least_records) return path;
    }
  }

  // What was done, and the files afterwards; a path without bytes is removed.
  auto Tamper() -> std::pair<std::string, Files> {
    switch (Random(12)) {
      case 0: return FlipByte(AnySegment());
      case 1: return FlipByte(Checkpoint());
      case 2: return DropRecord();
      case 3: return SwapRecords();
      case 4: return RepeatRecord();
      case 5: return ReplaceSegment();
      case 6: return DropSegment();
      case 7: return ForgeCheckpoint();
      case 8: return CutSegment();
      case 9: return SwapSegments();
      case 10: return InsertRecord();
      default: return DropBatch();
    }
  }

  auto FlipByte(const std::string& path) -> std::pair<std::string, Files> {
    std::string bytes = files_[path];
    const size_t at = Random(bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1U << Random(8)));
    return {"byte " + std::to_string(at) + " of " + path, {{path, bytes}}};
  }
  auto DropRecord() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    const auto places = FramesOf(files_[path], FrameTag::Record);
    const auto [begin, end] = places[Random(places.size())];
    return {"record dropped", {{path, std::string(files_[path]).erase(begin, end - begin)}}};
  }
  auto SwapRecords() -> std::pair<std::string, Files> {
    const auto path = AnySegment(2);
    const auto& bytes = files_[path];
    const auto places = FramesOf(bytes, FrameTag::Record);
    const size_t first = Random(places.size() - 1);
    const size_t second = first + 1 + Random(places.size() - first - 1);
    const auto [a, a_end] = places[first];
    const auto [b, b_end] = places[second];
    return {"records swapped",
            {{path, bytes.substr(0, a) + bytes.substr(b, b_end - b) + bytes.substr(a_end, b - a_end) + bytes.substr(a, a_end - a) +
                        bytes.substr(b_end)}}};
  }
  auto RepeatRecord() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    const auto places = FramesOf(files_[path], FrameTag::Record);
    const auto [begin, end] = places[Random(places.size())];
    std::string bytes = files_[path];
    return {"record repeated", {{path, bytes.insert(Random(2) == 0 ? end : bytes.size(), files_[path], begin, end - begin)}}};
  }
  auto InsertRecord() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    const auto places = FramesOf(files_[path], FrameTag::Record);
    std::string record;
    EncodeRecord(SmallRecord("inserted"), record);
    std::string frame;
    AppendFrame(frame, FrameTag::Record, record);
    return {"record inserted", {{path, std::string(files_[path]).insert(places[Random(places.size())].first, frame)}}};
  }
  auto DropBatch() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    const auto& bytes = files_[path];
    const auto commits = FramesOf(bytes, FrameTag::Commit);
    const size_t batch = Random(commits.size());
    const size_t begin = batch == 0 ? FramesOf(bytes, FrameTag::Header).front().second : commits[batch - 1].second;
    return {"batch dropped", {{path, std::string(bytes).erase(begin, commits[batch].second - begin)}}};
  }
  auto ReplaceSegment() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    return {"segment replaced", {{path, forged_.contains(path) ? forged_[path] : forged_.begin()->second}}};
  }
  auto DropSegment() -> std::pair<std::string, Files> { return {"segment dropped", {{AnySegment(), std::string()}}}; }
  auto SwapSegments() -> std::pair<std::string, Files> {
    const auto first = AnySegment();
    auto second = AnySegment();
    while (second == first) second = AnySegment();
    return {"segments swapped", {{first, files_[second]}, {second, files_[first]}}};
  }
  auto CutSegment() -> std::pair<std::string, Files> {
    const auto path = AnySegment();
    return {"segment cut", {{path, files_[path].substr(0, 1 + Random(files_[path].size() - 1))}}};
  }
  // With another key, or with none.
  auto ForgeCheckpoint() -> std::pair<std::string, Files> {
    if (Random(2) == 0) return {"checkpoint forged", {{Checkpoint(), forged_[Checkpoint()]}}};
    std::string note = files_[Checkpoint()];
    const size_t at = note.find('\n') + 1;
    note[at] = note[at] == '9' ? '8' : static_cast<char>(note[at] + 1);
    return {"checkpoint of another size", {{Checkpoint(), note}}};
  }

  LogFolder folder_;
  Files files_;
  Files forged_;
  std::mt19937 random_{20261123};
};

TEST_F(Tampering, TheLogVerifiesAsItIs) {
  const auto report = Verify();
  EXPECT_TRUE(report.is_sound()) << report.findings.front().message;
  EXPECT_EQ(report.records, 60U);
  EXPECT_EQ(report.segments, files_.size() - 1);
  EXPECT_EQ(report.latest->size, 60U);
}

TEST_F(Tampering, AThousandChangesAreAllFound) {
  std::map<std::string, int> found;
  for (int i = 0; i < 1000; ++i) {
    const auto [what, changed] = Tamper();
    bool is_changed = false;
    for (const auto& [path, bytes] : changed) {
      is_changed = is_changed || bytes != files_[path];
      bytes.empty() ? static_cast<void>(std::filesystem::remove(path)) : WriteText(path, bytes);
    }
    ASSERT_TRUE(is_changed) << what;
    const auto report = Verify();
    EXPECT_FALSE(report.is_sound()) << i << ": " << what;
    if (!report.is_sound()) ++found[report.findings.front().code];
    for (const auto& [path, bytes] : changed) WriteText(path, files_[path]);
  }
  for (const auto& [code, count] : found) RecordProperty(code, count);
  EXPECT_GE(found.size(), 5U) << "the changes are of many sorts";
  EXPECT_TRUE(Verify().is_sound());
}

// Somebody with the whole folder and no key puts an earlier state of the log in its place: only a checkpoint that was kept elsewhere tells.
TEST_F(Tampering, AnEarlierStateIsFoundWithAKeptCheckpoint) {
  const std::vector<std::string> kept = {files_[Checkpoint()]};
  const auto verify = [&] { return VerifyLog(folder_.log(), {.verifiers = std::span(&folder_.signer.verifier(), 1), .kept = kept}); };
  EXPECT_TRUE(verify().is_sound());
  {
    const LogFolder earlier;
    auto log = *Log::Open({.folder = earlier.log(), .signer = folder_.signer});
    for (int i = 0; i < 20; ++i) log->Append(SmallRecord("a" + std::to_string(i), 1000 + i)).value();
    log->Close().value();
    std::filesystem::remove_all(folder_.log());
    std::filesystem::copy(earlier.log(), folder_.log());
  }
  EXPECT_TRUE(Verify().is_sound());
  ASSERT_FALSE(verify().is_sound());
  EXPECT_EQ(verify().findings.front().code, "missing-records");
}

TEST_F(Tampering, ALogThatWasWrittenAnewIsFoundWithAKeptCheckpoint) {
  const std::vector<std::string> kept = {files_[Checkpoint()]};
  std::filesystem::remove_all(folder_.log());
  WriteLog(folder_, folder_.signer, "other");
  EXPECT_TRUE(Verify().is_sound());
  const auto report = VerifyLog(folder_.log(), {.verifiers = std::span(&folder_.signer.verifier(), 1), .kept = kept});
  ASSERT_FALSE(report.is_sound());
  EXPECT_EQ(report.findings.front().code, "rewritten");
}

TEST_F(Tampering, AnotherKeyVerifiesNothing) {
  const NoteVerifier other("remit.test/log", approval::SigningKey::Generate().public_key());
  EXPECT_FALSE(VerifyLog(folder_.log(), {.verifiers = std::span(&other, 1)}).is_sound());
}

}  // namespace
}  // namespace remit::audit
