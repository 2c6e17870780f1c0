// The hierarchy: closure, cycles, entities listed twice, and sizes that hurt careless code.
#include "runtime/entity/entity_store.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace remit {
namespace {

class EntityStoreTest : public testing::Test {
 protected:
  auto Uid(std::string_view id) -> EntityUid { return {interner_.Intern("U"), interner_.Intern(id)}; }
  auto Uid(size_t id) -> EntityUid { return Uid(std::to_string(id)); }

  auto Make(EntityUid uid, const std::vector<EntityUid>& parents, int64_t attribute = 0) -> Entity {
    const std::array fields = {Field{interner_.Intern("n"), Value::OfLong(attribute)}};
    return {.uid = uid,
            .attrs = MakeRecord(builder_.arena(), fields).as_record(),
            .tags = {},
            .parents = builder_.arena().Copy(std::span<const EntityUid>(parents))};
  }
  void Add(std::string_view uid, const std::vector<std::string_view>& parents) {
    std::vector<EntityUid> uids;
    for (const auto parent : parents) uids.push_back(Uid(parent));
    ASSERT_TRUE(builder_.Add(Make(Uid(uid), uids)));
  }
  auto Build() -> EntityStore {
    auto store = std::move(builder_).Build();
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    return store ? std::move(*store) : EntityStore{};
  }

  Interner interner_;
  EntityStoreBuilder builder_{interner_};
};

TEST_F(EntityStoreTest, InIsReflexiveAndTransitive) {
  Add("a", {"b"});
  Add("b", {"c"});
  Add("c", {});
  const auto store = Build();
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("a")));
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("b")));
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("c")));
  EXPECT_FALSE(store.IsIn(Uid("c"), Uid("a")));
  EXPECT_EQ(store.Find(Uid("a"))->ancestors->size(), 2U);
  EXPECT_EQ(store.Find(Uid("zz")), nullptr);
}

TEST_F(EntityStoreTest, ParentsNeedNotExist) {
  Add("a", {"ghost"});
  const auto store = Build();
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("ghost")));
  EXPECT_TRUE(store.IsIn(Uid("ghost"), Uid("ghost")));
  EXPECT_FALSE(store.IsIn(Uid("ghost"), Uid("a")));
}

TEST_F(EntityStoreTest, TheOrderOfEntitiesDoesNotMatter) {
  Add("c", {});
  Add("a", {"b", "d"});
  Add("d", {"c"});
  Add("b", {"c", "ghost"});
  const auto store = Build();
  EXPECT_EQ(store.AncestorsOf(Uid("a")).size(), 4U);
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("ghost")));
  EXPECT_EQ(std::next(store.entities().begin())->uid, Uid("a"));
}

TEST_F(EntityStoreTest, RepeatedParentsCountOnce) {
  Add("a", {"c", "b", "c", "b"});
  const auto store = Build();
  const auto parents = store.Find(Uid("a"))->parents;
  ASSERT_EQ(parents.size(), 2U);
  EXPECT_EQ(parents[0], Uid("c"));
}

TEST_F(EntityStoreTest, CyclesAreRefusedAndAMemberIsNamed) {
  Add("below", {"a"});
  Add("a", {"b"});
  Add("b", {"a", "top"});
  Add("top", {});
  const auto store = std::move(builder_).Build();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "hierarchy-cycle");
  EXPECT_TRUE(store.error().message.find("`U::\"a\"`") != std::string::npos ||
              store.error().message.find("`U::\"b\"`") != std::string::npos)
      << store.error().message;
}

TEST_F(EntityStoreTest, AnEntityIsNotItsOwnParent) {
  Add("a", {"a"});
  EXPECT_EQ(std::move(builder_).Build().error().code, "hierarchy-cycle");
}

