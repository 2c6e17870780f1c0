// Reserving, settling and expiring on one account and on several.
#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {
namespace {

TEST_F(LedgerTest, ReservesUpToTheLimitAndNotOneMore) {
  EXPECT_FALSE(Take(Calls(3, 2)).empty());
  EXPECT_TRUE(Exhausted(Calls(3, 2)));
  EXPECT_FALSE(Take(Calls(3, 1)).empty());
  EXPECT_TRUE(Exhausted(Calls(3, 1)));
  EXPECT_EQ(Used(Calls(3)), 3);
  EXPECT_EQ(ReadOne(Calls(3)).reserved, 3);
}

TEST_F(LedgerTest, ExhaustionNamesTheClaimsThatDoNotFitAndReservesNothing) {
  claims = {Calls(10), {.budget = "tokens", .key = "a", .charge = 5, .limit = 4}, {.budget = "money", .key = "b", .charge = 1, .limit = 0}};
  const auto reserved = Try();
  ASSERT_TRUE(reserved.has_value());
  EXPECT_EQ(reserved->status, Reserved::Status::Exhausted);
  EXPECT_EQ(reserved->claims, 0b110U);
  EXPECT_EQ(Used(claims[0]), 0);
}

TEST_F(LedgerTest, KeysAndWindowsAreAccountsOfTheirOwn) {
  Claim other_key = Calls(1);
  other_key.key = std::string_view("k\0x", 3);
  EXPECT_FALSE(Take(Calls(1)).empty());
  EXPECT_FALSE(Take(other_key).empty());
  EXPECT_FALSE(Take(In(Window::Day, 1)).empty());
  EXPECT_TRUE(Exhausted(Calls(1)));
  EXPECT_TRUE(Exhausted(other_key));
}

TEST_F(LedgerTest, SettlementChargesWhatItReallyCost) {
  const std::string id = Take(Calls(100, 40));
  const auto settled = Settle(id, Verdict::Success, {{"calls", 15}});
  ASSERT_TRUE(settled.has_value());
  EXPECT_FALSE(settled->overdrawn);
  EXPECT_EQ(Used(Calls(100)), 15);
  EXPECT_EQ(ReadOne(Calls(100)).reserved, 0);
}

TEST_F(LedgerTest, WithoutActualChargesTheReservedOnesAreCharged) {
  ASSERT_TRUE(Settle(Take(Calls(100, 40)), Verdict::Failure).has_value());
  EXPECT_EQ(Used(Calls(100)), 40);
}

TEST_F(LedgerTest, MoreThanReservedIsChargedInFullAndIsOverdraft) {
  const std::string id = Take(Calls(10, 4));
  const auto settled = Settle(id, Verdict::Success, {{"calls", 25}});
  ASSERT_TRUE(settled.has_value());
  EXPECT_TRUE(settled->overdrawn);
  EXPECT_EQ(Used(Calls(10)), 25);
  EXPECT_EQ(StatusOf("calls").overdraft, 21);
  EXPECT_TRUE(Exhausted(Calls(10, 0)));
}

TEST_F(LedgerTest, WhatWasNotDispatchedCostsNothing) {
  ASSERT_TRUE(Settle(Take(Calls(10, 4)), Verdict::NotDispatched).has_value());
  EXPECT_EQ(Used(Calls(10)), 0);
  EXPECT_EQ(StatusOf("calls").total_charged, 0);
  const auto settled = Settle(Take(Calls(10, 4)), Verdict::NotDispatched, {{"calls", 1}});
  EXPECT_EQ(settled.error().code, "invalid-settlement");
}

TEST_F(LedgerTest, SettlingTwiceChangesNothing) {
  const std::string id = Take(Calls(10, 4));
  ASSERT_TRUE(Settle(id, Verdict::Success, {{"calls", 2}}).has_value());
  const auto again = Settle(id, Verdict::NotDispatched);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->verdict, Verdict::Success);
  EXPECT_EQ(Used(Calls(10)), 2);
}

TEST_F(LedgerTest, PartialUsageIsNotRefundedInFull) {
  const std::string id = Take(Calls(10, 10));
  ASSERT_TRUE(Settle(id, Verdict::Failure, {{"calls", 7}}).has_value());
  EXPECT_EQ(Used(Calls(10)), 7);
}

