// Ledgers that spend from leases: few trips to the store, and still never more than the limit.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <map>
#include <thread>

#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {
namespace {

// A store that counts how often it is asked, and fails when told to.
class CountingStore : public MemoryStore {
 public:
  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override {
    ++trips;
    if (away) return Away();
    return MemoryStore::Get(keys);
  }
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override {
    ++trips;
    ++commits;
    if (away) return Away();
    return MemoryStore::Commit(checks, writes);
  }

  std::atomic<int64_t> trips = 0;
  std::atomic<int64_t> commits = 0;
  std::atomic<bool> away = false;

 private:
  static auto Away() -> std::unexpected<Error> {
    return std::unexpected(Error{.code = "store-away", .message = "the store is away", .pointer = {}, .help = {}});
  }
};

class LeaseTest : public testing::Test {
 protected:
  auto NewLedger(Durability durability = Durability::Lease) -> std::unique_ptr<Ledger> {
    auto opened = Ledger::Open({.store = store, .durability = durability}, now);
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }
  // A ledger that is killed: nothing it would do at its end happens.
  void Kill(std::unique_ptr<Ledger> ledger) {
    store->away = true;
    ledger.reset();
    store->away = false;
  }
  auto Try(Ledger& ledger, const Claim& claim) -> Expected<Reserved> {
    Reading reading;
    const Ask ask = {.claims = {&claim, 1}};
    if (auto done = ledger.Read(ask, now, {&reading, 1}, {}); !done) return std::unexpected(done.error());
    return ledger.Reserve(ask, {&reading, 1}, {}, now);
  }
  auto Take(Ledger& ledger, const Claim& claim) -> std::string {
    const auto reserved = Try(ledger, claim);
    return reserved && reserved->granted() ? std::string(reserved->id.text()) : std::string();
  }
  auto Used(const Claim& claim) -> int64_t {
    const auto ledger = NewLedger(Durability::Each);
    Reading reading;
    EXPECT_TRUE(ledger->Read({.claims = {&claim, 1}}, now, {&reading, 1}, {}).has_value());
    return reading.used;
  }
  static auto Calls(int64_t limit, int64_t charge = 1) -> Claim {
    return {.budget = "calls", .key = "k", .charge = charge, .limit = limit};
  }

  int64_t now = kMonday;
  std::shared_ptr<CountingStore> store = std::make_shared<CountingStore>();
};

TEST_F(LeaseTest, AtASteadyRateTheStoreIsHardlyAsked) {
  const auto ledger = NewLedger();
  const Claim claim = Calls(1'000'000);
  for (int i = 0; i < 1000; ++i) ASSERT_FALSE(Take(*ledger, claim).empty());
  store->trips = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = Take(*ledger, claim);
    ASSERT_TRUE(ledger->Settle(id, Verdict::Success, {}, {}, now).has_value());
    if (i % 10 == 0) ++now;
  }
  EXPECT_LE(store->trips, 50);
}

// What one request spends is leased in one commit, and what is in use is not given back because a settlement told its total.
TEST_F(LeaseTest, ThreeBudgetsAskTheStoreNoMoreThanOneAndExpireGivesBackNothingInUse) {
  const auto ledger = NewLedger();
  std::array<Claim, 3> claims;
  constexpr std::array kNames = {"calls", "tokens", "money"};
  for (size_t i = 0; i < claims.size(); ++i)
    claims[i] = {.budget = kNames[i], .key = "k", .charge = 1 + int64_t(i), .limit = 1'000'000'000};
  std::array<Reading, 3> readings;
  const auto spend = [&] {
    const Ask ask = {.claims = claims};
    ASSERT_TRUE(ledger->Read(ask, now, readings, {}).has_value());
    const auto reserved = ledger->Reserve(ask, readings, {}, now);
    ASSERT_TRUE(reserved && reserved->granted());
    ASSERT_TRUE(ledger->Settle(reserved->id.text(), Verdict::Success, {}, {}, now).has_value());
    ++now;
  };
  for (int i = 0; i < 5000; ++i) spend();
  store->trips = 0;
  for (int i = 0; i < 20'000; ++i) {
    spend();
    if (i % 1000 == 0) ledger->Expire(now);
  }
  EXPECT_LE(store->trips, 60);  // in twenty seconds
}

TEST_F(LeaseTest, TheLastUnitIsTakenByWhoeverNeedsIt) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  int granted = 0;
  for (int i = 0; i < 200; ++i) granted += Take(i % 3 == 0 ? *a : *b, Calls(100)).empty() ? 0 : 1;
  EXPECT_EQ(granted, 100);
  EXPECT_TRUE(Take(*a, Calls(100)).empty());
  EXPECT_EQ(Used(Calls(100)), 100);
}

