// Several ledgers on one store: what one reserves the others see, settle and expire.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {
namespace {

// A store that fails when told to, before or after it did what it was asked.
class FaultyStore : public MemoryStore {
 public:
  enum Fault : uint8_t { None, Before, After };

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override {
    if (fault == Before) return Away();
    return MemoryStore::Get(keys);
  }
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override {
    if (fault == Before) return Away();
    auto done = MemoryStore::Commit(checks, writes);
    if (fault == After) return Away();
    return done;
  }

  Fault fault = None;

 private:
  static auto Away() -> std::unexpected<Error> {
    return std::unexpected(Error{.code = "store-away", .message = "the store is away", .pointer = {}, .help = {}});
  }
};

class StoreTest : public testing::Test {
 protected:
  auto NewLedger() -> std::unique_ptr<Ledger> {
    auto opened = Ledger::Open({.store = store}, now);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return std::move(*opened);
  }
  auto Try(Ledger& ledger, std::vector<Claim> claims, std::string_view request = {}, std::vector<BreakerClaim> breakers = {})
      -> Expected<Reserved> {
    const Ask ask = {.request_id = request, .claims = claims, .breakers = breakers};
    std::vector<Reading> readings(claims.size());
    std::vector<BreakerReading> breaker_readings(breakers.size());
    if (auto done = ledger.Read(ask, now, readings, breaker_readings); !done) return std::unexpected(done.error());
    return ledger.Reserve(ask, readings, breaker_readings, now);
  }
  auto Take(Ledger& ledger, const Claim& claim, std::string_view request = {}) -> std::string {
    const auto reserved = Try(ledger, {claim}, request);
    return reserved && reserved->granted() ? std::string(reserved->id.text()) : std::string();
  }
  auto Used(Ledger& ledger, const Claim& claim) -> Reading {
    Reading reading;
    const auto done = ledger.Read({.claims = {&claim, 1}}, now, {&reading, 1}, {});
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return reading;
  }
  static auto Calls(int64_t limit, int64_t charge = 1) -> Claim {
    return {.budget = "calls", .key = "k", .charge = charge, .limit = limit};
  }

  int64_t now = kMonday;
  std::shared_ptr<FaultyStore> store = std::make_shared<FaultyStore>();
};

TEST_F(StoreTest, LedgersSeeWhatTheOthersReserve) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  EXPECT_FALSE(Take(*a, Calls(2)).empty());
  EXPECT_FALSE(Take(*b, Calls(2)).empty());
  EXPECT_TRUE(Take(*a, Calls(2)).empty());
  EXPECT_TRUE(Take(*b, Calls(2)).empty());
  EXPECT_EQ(Used(*a, Calls(2)).used, 2);
}

TEST_F(StoreTest, AnyLedgerSettlesWhatAnotherReserved) {
  std::string id;
  {
    const auto a = NewLedger();
    id = Take(*a, Calls(10, 6), "r1");
  }
  const auto b = NewLedger();
  const auto c = NewLedger();
  EXPECT_EQ(Used(*b, Calls(10)).reserved, 6);
  const std::vector<Actual> actual = {{"calls", 4}};
  const auto settled = b->Settle(id, Verdict::Failure, actual, {}, now);
  ASSERT_TRUE(settled.has_value()) << settled.error().message;
  EXPECT_FALSE(settled->repeated);
  const auto again = c->Settle(id, Verdict::Success, {}, {}, now);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->verdict, Verdict::Failure);
  EXPECT_EQ(Used(*c, Calls(10)).used, 4);
  EXPECT_EQ(c->Settle(std::string(34, '0'), Verdict::Success, {}, {}, now).error().code, "unknown-reservation");
}

TEST_F(StoreTest, ASettlementIsFoundThoughTheReservationCameAfterTheStart) {
  const auto b = NewLedger();
  const auto a = NewLedger();
  const std::string id = Take(*a, Calls(10, 6));
  ASSERT_TRUE(b->Settle(id, Verdict::NotDispatched, {}, {}, now).has_value());
  EXPECT_TRUE(a->Settle(id, Verdict::Success, {}, {}, now)->repeated);
  EXPECT_EQ(Used(*a, Calls(10)).used, 0);
}

TEST_F(StoreTest, OneRequestIdHasOneReservationOnAllLedgers) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  const std::string id = Take(*a, Calls(10, 6), "r1");
  EXPECT_EQ(std::string(b->Recall("r1", {})->id.text()), id);
  EXPECT_EQ(Take(*b, Calls(10, 4), "r1"), id);
  EXPECT_EQ(b->Recall("r1", DigestOf(7)).error().code, "request-id-reused");
  EXPECT_EQ(Used(*b, Calls(10)).used, 6);
}

TEST_F(StoreTest, WhatOneReservesExpiresWithoutIt) {
  {
    const auto a = NewLedger();
    Claim claim = Calls(10, 6);
    claim.terms.unsettled = Unsettled::Release;
    Take(*a, claim);
  }
  const auto b = NewLedger();
  EXPECT_EQ(Used(*b, Calls(10)).used, 6);
  now += kHour;
  EXPECT_EQ(Used(*b, Calls(10)).used, 0);
}