TEST_F(EntityStoreTest, TheSameEntityTwiceMustBeTheSame) {
  ASSERT_TRUE(builder_.Add(Make(Uid("a"), {Uid("p"), Uid("q")}, 1)));
  EXPECT_TRUE(builder_.Add(Make(Uid("a"), {Uid("q"), Uid("p"), Uid("q")}, 1)));
  const auto other_attribute = builder_.Add(Make(Uid("a"), {Uid("p"), Uid("q")}, 2));
  ASSERT_FALSE(other_attribute);
  EXPECT_EQ(other_attribute.error().code, "duplicate-entity");
  EXPECT_FALSE(builder_.Add(Make(Uid("a"), {Uid("p")}, 1)));
  auto tagged = Make(Uid("a"), {Uid("p"), Uid("q")}, 1);
  tagged.tags = tagged.attrs;
  EXPECT_FALSE(builder_.Add(tagged));
  EXPECT_EQ(Build().entities().size(), 1U);
}

TEST_F(EntityStoreTest, ReplacingChangesTheAncestorsOfThoseBelow) {
  Add("a", {"b"});
  Add("b", {"old"});
  builder_.AddOrReplace(Make(Uid("b"), {Uid("new")}));
  const auto store = Build();
  EXPECT_TRUE(store.IsIn(Uid("a"), Uid("new")));
  EXPECT_FALSE(store.IsIn(Uid("a"), Uid("old")));
}

TEST_F(EntityStoreTest, WhatIsNotGivenComesFromABase) {
  Add("a", {"b"});
  Add("b", {"old"});
  const auto base = Build();
  auto own = EntityStoreBuilder::Over(interner_, base);
  const std::array parents = {Uid("new")};
  ASSERT_TRUE(own.Add({.uid = Uid("b"), .attrs = {}, .tags = {}, .parents = own.arena().Copy(std::span<const EntityUid>(parents))}));
  const auto store = std::move(own).Build();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->entities().size(), 2U);
  EXPECT_TRUE(store->IsIn(Uid("a"), Uid("new")));
  EXPECT_FALSE(store->IsIn(Uid("a"), Uid("old")));
  EXPECT_TRUE(base.IsIn(Uid("a"), Uid("old")));
}

// What belongs to one request is taken again by the next: rows, their memory, and the memory of values.
TEST_F(EntityStoreTest, NothingOfOneRequestIsInTheNext) {
  Add("a", {"b"});
  const auto base = Build();
  for (int64_t round = 0; round < 20; ++round) {
    const EntityUid own = Uid("own-" + std::to_string(round));
    auto builder = EntityStoreBuilder::Over(interner_, base);
    const std::array fields = {Field{interner_.Intern("n"), Value::OfLong(round)}};
    ASSERT_TRUE(builder.Add({.uid = own, .attrs = MakeRecord(builder.arena(), fields).as_record(), .tags = {}, .parents = {}}));
    auto store = std::move(builder).Build();
    ASSERT_TRUE(store);
    EXPECT_EQ(store->entities().size(), 2U);
    EXPECT_EQ(store->Find(own)->attrs.begin()->value.as_long(), round);
    EXPECT_TRUE(store->IsIn(Uid("a"), Uid("b")));
    EXPECT_FALSE(store->IsIn(own, Uid("b")));
    for (int64_t former = 0; former < round; ++former) EXPECT_EQ(store->Find(Uid("own-" + std::to_string(former))), nullptr);
    // Some end where they were not made.
    if (round % 4 == 3) std::thread([ended = std::move(*store)] {}).join();
  }
  EXPECT_EQ(base.entities().size(), 1U);
}

TEST_F(EntityStoreTest, AnEntityOfARequestThatIsItsOwnParentIsACycle) {
  Add("a", {});
  const auto base = Build();
  auto own = EntityStoreBuilder::Over(interner_, base);
  const std::array parents = {Uid("b")};
  ASSERT_TRUE(own.Add({.uid = Uid("b"), .attrs = {}, .tags = {}, .parents = own.arena().Copy(std::span<const EntityUid>(parents))}));
  const auto store = std::move(own).Build();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "hierarchy-cycle");
}

TEST_F(EntityStoreTest, ARemovedEntityIsStillAParent) {
  Add("a", {"b"});
  Add("b", {"c"});
  const auto base = Build();
  auto next = EntityStoreBuilder::Next(interner_, base, nullptr);
  next.Remove(Uid("b"));
  next.Remove(Uid("nobody"));
  const auto store = std::move(next).Build();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->entities().size(), 1U);
  EXPECT_EQ(store->Find(Uid("b")), nullptr);
  EXPECT_TRUE(store->IsIn(Uid("a"), Uid("b")));
  EXPECT_FALSE(store->IsIn(Uid("a"), Uid("c")));
  EXPECT_NE(base.Find(Uid("b")), nullptr);
}