TEST_F(LedgerTest, BadSettlementsAreErrorsAndChangeNothing) {
  const std::string id = Take(Calls(10, 4));
  EXPECT_EQ(Settle(id, Verdict::Success, {{"tokens", 1}}).error().code, "unknown-budget");
  EXPECT_EQ(Settle(id, Verdict::Success, {{"calls", -1}}).error().code, "negative-charge");
  EXPECT_EQ(Settle("", Verdict::Success).error().code, "unknown-reservation");
  EXPECT_EQ(Settle(std::string(34, 'z'), Verdict::Success).error().code, "unknown-reservation");
  EXPECT_EQ(Settle(std::string(34, '0'), Verdict::Success).error().code, "unknown-reservation");
  EXPECT_EQ(Settle("ff" + id.substr(2), Verdict::Success).error().code, "unknown-reservation");
  EXPECT_EQ(ReadOne(Calls(10)).reserved, 4);
}

TEST_F(LedgerTest, AmountsNeverWrap) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const std::string first = Take(Calls(kMax, kMax - 1));
  ASSERT_FALSE(first.empty());
  EXPECT_TRUE(Exhausted(Calls(kMax, 2)));
  const std::string second = Take(Calls(kMax, 1));
  ASSERT_FALSE(second.empty());
  EXPECT_EQ(Settle(second, Verdict::Success, {{"calls", 2}}).error().code, "amount-overflow");
  EXPECT_EQ(Used(Calls(kMax)), kMax);
  EXPECT_TRUE(Settle(second, Verdict::Success, {{"calls", 1}}).has_value());
  EXPECT_TRUE(Exhausted(Calls(std::numeric_limits<int64_t>::min(), 0)));
}

TEST_F(LedgerTest, BadAsksAreErrors) {
  EXPECT_EQ(Try(Calls(10, -1)).error().code, "negative-charge");
  EXPECT_EQ(Try(In(Window::Sliding, 10)).error().code, "invalid-window");
  Claim claim = In(Window::Day, 10);
  claim.terms.zone = "Mars/Olympus";
  EXPECT_EQ(Try(claim).error().code, "unknown-time-zone");
  claims = {Calls(10), Calls(10, 2)};
  EXPECT_EQ(Try().error().code, "duplicate-account");
  claims.assign(kMaxClaims + 1, Calls(1));
  EXPECT_EQ(Try().error().code, "too-many-claims");
  now = -1;
  EXPECT_EQ(Try(Calls(10)).error().code, "invalid-time");
  now = kMaxTime + 1;
  EXPECT_EQ(Try(Calls(10)).error().code, "invalid-time");
}

// ---- one request, one reservation ---------------------------------------------------------------------------------------------

TEST_F(LedgerTest, TheSameRequestGetsTheSameReservation) {
  claims = {Calls(10, 4)};
  const auto first = Try("r1", 1);
  const auto second = Try("r1", 1);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->status, Reserved::Status::Granted);
  EXPECT_EQ(second->status, Reserved::Status::Repeated);
  EXPECT_EQ(first->id.text(), second->id.text());
  EXPECT_EQ(Used(claims[0]), 4);
  EXPECT_EQ(ledger.Recall("r1", DigestOf(1))->id.text(), first->id.text());
  EXPECT_EQ(ledger.Recall("r2", DigestOf(1))->status, Reserved::Status::Declined);
}

TEST_F(LedgerTest, AnotherRequestWithTheSameIdIsAnError) {
  claims = {Calls(10, 4)};
  ASSERT_TRUE(Try("r1", 1).has_value());
  EXPECT_EQ(Try("r1", 2).error().code, "request-id-reused");
  EXPECT_EQ(ledger.Recall("r1", DigestOf(2)).error().code, "request-id-reused");
}

// A retry after settlement is answered with what there was, and reserves nothing: no stale value comes back to life.
TEST_F(LedgerTest, ARetryAfterSettlementKeepsNothingAlive) {
  claims = {Calls(10, 4)};
  const auto first = Try("r1", 1);
  ASSERT_TRUE(Settle(std::string(first->id.text())).has_value());
  EXPECT_EQ(Try("r1", 1)->status, Reserved::Status::Repeated);
  EXPECT_EQ(ReadOne(claims[0]).reserved, 0);
  EXPECT_EQ(Used(claims[0]), 4);
  EXPECT_EQ(Used(claims[0]), StatusOf("calls").total_charged);
}