TEST_F(StoreTest, ALateLedgerDoesNotExpireTwice) {
  const auto a = NewLedger();
  const std::string id = Take(*a, Calls(10, 6));
  const auto b = NewLedger();
  now += kHour;
  b->Expire(now);
  a->Expire(now);
  EXPECT_EQ(Used(*a, Calls(10)).used, 6);
  EXPECT_EQ(a->Budgets(now).at(0).total_charged, 6);
  const std::vector<Actual> actual = {{"calls", 1}};
  EXPECT_TRUE(a->Settle(id, Verdict::Success, actual, {}, now)->late);
  EXPECT_EQ(Used(*b, Calls(10)).used, 1);
}

TEST_F(StoreTest, ExtensionsHoldOnOtherLedgers) {
  const auto a = NewLedger();
  const std::string id = Take(*a, Calls(10, 6));
  const auto b = NewLedger();
  ASSERT_EQ(b->Extend(id, kDay, now), now + kDay);
  now += kHour;
  a->Expire(now);
  EXPECT_EQ(Used(*a, Calls(10)).reserved, 6);
}

TEST_F(StoreTest, EveryKindOfWindowSurvivesARestart) {
  std::vector<Claim> claims;
  for (const Window window : {Window::Lifetime, Window::Hour, Window::Day, Window::Sliding, Window::Refill, Window::Concurrent}) {
    claims.push_back(
        {.budget = "b", .key = "k", .charge = 3, .limit = 10, .terms = {.window = window, .window_ms = kHour, .zone = "Europe/Berlin"}});
  }
  std::string id;
  {
    const auto a = NewLedger();
    id = Try(*a, claims)->id.text();
    ASSERT_TRUE(Try(*a, claims)->granted());
  }
  const auto b = NewLedger();
  for (const Claim& claim : claims) EXPECT_EQ(Used(*b, claim).used, 6) << int(claim.terms.window);
  ASSERT_TRUE(b->Settle(id, Verdict::NotDispatched, {}, {}, now).has_value());
  for (const Claim& claim : claims) EXPECT_EQ(Used(*b, claim).used, 3) << int(claim.terms.window);
}

TEST_F(StoreTest, ANewLedgerListsWhatTheStoreHas) {
  Take(*NewLedger(), Calls(10, 6));
  const auto rows = NewLedger()->Budgets(now);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].budget, "calls");
  EXPECT_EQ(rows[0].key, "k");
  EXPECT_EQ(rows[0].used, 6);
  EXPECT_EQ(rows[0].limit, 10);
}

TEST_F(StoreTest, BreakersAreOpenOnAllLedgers) {
  const auto a = NewLedger();
  const auto b = NewLedger();
  const BreakerClaim crm = {.breaker = "crm", .key = "t", .terms = {.cooldown_ms = kMinute}};
  const auto fail = Try(*a, {}, {}, {crm});
  ASSERT_TRUE(fail.has_value());
  const Trips trips = [](std::string_view, std::string_view, int64_t, int64_t failures) { return failures > 0; };
  ASSERT_TRUE(b->Settle(fail->id.text(), Verdict::Failure, {}, trips, now).has_value());
  EXPECT_EQ(Try(*a, {}, {}, {crm})->status, Reserved::Status::Exhausted);
  now += kMinute - 1;
  EXPECT_EQ(Try(*a, {}, {}, {crm})->status, Reserved::Status::Exhausted);
  now += 1;
  EXPECT_TRUE(Try(*a, {}, {}, {crm})->granted());
}

// ---- a store that fails -------------------------------------------------------------------------------------------------------

TEST_F(StoreTest, WhatCouldNotBeCommittedIsNotReserved) {
  const auto a = NewLedger();
  Take(*a, Calls(10, 3));
  const Claim claim = Calls(10, 5);
  const Ask ask = {.claims = {&claim, 1}};
  Reading reading;
  ASSERT_TRUE(a->Read(ask, now, {&reading, 1}, {}).has_value());
  store->fault = FaultyStore::Before;
  EXPECT_EQ(a->Reserve(ask, {&reading, 1}, {}, now).error().code, "store-away");
  EXPECT_EQ(a->Read(ask, now, {&reading, 1}, {}).error().code, "store-away");
  store->fault = FaultyStore::None;
  EXPECT_EQ(Used(*a, Calls(10)).used, 3);
  EXPECT_FALSE(Take(*a, Calls(10, 7)).empty());
}

// The answer was lost, not the reservation: the same request finds it.
TEST_F(StoreTest, ALostAnswerIsFoundByItsRequestId) {
  const auto a = NewLedger();
  const Claim claim = Calls(10, 5);
  const Ask ask = {.request_id = "r1", .claims = {&claim, 1}};
  Reading reading;
  ASSERT_TRUE(a->Read(ask, now, {&reading, 1}, {}).has_value());
  store->fault = FaultyStore::After;
  EXPECT_EQ(a->Reserve(ask, {&reading, 1}, {}, now).error().code, "store-away");
  store->fault = FaultyStore::None;
  EXPECT_EQ(Used(*a, Calls(10)).used, 5);
  ASSERT_EQ(a->Recall("r1", {})->status, Reserved::Status::Repeated);
  const std::string id(a->Recall("r1", {})->id.text());
  ASSERT_TRUE(a->Settle(id, Verdict::NotDispatched, {}, {}, now).has_value());
  EXPECT_EQ(Used(*a, Calls(10)).used, 0);
}

