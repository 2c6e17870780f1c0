// The Redis store, on servers of the test's own: stopped, paused and failed over while ledgers work.
#include "runtime/ledger/redis_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/ledger/crash_test.h"
#include "tests/unit/ledger/nodes_test.h"
#include "tests/unit/ledger/redis_server.h"
#include "tests/unit/ledger/sleepers_test.h"

namespace remit::ledger {
namespace {

class RedisStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasRedis()) GTEST_SKIP() << "redis-server is not installed";
  }

  static auto Put(Store& store, const std::string& key, const std::string& value, uint64_t version) -> Expected<uint64_t> {
    const RowCheck check = {.key = key, .version = version};
    const RowWrite write = {.key = key, .value = value};
    return store.Commit({&check, 1}, {&write, 1});
  }

  static auto Take(Ledger& ledger, int64_t limit) -> Expected<Reserved> {
    const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = limit};
    Reading reading;
    const Ask ask = {.claims = {&claim, 1}};
    if (auto done = ledger.Read(ask, kMonday, {&reading, 1}, {}); !done) return std::unexpected(done.error());
    return ledger.Reserve(ask, {&reading, 1}, {}, kMonday);
  }
};

TEST_F(RedisStoreTest, RowsChangeOnlyFromTheVersionTheyHave) {
  const Server server;
  auto opened = server.Open();
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  Store& store = **opened;
  const std::string key("a\0b", 3);
  const uint64_t first = *Put(store, key, std::string("\0 x", 3), 0);
  EXPECT_GT(first, 0U);
  EXPECT_EQ(*Put(store, key, "again", 0), 0U);
  EXPECT_EQ(store.Get({&key, 1})->at(0).value, std::string("\0 x", 3));
  EXPECT_EQ(store.Get({&key, 1})->at(0).version, first);
  const uint64_t second = *Put(store, key, "", first);
  EXPECT_GT(second, first);
  const RowWrite erase = {.key = key};
  ASSERT_TRUE(store.Commit({}, {&erase, 1}).has_value());
  EXPECT_EQ(store.Get({&key, 1})->at(0).version, 0U);
  EXPECT_GT(*Put(store, key, "x", 0), second);
  for (const char* other : {"s/1", "s/2", "s/3", "t/1"}) ASSERT_TRUE(Put(store, other, other, 0).has_value());
  EXPECT_EQ(store.Scan("s/", "", 10)->size(), 3U);
  EXPECT_EQ(store.Scan("s/", "s/1", 1)->at(0).key, "s/2");
}

TEST_F(RedisStoreTest, PasswordsAreAsked) {
  const Server server({"--requirepass", "secret"});
  RedisOptions options = server.Options();
  options.password = "secret";
  ASSERT_TRUE(server.Open(options).has_value());
  EXPECT_EQ(server.Open().error().code, "store-failed");
  options.password = "wrong";
  EXPECT_EQ(OpenRedisStore(options).error().code, "store-failed");
}

TEST_F(RedisStoreTest, NobodyThereIsAnError) {
  EXPECT_EQ(OpenRedisStore({.port = FreePort(), .timeout_ms = 200}).error().code, "store-away");
}

TEST_F(RedisStoreTest, EightLedgersNeverOverspend) {
  const Server server;
  ASSERT_TRUE(server.Open().has_value());
  constexpr int64_t kLimit = 100;
  std::atomic<int64_t> granted = 0;
  std::vector<std::thread> nodes;
  for (int node = 0; node < 8; ++node) {
    nodes.emplace_back([&] {
      auto store = server.Open();
      auto ledger = Ledger::Open({.store = *store}, kMonday);
      ASSERT_TRUE(ledger.has_value());
      for (int i = 0; i < 20; ++i) {
        const auto reserved = Take(**ledger, kLimit);
        ASSERT_TRUE(reserved.has_value()) << reserved.error().message;
        granted += reserved->granted() ? 1 : 0;
      }
    });
  }
  for (std::thread& node : nodes) node.join();
  EXPECT_EQ(granted, kLimit);
}

TEST_F(RedisStoreTest, NothingThatWasAnsweredIsLostWhenProcessesAreKilled) {
  const Server server;
  ASSERT_TRUE(server.Open().has_value());
  RunCrashes([&] { return server.Open(); }, CrashCount(10));
}

// The server is killed and starts anew from its log: what was answered is there, and the ledger goes on by itself.
TEST_F(RedisStoreTest, AServerThatIsStoppedIsAwayUntilItIsBack) {
  Server server;
  auto store = server.Open();
  auto ledger = Ledger::Open({.store = *store}, kMonday);
  ASSERT_TRUE(Take(**ledger, 10)->granted());
  server.Stop();
  EXPECT_EQ(Take(**ledger, 10).error().code, "store-away");
  server.Start();
  ASSERT_TRUE(server.Open().has_value());
  ASSERT_TRUE(Take(**ledger, 10)->granted());
  EXPECT_EQ((*ledger)->Budgets(kMonday).at(0).used, 2);
}