TEST_F(LedgerTest, IdsAreLongAndDifferent) {
  std::vector<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.push_back(Take(Calls(1000)));
  std::sort(ids.begin(), ids.end(), [](const std::string& a, const std::string& b) { return a.substr(2) < b.substr(2); });
  EXPECT_EQ(ids.front().size(), ReservationId::kLength);
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

// ---- what policies read -------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, MovedOnlyIfAnObservedAccountChanged) {
  Claim observed = Calls(10);
  observed.observed = true;
  claims = {observed, {.budget = "tokens", .key = "a", .charge = 1, .limit = 10}};
  const Ask ask = Ask1();
  std::vector<Reading> readings(2);
  ASSERT_TRUE(ledger.Read(ask, now, readings, {}).has_value());
  const std::vector<Claim> tokens = {claims[1]};
  ASSERT_TRUE(ledger.Reserve({.claims = tokens}, {&readings[1], 1}, {}, now)->granted());
  EXPECT_EQ(ledger.Reserve(ask, readings, {}, now)->status, Reserved::Status::Granted);
  const auto moved = ledger.Reserve(ask, readings, {}, now);
  EXPECT_EQ(moved->status, Reserved::Status::Moved);
  EXPECT_EQ(moved->claims, 0b1U);
  EXPECT_EQ(Used(observed), 1);
}

TEST_F(LedgerTest, HeldAccountsDoNotMove) {
  claims = {Calls(10)};
  int64_t seen = -1;
  const Ask ask = Ask1();
  const auto take = [&](std::span<const Reading> budgets, std::span<const BreakerReading>) {
    seen = budgets[0].used;
    return true;
  };
  EXPECT_EQ(ledger.ReserveHeld(ask, now, take)->status, Reserved::Status::Granted);
  EXPECT_EQ(ledger.ReserveHeld(ask, now, take)->status, Reserved::Status::Granted);
  EXPECT_EQ(seen, 1);
  const auto leave = [](std::span<const Reading>, std::span<const BreakerReading>) { return false; };
  EXPECT_EQ(ledger.ReserveHeld(ask, now, leave)->status, Reserved::Status::Declined);
  EXPECT_EQ(Used(claims[0]), 2);
}

// Denied and pending requests are read and never reserved: reading is free.
TEST_F(LedgerTest, ReadingChargesNothing) {
  for (int i = 0; i < 100; ++i) Used(Calls(10));
  EXPECT_EQ(Used(Calls(10)), 0);
  EXPECT_EQ(ledger.NextExpiry(), kForever);
}

TEST_F(LedgerTest, HandlesOfForgottenAccountsAreLookedUpAgain) {
  claims = {In(Window::Day, 10)};
  const Ask ask = Ask1();
  std::vector<Reading> readings(1);
  ASSERT_TRUE(ledger.Read(ask, now, readings, {}).has_value());
  now += kDay;
  for (int i = 0; i < 100; ++i) ledger.Expire(now);
  ASSERT_TRUE(ledger.Budgets(now).empty());
  EXPECT_EQ(ledger.Reserve(ask, readings, {}, now)->status, Reserved::Status::Granted);
  EXPECT_EQ(Used(claims[0]), 1);
}

// ---- approvals ----------------------------------------------------------------------------------------------------------------