TEST_F(EntityStoreTest, AnUpdateThatWouldMakeACycleChangesNothing) {
  Add("a", {"b"});
  Add("b", {});
  const auto base = Build();
  auto next = EntityStoreBuilder::Next(interner_, base, nullptr);
  const std::array parents = {Uid("a")};
  next.AddOrReplace({.uid = Uid("b"), .attrs = {}, .tags = {}, .parents = next.arena().Copy(std::span<const EntityUid>(parents))});
  EXPECT_FALSE(std::move(next).Build());
  EXPECT_FALSE(base.IsIn(Uid("b"), Uid("a")));
}

// Stores that grew by updates, with and without a child map, over and next to their base, for one request or for all, answer like one built at once.
TEST_F(EntityStoreTest, UpdatesComeToTheSameAsBuildingAnew) {
  std::mt19937 random(20261123);
  const auto below = [&](size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random); };
  constexpr size_t kUids = 60;
  for (int round = 0; round < 30; ++round) {
    std::map<size_t, std::vector<EntityUid>> model;
    ChildMap children;
    EntityStore store;
    for (int update = 0; update < 12; ++update) {
      const bool keeps_map = round % 2 == 0;
      auto next = EntityStoreBuilder::Next(interner_, store, keeps_map ? &children : nullptr);
      auto over = EntityStoreBuilder::Over(interner_, store);
      auto asked = EntityStoreBuilder::Over(interner_, store);
      std::vector<EntityUid> uids;
      for (size_t n = below(2) == 0 ? below(4) : below(60); n > 0; --n) uids.push_back(Uid(below(kUids)));
      asked.ListOnly(uids);
      for (size_t changes = 1 + below(20); changes > 0; --changes) {
        const size_t at = below(kUids);
        if (below(5) == 0) {
          model.erase(at);
          next.Remove(Uid(at));
          over.Remove(Uid(at));
          asked.Remove(Uid(at));
          continue;
        }
        std::vector<EntityUid> parents;  // always higher: no cycles
        for (size_t n = below(3); n > 0 && at + 1 < kUids; --n) parents.push_back(Uid(at + 1 + below(kUids - at - 1)));
        model[at] = parents;
        for (auto* builder : {&next, &over, &asked}) {
          builder->AddOrReplace(
              {.uid = Uid(at), .attrs = {}, .tags = {}, .parents = builder->arena().Copy(std::span<const EntityUid>(parents))});
        }
      }
      EntityStoreBuilder fresh(interner_);
      for (const auto& [at, parents] : model) {
        ASSERT_TRUE(
            fresh.Add({.uid = Uid(at), .attrs = {}, .tags = {}, .parents = fresh.arena().Copy(std::span<const EntityUid>(parents))}));
      }
      const auto expected = std::move(fresh).Build();
      const auto overlaid = std::move(over).Build();
      const auto of_request = std::move(asked).Build();
      auto updated = std::move(next).Build();
      ASSERT_TRUE(expected && overlaid && of_request && updated);
      for (const EntityStore* found : {&overlaid.value(), &of_request.value(), static_cast<const EntityStore*>(&updated.value())}) {
        EXPECT_EQ(found->entities().size(), model.size());
        for (size_t at = 0; at < kUids; ++at) {
          EXPECT_EQ(found->Find(Uid(at)) != nullptr, model.contains(at));
          const auto above = expected->AncestorsOf(Uid(at));
          EXPECT_EQ(found->AncestorsOf(Uid(at)), above) << "round " << round << ", update " << update;
          const Entity* entity = found->Find(Uid(at));
          for (const EntityUid uid : above) EXPECT_TRUE(found->IsBelow(entity, uid));
        }
      }
      store = std::move(*updated);
    }
  }
}

TEST_F(EntityStoreTest, WhoeverIsAboveACycleIsNotNamed) {
  Add("top", {});
  Add("a", {"b", "top"});
  Add("b", {"a"});
  const auto store = std::move(builder_).Build();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "hierarchy-cycle");
  EXPECT_EQ(store.error().message.find("top"), std::string::npos) << "it is above the cycle: " << store.error().message;
}

