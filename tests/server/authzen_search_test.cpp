// What searches find is what evaluations permit: all of it and nothing else, for made-up worlds, on pages of any size.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "tests/server/authzen_fixture.h"

namespace remit::authzen {
namespace {

constexpr int kUsers = 9;
constexpr int kDocs = 9;

// Users in groups, documents in folders, with attributes that policies read; now and then one that is missing.
class RandomTexts {
 public:
  explicit RandomTexts(uint32_t seed) : random_(seed) {}

  auto Below(int limit) -> int { return std::uniform_int_distribution(0, limit - 1)(random_); }

  auto Make() -> WorldTexts {
    std::string policies;
    const int count = 2 + Below(6);
    for (int i = 0; i < count; ++i) {
      policies += fmt::format("{} ({}, {}, {}) {};\n", Below(4) == 0 ? "forbid" : "permit", Position("principal", "User", "Group"),
                              Action(), Position("resource", "Doc", "Folder"), Condition());
    }
    if (Below(2) == 0) policies += "budget calls (principal, action, resource) per { principal } limit { 3 };\n";
    if (Below(3) == 0)
      policies += fmt::format("restrict (principal, action, resource) to draft when {{ principal.level > {} }};\n", Below(8));
    std::string entities = "[";
    for (int i = 0; i < kUsers; ++i) {
      entities += fmt::format(R"({{"uid":{{"type":"User","id":"u{0}"}},"attrs":{{{1}}},"parents":[{{"type":"Group","id":"g{2}"}}]}},)", i,
                              Below(5) == 0 ? "" : fmt::format(R"("level":{})", Below(10)), Below(3));
    }
    for (int i = 0; i < kDocs; ++i) {
      entities += fmt::format(R"({{"uid":{{"type":"Doc","id":"d{0}"}},"attrs":{{{1}}},"parents":[{{"type":"Folder","id":"f{2}"}}]}},)", i,
                              Below(5) == 0 ? "" : fmt::format(R"("open":{})", Below(2) == 0), Below(3));
    }
    entities += R"({"uid":{"type":"Group","id":"g0"},"attrs":{},"parents":[{"type":"Group","id":"g1"}]}])";
    const bool has_schema = Below(2) == 0;
    return {.policies = policies, .schema = has_schema ? kSchema : "", .entities = entities};
  }

 private:
  static constexpr const char* kSchema = R"(
    entity Group in [Group]; entity Folder; entity User in [Group] { level?: Long }; entity Doc in [Folder] { open?: Bool };
    action read, write, share appliesTo { principal: User, resource: Doc, context: { n?: Long } };)";

  auto Position(std::string_view name, std::string_view type, std::string_view group) -> std::string {
    switch (Below(5)) {
      case 0: return fmt::format("{} == {}::\"{}{}\"", name, type, type == "User" ? "u" : "d", Below(4));
      case 1: return fmt::format("{} in {}::\"{}{}\"", name, group, group == "Group" ? "g" : "f", Below(3));
      case 2: return fmt::format("{} is {}", name, type);
      default: return std::string(name);
    }
  }
  auto Action() -> std::string {
    const std::array names = {"read", "write", "share"};
    return Below(2) == 0 ? std::string("action") : fmt::format("action == Action::\"{}\"", names[static_cast<size_t>(Below(3))]);
  }
  auto Condition() -> std::string {
    switch (Below(6)) {
      case 0: return fmt::format("when {{ principal.level > {} }}", Below(8));
      case 1: return "when { resource.open }";
      case 2: return "when { resource has open && resource.open }";
      case 3: return fmt::format("unless {{ context has n && context.n > {} }}", Below(5));
      default: return "";
    }
  }