// Reading and reserving at once: with handles, with those of forgotten accounts, and without any.
TEST_F(LedgerTest, ReservingUnreadTellsWhatWasUsedBefore) {
  claims = {Calls(5, 2), In(Window::Sliding, 9, 3, kMinute)};
  claims[1].budget = "money";
  read.assign(2, {});
  const auto reserve = [&] { return ledger.ReserveUnread(Ask1(), read, {}, now); };
  const auto used = [&] { return std::pair(read[0].used, read[1].used); };
  EXPECT_EQ(reserve()->status, Reserved::Status::Granted);
  EXPECT_EQ(used(), std::pair(int64_t{0}, int64_t{0}));
  EXPECT_NE(read[0].handle.account, nullptr);
  EXPECT_EQ(reserve()->status, Reserved::Status::Granted);
  EXPECT_EQ(used(), std::pair(int64_t{2}, int64_t{3}));
  const auto full = reserve();
  EXPECT_EQ(full->status, Reserved::Status::Exhausted);
  EXPECT_EQ(full->claims, 1U);
  EXPECT_EQ(used(), std::pair(int64_t{4}, int64_t{6}));
  claims = {claims[1]};
  read = {read[1]};
  for (int day = 1; day < 4; ++day) {
    now = kMonday + day * kDay;
    ledger.Expire(now);  // the account is idle and empty
    EXPECT_EQ(reserve()->status, Reserved::Status::Granted) << day;
    EXPECT_EQ(read[0].used, 0);
  }
  claims[0].observed = true;
  read[0].used = 1;  // which is not so
  EXPECT_EQ(reserve()->status, Reserved::Status::Moved);
  claims[0].charge = -1;
  EXPECT_EQ(reserve().error().code, "negative-charge");
}

TEST_F(LedgerTest, ALiftedClaimGoesAboveTheLimitAndIsCountedApart) {
  Take(Calls(10, 8));
  Claim lifted = Calls(10, 5);
  lifted.lifted = true;
  const std::string id = Take(lifted);
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(Used(Calls(10)), 10);
  EXPECT_EQ(StatusOf("calls").approved, 3);
  EXPECT_TRUE(Exhausted(Calls(10, 1)));
  // What was approved is given back first.
  ASSERT_TRUE(Settle(id, Verdict::Success, {{"calls", 1}}).has_value());
  EXPECT_EQ(Used(Calls(10)), 9);
  EXPECT_EQ(StatusOf("calls").approved, 0);
}

TEST_F(LedgerTest, BeyondWhatWasApprovedIsOverdraft) {
  Take(Calls(10, 8));
  Claim lifted = Calls(10, 5);
  lifted.lifted = true;
  ASSERT_TRUE(Settle(Take(lifted), Verdict::Success, {{"calls", 6}})->overdrawn);
  EXPECT_EQ(Used(Calls(10)), 11);
  EXPECT_EQ(StatusOf("calls").approved, 3);
  EXPECT_EQ(StatusOf("calls").overdraft, 1);
}

// ---- holds --------------------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, UnsettledIsChargedWhenTheHoldEnds) {
  Claim claim = Calls(10, 4);
  claim.terms.hold_ms = kMinute;
  Take(claim);
  now += kMinute - 1;
  EXPECT_EQ(ReadOne(claim).reserved, 4);
  now += 1;
  EXPECT_EQ(ReadOne(claim).reserved, 0);
  EXPECT_EQ(Used(claim), 4);
  EXPECT_EQ(StatusOf("calls").total_charged, 4);
}

// A stream that was cancelled without a word: its reservation does not leak.
TEST_F(LedgerTest, UnsettledIsReleasedIfTheTermsSaySo) {
  Claim claim = Calls(4, 4);
  claim.terms.unsettled = Unsettled::Release;
  Take(claim);
  EXPECT_TRUE(Exhausted(claim));
  now += claim.terms.hold_ms;
  EXPECT_EQ(Used(claim), 0);
  EXPECT_FALSE(Take(claim).empty());
}

// A hold that ends while the call still runs: what it cost is charged when it settles.
TEST_F(LedgerTest, SettlingLateCorrectsWhatExpiryDid) {
  for (const Unsettled unsettled : {Unsettled::Charge, Unsettled::Release}) {
    Claim claim = Calls(100, 4);
    claim.key = unsettled == Unsettled::Charge ? "charge" : "release";
    claim.terms.unsettled = unsettled;
    const std::string id = Take(claim);
    now += claim.terms.hold_ms;
    EXPECT_EQ(Used(claim), unsettled == Unsettled::Charge ? 4 : 0);
    const auto settled = Settle(id, Verdict::Success, {{"calls", 3}});
    ASSERT_TRUE(settled.has_value());
    EXPECT_TRUE(settled->late);
    EXPECT_FALSE(settled->repeated);
    EXPECT_EQ(Used(claim), 3);
    EXPECT_TRUE(Settle(id)->repeated);
    EXPECT_EQ(Used(claim), 3);
  }
}