TEST_F(EntityStoreTest, AStoreForOneRequestListsWhatItIsAsked) {
  const std::array values = {Field{interner_.Intern("friend"), Value::OfEntity(Uid("held"))}};
  Add("asked", {"b", "ghost"});
  Add("b", {"c"});
  Add("held", {"b"});
  Add("c", {});
  ASSERT_TRUE(builder_.Add({.uid = Uid("holder"), .attrs = MakeRecord(builder_.arena(), values).as_record(), .tags = {}, .parents = {}}));
  builder_.ListOnly(std::array{Uid("asked"), Uid("nobody")});
  const auto store = Build();
  ASSERT_NE(store.Find(Uid("asked"))->ancestors, nullptr);
  EXPECT_EQ(store.Find(Uid("asked"))->ancestors->size(), 3U);
  ASSERT_NE(store.Find(Uid("held"))->ancestors, nullptr);
  EXPECT_EQ(store.Find(Uid("held"))->ancestors->size(), 2U);
  EXPECT_NE(store.Find(Uid("c"))->ancestors, nullptr);
  EXPECT_EQ(store.Find(Uid("b"))->ancestors, nullptr);
  EXPECT_TRUE(store.IsIn(Uid("b"), Uid("c")));
  EXPECT_FALSE(store.IsIn(Uid("b"), Uid("ghost")));
}

TEST_F(EntityStoreTest, WhatValuesHoldIsNotListedIfNobodyAsksOfIt) {
  const std::array values = {Field{interner_.Intern("friend"), Value::OfEntity(Uid("held"))}};
  Add("b", {"c"});
  Add("held", {"b"});
  ASSERT_TRUE(builder_.Add({.uid = Uid("holder"), .attrs = MakeRecord(builder_.arena(), values).as_record(), .tags = {}, .parents = {}}));
  builder_.ListOnly(std::array{Uid("b")}, false);
  const auto store = Build();
  EXPECT_NE(store.Find(Uid("b"))->ancestors, nullptr);
  EXPECT_EQ(store.Find(Uid("held"))->ancestors, nullptr);
  EXPECT_TRUE(store.IsIn(Uid("held"), Uid("c"))) << "it is only not listed";
}

TEST_F(EntityStoreTest, ACycleThatNobodyAsksAboutIsRefusedToo) {
  Add("asked", {"top"});
  Add("top", {});
  Add("a", {"b", "top"});
  Add("b", {"a"});
  builder_.ListOnly(std::array{Uid("asked")});
  const auto store = std::move(builder_).Build();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "hierarchy-cycle");
  EXPECT_EQ(store.error().message.find("top"), std::string::npos) << "it is above the cycle: " << store.error().message;
}

// Sets of all sizes: no bucket overflows, nothing gets lost, and strangers are not found.
TEST_F(EntityStoreTest, AncestorsOfAllSizesAreFound) {
  std::mt19937 random(7);
  for (size_t size = 1; size < 600; size += 1 + size / 5) {
    EntityStoreBuilder builder(interner_);
    std::set<size_t> chosen;
    while (chosen.size() < size) chosen.insert(std::uniform_int_distribution<size_t>(1, 20'000)(random));
    std::vector<EntityUid> parents;
    for (const size_t each : chosen) parents.push_back(Uid(each));
    ASSERT_TRUE(
        builder.Add({.uid = Uid("below"), .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))}));
    const auto store = std::move(builder).Build();
    ASSERT_TRUE(store);
    const auto* ancestors = store->Find(Uid("below"))->ancestors;
    if (ancestors == nullptr) continue;
    EXPECT_EQ(ancestors->size(), size);
    for (size_t each = 1; each <= 20'000; each += chosen.contains(each) ? 1 : 37) {
      EXPECT_EQ(ancestors->Contains(Uid(each).packed()), chosen.contains(each)) << each << " of " << size;
    }
  }
}