TEST_F(LeaseTest, WhatIsNotSpentIsGivenBack) {
  const Claim claim = Calls(1000);
  const auto a = NewLedger();
  for (int i = 0; i < 50; ++i) Take(*a, claim);
  EXPECT_GT(Used(claim), 50);  // the lease
  now += 999;
  a->Expire(now);
  EXPECT_GT(Used(claim), 50);
  now += 1;
  a->Expire(now);
  EXPECT_EQ(Used(claim), 50);
  EXPECT_FALSE(Take(*a, claim).empty());
}

TEST_F(LeaseTest, ALedgerThatEndsGivesBack) {
  const Claim claim = Calls(1000);
  auto a = NewLedger();
  const std::string id = Take(*a, claim);
  for (int i = 0; i < 49; ++i) Take(*a, claim);
  ASSERT_TRUE(a->Settle(id, Verdict::NotDispatched, {}, {}, now).has_value());
  a.reset();
  EXPECT_EQ(Used(claim), 49);
}

// What was spent is charged, what was leased and not spent is wasted, and the limit holds.
TEST_F(LeaseTest, ALedgerThatIsKilledWastesAtMostItsLease) {
  const Claim claim = Calls(1000);
  auto a = NewLedger();
  for (int i = 0; i < 50; ++i) Take(*a, claim);
  Kill(std::move(a));
  const int64_t used = Used(claim);
  EXPECT_GE(used, 50);
  EXPECT_LE(used, 200);
  const auto b = NewLedger();
  int64_t granted = 0;
  while (!Take(*b, claim).empty()) ++granted;
  EXPECT_EQ(used + granted, 1000);
}

TEST_F(LeaseTest, SettlementsChangeWhatIsCharged) {
  const Claim claim = Calls(1000, 10);
  auto a = NewLedger();
  const std::string less = Take(*a, claim);
  const std::string more = Take(*a, claim);
  const std::string late = Take(*a, claim);
  const std::vector<Actual> three = {{"calls", 3}};
  const std::vector<Actual> fifty = {{"calls", 50}};
  ASSERT_TRUE(a->Settle(less, Verdict::Success, three, {}, now).has_value());
  EXPECT_TRUE(a->Settle(more, Verdict::Success, fifty, {}, now)->overdrawn);
  now += kHour;
  a->Expire(now);
  EXPECT_EQ(Used(claim), 3 + 50 + 10);
  EXPECT_TRUE(a->Settle(late, Verdict::Success, three, {}, now)->late);
  a->Expire(now);
  EXPECT_EQ(Used(claim), 3 + 50 + 3);
  const auto rows = a->Budgets(now);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].total_charged, 56);
  EXPECT_EQ(rows[0].overdraft, 40);
  EXPECT_EQ(rows[0].reserved, 0);
}

// Policies must not see what others have leased change: what they read goes to the store, each time.
TEST_F(LeaseTest, ObservedBudgetsHaveNoLeases) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  Claim claim = Calls(10);
  claim.observed = true;
  EXPECT_FALSE(Take(*a, claim).empty());
  EXPECT_FALSE(Take(*b, claim).empty());
  EXPECT_EQ(Used(claim), 2);
  EXPECT_EQ(a->Budgets(now).at(0).used, 2);
}

TEST_F(LeaseTest, LeasesAreRoomForRequestsThatHaveNone) {
  const auto a = NewLedger();
  for (int i = 0; i < 50; ++i) Take(*a, Calls(60));
  Claim observed = Calls(60, 10);
  observed.observed = true;
  EXPECT_FALSE(Take(*a, observed).empty());
  EXPECT_TRUE(Take(*a, Calls(60)).empty());
  EXPECT_EQ(Used(Calls(60)), 60);
}

