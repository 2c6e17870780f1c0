// Processes that are killed at any moment while they reserve and settle, and what must be true of the store afterwards.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>

#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {

using OpenStore = std::function<Expected<std::shared_ptr<Store>>()>;

// REMIT_CRASHES says how often, for those who have time.
inline auto CrashCount(int otherwise) -> int {
  const char* wanted = std::getenv("REMIT_CRASHES");
  return wanted == nullptr ? otherwise : std::atoi(wanted);
}

class CrashRun {
 public:
  static constexpr int64_t kLimit = 3000;

  explicit CrashRun(OpenStore open) : open_(std::move(open)) {}

  // Lets a process work for `time`, kills it, and reads what it said it had done.
  void Crash(std::chrono::microseconds time, unsigned seed) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      Work(ends[1], seed);
      _exit(0);
    }
    close(ends[1]);
    std::this_thread::sleep_for(time);
    kill(child, SIGKILL);
    Note(ends[0]);
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "the process ended by itself with " << WEXITSTATUS(status);
  }

  // Nothing that was answered is lost, nothing was admitted above the limit.
  void Check() {
    auto store = open_();
    ASSERT_TRUE(store.has_value()) << store.error().message;
    auto opened = Ledger::Open({.store = *store}, kMonday);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    Ledger& ledger = **opened;
    for (const AccountStatus& row : ledger.Budgets(kMonday)) ASSERT_LE(row.used, kLimit);
    for (const auto& [id, charge] : granted_) {
      const auto details = ledger.Describe(id);
      ASSERT_TRUE(details.has_value()) << "a reservation is lost";
      ASSERT_EQ(details->lines.at(0).reserved, charge);
      ASSERT_EQ(details->lines.size(), 2U);
    }
    for (const auto& [id, amount] : settled_) {
      const auto details = ledger.Describe(id);
      ASSERT_EQ(details->stage, Stage::Settled) << "a settlement is lost";
      for (const auto& line : details->lines) ASSERT_EQ(line.charged, amount);
    }
  }

  // After everything expired the counters are what the reservations were charged, one by one.
  void CheckEnd() {
    auto store = open_();
    ASSERT_TRUE(store.has_value());
    auto opened = Ledger::Open({.store = *store}, kMonday);
    ASSERT_TRUE(opened.has_value());
    Ledger& ledger = **opened;
    const int64_t later = kMonday + 2 * kMinute;
    ledger.Expire(later);
    std::map<std::string, int64_t> charged;
    size_t reservations = 0;
    std::string after;
    for (auto rows = (*store)->Scan("r/", after, 100); rows && !rows->empty(); rows = (*store)->Scan("r/", after, 100)) {
      for (const StoredRow& row : *rows) {
        const auto details = ledger.Describe(row.key.substr(2));
        ASSERT_TRUE(details.has_value());
        ASSERT_NE(details->stage, Stage::Open);
        for (const auto& line : details->lines) charged[line.budget] += line.charged;
        ++reservations;
      }
      after = rows->back().key;
    }
    EXPECT_GE(reservations, granted_.size());
    EXPECT_GT(granted_.size(), 0U) << "the processes did nothing";
    for (const std::string budget : {"calls", "money"}) {
      const Claim claim = {.budget = budget, .key = "k", .limit = kLimit};
      Reading reading;
      ASSERT_TRUE(ledger.Read({.claims = {&claim, 1}}, later, {&reading, 1}, {}).has_value());
      EXPECT_EQ(reading.reserved, 0);
      EXPECT_EQ(reading.used, charged[budget]);
    }
  }

  auto granted() const -> size_t { return granted_.size(); }

 private:
  static void Say(int out, const std::string& line) {
    if (write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(0);
  }

  // Runs in the process that will be killed.
  void Work(int out, unsigned seed) {
    auto store = open_();
    if (!store) _exit(3);
    auto opened = Ledger::Open({.store = *store}, kMonday);
    if (!opened) _exit(4);
    Ledger& ledger = **opened;
    std::mt19937 random(seed);
    for (int i = 0; i < 100'000; ++i) {
      const int64_t charge = 1 + random() % 3;
      const std::string request = std::to_string(seed) + "/" + std::to_string(i);
      const std::vector<Claim> claims = {{.budget = "calls", .key = "k", .charge = charge, .limit = kLimit},
                                         {.budget = "money", .key = "k", .charge = charge, .limit = kLimit}};
      const Ask ask = {.request_id = request, .claims = claims};
      std::vector<Reading> readings(2);
      if (!ledger.Read(ask, kMonday, readings, {})) _exit(5);
      const auto reserved = ledger.Reserve(ask, readings, {}, kMonday);
      if (!reserved) _exit(6);
      if (!reserved->granted()) continue;
      const std::string id(reserved->id.text());
      Say(out, "G " + id + " " + std::to_string(charge) + "\n");
      if (random() % 4 == 0) continue;  // never settled
      const int64_t amount = random() % 3 == 0 ? static_cast<int64_t>(random() % (charge + 1)) : 0;
      const std::vector<Actual> actual = {{"calls", amount}, {"money", amount}};
      if (!ledger.Settle(id, Verdict::Success, actual, {}, kMonday)) _exit(7);
      Say(out, "S " + id + " " + std::to_string(amount) + "\n");
    }
  }

  void Note(int in) {
    std::string text;
    char part[4096];
    for (ssize_t count = read(in, part, sizeof(part)); count > 0; count = read(in, part, sizeof(part))) text.append(part, count);
    std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
    std::string what;
    std::string id;
    int64_t amount = 0;
    while (lines >> what >> id >> amount) (what == "G" ? granted_ : settled_)[id] = amount;
  }

  OpenStore open_;
  std::map<std::string, int64_t> granted_;
  std::map<std::string, int64_t> settled_;
};

// Kills `count` processes one after the other.
inline void RunCrashes(const OpenStore& open, int count) {
  CrashRun run(open);
  std::mt19937 random(20261123);
  for (int i = 0; i < count; ++i) {
    run.Crash(std::chrono::microseconds(2'000 + random() % 60'000), static_cast<unsigned>(i));
    if (testing::Test::HasFatalFailure()) return;
    if (i % 5 == 4) run.Check();
    if (testing::Test::HasFatalFailure()) return;
  }
  // On a busy machine the processes may have been killed before they did anything.
  for (int i = 0; run.granted() == 0 && i < 20; ++i) run.Crash(std::chrono::milliseconds(500), static_cast<unsigned>(count + i));
  run.Check();
  run.CheckEnd();
}

}  // namespace remit::ledger
