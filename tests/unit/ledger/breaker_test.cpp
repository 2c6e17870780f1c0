// Breakers and the quarantine.
#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {
namespace {

class BreakerTest : public LedgerTest {
 protected:
  BreakerTest() { breakers = {CrmBreaker()}; }

  // Reserves a call; empty if it was not granted.
  auto Call() -> std::string {
    const auto reserved = Try();
    return reserved && reserved->granted() ? std::string(reserved->id.text()) : std::string();
  }
  auto Ends(const std::string& id, Verdict verdict) { EXPECT_TRUE(Settle(id, verdict, {}, trips).has_value()); }
  auto Fails() { Ends(Call(), Verdict::Failure); }
  auto Succeeds() { Ends(Call(), Verdict::Success); }
  auto State() { return StateOf(breakers[0]).state; }
  // Four calls, three of them failing.
  void TripIt() {
    Succeeds();
    for (int i = 0; i < 3; ++i) Fails();
    ASSERT_EQ(State(), BreakerState::Open);
  }

  const Trips trips = [](std::string_view, std::string_view, int64_t calls, int64_t failures) {
    return calls >= 4 && failures * 2 >= calls;
  };
};

TEST_F(BreakerTest, TripsWhenItsCountsSaySo) {
  Succeeds();
  Fails();
  Fails();
  EXPECT_EQ(State(), BreakerState::Closed);
  EXPECT_EQ(StateOf(breakers[0]).calls, 3);
  EXPECT_EQ(StateOf(breakers[0]).failures, 2);
  Fails();
  EXPECT_EQ(State(), BreakerState::Open);
  const auto refused = Try();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, Reserved::Status::Exhausted);
  EXPECT_EQ(refused->breakers, 0b1U);
}

TEST_F(BreakerTest, ItsConditionIsToldWhichBreakerItIs) {
  std::string told;
  const std::string id = Call();
  const Trips listen = [&](std::string_view breaker, std::string_view key, int64_t, int64_t) {
    told = std::string(breaker) + "/" + std::string(key);
    return false;
  };
  ASSERT_TRUE(Settle(id, Verdict::Success, {}, listen).has_value());
  EXPECT_EQ(told, "crm/t1");
}

TEST_F(BreakerTest, WhatLeftTheWindowIsNotCounted) {
  for (int i = 0; i < 3; ++i) Fails();
  now += 2 * kMinute;
  Fails();
  EXPECT_EQ(State(), BreakerState::Closed);
  EXPECT_EQ(StateOf(breakers[0]).calls, 1);
}

TEST_F(BreakerTest, WhatWasNotDispatchedIsNoCall) {
  for (int i = 0; i < 10; ++i) Ends(Call(), Verdict::NotDispatched);
  EXPECT_EQ(StateOf(breakers[0]).calls, 0);
}

TEST_F(BreakerTest, ProbesThatSucceedCloseItWithEmptyCounts) {
  TripIt();
  now += 30 * kSecond - 1;
  EXPECT_EQ(State(), BreakerState::Open);
  now += 1;
  EXPECT_EQ(State(), BreakerState::HalfOpen);
  Succeeds();
  EXPECT_EQ(State(), BreakerState::HalfOpen);
  Succeeds();
  EXPECT_EQ(State(), BreakerState::Closed);
  EXPECT_EQ(StateOf(breakers[0]).failures, 0);
}

TEST_F(BreakerTest, AProbeThatFailsOpensItAgain) {
  TripIt();
  now += 30 * kSecond;
  Succeeds();
  Fails();
  EXPECT_EQ(State(), BreakerState::Open);
  now += 30 * kSecond - 1;
  EXPECT_EQ(State(), BreakerState::Open);
  now += 1;
  Succeeds();
  EXPECT_EQ(State(), BreakerState::HalfOpen);  // the first success was another round's
}

TEST_F(BreakerTest, OnlySoManyProbesAtOnce) {
  TripIt();
  now += 30 * kSecond;
  const std::string first = Call();
  const std::string second = Call();
  ASSERT_FALSE(second.empty());
  EXPECT_TRUE(StateOf(breakers[0]).blocked);
  EXPECT_TRUE(Call().empty());
  Ends(first, Verdict::NotDispatched);
  EXPECT_FALSE(StateOf(breakers[0]).blocked);
  Ends(second, Verdict::Success);
  Succeeds();
  EXPECT_EQ(State(), BreakerState::Closed);
}