TEST_F(LeaseTest, TokenBucketsAndConcurrentBudgetsHaveNoLeases) {
  auto a = NewLedger();
  for (const Window window : {Window::Refill, Window::Concurrent}) {
    const Claim claim = {.budget = "b", .key = "k", .charge = 1, .limit = 10, .terms = {.window = window, .window_ms = kHour}};
    const std::string id = Take(*a, claim);
    EXPECT_EQ(Used(claim), 1);
    ASSERT_TRUE(NewLedger()->Settle(id, Verdict::NotDispatched, {}, {}, now).has_value());
    EXPECT_EQ(Used(claim), 0);
  }
}

TEST_F(LeaseTest, ALeaseBelongsToItsWindow) {
  const Claim claim = {.budget = "b", .key = "k", .charge = 1, .limit = 20, .terms = {.window = Window::Hour}};
  auto a = NewLedger();
  std::string id;
  for (int i = 0; i < 20; ++i) id = Take(*a, claim);
  ASSERT_FALSE(id.empty());
  EXPECT_TRUE(Take(*a, claim).empty());
  now += kHour;
  int granted = 0;
  for (int i = 0; i < 30; ++i) granted += Take(*a, claim).empty() ? 0 : 1;
  EXPECT_EQ(granted, 20);
  a.reset();
  EXPECT_EQ(Used(claim), 20);
}

TEST_F(LeaseTest, WhileTheStoreIsAwayTheLeaseIsSpent) {
  const auto a = NewLedger();
  Claim claim = Calls(1000);
  claim.terms.when_away = WhenAway::SpendLease;
  for (int i = 0; i < 100; ++i) Take(*a, claim);
  const int64_t left = a->Budgets(now).at(0).granted;
  store->away = true;
  int64_t granted = 0;
  while (!Take(*a, claim).empty()) ++granted;
  EXPECT_EQ(granted, left);
  EXPECT_EQ(Try(*a, claim).error().code, "store-away");
  store->away = false;
  EXPECT_FALSE(Take(*a, claim).empty());
}

TEST_F(LeaseTest, ABudgetThatWantsTheStoreRefusesOnceItIsKnownToBeAway) {
  const auto a = NewLedger();
  const Claim refuses = Calls(1000);
  const Claim big = Calls(1000, 500);
  for (int i = 0; i < 33; ++i) Take(*a, refuses);
  ASSERT_GT(a->Budgets(now).at(0).granted, 10);
  store->away = true;
  EXPECT_EQ(Try(*a, big).error().code, "store-away");
  EXPECT_EQ(Try(*a, refuses).error().code, "store-away");
  Claim spends = refuses;
  spends.terms.when_away = WhenAway::SpendLease;
  EXPECT_FALSE(Take(*a, spends).empty());
  store->away = false;
  EXPECT_FALSE(Take(*a, refuses).empty());
}

// ---- recalls ------------------------------------------------------------------------------------------------------------------

TEST_F(LeaseTest, WhoNeedsTheLastUnitMakesTheOthersGiveBack) {
  const Claim claim = Calls(1000);
  const auto a = NewLedger();
  const auto b = NewLedger();
  int64_t granted = 0;
  for (; granted < 50; ++granted) ASSERT_FALSE(Take(*a, claim).empty());
  const int64_t held = a->Budgets(now).at(0).granted;
  ASSERT_GT(held, 0);
  while (!Take(*b, claim).empty()) ++granted;
  EXPECT_EQ(granted, 1000 - held);
  a->Expire(now += 250);  // not idle: it gives back because it was asked to
  while (!Take(*b, claim).empty()) ++granted;
  EXPECT_EQ(granted, 1000);
  EXPECT_EQ(Used(claim), 1000);
}

TEST_F(LeaseTest, AHolderThatCommitsGivesBackWhatIsWanted) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  for (int i = 0; i < 50; ++i) Take(*a, Calls(200));
  ASSERT_GT(a->Budgets(now).at(0).granted, 0);
  while (!Take(*b, Calls(200)).empty()) {}
  Take(*a, Calls(200, 40));  // does not fit, and is a look at the store
  a->Expire(now += 250);
  EXPECT_EQ(a->Budgets(now).at(0).granted, 0);
}

