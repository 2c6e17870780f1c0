// Redis as it is used between machines: TLS, a cluster whose slots move, sentinels that name another master.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "runtime/ledger/store_address.h"
#include "tests/unit/ledger/ledger_fixture.h"
#include "tests/unit/ledger/redis_server.h"

namespace remit::ledger {
namespace {

auto Take(Ledger& ledger, int64_t limit = 1'000'000) -> Expected<Reserved> {
  const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = limit};
  Reading reading;
  const Ask ask = {.claims = {&claim, 1}};
  if (auto done = ledger.Read(ask, kMonday, {&reading, 1}, {}); !done) return std::unexpected(done.error());
  return ledger.Reserve(ask, {&reading, 1}, {}, kMonday);
}

auto Used(Ledger& ledger) -> int64_t {
  const auto rows = ledger.Budgets(kMonday);
  return rows.empty() ? 0 : rows.front().used;
}

class RedisRemoteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasRedis() || std::system("redis-cli --version >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "redis-server or redis-cli is not installed";
    std::string pattern = (std::filesystem::temp_directory_path() / "remit-remote-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  auto File(const std::string& name) const -> std::string { return (folder_ / name).string(); }

  // An authority, a certificate of `localhost`, one of a client, and another authority that signed nothing. False without openssl.
  auto MakeCertificates() const -> bool {
    std::ofstream(File("make.sh")) << R"(set -e
key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
for ca in ca other; do openssl req -x509 $key -keyout $ca.key -out $ca.crt -days 2 -subj /CN=$ca; done
printf 'subjectAltName=DNS:localhost\n' > server.ext
for who in server client; do
  openssl req $key -keyout $who.key -out $who.csr -subj /CN=$who
  ext=; [ $who = server ] && ext='-extfile server.ext'
  openssl x509 -req -in $who.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out $who.crt $ext
done
)";
    return std::system(("cd " + folder_.string() + " && sh make.sh >/dev/null 2>&1").c_str()) == 0;
  }
  auto TlsArguments(int tls_port, bool asks_clients) const -> std::vector<std::string> {
    return {"--tls-port",       std::to_string(tls_port), "--tls-cert-file", File("server.crt"),   "--tls-key-file",
            File("server.key"), "--tls-ca-cert-file",     File("ca.crt"),    "--tls-auth-clients", asks_clients ? "yes" : "no"};
  }
  auto TlsOptions(int tls_port) const -> RedisOptions {
    return {.host = "localhost", .port = tls_port, .timeout_ms = 2000, .tls = {.on = true, .ca_file = File("ca.crt")}};
  }

  std::filesystem::path folder_;
};

// ---- TLS ----------------------------------------------------------------------------------------------------------------------

TEST_F(RedisRemoteTest, TlsChecksTheServerAndItsName) {
  if (!MakeCertificates()) GTEST_SKIP() << "openssl is not installed";
  const int tls_port = FreePort();
  const Server server(TlsArguments(tls_port, false));
  const RedisOptions good = TlsOptions(tls_port);
  auto store = server.Open(good);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  // Longer than a record of TLS, and with every byte.
  std::string value;
  for (int i = 0; i < 300'000; ++i) value += static_cast<char>(i * 7);
  const RowWrite write = {.key = "large", .value = value};
  ASSERT_TRUE((*store)->Commit({}, {&write, 1}).has_value());
  EXPECT_EQ((*store)->Get({&write.key, 1})->at(0).value, value);

  RedisOptions stranger = good;
  stranger.tls.ca_file = File("other.crt");
  EXPECT_EQ(OpenRedisStore(stranger).error().code, "store-failed");
  RedisOptions nobody = good;
  nobody.tls.ca_file.clear();  // those of the system did not sign it
  EXPECT_EQ(OpenRedisStore(nobody).error().code, "store-failed");
  RedisOptions other_name = good;
  other_name.tls.server_name = "example.org";
  EXPECT_EQ(OpenRedisStore(other_name).error().code, "store-failed");
  RedisOptions by_number = good;
  by_number.host = "127.0.0.1";  // the certificate says `localhost`
  EXPECT_EQ(OpenRedisStore(by_number).error().code, "store-failed");
  by_number.tls.server_name = "localhost";
  EXPECT_TRUE(OpenRedisStore(by_number).has_value());
  RedisOptions in_the_clear = good;
  in_the_clear.tls.on = false;
  EXPECT_FALSE(OpenRedisStore(in_the_clear).has_value());
  RedisOptions no_file = good;
  no_file.tls.ca_file = File("missing.crt");
  EXPECT_EQ(OpenRedisStore(no_file).error().code, "store-failed");
}

TEST_F(RedisRemoteTest, AddressesSayAllOfIt) {
  if (!MakeCertificates()) GTEST_SKIP() << "openssl is not installed";
  const int tls_port = FreePort();
  const Server server(TlsArguments(tls_port, true));
  const std::string at = "localhost:" + std::to_string(tls_port);
  const std::string files = "?ca=" + File("ca.crt") + "&cert=" + File("client.crt") + "&key=" + File("client.key");
  auto store = OpenStore("rediss://" + at + "/books" + files, false);
  for (int i = 0; i < 100 && !store; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    store = OpenStore("rediss://" + at + "/books" + files, false);
  }
  EXPECT_TRUE(store.has_value()) << store.error().message;
  EXPECT_TRUE(OpenStore("rediss://127.0.0.1:" + std::to_string(tls_port) + files + "&server=localhost&timeout=3000", false).has_value());
  EXPECT_TRUE(OpenStore("rediss://nobody.invalid" + files + "&node=" + at, false).has_value());
  EXPECT_EQ(OpenStore("rediss://" + at + files + "&master=m&sentinel=localhost:1", false).error().code, "store-away");
  for (const char* wrong :
       {"redis://h?ca=f", "rediss://h?ca", "rediss://h?ca=", "rediss://h?what=1", "redis://h?timeout=0", "redis://h?master=m",
        "redis://h?sentinel=h:1", "redis://h?replicas=-1", "redis://h?node=h:99999", "redis://h?timeout=1x"}) {
    const auto opened = OpenStore(wrong, false);
    ASSERT_FALSE(opened.has_value()) << wrong;
    EXPECT_EQ(opened.error().code, "store-address") << wrong;
  }
}

TEST_F(RedisRemoteTest, TlsWithCertificatesOfClients) {
  if (!MakeCertificates()) GTEST_SKIP() << "openssl is not installed";
  const int tls_port = FreePort();
  const Server server(TlsArguments(tls_port, true));
  RedisOptions options = TlsOptions(tls_port);
  options.tls.cert_file = File("client.crt");
  options.tls.key_file = File("client.key");
  auto store = server.Open(options);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  auto ledger = Ledger::Open({.store = *store}, kMonday);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Take(**ledger, 5)->granted());
  EXPECT_EQ(Take(**ledger, 5)->status, Reserved::Status::Exhausted);
  EXPECT_FALSE(OpenRedisStore(TlsOptions(tls_port)).has_value());
}

// ---- a cluster ----------------------------------------------------------------------------------------------------------------

TEST_F(RedisRemoteTest, AClusterIsFollowedWhereverTheSlotIs) {
  const std::vector<std::string> cluster = {"--cluster-enabled", "yes", "--cluster-require-full-coverage", "no"};
  // The bus is 10,000 above the port, and below those that connections of other tests take.
  const int base = 12'000 + FreePort() % 10'000;
  const Server a(cluster, base);
  const Server b(cluster, base + 1);
  const auto wait_for = [](const auto& is) {
    for (int i = 0; i < 200 && !is(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return is();
  };
  ASSERT_TRUE(wait_for([&] { return AskCli(a.port(), "PING") == "PONG\n" && AskCli(b.port(), "PING") == "PONG\n"; }));
  const int slot = std::stoi(AskCli(a.port(), "CLUSTER KEYSLOT '{remit}:x'"));
  // All but the slot of our keys is of `a`, which we ask first.
  AskCli(a.port(), "CLUSTER ADDSLOTSRANGE 0 " + std::to_string(slot - 1) + " " + std::to_string(slot + 1) + " 16383");
  AskCli(b.port(), "CLUSTER ADDSLOTS " + std::to_string(slot));
  AskCli(a.port(), "CLUSTER MEET 127.0.0.1 " + std::to_string(b.port()));
  const auto knows = [&](int port, int owner) { return AskCli(port, "CLUSTER SLOTS").find(std::to_string(owner)) != std::string::npos; };
  ASSERT_TRUE(wait_for([&] {
    return knows(a.port(), b.port()) && knows(b.port(), a.port()) &&
           AskCli(a.port(), "CLUSTER INFO").find("cluster_state:ok") != std::string::npos;
  }));

  auto store = a.Open();
  ASSERT_TRUE(store.has_value()) << store.error().message;
  auto ledger = Ledger::Open({.store = *store}, kMonday);
  ASSERT_TRUE(ledger.has_value()) << ledger.error().message;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Take(**ledger)->granted());

  // The slot moves from `b` to `a`, key by key.
  const auto id_of = [](int port) {
    const std::string id = AskCli(port, "CLUSTER MYID");
    return id.substr(0, id.find('\n'));
  };
  const std::string set = "CLUSTER SETSLOT " + std::to_string(slot);
  AskCli(a.port(), set + " IMPORTING " + id_of(b.port()));
  AskCli(b.port(), set + " MIGRATING " + id_of(a.port()));
  // In between, questions about several keys are to be asked again later. Nothing is lost or counted twice.
  int64_t granted = 10;
  for (int i = 0; i < 3; ++i) {
    const auto reserved = Take(**ledger);
    granted += reserved && reserved->granted() ? 1 : 0;
    if (!reserved) {
      EXPECT_EQ(reserved.error().code, "store-away") << reserved.error().message;
    }
  }
  // Keys are binary: a script moves them.
  const std::string move = "EVAL \"local n = 0 for _, key in ipairs(redis.call('CLUSTER', 'GETKEYSINSLOT', " + std::to_string(slot) +
                           ", 1000)) do redis.call('MIGRATE', '127.0.0.1', '" + std::to_string(a.port()) +
                           "', key, 0, 2000) n = n + 1 end return n\" 0";
  EXPECT_NE(AskCli(b.port(), move), "");
  AskCli(a.port(), set + " NODE " + id_of(a.port()));
  AskCli(b.port(), set + " NODE " + id_of(a.port()));
  ASSERT_EQ(AskCli(b.port(), "CLUSTER COUNTKEYSINSLOT " + std::to_string(slot)), "0\n");
  for (int i = 0; i < 10; ++i) {
    const auto reserved = Take(**ledger);
    ASSERT_TRUE(reserved.has_value()) << reserved.error().message;
    granted += reserved->granted() ? 1 : 0;
  }
  EXPECT_EQ(Used(**ledger), granted);
}

// ---- sentinels ----------------------------------------------------------------------------------------------------------------

// The master dies while ledgers work: what was answered is there on the new one, and they go on without being told.
TEST_F(RedisRemoteTest, SentinelsNameANewMasterMidRun) {
  auto master = std::make_unique<Server>();
  ASSERT_TRUE(master->Open().has_value());
  const std::vector<std::string> follows = {"--replicaof", "127.0.0.1 " + std::to_string(master->port())};
  const Server first(follows);
  const Server second(follows);
  const int port = FreePort();
  std::ofstream(File("sentinel.conf")) << "port " << port << "\nbind 127.0.0.1\ndir " << folder_.string()
                                       << "\nsentinel monitor remit 127.0.0.1 " << master->port()
                                       << " 1\nsentinel down-after-milliseconds remit 500\n"
                                       << "sentinel failover-timeout remit 4000\nsentinel parallel-syncs remit 2\n";
  const Server sentinel({"=", File("sentinel.conf"), "--sentinel"}, port);
  const auto info = [&](const std::string& what) { return AskCli(port, "INFO sentinel").find(what) != std::string::npos; };
  for (int i = 0; i < 300 && !info("slaves=2"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_TRUE(info("slaves=2")) << AskCli(port, "INFO sentinel");

  const RedisOptions options = {
      .port = 1, .timeout_ms = 1000, .wait_replicas = 1, .master_name = "remit", .sentinels = {{"127.0.0.1", 1}, {"127.0.0.1", port}}};
  auto store = sentinel.Open(options);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  std::atomic<int64_t> granted = 0;
  std::atomic<int64_t> unknown = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> nodes;
  for (int node = 0; node < 2; ++node) {
    nodes.emplace_back([&] {
      auto ledger = Ledger::Open({.store = *store}, kMonday);
      ASSERT_TRUE(ledger.has_value()) << ledger.error().message;
      while (!done) {
        const auto reserved = Take(**ledger);
        if (!reserved) {
          EXPECT_EQ(reserved.error().code, "store-away") << reserved.error().message;
          ++unknown;
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
        } else {
          granted += reserved->granted() ? 1 : 0;
        }
      }
    });
  }
  for (int i = 0; i < 400 && granted == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const int64_t before = granted;
  EXPECT_GT(before, 0);
  master->Stop();
  const auto is_back = [&] { return granted > before + 20; };
  for (int i = 0; i < 400 && !is_back(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(is_back()) << "no commit after the failover";
  done = true;
  for (std::thread& node : nodes) node.join();
  auto fresh = Ledger::Open({.store = *store}, kMonday);
  ASSERT_TRUE(fresh.has_value()) << fresh.error().message;
  EXPECT_GE(Used(**fresh), granted);
  EXPECT_LE(Used(**fresh), granted + unknown);
}

}  // namespace
}  // namespace remit::ledger
