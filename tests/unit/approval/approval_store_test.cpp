// What every store of approvals promises, asked of each of them.
#include <gtest/gtest.h>

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "runtime/approval/memory_store.h"
#include "runtime/approval/shared_store.h"
#include "runtime/ledger/sqlite_store.h"
#include "runtime/ledger/store.h"
#include "tests/unit/approval/office.h"
#include "tests/unit/ledger/redis_server.h"

namespace remit::approval {
namespace {

constexpr StoreLimits kFew{.max_entries = 3, .max_bytes = 400};

struct InMemory {
  MemoryStore store;
  MemoryStore few{kFew};
};

struct OverLedgerStore {
  ledger::MemoryStore rows;
  ledger::MemoryStore few_rows;
  SharedStore store{rows};
  SharedStore few{few_rows, kFew};
};

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "remit-approvals-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  auto operator=(const Folder&) -> Folder& = delete;

  // One node's connection.
  auto Open(const std::string& name) const -> std::shared_ptr<ledger::Store> {
    auto store = ledger::OpenSqliteStore({.path = (path_ / name).string(), .synchronous = false});
    EXPECT_TRUE(store) << FormatError(store.error());
    return *store;
  }

 private:
  std::filesystem::path path_;
};

struct InOneFile {
  Folder folder;
  std::shared_ptr<ledger::Store> rows = folder.Open("all");
  std::shared_ptr<ledger::Store> few_rows = folder.Open("few");
  SharedStore store{*rows};
  SharedStore few{*few_rows, kFew};
};

template <typename Stores>
class ApprovalStoreTest : public testing::Test {
 protected:
  Stores stores;
  ApprovalStore& store = stores.store;
  ApprovalStore& few = stores.few;
};

using AllStores = testing::Types<InMemory, OverLedgerStore, InOneFile>;
TYPED_TEST_SUITE(ApprovalStoreTest, AllStores);

TYPED_TEST(ApprovalStoreTest, ComparesBeforeItSets) {
  EXPECT_FALSE(*this->store.CompareAndSet("a", "1", "2", 0));
  EXPECT_TRUE(*this->store.CompareAndSet("a", std::nullopt, "1", 0));
  EXPECT_FALSE(*this->store.CompareAndSet("a", std::nullopt, "2", 0));
  EXPECT_FALSE(*this->store.CompareAndSet("a", "2", std::nullopt, 0));
  EXPECT_EQ(**this->store.Get("a"), "1");
  EXPECT_TRUE(*this->store.CompareAndSet("a", "1", "", 0));
  EXPECT_EQ(**this->store.Get("a"), "");
  EXPECT_TRUE(*this->store.CompareAndSet("a", "", std::nullopt, 0));
  EXPECT_EQ(*this->store.Get("a"), std::nullopt);
  EXPECT_TRUE(*this->store.CompareAndSet("a", std::nullopt, std::nullopt, 0));
}

TYPED_TEST(ApprovalStoreTest, KeepsAnyBytes) {
  const std::string bytes("\0\n\xff 1\n", 7);
  EXPECT_TRUE(*this->store.CompareAndSet(bytes, std::nullopt, bytes, 0));
  EXPECT_EQ(**this->store.Get(bytes), bytes);
}

TYPED_TEST(ApprovalStoreTest, ListsByPrefixInOrder) {
  for (const auto* key : {"b/2", "a/1", "b/1", "c/1"}) ASSERT_TRUE(*this->store.CompareAndSet(key, std::nullopt, key, 0));
  const auto all = *this->store.List("b/", 10);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], std::pair(std::string("b/1"), std::string("b/1")));
  EXPECT_EQ(all[1].first, "b/2");
  EXPECT_EQ(this->store.List("", 3)->size(), 3U);
  EXPECT_TRUE(this->store.List("d", 3)->empty());
}

TYPED_TEST(ApprovalStoreTest, ForgetsWhatNeedNotBeKept) {
  ASSERT_TRUE(*this->store.CompareAndSet("a", std::nullopt, "1", 10));
  ASSERT_TRUE(*this->store.CompareAndSet("b", std::nullopt, "1", 11));
  ASSERT_TRUE(this->store.Forget(9));
  EXPECT_EQ(this->store.List("", 10)->size(), 2U);
  ASSERT_TRUE(this->store.Forget(10));
  EXPECT_EQ(this->store.List("", 10)->size(), 1U);
  EXPECT_EQ(*this->store.Get("a"), std::nullopt);
}

TYPED_TEST(ApprovalStoreTest, ForgetsAllInTheEnd) {
  for (int i = 0; i < 1200; ++i) ASSERT_TRUE(*this->store.CompareAndSet(std::to_string(i), std::nullopt, "1", i % 2 == 0 ? 10 : 100));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(this->store.Forget(50));
  EXPECT_EQ(this->store.List("", 2000)->size(), 600U);
}

TYPED_TEST(ApprovalStoreTest, IsBounded) {
  for (const auto* key : {"a", "b", "c"}) EXPECT_TRUE(*this->few.CompareAndSet(key, std::nullopt, "1", 10));
  EXPECT_EQ(CodeOf(this->few.CompareAndSet("d", std::nullopt, "1", 10)), "approval-store-full");
  EXPECT_TRUE(*this->few.CompareAndSet("a", "1", std::string(200, 'x'), 10));
  EXPECT_EQ(CodeOf(this->few.CompareAndSet("b", "1", std::string(200, 'x'), 10)), "approval-store-full");
  EXPECT_TRUE(*this->few.CompareAndSet("a", std::string(200, 'x'), std::nullopt, 10));
  EXPECT_TRUE(*this->few.CompareAndSet("b", "1", std::string(200, 'x'), 10));
  ASSERT_TRUE(this->few.Forget(10));
  for (const auto* key : {"a", "b", "c"}) EXPECT_TRUE(*this->few.CompareAndSet(key, std::nullopt, "1", 10));
}

