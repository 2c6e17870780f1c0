// Eight processes on one store: whether what they saw could have happened one after the other, and whether the limit is spent to the last unit.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/unit/ledger/crash_test.h"
#include "tests/unit/ledger/ledger_fixture.h"
#include "tests/unit/ledger/linearizable.h"

namespace remit::ledger {

constexpr int kNodes = 8;

// Runs `work(node, out)` in a process each and gives what they wrote. They end with 0.
template <typename Work>
auto RunNodes(const Work& work) -> std::string {
  std::string text;
  std::vector<std::pair<pid_t, int>> children;
  for (int node = 0; node < kNodes; ++node) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      FILE* out = fdopen(ends[1], "w");
      const int code = work(node, out);
      fflush(out);
      _exit(code);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  for (const auto& [child, in] : children) {
    std::array<char, 4096> part;
    for (ssize_t count = read(in, part.data(), part.size()); count > 0; count = read(in, part.data(), part.size()))
      text.append(part.data(), static_cast<size_t>(count));
    close(in);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "a node ended with " << status;
  }
  return text;
}

inline auto Nanoseconds() -> int64_t { return std::chrono::steady_clock::now().time_since_epoch().count(); }

// With a commit each. Reads, reservations, refusals and what is given back, of one budget.
inline void NodesAreLinearizable(const OpenStore& open, const std::string& key) {
  constexpr int64_t kLimit = 9;
  const std::string text = RunNodes([&](int node, FILE* out) {
    auto store = open();
    auto ledger = store ? Ledger::Open({.store = *store}, kMonday) : std::unexpected(store.error());
    if (!ledger) return 3;
    for (int i = 0; i < 2; ++i) {
      const Claim claim = {.budget = "calls", .key = key, .charge = 1 + (node + i) % 3, .limit = kLimit};
      const Ask ask = {.claims = {&claim, 1}};
      Reading reading;
      int64_t begin = Nanoseconds();
      if (!(*ledger)->Read(ask, kMonday, {&reading, 1}, {})) return 4;
      std::fprintf(out, "%d %ld %ld %ld\n", Operation::Read, reading.used, begin, Nanoseconds());
      begin = Nanoseconds();
      const auto reserved = (*ledger)->Reserve(ask, {&reading, 1}, {}, kMonday);
      if (!reserved) return 5;
      std::fprintf(out, "%d %ld %ld %ld\n", reserved->granted() ? Operation::Reserve : Operation::Refused, claim.charge, begin,
                   Nanoseconds());
      if (!reserved->granted() || (node + i) % 2 != 0) continue;
      begin = Nanoseconds();
      if (!(*ledger)->Settle(reserved->id.text(), Verdict::NotDispatched, {}, {}, kMonday)) return 6;
      std::fprintf(out, "%d %ld %ld %ld\n", Operation::GiveBack, claim.charge, begin, Nanoseconds());
    }
    return 0;
  });
  std::vector<Operation> history;
  std::istringstream lines(text);
  int kind = 0;
  Operation each;
  while (lines >> kind >> each.amount >> each.invoked >> each.answered) {
    each.kind = static_cast<Operation::Kind>(kind);
    history.push_back(each);
  }
  ASSERT_GE(history.size(), size_t{4 * kNodes});
  EXPECT_TRUE(Linearizability(history, kLimit).Holds()) << text;
}

// From leases: whoever is refused asks the others to give back, and comes again.
inline void NodesSpendTheLimit(const OpenStore& open) {
  constexpr int64_t kLimit = 1000;
  const std::string text = RunNodes([&](int node, FILE* out) {
    auto store = open();
    const LedgerOptions options = {.store = store ? *store : nullptr, .durability = Durability::Lease, .lease_ms = 200};
    auto ledger = store ? Ledger::Open(options, kMonday) : std::unexpected(store.error());
    if (!ledger) return 3;
    const int64_t begin = Nanoseconds() / 1'000'000;
    int64_t granted = 0;
    // Some stop early and keep what they have leased until they hear that it is wanted.
    for (int64_t now = kMonday; now < kMonday + 3 * kSecond; now = kMonday + Nanoseconds() / 1'000'000 - begin) {
      const Claim claim = {.budget = "leased", .key = "k", .charge = 1, .limit = kLimit};
      const Ask ask = {.claims = {&claim, 1}};
      Reading reading;
      if (granted < 20 + 100 * node) {
        if (!(*ledger)->Read(ask, now, {&reading, 1}, {})) return 4;
        const auto reserved = (*ledger)->Reserve(ask, {&reading, 1}, {}, now);
        if (!reserved) return 5;
        granted += reserved->granted() ? 1 : 0;
      }
      (*ledger)->Expire(now);
      usleep(200);
    }
    std::fprintf(out, "%ld\n", granted);
    return 0;
  });
  int64_t sum = 0;
  std::istringstream lines(text);
  for (int64_t granted = 0; lines >> granted;) sum += granted;
  EXPECT_EQ(sum, kLimit);
}

}  // namespace remit::ledger
