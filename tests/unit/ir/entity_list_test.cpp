// A list of entities is what was put into it, whether it is kept in place or on the heap.
#include "runtime/ir/entity_list.h"

#include <gtest/gtest.h>

namespace remit::ir {
namespace {

auto Uid(uint32_t n) -> EntityUid { return {.type = {n}, .id = {n + 1}}; }

auto Of(uint32_t count) -> EntityList {
  EntityList list;
  for (uint32_t i = 0; i < count; ++i) list.push_back(Uid(i));
  return list;
}

TEST(EntityList, HoldsWhatWasAdded) {
  for (const uint32_t count : {0U, 1U, 2U, 3U, 100U}) {
    const EntityList list = Of(count);
    EXPECT_EQ(list.size(), count);
    EXPECT_EQ(list.empty(), count == 0);
    uint32_t i = 0;
    for (const EntityUid uid : list) EXPECT_EQ(uid, Uid(i++));
    EXPECT_EQ(i, count);
    for (uint32_t at = 0; at < count; ++at) EXPECT_EQ(list[at], Uid(at));
    EXPECT_EQ(list.footprint() == 0, count < 2) << "one needs no memory of its own";
  }
}

TEST(EntityList, CopiesAreIndependent) {
  for (const uint32_t count : {0U, 1U, 2U, 5U}) {
    EntityList original = Of(count);
    EntityList copy = original;
    EXPECT_EQ(copy, original);
    copy.push_back(Uid(77));
    EXPECT_EQ(original, Of(count));
    EXPECT_EQ(copy.size(), count + 1);
    original = copy;
    EXPECT_EQ(original, copy);
    const EntityList& itself = original;
    original = itself;
    EXPECT_EQ(original, copy);
  }
}

TEST(EntityList, WhatWasMovedAwayIsEmpty) {
  for (const uint32_t count : {0U, 1U, 2U, 5U}) {
    EntityList from = Of(count);
    const EntityList to = std::move(from);
    EXPECT_EQ(to, Of(count));
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what this is about
  }
}

}  // namespace
}  // namespace remit::ir
