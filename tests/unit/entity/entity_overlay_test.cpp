// Entities of one request after the other: each sees its own and the base, and nothing of those before.
#include "runtime/entity/entity_overlay.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace remit {
namespace {

class EntityOverlayTest : public testing::Test {
 protected:
  auto Uid(std::string_view id) -> EntityUid { return {interner_.Intern("U"), interner_.Intern(id)}; }
  auto With(int64_t number) -> RecordView {
    const std::array fields = {Field{interner_.Intern("n"), Value::OfLong(number)}};
    return MakeRecord(arena_, fields).as_record();
  }
  static auto NumberOf(const EntityStore& store, EntityUid uid) -> int64_t {
    const Entity* entity = store.Find(uid);
    return entity == nullptr || entity->attrs.empty() ? -1 : entity->attrs.front().value.as_long();
  }
  // `stored` is in `group`; the parent of `group` is not there.
  auto Base() -> EntityStore {
    EntityStoreBuilder builder(interner_);
    const auto add = [&](std::string_view id, std::string_view parent) {
      const std::array parents = {Uid(parent)};
      builder.AddOrReplace(
          {.uid = Uid(id), .attrs = With(1), .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
    };
    add("stored", "group");
    add("group", "absent");
    return *std::move(builder).Build();
  }

  Interner interner_;
  Arena arena_;
};

TEST_F(EntityOverlayTest, WhatIsAddedIsGoneAfterwards) {
  const EntityStore base = Base();
  EntityOverlay overlay(base);
  for (int64_t round = 0; round < 3; ++round) {
    const EntityUid own = Uid("own-" + std::to_string(round));
    overlay.Add(own, With(10 + round), {});
    EXPECT_EQ(NumberOf(overlay.store(), own), 10 + round);
    EXPECT_EQ(NumberOf(overlay.store(), Uid("stored")), 1);
    EXPECT_EQ(overlay.store().entities().size(), 3U);
    EXPECT_TRUE(overlay.store().IsIn(own, own));
    EXPECT_FALSE(overlay.store().IsIn(own, Uid("group")));
    overlay.Clear();
    EXPECT_EQ(overlay.store().Find(own), nullptr);
    EXPECT_EQ(overlay.store().entities().size(), 2U);
  }
}

TEST_F(EntityOverlayTest, WhatIsStoredKeepsItsPlace) {
  const EntityStore base = Base();
  EntityOverlay overlay(base);
  overlay.Add(Uid("stored"), With(2), With(3));
  overlay.Add(Uid("absent"), With(4), {});
  EXPECT_EQ(NumberOf(overlay.store(), Uid("stored")), 2);
  EXPECT_EQ(overlay.store().Find(Uid("stored"))->tags.size(), 1U);
  EXPECT_TRUE(overlay.store().IsIn(Uid("stored"), Uid("group")));
  EXPECT_TRUE(overlay.store().IsIn(Uid("stored"), Uid("absent")));
  EXPECT_EQ(overlay.store().Find(Uid("stored"))->parents.size(), 1U);
  EXPECT_EQ(NumberOf(overlay.store(), Uid("absent")), 4);
  EXPECT_EQ(overlay.store().entities().size(), 3U);
  EXPECT_EQ(NumberOf(base, Uid("stored")), 1);
  overlay.Clear();
  EXPECT_EQ(NumberOf(overlay.store(), Uid("stored")), 1);
  EXPECT_TRUE(overlay.store().Find(Uid("stored"))->tags.empty());
  EXPECT_EQ(overlay.store().Find(Uid("absent")), nullptr);
  EXPECT_EQ(overlay.store().entities().size(), 2U);
}

TEST_F(EntityOverlayTest, OneEntityTwiceIsTheLatter) {
  const EntityStore base;
  EntityOverlay overlay(base);
  overlay.Add(Uid("own"), With(1), {});
  overlay.Add(Uid("own"), With(2), {});
  EXPECT_EQ(NumberOf(overlay.store(), Uid("own")), 2);
  EXPECT_EQ(overlay.store().entities().size(), 1U);
}

TEST_F(EntityOverlayTest, ManyAreForgottenToo) {
  const EntityStore base = Base();
  EntityOverlay overlay(base);
  for (int64_t i = 0; i < 1000; ++i) overlay.Add(Uid(std::to_string(i)), With(i), {});
  for (int64_t i = 0; i < 1000; ++i) EXPECT_EQ(NumberOf(overlay.store(), Uid(std::to_string(i))), i);
  overlay.Clear();
  for (int64_t i = 0; i < 1000; ++i) EXPECT_EQ(overlay.store().Find(Uid(std::to_string(i))), nullptr);
  overlay.Add(Uid("own"), With(7), {});
  EXPECT_EQ(NumberOf(overlay.store(), Uid("own")), 7);
}

}  // namespace
}  // namespace remit
