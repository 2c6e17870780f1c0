// The SQLite store: durable, for several processes, and what it refuses.
#include "runtime/ledger/sqlite_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/ledger/crash_test.h"
#include "tests/unit/ledger/nodes_test.h"
#include "tests/unit/ledger/sleepers_test.h"

namespace remit::ledger {
namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "remit-ledger-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SqliteStoreTest() override { std::filesystem::remove_all(folder_); }

  auto Path() const -> std::string { return (folder_ / "ledger.db").string(); }
  auto Open(bool sole = false) const { return OpenSqliteStore({.path = Path(), .sole = sole, .busy_timeout_ms = sole ? 50 : 5000}); }

  std::filesystem::path folder_;
};

auto Put(Store& store, const std::string& key, const std::string& value, uint64_t version) -> uint64_t {
  const RowCheck check = {.key = key, .version = version};
  const RowWrite write = {.key = key, .value = value};
  const auto done = store.Commit({&check, 1}, {&write, 1});
  EXPECT_TRUE(done.has_value());
  return *done;
}

TEST_F(SqliteStoreTest, RowsChangeOnlyFromTheVersionTheyHave) {
  auto store = *Open();
  const std::string key("a\0b", 3);
  const uint64_t first = Put(*store, key, std::string("\0x", 2), 0);
  EXPECT_GT(first, 0U);
  EXPECT_EQ(Put(*store, key, "again", 0), 0U);
  const uint64_t second = Put(*store, key, "second", first);
  EXPECT_GT(second, first);
  const std::vector<std::string> keys = {key, "other"};
  const auto rows = store->Get(keys);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->at(0).value, "second");
  EXPECT_EQ(rows->at(0).version, second);
  EXPECT_EQ(rows->at(1).version, 0U);
}

TEST_F(SqliteStoreTest, ARowThatComesBackHasAnotherVersion) {
  auto store = *Open();
  const uint64_t first = Put(*store, "k", "", 0);
  const RowWrite erase = {.key = "k"};
  ASSERT_TRUE(store->Commit({}, {&erase, 1}).has_value());
  EXPECT_GT(Put(*store, "k", "", 0), first);
}

TEST_F(SqliteStoreTest, ScansByPrefix) {
  auto store = *Open();
  for (const char* key : {"a/1", "a/2", "a/3", "b/1"}) Put(*store, key, key, 0);
  EXPECT_EQ(store->Scan("a/", "", 10)->size(), 3U);
  EXPECT_EQ(store->Scan("a/", "a/1", 1)->at(0).key, "a/2");
  EXPECT_EQ(store->Scan("c/", "", 10)->size(), 0U);
  EXPECT_EQ(store->Scan("", "", 10)->size(), 4U);
}

TEST_F(SqliteStoreTest, SurvivesBeingClosed) {
  Put(**Open(), "k", "kept", 0);
  const std::string key = "k";
  EXPECT_EQ((*Open())->Get({&key, 1})->at(0).value, "kept");
}

TEST_F(SqliteStoreTest, ASoleStoreKeepsOthersOut) {
  {
    auto sole = Open(true);
    ASSERT_TRUE(sole.has_value());
    Put(**sole, "k", "v", 0);
    EXPECT_EQ((*sole)->Scan("k", "", 1)->size(), 1U);
    const auto other = Open(true);
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, "store-in-use");
  }
  EXPECT_TRUE(Open().has_value());
}

TEST_F(SqliteStoreTest, OtherFilesAreRefused) {
  std::ofstream(Path()) << std::string(5000, 'x');
  EXPECT_EQ(Open().error().code, "store-failed");
  EXPECT_EQ(OpenSqliteStore({.path = "/nonexistent/folder/ledger.db"}).error().code, "store-failed");
}

TEST_F(SqliteStoreTest, CommitsOfManyThreadsAllHappenOnce) {
  auto store = *Open();
  constexpr int kThreads = 4;
  constexpr int kTurns = 50;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      const std::string key = "counter";
      for (int done = 0; done < kTurns;) {
        const auto row = store->Get({&key, 1});
        ASSERT_TRUE(row.has_value());
        const int64_t value = row->at(0).version == 0 ? 0 : std::stoll(row->at(0).value);
        if (Put(*store, key, std::to_string(value + 1), row->at(0).version) != 0) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string key = "counter";
  EXPECT_EQ(store->Get({&key, 1})->at(0).value, std::to_string(kThreads * kTurns));
}

TEST_F(SqliteStoreTest, NothingThatWasAnsweredIsLostWhenProcessesAreKilled) {
  RunCrashes([this] { return Open(); }, CrashCount(20));
}

// Eight processes, each with its own connection.
TEST_F(SqliteStoreTest, ProcessesTogetherNeverOverspend) {
  constexpr int64_t kLimit = 100;
  Open();
  std::vector<pid_t> children;
  for (int node = 0; node < 8; ++node) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = Open();
      auto opened = store ? Ledger::Open({.store = *store}, kMonday) : std::unexpected(store.error());
      int granted = 0;
      for (int i = 0; opened && i < 40; ++i) {
        const Claim claim = {.budget = "calls", .key = "k", .charge = 1, .limit = kLimit};
        Reading reading;
        if (!(*opened)->Read({.claims = {&claim, 1}}, kMonday, {&reading, 1}, {})) _exit(255);
        const auto reserved = (*opened)->Reserve({.claims = {&claim, 1}}, {&reading, 1}, {}, kMonday);
        if (!reserved) _exit(254);
        granted += reserved->granted() ? 1 : 0;
      }
      _exit(opened ? granted : 253);
    }
    children.push_back(child);
  }
  int granted = 0;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_LT(WEXITSTATUS(status), 250);
    granted += WEXITSTATUS(status);
  }
  EXPECT_EQ(granted, kLimit);
}

TEST_F(SqliteStoreTest, EightProcessesAreLinearizable) {
  Open();
  for (int round = 0; round < 3; ++round) NodesAreLinearizable([this] { return Open(); }, "k" + std::to_string(round));
}

TEST_F(SqliteStoreTest, EightProcessesWithLeasesSpendTheLimitAndNotMore) {
  Open();
  NodesSpendTheLimit([this] { return Open(); });
}

TEST_F(SqliteStoreTest, ProcessesThatSleptOrDiedSpendNothingThatIsNotTheirs) {
  int file = 0;
  SleepersAreFenced([&] {
    const std::string path = (folder_ / ("sleepers" + std::to_string(file++) + ".db")).string();
    return [path] { return OpenSqliteStore({.path = path}); };
  });
}

}  // namespace
}  // namespace remit::ledger
