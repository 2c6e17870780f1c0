// Entities from JSON without a schema.
#include <gtest/gtest.h>

#include <string>

#include "runtime/request/json.h"

namespace remit {
namespace {

class JsonEntitiesTest : public testing::Test {
 protected:
  auto Read(std::string_view json, const EntityStore* base = nullptr) -> Expected<EntityStore> {
    return ReadEntities(json, interner_, {}, base);
  }
  // `ok`, or `code pointer`.
  auto Result(std::string_view json) -> std::string {
    const auto store = Read(json);
    return store ? "ok" : store.error().code + " " + store.error().pointer;
  }
  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {interner_.Intern(type), interner_.Intern(id)}; }

  Interner interner_;
};

TEST_F(JsonEntitiesTest, ReadsAttributesTagsAndParents) {
  const auto store = Read(R"([
    {"uid": {"type": "U", "id": "a"}, "attrs": {"n": 1, "s": "x"}, "parents": [{"__entity": {"type": "G", "id": "g"}}], "tags": {"t": [1]}, "extra": null},
    {"uid": {"__entity": {"type": "G", "id": "g"}, "more": 1}, "attrs": {}, "parents": [{"type": "G", "id": "h"}]}])");
  ASSERT_TRUE(store) << store.error().message;
  const auto* entity = store->Find(Uid("U", "a"));
  ASSERT_NE(entity, nullptr);
  EXPECT_EQ(*FindField(entity->attrs, interner_.Find("n")), Value::OfLong(1));
  EXPECT_EQ(FormatValue(*FindField(entity->tags, interner_.Find("t")), interner_), "[1]");
  EXPECT_TRUE(store->IsIn(Uid("U", "a"), Uid("G", "h")));
}

TEST_F(JsonEntitiesTest, StringsOutliveTheDocument) {
  std::string json = R"([{"uid":{"type":"U","id":"a"},"attrs":{"s":"long enough to be anywhere"},"parents":[]}])";
  const auto store = Read(json);
  json.assign(json.size(), '#');
  EXPECT_EQ(store->Find(Uid("U", "a"))->attrs[0].value.as_string(), "long enough to be anywhere");
}

// Many names of one length, first and last letter, which a table of names is most likely to confuse.
TEST_F(JsonEntitiesTest, NamesThatLookAlikeStayApart) {
  const auto entity = [](std::string_view type, std::string_view attribute) {
    return R"({"uid":{"id":"a","type":")" + std::string(type) + R"("},"attrs":{")" + std::string(attribute) + R"(":1},"parents":[]})";
  };
  std::string json = "[";
  for (int i = 10; i < 99; ++i) json += entity("A" + std::to_string(i) + "Z", "b" + std::to_string(i) + "y") + ",";
  const auto store = Read(json + entity("A99Z", "b99y") + "]");
  ASSERT_TRUE(store) << store.error().message;
  for (int i = 10; i < 100; ++i) {
    const auto* found = store->Find(Uid("A" + std::to_string(i) + "Z", "a"));
    ASSERT_NE(found, nullptr) << i;
    ASSERT_EQ(found->attrs.size(), 1U);
    EXPECT_EQ(interner_.text(found->attrs[0].key), "b" + std::to_string(i) + "y");
  }
  EXPECT_EQ(Result(json + entity("A--Z", "b") + "]"), "invalid-name /89/uid/type");
}

TEST_F(JsonEntitiesTest, RepeatedMembersAreRefusedWhetherTheyMeanSomethingOrNot) {
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"x":1,"attrs":{},"parents":[],"x":2}])"), "duplicate-key /0/x");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]}])"), "duplicate-key /0/uid");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a","id":"a"},"attrs":{},"parents":[]}])"), "duplicate-key /0/uid/id");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","type":"U"},"attrs":{},"parents":[]}])"), "expected-entity /0/uid");
}

TEST_F(JsonEntitiesTest, AncestorsComeByEveryWayOnce) {
  std::string parents;
  for (int i = 0; i < 20; ++i) parents += R"({"type":"G","id":")" + std::to_string(i % 18) + R"("},)";
  const auto store = Read(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[)" + parents + R"({"type":"G","id":"top"}]},
    {"uid":{"type":"U","id":"b"},"attrs":{},"parents":[{"type":"G","id":"1"},{"type":"G","id":"0"}]},
    {"uid":{"type":"U","id":"c"},"attrs":{},"parents":[{"type":"G","id":"0"},{"type":"G","id":"1"}]},
    {"uid":{"type":"G","id":"0"},"attrs":{},"parents":[{"type":"G","id":"top"}]},
    {"uid":{"type":"G","id":"1"},"attrs":{},"parents":[{"type":"G","id":"top"}]}])");
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(store->AncestorsOf(Uid("U", "a")).size(), 19U);
  EXPECT_EQ(store->AncestorsOf(Uid("U", "b")).size(), 3U);
  EXPECT_TRUE(store->IsIn(Uid("U", "b"), Uid("G", "top")));
  EXPECT_EQ(store->Find(Uid("U", "b"))->ancestors, store->Find(Uid("U", "c"))->ancestors);
}

