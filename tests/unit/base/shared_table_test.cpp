// Copies of a table share chunks and never see each other's changes.
#include "runtime/base/shared_table.h"

#include <gtest/gtest.h>

#include <string>

namespace remit {
namespace {

auto Numbers(size_t count) -> SharedTable<std::string> {
  SharedTable<std::string> table;
  for (size_t i = 0; i < count; ++i) table.push_back(std::to_string(i));
  return table;
}

auto Texts(const SharedTable<std::string>& table) -> std::vector<std::string> { return {table.begin(), table.end()}; }

TEST(SharedTableTest, KeepsWhatIsPutIntoIt) {
  const auto table = Numbers(200);
  ASSERT_EQ(table.size(), 200U);
  EXPECT_FALSE(table.empty());
  for (size_t i = 0; i < 200; ++i) EXPECT_EQ(table[i], std::to_string(i));
  EXPECT_TRUE(SharedTable<std::string>().empty());
}

TEST(SharedTableTest, ACopyIsTheSameMemoryUntilItIsWrittenTo) {
  for (const size_t count : {1, 63, 64, 65, 200}) {
    const auto table = Numbers(count);
    const auto before = Texts(table);
    auto copy = table;
    EXPECT_EQ(&copy[0], &table[0]);
    copy.push_back("new");
    for (int i = 0; i < 100; ++i) copy.push_back("more");
    copy.Writable(0) = "first";
    EXPECT_EQ(Texts(table), before);
    EXPECT_EQ(copy.size(), count + 101);
    EXPECT_EQ(copy[0], "first");
    EXPECT_EQ(copy[count], "new");
    EXPECT_EQ(copy[count + 100], "more");
    if (count > 128) {
      EXPECT_EQ(&copy[64], &table[64]);
    }
  }
}

TEST(SharedTableTest, WhatIsMovedFromIsEmpty) {
  auto table = Numbers(70);
  const auto moved = std::move(table);
  EXPECT_EQ(moved.size(), 70U);
  EXPECT_TRUE(table.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  table.push_back("again");
  EXPECT_EQ(table[0], "again");
}

}  // namespace
}  // namespace remit