TEST_F(RedisStoreTest, AServerThatIsPausedIsAwayAndNothingIsCountedTwice) {
  const Server server;
  auto store = server.Open(server.Impatient());
  auto ledger = Ledger::Open({.store = *store}, kMonday);
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = 10};
  const Ask ask = {.request_id = "r1", .claims = {&claim, 1}};
  Reading reading;
  ASSERT_TRUE((*ledger)->Read(ask, kMonday, {&reading, 1}, {}).has_value());
  server.Pause();
  EXPECT_EQ((*ledger)->Reserve(ask, {&reading, 1}, {}, kMonday).error().code, "store-away");
  server.Continue();
  // It may have heard of it or not; asked again it is one reservation.
  auto again = (*ledger)->Recall("r1", {});
  for (int i = 0; i < 50 && !again; ++i) again = (*ledger)->Recall("r1", {});
  ASSERT_TRUE(again.has_value()) << again.error().message;
  if (!again->granted()) {
    ASSERT_TRUE((*ledger)->Read(ask, kMonday, {&reading, 1}, {}).has_value());
    ASSERT_TRUE((*ledger)->Reserve(ask, {&reading, 1}, {}, kMonday)->granted());
  }
  ASSERT_TRUE((*ledger)->Read(ask, kMonday, {&reading, 1}, {}).has_value());
  EXPECT_EQ(reading.used, 1);
}

// A replica that has every commit becomes the master; the old one comes back as another server.
TEST_F(RedisStoreTest, AFailoverLosesNothingThatReplicasHad) {
  auto master = std::make_unique<Server>();
  ASSERT_TRUE(master->Open().has_value());
  const Server replica({"--replicaof", "127.0.0.1 " + std::to_string(master->port())});
  RedisOptions options = master->Options();
  options.wait_replicas = 1;
  options.timeout_ms = 3000;
  auto store = master->Open(options);
  auto ledger = Ledger::Open({.store = *store}, kMonday);
  auto first = Take(**ledger, 10);
  for (int i = 0; i < 20 && !first; ++i) first = Take(**ledger, 10);  // until the replica follows
  ASSERT_TRUE(first.has_value()) << first.error().message;
  const int64_t used = (*ledger)->Budgets(kMonday).at(0).used;
  master.reset();
  const std::string promote = "redis-cli -p " + std::to_string(replica.port()) + " REPLICAOF NO ONE >/dev/null 2>&1";
  if (std::system(promote.c_str()) != 0) GTEST_SKIP() << "redis-cli is not installed";
  auto promoted = Ledger::Open({.store = *replica.Open()}, kMonday);
  ASSERT_TRUE(promoted.has_value());
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = 10};
  Reading reading;
  ASSERT_TRUE((*promoted)->Read({.claims = {&claim, 1}}, kMonday, {&reading, 1}, {}).has_value());
  EXPECT_EQ(reading.used, used);
}

// Each budget does what it chose while the server answers nobody; afterwards all go on.
TEST_F(RedisStoreTest, WhileTheServerIsPausedEachBudgetDoesWhatItChose) {
  const Server server;
  auto store = server.Open(server.Impatient());
  auto opened = Ledger::Open({.store = *store, .durability = Durability::Lease}, kMonday);
  ASSERT_TRUE(opened.has_value());
  const auto take = [&](WhenAway when_away, std::string_view key, int64_t charge) -> Expected<Reserved> {
    const Claim claim = {.budget = "calls", .key = key, .charge = charge, .limit = 1'000'000, .terms = {.when_away = when_away}};
    Reading reading;
    const Ask ask = {.claims = {&claim, 1}};
    if (auto done = (*opened)->Read(ask, kMonday, {&reading, 1}, {}); !done) return std::unexpected(done.error());
    return (*opened)->Reserve(ask, {&reading, 1}, {}, kMonday);
  };
  for (int i = 0; i < 33; ++i) {
    ASSERT_TRUE(take(WhenAway::Refuse, "careful", 1)->granted());
    ASSERT_TRUE(take(WhenAway::SpendLease, "going on", 1)->granted());
  }
  server.Pause();
  EXPECT_EQ(take(WhenAway::SpendLease, "going on", 500'000).error().code, "store-away");  // more than is leased
  EXPECT_EQ(take(WhenAway::Refuse, "careful", 1).error().code, "store-away");
  EXPECT_TRUE(take(WhenAway::SpendLease, "going on", 1)->granted());
  server.Continue();
  auto again = take(WhenAway::Refuse, "careful", 1);
  for (int i = 0; i < 50 && !again; ++i) again = take(WhenAway::Refuse, "careful", 1);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(again->granted());
}

TEST_F(RedisStoreTest, EightProcessesAreLinearizable) {
  const Server server;
  ASSERT_TRUE(server.Open().has_value());
  for (int round = 0; round < 5; ++round) NodesAreLinearizable([&] { return server.Open(); }, "k" + std::to_string(round));
}

TEST_F(RedisStoreTest, EightProcessesWithLeasesSpendTheLimitAndNotMore) {
  const Server server;
  ASSERT_TRUE(server.Open().has_value());
  NodesSpendTheLimit([&] { return server.Open(); });
}

TEST_F(RedisStoreTest, ProcessesThatSleptOrDiedSpendNothingThatIsNotTheirs) {
  const Server server;
  ASSERT_TRUE(server.Open().has_value());
  int ledger = 0;
  SleepersAreFenced([&] {
    RedisOptions options = server.Options();
    options.name = "sleepers" + std::to_string(ledger++);
    return [options] { return OpenRedisStore(options); };
  });
}

}  // namespace
}  // namespace remit::ledger