TEST_F(BreakerTest, AProbeThatNobodySettlesIsGivenBack) {
  TripIt();
  now += 30 * kSecond;
  const std::string lost = Call();
  ASSERT_FALSE(Call().empty());
  EXPECT_TRUE(StateOf(breakers[0]).blocked);
  now += kMinute;
  EXPECT_FALSE(StateOf(breakers[0]).blocked);
  Ends(lost, Verdict::Failure);  // late: it is no probe any more, and says nothing about this round
  EXPECT_EQ(State(), BreakerState::HalfOpen);
}

TEST_F(BreakerTest, CallsOfAnEarlierStateSayNothingAboutThisOne) {
  const std::string slow = Call();
  TripIt();
  now += 30 * kSecond;
  ASSERT_EQ(State(), BreakerState::HalfOpen);
  Ends(slow, Verdict::Failure);
  EXPECT_EQ(State(), BreakerState::HalfOpen);
}

TEST_F(BreakerTest, AReservationMovesWhenItsBreakerDoes) {
  const Ask ask = Ask1();
  std::vector<BreakerReading> before(1);
  ASSERT_TRUE(ledger.Read(ask, now, {}, before).has_value());
  TripIt();
  const auto moved = ledger.Reserve(ask, {}, before, now);
  EXPECT_EQ(moved->status, Reserved::Status::Moved);
  EXPECT_EQ(moved->breakers, 0b1U);
}

TEST_F(BreakerTest, AnApprovedCallPassesAnOpenBreakerAndIsNoProbe) {
  TripIt();
  breakers[0].lifted = true;
  const std::string id = Call();
  ASSERT_FALSE(id.empty());
  Ends(id, Verdict::Success);
  EXPECT_EQ(State(), BreakerState::Open);
}

TEST_F(BreakerTest, ABlockedBreakerReservesNoBudget) {
  TripIt();
  claims = {Calls(10)};
  EXPECT_EQ(Try()->status, Reserved::Status::Exhausted);
  EXPECT_EQ(Used(claims[0]), 0);
}

TEST_F(BreakerTest, AClockThatIsPutBackKeepsItOpenLonger) {
  TripIt();
  now -= kHour;
  EXPECT_EQ(State(), BreakerState::Open);
  now += kHour + 30 * kSecond;
  EXPECT_EQ(State(), BreakerState::HalfOpen);
}

TEST_F(BreakerTest, Listed) {
  TripIt();
  const auto rows = ledger.Breakers(now);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].breaker, "crm");
  EXPECT_EQ(rows[0].open_until, now + 30 * kSecond);
}

TEST(QuarantineTest, EntitiesAreStoppedAndReleased) {
  Quarantine quarantine;
  EXPECT_EQ(quarantine.version(), 0U);
  EXPECT_TRUE(quarantine.Add({.type = "Agent", .id = "a1", .reason = "loops", .who = "ana", .since = 5}));
  EXPECT_FALSE(quarantine.Add({.type = "Agent", .id = "a1", .reason = "again", .who = "ben", .since = 6}));
  EXPECT_TRUE(quarantine.Add({.type = "Agent", .id = "a0", .reason = "", .who = "", .since = 0}));
  EXPECT_EQ(quarantine.version(), 2U);
  const auto list = quarantine.list();
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(1).reason, "loops");
  EXPECT_TRUE(quarantine.Contains("Agent", "a1"));
  EXPECT_FALSE(quarantine.Contains("Tool", "a1"));
  EXPECT_TRUE(quarantine.Remove("Agent", "a1"));
  EXPECT_FALSE(quarantine.Remove("Agent", "a1"));
  EXPECT_EQ(quarantine.version(), 3U);
  EXPECT_EQ(list->size(), 2U);  // who holds a list keeps it
}

TEST(QuarantineTest, AReplacedListIsSortedAndHasNoTwins) {
  Quarantine quarantine;
  quarantine.Replace({{.type = "B", .id = "1", .reason = "first", .who = "", .since = 0},
                      {.type = "A", .id = "1", .reason = "", .who = "", .since = 0},
                      {.type = "B", .id = "1", .reason = "second", .who = "", .since = 0}});
  ASSERT_EQ(quarantine.list()->size(), 2U);
  EXPECT_EQ(quarantine.list()->at(1).reason, "first");
  EXPECT_TRUE(quarantine.Contains("B", "1"));
}

}  // namespace
}  // namespace remit::ledger
