// The hierarchy: closure, cycles, entities listed twice, and sizes that hurt careless code.
#include "runtime/entity/entity_store.h"

#include <gtest/gtest.h>

#include <string>

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
            .parents = builder_.arena().Copy(std::span<const EntityUid>(parents)),
            .ancestors = {}};
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
  EXPECT_EQ(store.Find(Uid("a"))->ancestors.size(), 2U);
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
  EXPECT_EQ(store.entities()[1].uid, Uid("a"));
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

TEST_F(EntityStoreTest, MissingEntitiesComeFromABase) {
  Add("a", {"b"});
  Add("b", {"old"});
  const auto base = Build();
  EntityStoreBuilder own(interner_);
  const std::array parents = {Uid("new")};
  ASSERT_TRUE(own.Add(
      {.uid = Uid("b"), .attrs = {}, .tags = {}, .parents = own.arena().Copy(std::span<const EntityUid>(parents)), .ancestors = {}}));
  own.AddMissing(base);
  const auto store = std::move(own).Build();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->entities().size(), 2U);
  EXPECT_TRUE(store->IsIn(Uid("a"), Uid("new")));
  EXPECT_FALSE(store->IsIn(Uid("a"), Uid("old")));
  EXPECT_TRUE(base.IsIn(Uid("a"), Uid("old")));
}

TEST_F(EntityStoreTest, AChainOfAHundredThousandTakesLinearMemory) {
  constexpr size_t kDepth = 100'000;
  for (size_t i = 0; i < kDepth; ++i) ASSERT_TRUE(builder_.Add({.uid = Uid(i), .attrs = {}, .tags = {}, .parents = {}, .ancestors = {}}));
  for (size_t i = 0; i + 1 < kDepth; ++i) builder_.AddOrReplace(Make(Uid(i), {Uid(i + 1)}));
  const auto store = Build();
  size_t listed = 0;
  for (const Entity& entity : store.entities()) listed += entity.ancestors.size();
  EXPECT_LT(listed, kDepth);
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
  constexpr size_t kDepth = kMaxListedAncestors + 50;
  for (size_t i = 0; i < kDepth; ++i) ASSERT_TRUE(builder_.Add(Make(Uid(i), {Uid(i + 1)})));
  const auto store = Build();
  EXPECT_FALSE(store.Find(Uid(size_t{0}))->lists_ancestors);
  EXPECT_TRUE(store.Find(Uid(kDepth - kMaxListedAncestors))->lists_ancestors);
  EXPECT_FALSE(store.Find(Uid(kDepth - kMaxListedAncestors - 1))->lists_ancestors);
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
  EXPECT_EQ(store.Find(Uid("x"))->ancestors.data(), store.Find(Uid("y"))->ancestors.data());
}

}  // namespace
}  // namespace remit
