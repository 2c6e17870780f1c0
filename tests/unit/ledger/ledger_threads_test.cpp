// Threads on the same accounts: atomic over all claims, linearizable for each budget.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/ledger/ledger_fixture.h"
#include "tests/unit/ledger/linearizable.h"

namespace remit::ledger {
namespace {

void InThreads(int count, const std::function<void(int)>& body) {
  std::atomic<int> waiting = count;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      --waiting;
      while (waiting > 0) std::this_thread::yield();
      body(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

auto Reserve(Ledger& ledger, std::span<const Claim> claims, std::span<Reading> readings) -> Reserved {
  const Ask ask = {.claims = claims};
  EXPECT_TRUE(ledger.Read(ask, kMonday, readings, {}).has_value());
  const auto reserved = ledger.Reserve(ask, readings, {}, kMonday);
  EXPECT_TRUE(reserved.has_value());
  return *reserved;
}

TEST(Linearizability, TheSearchCanFail) {
  using Op = Operation;
  EXPECT_TRUE(Linearizability({{Op::Reserve, 1, 0, 1}, {Op::Refused, 1, 2, 3}}, 1).Holds());
  EXPECT_FALSE(Linearizability({{Op::Reserve, 1, 2, 3}, {Op::Refused, 1, 0, 1}}, 1).Holds());
  EXPECT_TRUE(Linearizability({{Op::Reserve, 1, 0, 3}, {Op::Refused, 1, 0, 1}}, 1).Holds());
  EXPECT_FALSE(Linearizability({{Op::Reserve, 1, 0, 3}, {Op::Reserve, 1, 0, 3}}, 1).Holds());
  EXPECT_FALSE(Linearizability({{Op::Reserve, 1, 0, 1}, {Op::Read, 0, 2, 3}}, 1).Holds());
}

// Two requests, one unit: exactly one gets it.
TEST(LedgerThreads, RacingForTheLastUnit) {
  for (int round = 0; round < 500; ++round) {
    Ledger ledger;
    std::atomic<int> granted = 0;
    InThreads(2, [&](int) {
      const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = 1};
      Reading reading;
      granted += Reserve(ledger, {&claim, 1}, {&reading, 1}).granted() ? 1 : 0;
    });
    ASSERT_EQ(granted, 1);
  }
}

TEST(LedgerThreads, EveryBudgetIsLinearizable) {
  constexpr int64_t kLimit = 4;
  for (int round = 0; round < 300; ++round) {
    Ledger ledger;
    std::atomic<int64_t> clock = 0;
    std::array<std::vector<Operation>, 3> logs;
    InThreads(3, [&](int thread) {
      for (int i = 0; i < 5; ++i) {
        const Claim claim = {.budget = "calls", .key = "k", .charge = 1 + (thread + i) % 2, .limit = kLimit};
        Reading reading;
        const Ask ask = {.claims = {&claim, 1}};
        Operation read = {.kind = Operation::Read, .amount = 0, .invoked = clock++};
        ASSERT_TRUE(ledger.Read(ask, kMonday, {&reading, 1}, {}).has_value());
        read.amount = reading.used;
        read.answered = clock++;
        logs[thread].push_back(read);
        Operation reserve = {.kind = Operation::Reserve, .amount = claim.charge, .invoked = clock++};
        const auto reserved = ledger.Reserve(ask, {&reading, 1}, {}, kMonday);
        reserve.answered = clock++;
        if (!reserved->granted()) reserve.kind = Operation::Refused;
        logs[thread].push_back(reserve);
        if (!reserved->granted() || i % 2 == 0) continue;
        Operation back = {.kind = Operation::GiveBack, .amount = claim.charge, .invoked = clock++};
        ASSERT_TRUE(ledger.Settle(reserved->id.text(), Verdict::NotDispatched, {}, {}, kMonday).has_value());
        back.answered = clock++;
        logs[thread].push_back(back);
      }
    });
    std::vector<Operation> history;
    for (const auto& log : logs) history.insert(history.end(), log.begin(), log.end());
    ASSERT_TRUE(Linearizability(std::move(history), kLimit).Holds()) << "round " << round;
  }
}

// What policies read is what is reserved against: the values that granted requests read form one chain without gaps.
TEST(LedgerThreads, WhatIsReadIsWhatIsReservedAgainst) {
  Ledger ledger;
  std::array<std::vector<std::pair<int64_t, int64_t>>, 4> read;
  InThreads(4, [&](int thread) {
    const Claim claim = {.budget = "calls", .key = "k", .charge = 1 + thread, .limit = 1'000'000, .observed = true};
    for (int i = 0; i < 2000;) {
      Reading reading;
      const auto reserved = Reserve(ledger, {&claim, 1}, {&reading, 1});
      if (reserved.status == Reserved::Status::Moved) continue;
      ASSERT_TRUE(reserved.granted());
      read[thread].emplace_back(reading.used, claim.charge);
      ++i;
    }
  });
  std::vector<std::pair<int64_t, int64_t>> chain;
  for (const auto& part : read) chain.insert(chain.end(), part.begin(), part.end());
  std::sort(chain.begin(), chain.end());
  int64_t used = 0;
  for (const auto& [seen, charge] : chain) {
    ASSERT_EQ(seen, used);
    used += charge;
  }
}

// All claims or none, at one instant: whoever reads both accounts sees the same number.
TEST(LedgerThreads, ClaimsOfOneRequestMoveTogether) {
  Ledger ledger;
  std::atomic<bool> done = false;
  const auto claims_of = [](int turn) {
    std::vector<Claim> claims = {{.budget = "a", .key = "k", .charge = 3, .limit = 100},
                                 {.budget = "b", .key = "k", .charge = 3, .limit = 100}};
    if (turn % 2 == 1) std::swap(claims[0], claims[1]);
    return claims;
  };
  InThreads(4, [&](int thread) {
    std::vector<Reading> readings(2);
    if (thread == 0) {
      while (!done) {
        ASSERT_TRUE(ledger.Read({.claims = claims_of(0)}, kMonday, readings, {}).has_value());
        ASSERT_EQ(readings[0].used, readings[1].used);
      }
      return;
    }
    for (int i = 0; i < 3000; ++i) {
      const auto reserved = Reserve(ledger, claims_of(thread + i), readings);
      if (!reserved.granted()) continue;
      const std::vector<Actual> actual = {{"a", i % 3}, {"b", i % 3}};
      ASSERT_TRUE(ledger
                      .Settle(reserved.id.text(), i % 5 == 0 ? Verdict::Success : Verdict::NotDispatched,
                              i % 5 == 0 ? std::span<const Actual>(actual) : std::span<const Actual>(), {}, kMonday)
                      .has_value());
    }
    if (thread == 1) done = true;
  });
}

// Many accounts, claimed in any order, with expiry and forgetting at the same time: no deadlock, and the sums are right.
TEST(LedgerThreads, SumsAreRightWhateverHappensMeanwhile) {
  Ledger ledger;
  constexpr int kAccounts = 8;
  std::array<std::atomic<int64_t>, kAccounts> charged = {};
  InThreads(4, [&](int thread) {
    std::vector<Reading> readings(3);
    for (int i = 0; i < 3000; ++i) {
      std::array<std::string, 3> keys;
      std::vector<Claim> claims;
      for (int c = 0; c < 3; ++c) {
        keys[c] = std::to_string((thread + i * 5 + c * 3) % kAccounts);
        claims.push_back(
            {.budget = "calls", .key = keys[c], .charge = 1 + c, .limit = 1'000'000, .terms = {.hold_ms = i % 7 == 0 ? 0 : 60'000}});
      }
      const auto reserved = Reserve(ledger, claims, readings);
      ASSERT_TRUE(reserved.granted());
      const Verdict verdict = i % 3 == 0 ? Verdict::NotDispatched : Verdict::Success;
      const bool settles = i % 7 != 0;
      if (settles) {
        ASSERT_TRUE(ledger.Settle(reserved.id.text(), verdict, {}, {}, kMonday).has_value());
      }
      if (settles && verdict == Verdict::NotDispatched) continue;
      for (int c = 0; c < 3; ++c) charged[(thread + i * 5 + c * 3) % kAccounts] += 1 + c;
      if (i % 50 == 0) ledger.Expire(kMonday);
    }
  });
  ledger.Expire(kMonday + 1);
  const auto rows = ledger.Budgets(kMonday);
  ASSERT_EQ(rows.size(), size_t{kAccounts});
  for (const AccountStatus& row : rows) {
    EXPECT_EQ(row.used, charged[std::stoi(row.key)]) << row.key;
    EXPECT_EQ(row.reserved, 0);
  }
}

}  // namespace
}  // namespace remit::ledger
