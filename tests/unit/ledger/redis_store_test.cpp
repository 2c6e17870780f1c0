// The Redis store, on servers of the test's own: stopped, paused and failed over while ledgers work.
#include "runtime/ledger/redis_store.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/unit/ledger/crash_test.h"

namespace remit::ledger {
namespace {

auto FreePort() -> int {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

// A redis-server that ends with this object.
class Server {
 public:
  explicit Server(std::vector<std::string> arguments = {}, int port = FreePort()) : port_(port), arguments_(std::move(arguments)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "remit-redis-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    Start();
  }
  ~Server() {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    std::vector<std::string> words = {"redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1",     "--save", "",
                                      "--dir",        folder_,  "--appendonly",        "yes",    "--appendfsync", "always"};
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    process_ = fork();
    if (process_ == 0) {
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      std::vector<char*> texts;
      for (std::string& word : words) texts.push_back(word.data());
      texts.push_back(nullptr);
      execvp("redis-server", texts.data());
      _exit(127);
    }
  }
  void Stop() {
    if (process_ <= 0) return;
    kill(process_, SIGCONT);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  void Pause() const { kill(process_, SIGSTOP); }
  void Continue() const { kill(process_, SIGCONT); }

  auto port() const -> int { return port_; }
  auto Options() const -> RedisOptions { return {.port = port_, .timeout_ms = 300}; }
  // Waits until it answers.
  auto Open(const RedisOptions& options) const -> Expected<std::shared_ptr<Store>> {
    auto store = OpenRedisStore(options);
    for (int i = 0; i < 200 && !store && store.error().code == "store-away"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      store = OpenRedisStore(options);
    }
    return store;
  }
  auto Open() const -> Expected<std::shared_ptr<Store>> { return Open(Options()); }

 private:
  int port_;
  std::string folder_;
  std::vector<std::string> arguments_;
  pid_t process_ = 0;
};

auto HasRedis() -> bool { return std::system("redis-server --version >/dev/null 2>&1") == 0; }

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
  auto store = server.Open();
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

}  // namespace
}  // namespace remit::ledger