TEST_F(StoreTest, ASettlementIsTriedAgainAfterTheStoreWasAway) {
  for (const auto fault : {FaultyStore::Before, FaultyStore::After}) {
    const auto a = NewLedger();
    Claim claim = Calls(10, 5);
    claim.key = fault == FaultyStore::Before ? "before" : "after";
    const std::string id = Take(*a, claim);
    store->fault = fault;
    const std::vector<Actual> actual = {{"calls", 2}};
    EXPECT_EQ(a->Settle(id, Verdict::Success, actual, {}, now).error().code, "store-away");
    store->fault = FaultyStore::None;
    const auto settled = a->Settle(id, Verdict::Success, actual, {}, now);
    ASSERT_TRUE(settled.has_value());
    EXPECT_EQ(settled->repeated, fault == FaultyStore::After);
    EXPECT_EQ(Used(*a, claim).used, 2);
    EXPECT_EQ(Used(*a, claim).reserved, 0);
  }
}

TEST_F(StoreTest, ExpiryWaitsForAStoreThatIsAway) {
  const auto a = NewLedger();
  Claim claim = Calls(10, 5);
  claim.terms.unsettled = Unsettled::Release;
  Take(*a, claim);
  now += kHour;
  store->fault = FaultyStore::Before;
  a->Expire(now);
  store->fault = FaultyStore::None;
  EXPECT_EQ(Used(*a, claim).used, 5);
  now += kMinute;
  EXPECT_EQ(Used(*a, claim).used, 0);
}

TEST_F(StoreTest, RowsThatNoLedgerWroteAreErrors) {
  const auto a = NewLedger();
  Take(*a, Calls(10, 5));
  const auto rows = store->Scan("a/", "", 10);
  ASSERT_EQ(rows->size(), 1U);
  for (const StoredRow& row : *rows) {
    for (const std::string& value :
         {std::string(), std::string("x"), row.value.substr(0, row.value.size() - 1), row.value + "x", std::string(200, '\xff')}) {
      const RowWrite write = {.key = row.key, .value = value};
      ASSERT_TRUE(store->Commit({}, {&write, 1}).has_value());
      Reading reading;
      const Claim claim = Calls(10);
      EXPECT_EQ(a->Read({.claims = {&claim, 1}}, now, {&reading, 1}, {}).error().code, "store-corrupt");
    }
  }
  const RowWrite write = {.key = "r/" + std::string(34, '0'), .value = "rubbish"};
  ASSERT_TRUE(store->Commit({}, {&write, 1}).has_value());
  EXPECT_EQ(Ledger::Open({.store = store}, now).error().code, "store-corrupt");
}

TEST_F(StoreTest, RowsOfWhatIsForgottenAreDeleted) {
  const auto a = NewLedger();
  for (int i = 0; i < 50; ++i) {
    const std::string key = std::to_string(i);
    Claim claim = {.budget = "calls", .key = key, .charge = 1, .limit = 1, .terms = {.window = Window::Hour}};
    ASSERT_TRUE(a->Settle(Take(*a, claim, "request" + key), Verdict::Success, {}, {}, now).has_value());
  }
  EXPECT_EQ(store->Scan("", "", 1000)->size(), 150U);
  now += 3 * kHour;
  for (int i = 0; i < 3; ++i) a->Expire(now);
  EXPECT_EQ(store->Scan("", "", 1000)->size(), 0U);
}

// ---- at the same time ---------------------------------------------------------------------------------------------------------

TEST_F(StoreTest, EightLedgersNeverOverspend) {
  constexpr int kNodes = 8;
  constexpr int64_t kLimit = 200;
  std::atomic<int64_t> admitted = 0;
  std::vector<std::thread> nodes;
  for (int node = 0; node < kNodes; ++node) {
    nodes.emplace_back([&, node] {
      const auto ledger = NewLedger();
      for (int i = 0; i < 60; ++i) {
        Claim claim = Calls(kLimit, 1 + (node + i) % 3);
        claim.observed = i % 2 == 0;
        const auto reserved = Try(*ledger, {claim});
        ASSERT_TRUE(reserved.has_value()) << reserved.error().message;
        if (!reserved->granted()) continue;
        const bool keeps = i % 4 != 0;
        ASSERT_TRUE(ledger->Settle(reserved->id.text(), keeps ? Verdict::Success : Verdict::NotDispatched, {}, {}, now).has_value());
        if (keeps) admitted += claim.charge;
      }
    });
  }
  for (std::thread& node : nodes) node.join();
  EXPECT_LE(admitted, kLimit);
  EXPECT_GE(admitted, kLimit - 2);
  EXPECT_EQ(Used(*NewLedger(), Calls(kLimit)).used, admitted);
}

}  // namespace
}  // namespace remit::ledger