TEST_F(JsonEntitiesTest, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(Result("{}"), "unexpected-json ");
  EXPECT_EQ(Result("[1]"), "unexpected-json /0");
  EXPECT_EQ(Result(R"([{"attrs":{},"parents":[]}])"), "missing-field /0");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"parents":[]}])"), "missing-field /0");
  EXPECT_EQ(Result(R"([{"uid":"U::\"a\"","attrs":{},"parents":[]}])"), "expected-entity /0/uid");
  EXPECT_EQ(Result(R"([{"uid":{"__expr":"x"},"attrs":{},"parents":[]}])"), "expr-escape /0/uid");
  EXPECT_EQ(Result(R"([{"uid":{"type":"in","id":"a"},"attrs":{},"parents":[]}])"), "invalid-name /0/uid/type");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":[],"parents":[]}])"), "unexpected-json /0/attrs");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":null,"parents":[]}])"), "unexpected-json /0/attrs");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"parents":{}}])"), "unexpected-json /0/parents");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[{"type":"U","id":"b"},7]}])"), "expected-entity /0/parents/1");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[],"tags":{"t":[1,null]}}])"), "null-value /0/tags/t/1");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{"x":{"y/":1.5}},"parents":[]}])"), "not-an-integer /0/attrs/x/y~1");
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"attrs":{},"parents":[]}])"), "duplicate-key /0/attrs");
}

TEST_F(JsonEntitiesTest, ActionsHaveActionsAsParents) {
  EXPECT_EQ(Result(R"([{"uid":{"type":"A::Action","id":"a"},"attrs":{},"parents":[{"type":"Action","id":"x"}]}])"), "ok");
  EXPECT_EQ(Result(R"([{"uid":{"type":"A::Action","id":"a"},"attrs":{},"parents":[{"type":"U","id":"x"}]}])"),
            "non-action-parent /0/parents/0");
  EXPECT_EQ(Result(R"([{"uid":{"type":"MyAction","id":"a"},"attrs":{},"parents":[{"type":"U","id":"x"}]}])"), "ok");
}

TEST_F(JsonEntitiesTest, ListedTwiceMustBeTheSame) {
  const std::string a = R"({"uid":{"type":"U","id":"a"},"attrs":{"x":[1,2]},"parents":[]})";
  const std::string same = R"({"uid":{"type":"U","id":"a"},"attrs":{"x":[2,1,1]},"parents":[]})";
  const std::string other = R"({"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]})";
  EXPECT_EQ(Result("[" + a + "," + same + "]"), "ok");
  EXPECT_EQ(Result("[" + a + "," + other + "]"), "duplicate-entity /1");
}

TEST_F(JsonEntitiesTest, CyclesAreRefused) {
  EXPECT_EQ(Result(R"([{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[{"type":"U","id":"a"}]}])"), "hierarchy-cycle ");
}

TEST_F(JsonEntitiesTest, ARequestsEntitiesAddToAndOverrideTheBase) {
  const auto base = Read(R"([{"uid":{"type":"U","id":"a"},"attrs":{"x":1},"parents":[{"type":"U","id":"b"}]},
                             {"uid":{"type":"U","id":"b"},"attrs":{},"parents":[{"type":"G","id":"old"}]}])");
  ASSERT_TRUE(base);
  const auto store = Read(R"([{"uid":{"type":"U","id":"b"},"attrs":{},"parents":[{"type":"G","id":"new"}]}])", &*base);
  ASSERT_TRUE(store);
  EXPECT_TRUE(store->IsIn(Uid("U", "a"), Uid("G", "new")));
  EXPECT_FALSE(store->IsIn(Uid("U", "a"), Uid("G", "old")));
  EXPECT_EQ(store->Find(Uid("U", "a"))->attrs.size(), 1U);
  EXPECT_TRUE(base->IsIn(Uid("U", "a"), Uid("G", "old")));
  // A cycle that only the two together have.
  const auto cycle = Read(R"([{"uid":{"type":"U","id":"b"},"attrs":{},"parents":[{"type":"U","id":"a"}]}])", &*base);
  ASSERT_FALSE(cycle);
  EXPECT_EQ(cycle.error().code, "hierarchy-cycle");
}

}  // namespace
}  // namespace remit