TEST_F(LedgerTest, AReservationHoldsAsLongAsItsLongestHold) {
  Claim brief = Calls(10);
  brief.terms.hold_ms = kSecond;
  Claim lasting = {.budget = "tokens", .key = "a", .charge = 1, .limit = 10};
  lasting.terms.hold_ms = kHour;
  claims = {brief, lasting};
  EXPECT_EQ(Try()->expires_at, now + kHour);
}

TEST_F(LedgerTest, ExtendingHoldsLongerAndNeverShorter) {
  const Claim claim = Calls(10, 4);
  const std::string id = Take(claim);
  EXPECT_EQ(ledger.Extend(id, kHour, now), now + kHour);
  EXPECT_EQ(ledger.Extend(id, kSecond, now), now + kHour);
  now += kHour - 1;
  EXPECT_EQ(ReadOne(claim).reserved, 4);
  now += 1;
  EXPECT_EQ(ReadOne(claim).reserved, 0);
  EXPECT_EQ(ledger.Extend(id, kHour, now).error().code, "reservation-expired");
  ASSERT_TRUE(Settle(id).has_value());
  EXPECT_EQ(ledger.Extend(id, kHour, now).error().code, "reservation-settled");
  const std::string forever = Take(claim);
  EXPECT_EQ(ledger.Extend(forever, kForever, now), kForever);
}

TEST_F(LedgerTest, ExpireDoesAllThatIsDueInAnyOrder) {
  for (int i = 0; i < 200; ++i) {
    Claim claim = Calls(1000);
    claim.terms.hold_ms = kSecond * (1 + i * 37 % 100);
    ASSERT_FALSE(Take(claim).empty());
  }
  EXPECT_EQ(ledger.NextExpiry(), now + kSecond);
  EXPECT_EQ(ledger.Expire(now + 50 * kSecond), 100U);
  EXPECT_EQ(ReadOne(Calls(1000)).reserved, 100);
  EXPECT_EQ(ledger.Expire(now + 100 * kSecond), 100U);
  EXPECT_EQ(ledger.NextExpiry(), kForever);
  EXPECT_EQ(Used(Calls(1000)), 200);
}

// ---- memory -------------------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, DescribesAReservation) {
  const std::string id = Take(Calls(10, 4));
  auto details = ledger.Describe(id);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->stage, Stage::Open);
  EXPECT_EQ(details->lines.at(0).budget, "calls");
  EXPECT_EQ(details->lines.at(0).reserved, 4);
  ASSERT_TRUE(Settle(id, Verdict::Success, {{"calls", 9}}).has_value());
  details = ledger.Describe(id);
  EXPECT_EQ(details->stage, Stage::Settled);
  EXPECT_EQ(details->lines.at(0).charged, 9);
  EXPECT_EQ(details->lines.at(0).overdraft, 5);
}

TEST(LedgerMemory, AccountsAreBoundedAndIdleEmptyOnesAreForgotten) {
  Ledger ledger({.max_accounts = 100});
  const auto reserve = [&](int i, int64_t now) -> Expected<Reserved> {
    const std::string key = "key" + std::to_string(i);
    const Claim claim = {.budget = "calls", .key = key, .charge = 1, .limit = 1, .terms = {.window = Window::Hour}};
    Reading reading;
    if (auto done = ledger.Read({.claims = {&claim, 1}}, now, {&reading, 1}, {}); !done) return std::unexpected(done.error());
    return ledger.Reserve({.claims = {&claim, 1}}, {&reading, 1}, {}, now);
  };
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(reserve(i, kMonday)->granted());
  EXPECT_EQ(reserve(100, kMonday).error().code, "too-many-accounts");
  EXPECT_EQ(reserve(0, kMonday)->status, Reserved::Status::Exhausted);
  EXPECT_EQ(ledger.Expire(kMonday + 2 * kHour), 100U);
  EXPECT_EQ(ledger.Budgets(kMonday + 2 * kHour).size(), 100U);  // expired reservations may still be settled
  ledger.Expire(kMonday + 3 * kHour);
  EXPECT_TRUE(ledger.Budgets(kMonday + 3 * kHour).empty());
  // A clock that is put back finds no account empty that was full: it counts in the window in which they were forgotten.
  EXPECT_TRUE(reserve(0, kMonday)->granted());
  EXPECT_EQ(reserve(0, kMonday + 3 * kHour)->status, Reserved::Status::Exhausted);
}

