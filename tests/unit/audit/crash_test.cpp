// Logs whose writer is killed, and logs on disks that are full: what was acknowledged is there, and what is not there was not acknowledged.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "runtime/audit/verify.h"
#include "tests/unit/audit/log_fixture.h"

namespace remit::audit {
namespace {

auto IsSound(const LogFolder& folder) -> testing::AssertionResult {
  const auto report = VerifyLog(folder.log(), {.verifiers = std::span(&folder.signer.verifier(), 1)});
  if (report.is_sound()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << report.findings.front().message;
}

// Appends with two threads until it is killed, and tells through the pipe what is durable.
[[noreturn]] void AppendUntilKilled(const LogFolder& folder, int pipe) {
  auto options = folder.Options();
  options.segment_bytes = 20'000;
  const auto log = Log::Open(options);
  if (!log) _exit(1);
  const auto append = [&] {
    for (;;) {
      const auto number = (*log)->Append(SmallRecord(std::string(200, 'x')));
      if (!number || !(*log)->WaitDurable(*number)) _exit(2);
      const uint64_t size = *number + 1;
      if (write(pipe, &size, sizeof(size)) != sizeof(size)) _exit(3);
    }
  };
  std::thread other(append);
  append();
  _exit(4);
}

TEST(Crash, WhatWasAcknowledgedIsThereAfterKills) {
  const LogFolder folder;
  uint64_t cut = 0;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      AppendUntilKilled(folder, ends[1]);
    }
    close(ends[1]);
    uint64_t size = 0;
    uint64_t acknowledged = 0;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30 + 7 * round);
    while (read(ends[0], &size, sizeof(size)) == sizeof(size)) {
      acknowledged = std::max(acknowledged, size);
      if (std::chrono::steady_clock::now() > until) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
    const auto log = folder.Open();
    ASSERT_NE(log, nullptr);
    EXPECT_GE(log->durable(), acknowledged);
    EXPECT_GT(acknowledged, 0U);
    cut += log->recovered().cut_bytes > 0 ? 1 : 0;
    EXPECT_TRUE(IsSound(folder));
  }
  RecordProperty("rounds_with_a_torn_tail", static_cast<int>(cut));
}

// A limit on the size of files stands for a full disk; SIGXFSZ would kill.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
  }
  void TearDown() override { Unfill(); }
  static void Fill(rlim_t bytes) {
    rlimit limit = {};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  void Unfill() const { setrlimit(RLIMIT_FSIZE, &before_); }

  auto Open(WhenStuck when, int64_t max_wait_ms) {
    auto options = folder_.Options();
    options.when_stuck = when;
    options.max_wait_ms = max_wait_ms;
    options.retry_ms = 5;
    options.on_stuck = [this](const Error&) { ++stuck_; };
    return *Log::Open(options);
  }

  LogFolder folder_;
  rlimit before_ = {};
  std::atomic<int> stuck_ = 0;
};

TEST_F(FullDisk, RefusingFailsAtOnceAndLosesNothingThatWasTaken) {
  auto log = Open(WhenStuck::Refuse, 10'000);
  ASSERT_TRUE(log->WaitDurable(*log->Append(SmallRecord("before"))).has_value());
  Fill(1000);
  uint64_t taken = 1;
  bool refused = false;
  for (int i = 0; i < 100 && !refused; ++i) {
    const auto number = log->Append(SmallRecord(std::string(100, 'x')));
    if (number) ++taken;
    const auto durable = number ? log->WaitDurable(*number) : std::unexpected(number.error());
    refused = !durable.has_value();
    if (refused) {
      EXPECT_EQ(durable.error().code, "audit-stuck");
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_TRUE(log->is_stuck());
  // Waiting callers are told first, then whoever watches.
  for (int i = 0; i < 5000 && stuck_ == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(stuck_, 1);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(log->Append(SmallRecord("y")).error().code, "audit-stuck");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  Unfill();
  ASSERT_TRUE(log->Close().has_value());
  EXPECT_EQ(log->durable(), taken);
  EXPECT_TRUE(IsSound(folder_));
}

TEST_F(FullDisk, BlockingWaitsUntilThereIsRoom) {
  auto log = Open(WhenStuck::Block, 30'000);
  ASSERT_TRUE(log->WaitDurable(*log->Append(SmallRecord("before"))).has_value());
  Fill(500);
  std::atomic<int> appended = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto number = log->Append(SmallRecord(std::string(100, 'x')));
        if (number && log->WaitDurable(*number)) ++appended;
      }
    });
  }
  for (int i = 0; i < 5000 && stuck_ == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(stuck_, 1);
  const int while_full = appended;
  EXPECT_LT(while_full, 60);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(appended, while_full) << "nobody is answered while the disk is full";
  Unfill();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(appended, 60);
  ASSERT_TRUE(log->Close().has_value());
  EXPECT_TRUE(IsSound(folder_));
}

TEST_F(FullDisk, BlockingEndsWithAnErrorWhenItsTimeIsOver) {
  auto log = Open(WhenStuck::Block, 50);
  ASSERT_TRUE(log->WaitDurable(*log->Append(SmallRecord("before"))).has_value());
  Fill(500);
  bool failed = false;
  for (int i = 0; i < 10 && !failed; ++i) {
    const auto number = log->Append(SmallRecord(std::string(100, 'x')));
    failed = !number || !log->WaitDurable(*number);
  }
  EXPECT_TRUE(failed);
  EXPECT_FALSE(log->Close().has_value()) << "it cannot be written";
  const uint64_t durable = log->durable();
  log.reset();
  Unfill();
  EXPECT_EQ(folder_.Open()->durable(), durable);
  EXPECT_TRUE(IsSound(folder_));
}

TEST_F(FullDisk, ASlowDiskCountsAsStuckWhenTooMuchWaits) {
  auto options = folder_.Options();
  options.max_pending_bytes = 2000;
  options.max_delay_ms = 60'000;  // nothing is written
  const auto log = *Log::Open(options);
  Expected<uint64_t> last = 0;
  for (int i = 0; i < 100 && last; ++i) last = log->Append(SmallRecord(std::string(100, 'x')));
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code, "audit-stuck");
  EXPECT_TRUE(log->WaitDurable(0).has_value());
  EXPECT_TRUE(log->Append(SmallRecord("x")).has_value());
}

}  // namespace
}  // namespace remit::audit
