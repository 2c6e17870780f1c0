// Entities that leave parts out, and what is known of them.
#include <gtest/gtest.h>

#include "compiler/driver/compile_job.h"
#include "compiler/partial/known_entities.h"

namespace remit {
namespace {

constexpr std::string_view kSchema = R"(
entity Org;
entity Group in [Org];
entity User in [Group] { age: Long } tags Long;
entity Doc { n?: Long };
action all;
action read in [all] appliesTo { principal: User, resource: Doc };
)";

class PartialEntities : public ::testing::Test {
 protected:
  PartialEntities() : schema_(*LoadSchema(job_, "s.cedarschema", std::string(kSchema))) {}

  auto Load(const std::string& json) -> bool {
    auto store = LoadPartialEntities(job_, "e.json", json, schema_, known_);
    if (store) store_ = std::move(*store);
    return store.has_value();
  }
  auto Code() const -> std::string { return job_.sink.diagnostics().empty() ? "" : job_.sink.diagnostics()[0].pointer; }
  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {job_.interner.Intern(type), job_.interner.Intern(id)}; }
  auto Known() const -> partial::KnownEntities { return {store_, schema_, &known_}; }

  CompileJob job_;
  Schema schema_;
  EntityStore store_;
  KnownPartsMap known_;
};

TEST_F(PartialEntities, WhatIsLeftOutIsNotKnown) {
  ASSERT_TRUE(Load(R"([{"uid": {"type": "User", "id": "a"}},
                       {"uid": {"type": "User", "id": "b"}, "attrs": {"age": 1}, "parents": []},
                       {"uid": {"type": "User", "id": "c"}, "attrs": {"age": 1}, "parents": [], "tags": {}}])"));
  EXPECT_FALSE(Known().KnowsAttributes(Uid("User", "a")));
  EXPECT_TRUE(Known().KnowsAttributes(Uid("User", "b")));
  EXPECT_FALSE(Known().KnowsTags(Uid("User", "b")));
  EXPECT_TRUE(Known().KnowsTags(Uid("User", "c")));
  EXPECT_FALSE(Known().KnowsAttributes(Uid("User", "elsewhere")));
}

TEST_F(PartialEntities, WhatIsThereIsValidated) {
  EXPECT_FALSE(Load(R"([{"uid": {"type": "User", "id": "a"}, "attrs": {}}])"));
  EXPECT_EQ(Code(), "e.json#/0/attrs");
}

TEST_F(PartialEntities, ParentsAreValidated) {
  EXPECT_FALSE(Load(R"([{"uid": {"type": "User", "id": "a"}, "parents": [{"type": "Doc", "id": "d"}]}])"));
  EXPECT_EQ(Code(), "e.json#/0/parents/0");
}

TEST_F(PartialEntities, ActionsAreGivenInFull) { EXPECT_FALSE(Load(R"([{"uid": {"type": "Action", "id": "read"}}])")); }

TEST_F(PartialEntities, AnEntityListedTwiceIsAsUnknownAsItsLeastKnownPart) {
  ASSERT_TRUE(Load(
      R"([{"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": [], "tags": {}}, {"uid": {"type": "Doc", "id": "d"}, "parents": []}])"));
  EXPECT_FALSE(Known().KnowsAttributes(Uid("Doc", "d")));
}

TEST_F(PartialEntities, AncestorsThatMayExistAreNotRuledOut) {
  ASSERT_TRUE(Load(R"([{"uid": {"type": "User", "id": "a"}, "parents": [{"type": "Group", "id": "g"}]},
                       {"uid": {"type": "User", "id": "b"}, "parents": [{"type": "Group", "id": "h"}]},
                       {"uid": {"type": "Group", "id": "h"}, "parents": [{"type": "Org", "id": "o"}]}])"));
  const auto is_in = [&](EntityUid a, EntityUid b) -> std::string {
    const auto answer = Known().IsIn(a, b);
    return !answer ? "unknown" : *answer ? "yes" : "no";
  };
  EXPECT_EQ(is_in(Uid("User", "a"), Uid("Group", "g")), "yes");
  // No group is in a group, and all groups of `a` are known; but those groups may be in any organisation.
  EXPECT_EQ(is_in(Uid("User", "a"), Uid("Group", "h")), "no");
  EXPECT_EQ(is_in(Uid("User", "a"), Uid("Org", "o")), "unknown");
  EXPECT_EQ(is_in(Uid("User", "b"), Uid("Org", "o")), "yes");
  EXPECT_EQ(is_in(Uid("User", "b"), Uid("Org", "p")), "no");
  EXPECT_EQ(is_in(Uid("User", "z"), Uid("Group", "g")), "unknown");
  EXPECT_EQ(is_in(Uid("User", "z"), Uid("User", "z")), "yes");
  EXPECT_EQ(is_in(Uid("Doc", "z"), Uid("Group", "g")), "no");
  EXPECT_EQ(is_in(Uid("Action", "read"), Uid("Action", "all")), "yes");
  EXPECT_EQ(is_in(Uid("Action", "all"), Uid("Action", "read")), "no");
}

TEST_F(PartialEntities, ACompleteStoreLeavesNothingOpen) {
  ASSERT_TRUE(Load("[]"));
  const partial::KnownEntities complete(store_, schema_, nullptr);
  EXPECT_TRUE(complete.KnowsAttributes(Uid("User", "z")));
  EXPECT_EQ(complete.IsIn(Uid("User", "z"), Uid("Group", "g")), false);
}

}  // namespace
}  // namespace remit