TEST_F(EntityStoreTest, HintsFindTheEntityOrAreIgnored) {
  const std::array values = {Field{interner_.Intern("friend"), Value::OfEntity(Uid("b"))}};
  ASSERT_TRUE(builder_.Add({.uid = Uid("a"), .attrs = MakeRecord(builder_.arena(), values).as_record(), .tags = {}, .parents = {}}));
  Add("b", {});
  const auto store = Build();
  const Value& stored = store.Find(Uid("a"))->attrs[0].value;
  EXPECT_NE(stored.row_hint(), 0U);
  EXPECT_EQ(store.Find(stored), store.Find(Uid("b")));
  EXPECT_EQ(stored, Value::OfEntity(Uid("b")));
  EXPECT_EQ(store.Find(Value::OfEntity(Uid("b"), 1)), store.Find(Uid("b"))) << "a wrong row";
  EXPECT_EQ(store.Find(Value::OfEntity(Uid("b"), 12345)), store.Find(Uid("b"))) << "no row";
}

TEST_F(EntityStoreTest, AChainOfAHundredThousandTakesLinearMemory) {
  constexpr size_t kDepth = 100'000;
  for (size_t i = 0; i < kDepth; ++i) ASSERT_TRUE(builder_.Add({.uid = Uid(i), .attrs = {}, .tags = {}, .parents = {}}));
  for (size_t i = 0; i + 1 < kDepth; ++i) builder_.AddOrReplace(Make(Uid(i), {Uid(i + 1)}));
  const auto store = Build();
  size_t listed = 0;
  for (const Entity& entity : store.entities()) listed += entity.ancestors == nullptr ? 0 : entity.ancestors->size();
  EXPECT_LT(listed, 65 * kDepth);
  EXPECT_TRUE(store.IsIn(Uid(size_t{0}), Uid(kDepth - 1)));
  EXPECT_TRUE(store.IsIn(Uid(size_t{0}), Uid(kDepth / 2)));
  EXPECT_FALSE(store.IsIn(Uid(kDepth / 2), Uid(size_t{0})));
  EXPECT_FALSE(store.IsIn(Uid(size_t{0}), Uid("nowhere")));
  EXPECT_EQ(store.AncestorsOf(Uid(size_t{0})).size(), kDepth - 1);
}

TEST_F(EntityStoreTest, ManyDiamondsAreWalkedOnce) {
  // 2^600 ways up; each level has two entities with both of the next as parents.
  constexpr size_t kLevels = 600;
  for (size_t level = 0; level < kLevels; ++level) {
    for (const size_t side : {0, 1}) ASSERT_TRUE(builder_.Add(Make(Uid(2 * level + side), {Uid(2 * level + 2), Uid(2 * level + 3)})));
  }
  const auto store = Build();
  EXPECT_TRUE(store.IsIn(Uid(size_t{0}), Uid(2 * kLevels)));
  EXPECT_FALSE(store.IsIn(Uid(size_t{0}), Uid(size_t{1})));
  EXPECT_EQ(store.AncestorsOf(Uid(size_t{0})).size(), 2 * kLevels);
}

TEST_F(EntityStoreTest, ListsAndWalksAgreeAtTheLimit) {
  constexpr size_t kDepth = 1600;  // so deep that not all can be listed
  for (size_t i = 0; i < kDepth; ++i) ASSERT_TRUE(builder_.Add(Make(Uid(i), {Uid(i + 1)})));
  const auto store = Build();
  EXPECT_FALSE(store.Find(Uid(size_t{0}))->ancestors != nullptr);
  EXPECT_TRUE(store.Find(Uid(kDepth - kMaxListedAncestors))->ancestors != nullptr);
  for (size_t i = 0; i <= kDepth; ++i) {
    EXPECT_TRUE(store.IsIn(Uid(size_t{0}), Uid(i))) << i;
    EXPECT_TRUE(store.IsIn(Uid(i), Uid(kDepth))) << i;
    EXPECT_FALSE(store.IsIn(Uid(i + 1), Uid(i))) << i;
  }
}

TEST_F(EntityStoreTest, EntitiesWithTheSameParentsShareAncestors) {
  Add("x", {"p", "q"});
  Add("y", {"q", "p"});
  const auto store = Build();
  EXPECT_EQ(store.Find(Uid("x"))->ancestors, store.Find(Uid("y"))->ancestors);
}

}  // namespace
}  // namespace remit