TEST(LedgerMemory, ReservationsAreBoundedAndOldOnesAreForgotten) {
  Ledger ledger({.max_reservations = 64, .remembered = 64});
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = 1'000'000};
  Reading reading;
  ASSERT_TRUE(ledger.Read({.claims = {&claim, 1}}, kMonday, {&reading, 1}, {}).has_value());
  const auto reserve = [&](std::string_view id) {
    return ledger.Reserve({.request_id = id, .claims = {&claim, 1}}, {&reading, 1}, {}, kMonday);
  };
  const auto open = reserve("open");
  ASSERT_TRUE(open.has_value());
  std::vector<std::string> refused;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "r" + std::to_string(i);
    const auto reserved = reserve(id);
    if (!reserved) {
      EXPECT_EQ(reserved.error().code, "too-many-reservations");
      refused.push_back(id);
    } else {
      ASSERT_TRUE(ledger.Settle(reserved->id.text(), Verdict::Success, {}, {}, kMonday).has_value());
    }
  }
  EXPECT_FALSE(refused.empty());  // those that share the shard of the open one, which holds one
  EXPECT_LT(refused.size(), 100U);
  EXPECT_EQ(reserve("open")->id.text(), open->id.text());
}

// More are open at once than the ring began with, some are settled late and some at once: each is found by its id, and answers the same again.
TEST(LedgerMemory, EveryReservationIsFoundByItsIdWheneverItIsSettled) {
  Ledger ledger({.remembered = 64 * 1000});
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = kForever};
  Reading reading;
  ASSERT_TRUE(ledger.Read({.claims = {&claim, 1}}, kMonday, {&reading, 1}, {}).has_value());
  const auto reserve = [&] { return std::string(ledger.Reserve({.claims = {&claim, 1}}, {&reading, 1}, {}, kMonday)->id.text()); };
  std::vector<std::string> slow;
  std::vector<std::string> settled;
  for (int i = 0; i < 50'000; ++i) {
    const std::string id = reserve();
    if (i % 50 == 0) {
      slow.push_back(id);
      continue;
    }
    ASSERT_FALSE(ledger.Settle(id, Verdict::Success, {}, {}, kMonday)->repeated);
    settled.push_back(id);
  }
  for (size_t i = 0; i < slow.size(); i += 2) {
    ASSERT_FALSE(ledger.Settle(slow[i], Verdict::Failure, {}, {}, kMonday)->repeated);
    settled.push_back(slow[i]);
  }
  for (size_t i = settled.size() - 20'000; i < settled.size(); ++i) {
    ASSERT_TRUE(ledger.Settle(settled[i], Verdict::NotDispatched, {}, {}, kMonday)->repeated) << i;
  }
  for (size_t i = 1; i < slow.size(); i += 2) EXPECT_EQ(ledger.Describe(slow[i])->stage, Stage::Open);
  EXPECT_EQ(ledger.Budgets(kMonday).at(0).reserved, static_cast<int64_t>(slow.size() / 2));
}

TEST(LedgerMemory, NoMoreThanWantedAreRememberedAndHalfOfThemAtLeast) {
  Ledger ledger({.remembered = 64 * 10});
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = kForever};
  Reading reading;
  ASSERT_TRUE(ledger.Read({.claims = {&claim, 1}}, kMonday, {&reading, 1}, {}).has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 10'000; ++i) {
    ids.emplace_back(ledger.Reserve({.claims = {&claim, 1}}, {&reading, 1}, {}, kMonday)->id.text());
    ASSERT_TRUE(ledger.Settle(ids.back(), Verdict::Success, {}, {}, kMonday).has_value());
  }
  const auto known = std::count_if(ids.begin(), ids.end(), [&](const std::string& id) { return ledger.Describe(id).has_value(); });
  EXPECT_LE(known, 640);
  EXPECT_GE(known, 320);
}

}  // namespace
}  // namespace remit::ledger