  std::mt19937 random_;
};

using Found = std::vector<std::string>;

auto Sorted(Found found) -> Found {
  std::ranges::sort(found);
  return found;
}

class SearchProperty : public ::testing::TestWithParam<uint32_t> {};

TEST_P(SearchProperty, FindsWhatEvaluationPermits) {
  RandomTexts random(GetParam());
  World world(random.Make());
  for (int round = 0; round < 6; ++round) {
    const auto user = fmt::format("u{}", random.Below(kUsers + 2));
    const auto doc = fmt::format("d{}", random.Below(kDocs + 2));
    const std::array names = {"read", "write", "share"};
    const auto* action = names[static_cast<size_t>(random.Below(3))];
    Json body = Ask(User(user.c_str()), action, {{"type", "doc"}, {"id", doc}});
    if (random.Below(2) == 0) body["context"] = {{"n", random.Below(8)}};
    if (random.Below(2) == 0) body["subject"]["properties"] = {{"level", random.Below(10)}};
    if (random.Below(2) == 0) body["resource"]["properties"] = {{"open", random.Below(2) == 0}};
    const int limit = random.Below(3) == 0 ? 0 : 1 + random.Below(4);
    // Nothing is spent while looking.
    const auto permits = [&](const Json& asked) {
      Json peek = asked;
      peek["context"]["remit"] = {{"dry_run", true}};
      return world.Decide(peek) == 1;
    };
    Found subjects;
    for (int i = 0; i < kUsers; ++i) {
      Json each = body;
      each["subject"] = User(fmt::format("u{}", i).c_str());
      if (permits(each)) subjects.push_back(fmt::format("u{}", i));
    }
    EXPECT_EQ(Sorted(world.FindAll("subject", body, limit)), Sorted(subjects)) << body;
    Found resources;
    for (int i = 0; i < kDocs; ++i) {
      Json each = body;
      each["resource"] = {{"type", "doc"}, {"id", fmt::format("d{}", i)}};
      if (permits(each)) resources.push_back(fmt::format("d{}", i));
    }
    EXPECT_EQ(Sorted(world.FindAll("resource", body, limit)), Sorted(resources)) << body;
    const auto found = world.FindAll("action", body, limit);
    for (const auto* name : names) {
      Json each = body;
      each["action"] = {{"name", name}};
      const bool is_found = std::ranges::find(found, name) != found.end();
      // Without a schema an action that no policy names is not known to the search.
      EXPECT_LE(is_found, permits(each)) << each;
      if (!world.engine().snapshots().current().policies->schema()) continue;
      EXPECT_EQ(is_found, permits(each)) << each;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, SearchProperty, ::testing::Range(1U, 61U));

TEST(Search, PagesAreBoundedByWorkToo) {
  std::string entities = "[";
  for (int i = 0; i < 50; ++i)
    entities += fmt::format(R"({}{{"uid":{{"type":"User","id":"u{}"}},"attrs":{{}},"parents":[]}})", i > 0 ? "," : "", i);
  AuthzenOptions options;
  options.max_candidates = 7;
  options.max_page_size = 5;
  World world({.policies = R"(permit (principal == User::"u49", action == Action::"read", resource);)", .entities = entities + "]"}, true,
              options);
  const Json body = {{"subject", {{"type", "User"}}}, {"action", {{"name", "read"}}}, {"resource", {{"type", "Doc"}, {"id", "d"}}}};
  EXPECT_EQ(world.FindAll("subject", body), Found{"u49"});
  EXPECT_EQ(world.FindAll("subject", body, 1000), Found{"u49"});
  auto none = body;
  none["page"] = {{"limit", 0}};
  const auto reply = world.Post("/access/v1/search/subject", none.dump());
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.json["results"].empty());
}

TEST(Search, EnumeratedEntitiesAreFoundWithoutBeingStored) {
  World world({.policies = "permit (principal, action, resource);",
               .schema = R"(entity Color enum ["red", "green"]; entity User; action paint appliesTo { principal: User, resource: Color };)",
               .entities = R"([{"uid":{"type":"Color","id":"red"},"attrs":{},"parents":[]}])"});
  const Json body = {{"subject", User("a")}, {"action", {{"name", "paint"}}}, {"resource", {{"type", "color"}}}};
  EXPECT_EQ(Sorted(world.FindAll("resource", body)), (Found{"green", "red"}));
}

TEST(Search, NothingIsSpent) {
  World world({.policies = "permit (principal, action, resource); budget calls (principal, action, resource) limit { 5 };",
               .entities = R"([{"uid":{"type":"User","id":"a"},"attrs":{},"parents":[]}])"});
  const Json body = {{"subject", {{"type", "User"}}}, {"action", {{"name", "read"}}}, {"resource", {{"type", "Doc"}, {"id", "d"}}}};
  for (int i = 0; i < 9; ++i) EXPECT_EQ(world.FindAll("subject", body), Found{"a"});
  for (const auto& each : world.ledger().Budgets(world.now)) EXPECT_EQ(each.used, 0);
}

}  // namespace
}  // namespace remit::authzen
