// The log: what is appended is durable in its order, by many threads, across restarts and segments; what was written and never acknowledged is cut off,
// and what was changed is refused.
#include "runtime/audit/log.h"

#include <gtest/gtest.h>

#include <thread>

#include "runtime/audit/segment.h"
#include "tests/unit/audit/log_fixture.h"

namespace remit::audit {
namespace {

TEST(Log, NumbersAreThoseOfAppendingAcrossRestarts) {
  const LogFolder folder;
  for (uint64_t run = 0; run < 3; ++run) {
    const auto log = folder.Open();
    for (uint64_t i = 0; i < 5; ++i) EXPECT_EQ(log->Append(SmallRecord("x")), 5 * run + i);
    EXPECT_TRUE(log->WaitDurable(5 * run + 4).has_value());
    EXPECT_EQ(log->durable(), 5 * run + 5);
    EXPECT_EQ(log->recovered().cut_bytes, 0U);
  }
}

TEST(Log, TheCheckpointIsSignedAndOfEverything) {
  const LogFolder folder;
  const auto log = folder.Open();
  EXPECT_EQ(ReadCheckpoint(log->checkpoint(), std::span(&folder.signer.verifier(), 1))->size, 0U);
  CompactRange tree;
  for (int i = 0; i < 9; ++i) {
    std::string bytes;
    EncodeRecord(SmallRecord(std::to_string(i)), bytes);
    tree.Append(LeafHash(bytes));
    ASSERT_TRUE(log->WaitDurable(*log->AppendBytes(bytes)).has_value());
    const auto checkpoint = ReadCheckpoint(log->checkpoint(), std::span(&folder.signer.verifier(), 1), "remit.test/log");
    ASSERT_TRUE(checkpoint.has_value());
    EXPECT_EQ(checkpoint->size, tree.size());
    EXPECT_EQ(checkpoint->root, tree.Root());
    EXPECT_EQ(ReadText(folder.log() + "/checkpoint"), log->checkpoint());
  }
}

TEST(Log, WithoutWaitingRecordsAreWrittenAfterTheDelay) {
  const LogFolder folder;
  auto options = folder.Options();
  options.max_delay_ms = 5;
  std::atomic<uint64_t> told = 0;
  options.on_durable = [&](uint64_t size) { told = size; };
  const auto log = *Log::Open(options);
  ASSERT_TRUE(log->Append(SmallRecord("x")).has_value());
  for (int i = 0; i < 2000 && told == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(told, 1U);
}

TEST(Log, ManyThreadsLoseNothing) {
  const LogFolder folder;
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  {
    const auto log = folder.Open();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const auto number = log->Append(SmallRecord(std::to_string(t)));
          ASSERT_TRUE(number.has_value());
          const bool is_durable = i % 50 != 0 || log->WaitDurable(*number).has_value();
          ASSERT_TRUE(is_durable);
        }
      });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_TRUE(log->Close().has_value());
    EXPECT_EQ(log->durable(), uint64_t{kThreads * kEach});
    EXPECT_LT(log->figures().batches, uint64_t{kThreads * kEach});
    EXPECT_EQ(log->Append(SmallRecord("x")).error().code, "audit-closed");
  }
  EXPECT_EQ(folder.Open()->durable(), uint64_t{kThreads * kEach});
}

TEST(Log, SegmentsAreBegunWhenTheLastIsFull) {
  const LogFolder folder;
  auto options = folder.Options();
  options.segment_bytes = 2000;
  for (int run = 0; run < 2; ++run) {
    const auto log = *Log::Open(options);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(log->WaitDurable(*log->Append(SmallRecord("x"))).has_value());
  }
  EXPECT_GT(SegmentsOf(folder.log()).size(), 5U);
  EXPECT_EQ(folder.Open()->durable(), 100U);
}

TEST(Log, OneProcessWritesAFolder) {
  const LogFolder folder;
  const auto log = folder.Open();
  EXPECT_EQ(Log::Open(folder.Options()).error().code, "audit-locked");
}

TEST(Log, AnotherLogsFolderIsRefused) {
  const LogFolder folder;
  folder.Open();
  auto options = LogOptions{.folder = folder.log(), .signer = CheckpointSigner("remit.test/other", approval::SigningKey::Generate())};
  EXPECT_EQ(Log::Open(options).error().code, "audit-of-another-log");
}

TEST(Log, AKeyMayBeReplaced) {
  const LogFolder folder;
  { ASSERT_TRUE(folder.Open()->Append(SmallRecord("x")).has_value()); }
  const CheckpointSigner next("remit.test/log", approval::SigningKey::Generate());
  EXPECT_EQ(Log::Open({.folder = folder.log(), .signer = next}).error().code, "audit-tampered") << "without saying whose the log was";
  const auto log = Log::Open({.folder = folder.log(), .signer = next, .former = {folder.signer.verifier()}});
  ASSERT_TRUE(log.has_value()) << log.error().message;
  EXPECT_EQ((*log)->durable(), 1U);
}