TYPED_TEST(ApprovalStoreTest, OneOfManyWins) {
  for (int round = 0; round < 30; ++round) {
    std::atomic<int> won = 0;
    {
      std::vector<std::jthread> nodes;
      for (int node = 0; node < 4; ++node) {
        nodes.emplace_back([&, node] {
          const auto is_set = this->store.CompareAndSet("k" + std::to_string(round), std::nullopt, std::to_string(node), 0);
          ASSERT_TRUE(is_set) << FormatError(is_set.error());
          won += *is_set ? 1 : 0;
        });
      }
    }
    EXPECT_EQ(won, 1);
  }
}

// From the opening to a second try, on two nodes.
TYPED_TEST(ApprovalStoreTest, CarriesAnApproval) {
  Office office;
  office.Give(Office::kLee);
  Tickets here(this->store, office.Policy(), std::nullopt);
  Tickets there(this->store, office.Policy(), office.key);
  const auto facts = office.Request(15000);
  const auto wanted = Office::WantedBy();
  const auto ticket = here.Open(facts, wanted, 0);
  ASSERT_TRUE(ticket) << FormatError(ticket.error());
  const auto approved = there.Approve(ticket->id, {.person = Office::kLee, .acting_for = {}, .at_ms = 1});
  ASSERT_TRUE(approved) << FormatError(approved.error());
  const Redeemer redeemer(this->store, office.keys, office.Policy());
  const std::string_view token = approved->grant;
  const auto coverages = redeemer.Check(facts, std::span(&wanted, 1), std::span(&token, 1), "r1", 2);
  ASSERT_TRUE(coverages.front().covered) << FormatError(coverages.front().why);
  const auto first = redeemer.Take(facts, coverages, "r1");
  ASSERT_TRUE(first);
  ASSERT_TRUE(redeemer.Confirm(*first));
  EXPECT_EQ(CodeOf(redeemer.Take(facts, coverages, "r2")), "grant-used-up");
}

// Two nodes and one grant, over and over: one of them redeems it. Two processes would do the same: each has a connection of its own.
void TwoNodesRedeemOnce(const std::vector<std::shared_ptr<ledger::Store>>& rows) {
  Office office;
  office.Give(Office::kLee);
  std::vector<std::unique_ptr<SharedStore>> stores;
  for (const auto& each : rows) stores.push_back(std::make_unique<SharedStore>(*each));
  const auto wanted = Office::WantedBy();
  for (int round = 0; round < 20; ++round) {
    const auto facts = office.Request(round);
    const auto ticket = Tickets(*stores[0], office.Policy(), office.key).Open(facts, wanted, 0);
    ASSERT_TRUE(ticket) << FormatError(ticket.error());
    const auto approved =
        Tickets(*stores[1], office.Policy(), office.key).Approve(ticket->id, {.person = Office::kLee, .acting_for = {}, .at_ms = 1});
    ASSERT_TRUE(approved) << FormatError(approved.error());
    std::atomic<int> executed = 0;
    {
      std::vector<std::jthread> nodes;
      for (const auto& store : stores) {
        nodes.emplace_back([&] {
          const Redeemer redeemer(*store, office.keys, office.Policy());
          const std::string_view token = approved->grant;
          const auto coverages = redeemer.Check(facts, std::span(&wanted, 1), std::span(&token, 1), {}, 2);
          const auto redemption = redeemer.Take(facts, coverages, {});
          if (!redemption || redemption->uses.empty()) return;
          ASSERT_TRUE(redeemer.Confirm(*redemption));
          ++executed;
        });
      }
    }
    ASSERT_EQ(executed, 1) << round;
  }
}

TEST(SharedStoreTest, TwoNodesWithOneFileRedeemOnce) {
  const Folder folder;
  TwoNodesRedeemOnce({folder.Open("f"), folder.Open("f")});
}

TEST(SharedStoreTest, TwoNodesWithOneRedisRedeemOnce) {
  if (!ledger::HasRedis()) GTEST_SKIP() << "redis-server is not installed";
  const ledger::Server server;
  const auto here = server.Open();
  const auto there = server.Open();
  ASSERT_TRUE(here && there);
  TwoNodesRedeemOnce({*here, *there});
}

TEST(SharedStoreTest, LeavesTheRowsOfOthersAlone) {
  ledger::MemoryStore rows;
  const std::vector<ledger::RowWrite> writes = {{.key = "account/1", .value = "5"}};
  ASSERT_TRUE(rows.Commit({}, writes));
  SharedStore store(rows);
  ASSERT_TRUE(*store.CompareAndSet("a", std::nullopt, "1", 0));
  ASSERT_TRUE(store.Forget(100));
  EXPECT_TRUE(store.List("", 10)->empty());
  EXPECT_EQ(rows.Scan("account/", {}, 10)->size(), 1U);
}

TEST(SharedStoreTest, NoticesRowsThatAreDamaged) {
  ledger::MemoryStore rows;
  const std::vector<ledger::RowWrite> writes = {{.key = "approval/a", .value = "nonsense"}};
  ASSERT_TRUE(rows.Commit({}, writes));
  SharedStore store(rows);
  EXPECT_EQ(CodeOf(store.Get("a")), "approval-store-unavailable");
  EXPECT_EQ(CodeOf(store.CompareAndSet("a", std::nullopt, "1", 0)), "approval-store-unavailable");
  EXPECT_EQ(CodeOf(store.List("", 10)), "approval-store-unavailable");
}

}  // namespace
}  // namespace remit::approval
