// The lock of accounts: nobody is inside with another, whoever owns it, visits it or waits for it.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/ledger/lock_word.h"

namespace remit::ledger {
namespace {

// Two numbers that are equal whenever nobody is inside, and no atomics: what is lost or torn is seen.
struct Guarded {
  LockWord lock;
  int64_t first = 0;
  int64_t second = 0;
  int64_t torn = 0;

  void Add() {
    const std::lock_guard inside(lock);
    torn += first == second ? 0 : 1;
    ++first;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    ++second;
  }
};

void ExpectAll(const Guarded& guarded, int64_t added) {
  EXPECT_EQ(guarded.torn, 0);
  EXPECT_EQ(guarded.first, added);
  EXPECT_EQ(guarded.second, added);
}

TEST(LockWord, OneThread) {
  Guarded guarded;
  for (int i = 0; i < 100'000; ++i) guarded.Add();
  ExpectAll(guarded, 100'000);
}

// The owner is inside nearly all the time; others come now and then, and it becomes the owner again after each.
TEST(LockWord, VisitorsOfAnOwner) {
  Guarded guarded;
  std::atomic<bool> done = false;
  std::atomic<int64_t> visits = 0;
  std::vector<std::thread> visitors;
  for (int visitor = 0; visitor < 2; ++visitor) {
    visitors.emplace_back([&] {
      while (!done) {
        guarded.Add();
        ++visits;
        std::this_thread::sleep_for(std::chrono::microseconds(20));
      }
    });
  }
  int64_t rounds = 0;
  for (; visits < 200; ++rounds) guarded.Add();
  done = true;
  for (std::thread& thread : visitors) thread.join();
  ExpectAll(guarded, rounds + visits);
}

// Owners of many locks meet at the first objection of each, which is where a late store would be seen.
TEST(LockWord, TheFirstObjectionOfEach) {
  constexpr size_t kLocks = 50'000;
  constexpr int64_t kOwned = 200;  // enough to be the owner
  std::vector<Guarded> guarded(kLocks);
  std::atomic<size_t> reached = 0;
  std::atomic<int64_t> objections = 0;
  std::thread visitor([&] {
    for (size_t seen = 0; seen < kLocks; seen = reached) {
      if (seen == 0) continue;
      guarded[seen - 1].Add();
      ++objections;
    }
  });
  for (size_t i = 0; i < kLocks; ++i) {
    reached = i + 1;
    for (int64_t round = 0; round < kOwned; ++round) guarded[i].Add();
  }
  visitor.join();
  int64_t added = 0;
  for (const Guarded& each : guarded) {
    EXPECT_EQ(each.torn, 0);
    EXPECT_EQ(each.first, each.second);
    added += each.first;
  }
  EXPECT_EQ(added, static_cast<int64_t>(kLocks) * kOwned + objections);
}

// Threads that end give their place, and with it their name, to others.
TEST(LockWord, OwnersThatEnd) {
  Guarded guarded;
  constexpr int kThreads = 300;
  constexpr int kRounds = 100;
  for (int i = 0; i < kThreads; ++i) {
    std::thread([&] {
      for (int round = 0; round < kRounds; ++round) guarded.Add();
    }).join();
    guarded.Add();
  }
  ExpectAll(guarded, kThreads * (kRounds + 1));
}

TEST(LockWord, EverybodyAtOnce) {
  std::array<Guarded, 4> guarded;
  constexpr int kThreads = 8;
  constexpr int kRounds = 50'000;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    // In long turns, so that each lock has owners, and at different places.
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) guarded[static_cast<size_t>(thread + round / 500) % guarded.size()].Add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t added = 0;
  for (const Guarded& each : guarded) {
    EXPECT_EQ(each.torn, 0);
    EXPECT_EQ(each.first, each.second);
    added += each.first;
  }
  EXPECT_EQ(added, int64_t{kThreads} * kRounds);
}

}  // namespace
}  // namespace remit::ledger