TEST(Log, ARecordBeyondTheLimitIsRefused) {
  const LogFolder folder;
  auto options = folder.Options();
  options.max_pending_bytes = 1000;
  const auto log = *Log::Open(options);
  EXPECT_EQ(log->AppendBytes(std::string(1000, 'x')).error().code, "audit-record-too-large");
}

// ---- recovery ------------------------------------------------------------------------------------------------------

class Recovering : public testing::Test {
 protected:
  void SetUp() override {
    const auto log = folder_.Open();
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(log->WaitDurable(*log->Append(SmallRecord(std::to_string(i)))).has_value());
    log->Close().value();
    path_ = SegmentsOf(folder_.log()).front();
    bytes_ = ReadText(path_);
  }
  // Where the last batch begins.
  auto LastBatch() const -> size_t {
    size_t begin = 0;
    for (size_t at = 0; at < bytes_.size();) {
      const auto frame = *ReadFrame(bytes_, at);
      at = frame.end;
      if (frame.tag == FrameTag::Commit && at < bytes_.size()) begin = at;
    }
    return begin;
  }
  auto Reopen() const { return Log::Open(folder_.Options()); }

  LogFolder folder_;
  std::string path_;
  std::string bytes_;
};

TEST_F(Recovering, AnIncompleteBatchThatNobodyWasToldOfIsCutOff) {
  std::string batch;
  AppendFrame(batch, FrameTag::Record, std::string(100, 'x'));
  for (size_t size = 1; size <= batch.size(); ++size) {
    WriteText(path_, bytes_ + batch.substr(0, size));
    const auto log = Reopen();
    ASSERT_TRUE(log.has_value()) << log.error().message;
    EXPECT_EQ((*log)->durable(), 6U);
    EXPECT_EQ((*log)->recovered().cut_bytes, size);
    EXPECT_EQ(ReadText(path_), bytes_);
  }
}

// A machine that stops may leave an older checkpoint behind, and pages of a batch without others.
TEST_F(Recovering, ALastBatchWithoutItsBytesIsCutOffUnlessTheCheckpointHasIt) {
  const size_t last = LastBatch();
  std::string torn = bytes_;
  torn[last + 20] ^= 1;
  WriteText(path_, torn);
  EXPECT_EQ(Reopen().error().code, "audit-tampered");
  WriteText(path_, bytes_.substr(0, last));
  EXPECT_EQ(Reopen().error().code, "audit-tampered");

  const Segment before = *ParseSegment(path_, bytes_.substr(0, last));
  std::optional<Commit> commit;
  for (size_t at = before.begin; at < last;) {
    const auto frame = *ReadFrame(bytes_, at);
    at = frame.end;
    if (frame.tag == FrameTag::Commit) commit = DecodeCommit(frame.payload);
  }
  WriteText(folder_.log() + "/checkpoint", CommitNote(*commit, "remit.test/log"));
  WriteText(path_, torn);
  const auto log = Reopen();
  ASSERT_TRUE(log.has_value()) << log.error().message;
  EXPECT_EQ((*log)->durable(), 5U);
  EXPECT_EQ((*log)->recovered().cut_bytes, bytes_.size() - last);
}

TEST_F(Recovering, AnythingBeforeTheLastBatchIsTampering) {
  for (size_t at = 0; at < LastBatch(); at += 7) {
    std::string changed = bytes_;
    changed[at] ^= 1;
    WriteText(path_, changed);
    EXPECT_EQ(Reopen().error().code, "audit-tampered") << at;
    EXPECT_EQ(ReadText(path_), changed) << "nothing is changed";
  }
}

TEST_F(Recovering, ALogWithoutItsCheckpointIsTampering) {
  std::filesystem::remove(folder_.log() + "/checkpoint");
  EXPECT_EQ(Reopen().error().code, "audit-tampered");
}

TEST_F(Recovering, ALogWithoutItsSegmentsIsTampering) {
  std::filesystem::remove(path_);
  EXPECT_EQ(Reopen().error().code, "audit-tampered");
}

TEST_F(Recovering, ASegmentThatWasOnlyBegunIsRemoved) {
  const std::string next = SegmentPath(folder_.log(), 6);
  for (const std::string& begun : {std::string(), std::string("S\x05"), bytes_.substr(0, 60)}) {
    WriteText(next, begun);
    const auto log = Reopen();
    ASSERT_TRUE(log.has_value()) << log.error().message;
    EXPECT_EQ((*log)->durable(), 6U);
    EXPECT_FALSE(std::filesystem::exists(next));
  }
}

}  // namespace
}  // namespace remit::audit
