// Processes that stop like a machine that is paused (SIGSTOP), even between what they computed and its commit, while another one goes on with a clock
// that is far ahead; and what they may still do when they wake up, or if they never do.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/ledger/crash_test.h"
#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {

// Stops its process before the next commit leaves it, if told to.
class SleepyStore : public Store {
 public:
  explicit SleepyStore(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override { return store_->Get(keys); }
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override {
    if (std::exchange(sleeps, false)) raise(SIGSTOP);
    return store_->Commit(checks, writes);
  }
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override {
    return store_->Scan(prefix, after, limit);
  }

  bool sleeps = false;

 private:
  std::shared_ptr<Store> store_;
};

// A ledger and its clock.
struct Node {
  Ledger& ledger;
  int64_t now;
  int64_t limit;

  // The reservation; empty if it was refused.
  auto Take(int64_t charge) -> std::string {
    const Claim claim = {.budget = "calls", .key = "k", .charge = charge, .limit = limit};
    const Ask ask = {.claims = {&claim, 1}};
    Reading reading;
    if (!ledger.Read(ask, now, {&reading, 1}, {})) return {};
    const auto reserved = ledger.Reserve(ask, {&reading, 1}, {}, now);
    return reserved && reserved->granted() ? std::string(reserved->id.text()) : std::string();
  }
  // How many units, one by one, before the first refusal.
  auto TakeAll() -> int64_t {
    int64_t taken = 0;
    while (!Take(1).empty()) ++taken;
    return taken;
  }
  auto GiveBack(const std::string& id) -> Expected<Settled> { return ledger.Settle(id, Verdict::NotDispatched, {}, {}, now); }
};

// A process that runs `work(ledger, store, say)` and may stop itself; what it says are numbers.
class Sleeper {
 public:
  template <typename Work>
  Sleeper(const OpenStore& open, Durability durability, const Work& work) {
    std::array<int, 2> ends = {};
    if (pipe(ends.data()) != 0) return;
    process_ = fork();
    in_ = ends[0];
    if (process_ != 0) {
      close(ends[1]);
      return;
    }
    close(ends[0]);
    auto opened = open();
    if (!opened) _exit(3);
    const auto store = std::make_shared<SleepyStore>(*opened);
    {
      auto ledger = Ledger::Open({.store = store, .durability = durability, .lease_ms = 100}, kMonday);
      if (!ledger) _exit(4);
      const auto say = [&](int64_t number) {
        const std::string line = std::to_string(number) + "\n";
        if (write(ends[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(5);
      };
      work(**ledger, *store, say);
    }
    _exit(0);
  }

  auto WaitUntilAsleep() const -> bool {
    int status = 0;
    return waitpid(process_, &status, WUNTRACED) == process_ && WIFSTOPPED(status);
  }
  void Wake() const { kill(process_, SIGCONT); }
  void Kill() const { kill(process_, SIGKILL); }
  // When it has ended: what it said.
  auto Words() -> std::vector<int64_t> {
    std::string text;
    std::array<char, 512> part;
    for (ssize_t count = read(in_, part.data(), part.size()); count > 0; count = read(in_, part.data(), part.size()))
      text.append(part.data(), static_cast<size_t>(count));
    close(in_);
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "it ended with " << WEXITSTATUS(status);
    std::istringstream words(text);
    std::vector<int64_t> numbers;
    for (int64_t number = 0; words >> number;) numbers.push_back(number);
    return numbers;
  }

 private:
  pid_t process_ = 0;
  int in_ = -1;
};

inline auto UsedOf(Ledger& ledger, int64_t now) -> int64_t {
  const auto rows = ledger.Budgets(now);
  return rows.size() == 1 ? rows.front().used : -1;
}

// A commit each: what was computed before the sleep counts for nothing after it, be it a reservation or a settlement.
inline void WhatASleeperComputedIsFenced(const OpenStore& open) {
  constexpr int64_t kLimit = 10;
  Sleeper sleeper(open, Durability::Each, [](Ledger& ledger, SleepyStore& store, const auto& say) {
    Node node = {.ledger = ledger, .now = kMonday, .limit = kLimit};
    const std::string first = node.Take(4);
    say(first.empty() ? 0 : 1);
    store.sleeps = true;
    say(node.Take(4).empty() ? 0 : 1);  // there was room for it when it was computed
    const Actual actual = {.budget = "calls", .amount = 1};
    const auto settled = ledger.Settle(first, Verdict::Success, {&actual, 1}, {}, kMonday);
    say(settled && settled->late ? 1 : 0);  // the other one has ended it
    const std::string third = node.Take(3);
    say(third.empty() ? 0 : 1);
    store.sleeps = true;
    const auto again = node.GiveBack(third);
    say(again && again->repeated && again->verdict == Verdict::Success ? 1 : 0);  // the other one has settled it
  });
  ASSERT_TRUE(sleeper.WaitUntilAsleep());
  auto store = open();
  ASSERT_TRUE(store.has_value());
  auto opened = Ledger::Open({.store = *store}, kMonday + 2 * kMinute);
  ASSERT_TRUE(opened.has_value());
  Node node = {.ledger = **opened, .now = kMonday + 2 * kMinute, .limit = kLimit};
  node.ledger.Expire(node.now);  // the first is charged: its hold is over
  EXPECT_EQ(UsedOf(node.ledger, node.now), 4);
  EXPECT_FALSE(node.Take(6).empty());
  EXPECT_TRUE(node.Take(1).empty());
  sleeper.Wake();
  ASSERT_TRUE(sleeper.WaitUntilAsleep());
  EXPECT_EQ(UsedOf(node.ledger, node.now), kLimit);
  int settled = 0;
  const auto rows = (*store)->Scan("r/", "", 100);
  ASSERT_TRUE(rows.has_value());
  for (const StoredRow& row : *rows) {
    const std::string id = row.key.substr(2);
    const auto details = node.ledger.Describe(id);
    if (!details || details->lines.at(0).reserved != 3) continue;
    ASSERT_TRUE(node.ledger.Settle(id, Verdict::Success, {}, {}, node.now).has_value());
    ++settled;
  }
  EXPECT_EQ(settled, 1);
  sleeper.Wake();
  EXPECT_EQ(sleeper.Words(), (std::vector<int64_t>{1, 0, 1, 1, 1}));
  EXPECT_EQ(UsedOf(node.ledger, node.now), kLimit);
  EXPECT_TRUE(node.Take(1).empty());
}

// Leases: whoever holds one may sleep as long as it likes, also in the middle of taking the next. It spends what is its own, and nobody else does; in
// the end the limit is spent to the last unit.
inline void ASleeperSpendsOnlyItsLease(const OpenStore& open, bool in_commit) {
  constexpr int64_t kLimit = 1000;
  Sleeper sleeper(open, Durability::Lease, [&](Ledger& ledger, SleepyStore& store, const auto& say) {
    Node node = {.ledger = ledger, .now = kMonday, .limit = kLimit};
    std::vector<std::string> taken;
    for (int i = 0; i < 60; ++i, ++node.now) taken.push_back(node.Take(1));
    for (int i = 0; i < 10; ++i) static_cast<void>(node.GiveBack(taken[static_cast<size_t>(i)]));
    if (in_commit) {
      store.sleeps = true;
    } else {
      raise(SIGSTOP);
    }
    const int64_t later = node.TakeAll();
    for (int i = 10; i < 15; ++i) static_cast<void>(node.GiveBack(taken[static_cast<size_t>(i)]));
    say(60 - 15 + later);
  });
  ASSERT_TRUE(sleeper.WaitUntilAsleep());
  auto store = open();
  ASSERT_TRUE(store.has_value());
  auto opened = Ledger::Open({.store = *store, .durability = Durability::Lease, .lease_ms = 100}, kMonday + kHour);
  ASSERT_TRUE(opened.has_value());
  Node node = {.ledger = **opened, .now = kMonday + kHour, .limit = kLimit};
  int64_t taken = node.TakeAll();
  node.now += kMinute;
  node.ledger.Expire(node.now);
  taken += node.TakeAll();
  EXPECT_GT(taken, kLimit / 2);
  EXPECT_LE(taken, kLimit - 50);
  sleeper.Wake();
  const auto words = sleeper.Words();
  ASSERT_EQ(words.size(), 1U);
  EXPECT_LE(taken + words[0], kLimit);
  node.now += kMinute;
  taken += node.TakeAll();
  EXPECT_EQ(taken + words[0], kLimit);
  EXPECT_EQ(UsedOf(node.ledger, node.now), kLimit);
}

// One that is killed instead wastes its lease, which is at most an eighth of what was left; nobody spends it.
inline void ALeaseOfTheDeadIsNotSpent(const OpenStore& open) {
  constexpr int64_t kLimit = 1000;
  Sleeper sleeper(open, Durability::Lease, [](Ledger& ledger, SleepyStore& /*store*/, const auto& say) {
    Node node = {.ledger = ledger, .now = kMonday, .limit = kLimit};
    int64_t taken = 0;
    for (; taken < 60 && !node.Take(1).empty(); ++node.now) ++taken;
    say(taken);
    raise(SIGSTOP);
  });
  ASSERT_TRUE(sleeper.WaitUntilAsleep());
  sleeper.Kill();
  ASSERT_EQ(sleeper.Words(), (std::vector<int64_t>{60}));
  auto store = open();
  ASSERT_TRUE(store.has_value());
  auto opened = Ledger::Open({.store = *store, .durability = Durability::Lease, .lease_ms = 100}, kMonday + kHour);
  ASSERT_TRUE(opened.has_value());
  Node node = {.ledger = **opened, .now = kMonday + kHour, .limit = kLimit};
  int64_t taken = node.TakeAll();
  node.now += kDay;
  node.ledger.Expire(node.now);
  taken += node.TakeAll();
  EXPECT_LE(60 + taken, kLimit);
  EXPECT_GE(60 + taken, kLimit - kLimit / 8);
  EXPECT_EQ(UsedOf(node.ledger, node.now), kLimit);
}

inline void SleepersAreFenced(const std::function<OpenStore()>& anew) {
  {
    SCOPED_TRACE("a commit each");
    WhatASleeperComputedIsFenced(anew());
  }
  for (const bool in_commit : {false, true}) {
    SCOPED_TRACE(in_commit ? "asleep while it takes a lease" : "asleep with a lease");
    ASleeperSpendsOnlyItsLease(anew(), in_commit);
  }
  SCOPED_TRACE("killed with a lease");
  ALeaseOfTheDeadIsNotSpent(anew());
}

}  // namespace remit::ledger