// While others want it, leases are as small as what is asked for; afterwards they grow again.
TEST_F(LeaseTest, WhileRecalledLeasesAreOfOne) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  const auto c = NewLedger(Durability::Each);
  for (int i = 0; i < 50; ++i) Take(*a, Calls(1000));
  EXPECT_TRUE(Take(*c, Calls(1000, 950)).empty());
  Take(*b, Calls(1000));
  EXPECT_EQ(b->Budgets(now).at(0).granted, 0);
  a->Expire(now += 250);
  EXPECT_FALSE(Take(*c, Calls(1000, 900)).empty());
  now += 3 * kSecond;
  for (int i = 0; i < 10; ++i) Take(*b, Calls(1000));
  EXPECT_GT(b->Budgets(now).at(0).granted, 0);
}

// Those who have nothing to give are not asked all the time.
TEST_F(LeaseTest, AnExhaustedBudgetIsRecalledNowAndThenOnly) {
  const Claim claim = Calls(100);
  auto a = NewLedger();
  for (int i = 0; i < 20; ++i) Take(*a, claim);
  Kill(std::move(a));
  const auto b = NewLedger();
  while (!Take(*b, claim).empty()) {}
  store->commits = 0;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(Take(*b, claim).empty());
    now += 10;
  }
  EXPECT_LE(store->commits, 6);
}

// A recall from a clock that ran a day ahead is none: it would make leases small for a day.
TEST_F(LeaseTest, ARecallFromAnotherTimeIsNone) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  for (int i = 0; i < 50; ++i) Take(*a, Calls(1000));
  now += kDay;
  EXPECT_TRUE(Take(*b, Calls(1000, 950)).empty());
  now -= kDay;
  for (int i = 0; i < 100; ++i) Take(*a, Calls(1000));
  EXPECT_GT(a->Budgets(now).at(0).granted, 0);
}

// Whatever the clocks do: what is leased is charged, so nobody can have it twice. A ledger that slept spends what is still its own.
TEST_F(LeaseTest, SleepersAndJumpingClocksNeverOverspend) {
  for (const Window window : {Window::Lifetime, Window::Hour}) {
    Claim claim = {
        .budget = "jumps", .key = window == Window::Hour ? "hour" : "life", .charge = 1, .limit = 100, .terms = {.window = window}};
    std::vector<std::unique_ptr<Ledger>> nodes;
    for (int i = 0; i < 4; ++i) nodes.push_back(NewLedger());
    std::map<int64_t, int64_t> granted;  // by the hour of the node's clock
    const std::array<int64_t, 6> jumps = {0, kHour, -kHour, 0, 2 * kSecond, -2 * kSecond};
    const int64_t start = now;
    for (int i = 0; i < 3000; ++i) {
      Ledger& node = *nodes[i * 7 % 4];
      now = start + kHour + jumps[i / 37 % jumps.size()];
      if (!Take(node, claim).empty()) ++granted[window == Window::Hour ? now / kHour : 0];
      if (i % 41 == 0) node.Expire(now);
    }
    for (const auto& [hour, sum] : granted) EXPECT_LE(sum, 100) << hour;
    EXPECT_GE(granted.begin()->second, window == Window::Lifetime ? 100 : 1);
    now = start;
  }
}

TEST_F(LeaseTest, EightLedgersNeverOverspend) {
  constexpr int64_t kLimit = 2000;
  std::atomic<int64_t> admitted = 0;
  std::vector<std::thread> nodes;
  for (int node = 0; node < 8; ++node) {
    nodes.emplace_back([&, node] {
      const auto ledger = NewLedger(node % 4 == 3 ? Durability::Each : Durability::Lease);
      for (int i = 0; i < 400; ++i) {
        const Claim claim = Calls(kLimit, 1 + (node + i) % 3);
        const std::string id = Take(*ledger, claim);
        if (id.empty()) continue;
        const bool keeps = i % 4 != 0;
        ASSERT_TRUE(ledger->Settle(id, keeps ? Verdict::Success : Verdict::NotDispatched, {}, {}, now).has_value());
        if (keeps) admitted += claim.charge;
        if (i % 97 == 0) ledger->Expire(now + i * kSecond);
      }
    });
  }
  for (std::thread& node : nodes) node.join();
  EXPECT_LE(admitted, kLimit);
  EXPECT_EQ(Used(Calls(kLimit)), admitted);
}

}  // namespace
}  // namespace remit::ledger
