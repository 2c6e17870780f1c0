// Queries find what deciding every candidate finds.
#include "compiler/partial/query.h"

#include <gtest/gtest.h>

#include "compiler/lower/forbid_errors.h"
#include "compiler/lower/lower.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"
#include "tests/unit/partial/partial_fixture.h"
#include "tests/unit/partial/random_world.h"

namespace remit {
namespace {

constexpr std::string_view kSchema = R"(
entity Group;
entity User in [Group] { age: Long };
entity Bot;
entity Level enum ["low", "high"];
entity Doc { owner: User };
action read appliesTo { principal: [User, Bot], resource: [Doc, Level], context: { n: Long } };
action list appliesTo { principal: User, resource: Doc };
action drop appliesTo { principal: User, resource: Doc, context: { n: Long } };
)";
constexpr std::string_view kPolicies = R"(
permit (principal is User, action == Action::"read", resource is Doc) when { principal.age > 30 || context.n == 1 };
permit (principal is Bot, action, resource);
permit (principal is User, action == Action::"read", resource == Level::"high");
permit (principal == User::"b", action == Action::"list", resource) when { resource.owner == principal };
forbid (principal == User::"c", action, resource);
)";
constexpr std::string_view kEntities = R"([
  {"uid": {"type": "User", "id": "a"}, "attrs": {"age": 40}, "parents": []},
  {"uid": {"type": "User", "id": "c"}, "attrs": {"age": 50}, "parents": []},
  {"uid": {"type": "User", "id": "b"}, "attrs": {"age": 20}, "parents": []},
  {"uid": {"type": "Bot", "id": "x"}, "attrs": {}, "parents": []},
  {"uid": {"type": "Doc", "id": "d"}, "attrs": {"owner": {"type": "User", "id": "b"}}, "parents": []}])";

class QueryJob : public PartialJob {
 public:
  QueryJob() : PartialJob(std::string(kSchema), std::string(kPolicies)) { ReadComplete(std::string(kEntities)); }

  auto Subject() -> partial::QuerySubject {
    return {.ast = job().ast,
            .schema = schema(),
            .entities = store(),
            .evaluator = evaluator(),
            .interner = job().interner,
            .sink = job().sink};
  }
  // Entities found, `?` behind those that depend on the context, `..` if there may be more.
  auto Find(std::vector<PartialInput> inputs, partial::Role role, const partial::PageOptions& page = {}) -> std::string {
    std::vector<partial::PartialRequest> requests;
    for (const auto& input : inputs) requests.push_back(*Request(input));
    const auto subject = Subject();
    const auto found = FindCandidates(subject, requests, role, page);
    return found ? Text(found->found) + (found->has_more ? ".." : "") : "refused";
  }
  auto Text(const std::vector<partial::Found>& found) -> std::string {
    std::string text;
    for (const auto& each : found) {
      text += FormatEntityUid(each.uid, job().interner) + (each.grant == partial::Grant::Maybe ? "? " : " ");
    }
    return text;
  }
  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {job().interner.Intern(type), job().interner.Intern(id)}; }
};

const std::string kRead = R"(Action::"read")";
const std::string kDoc = R"(Doc::"d")";

TEST(Query, WhoMayReadWithAKnownContext) {
  QueryJob job;
  const auto who = [&](const std::string& context) {
    return job.Find({{.principal_type = "User", .action = kRead, .resource = kDoc, .context = context},
                     {.principal_type = "Bot", .action = kRead, .resource = kDoc, .context = context}},
                    partial::Role::Principal);
  };
  EXPECT_EQ(who(R"({"n": 0})"), "Bot::\"x\" User::\"a\" ");
  EXPECT_EQ(who(R"({"n": 1})"), "Bot::\"x\" User::\"a\" User::\"b\" ");
}

TEST(Query, WithoutTheContextSomeAreMaybe) {
  QueryJob job;
  EXPECT_EQ(job.Find({{.principal_type = "User", .action = kRead, .resource = kDoc}}, partial::Role::Principal),
            "User::\"a\" User::\"b\"? ");
}

TEST(Query, EnumeratedEntitiesAreCandidates) {
  QueryJob job;
  EXPECT_EQ(job.Find({{.principal = R"(User::"a")", .action = kRead, .resource_type = "Level"}}, partial::Role::Resource),
            "Level::\"high\" ");
}

TEST(Query, PagesGoOnBehindTheLast) {
  QueryJob job;
  const std::vector<PartialInput> inputs = {{.principal_type = "User", .action = kRead, .resource = kDoc, .context = R"({"n": 1})"},
                                            {.principal_type = "Bot", .action = kRead, .resource = kDoc, .context = R"({"n": 1})"}};
  EXPECT_EQ(job.Find(inputs, partial::Role::Principal, {.limit = 2}), "Bot::\"x\" User::\"a\" ..");
  EXPECT_EQ(job.Find(inputs, partial::Role::Principal, {.limit = 2, .after = job.Uid("User", "a")}), "User::\"b\" ");
  EXPECT_EQ(job.Find(inputs, partial::Role::Principal, {.limit = 2, .after = job.Uid("User", "zz")}), "");
  EXPECT_EQ(job.Find(inputs, partial::Role::Principal, {.limit = 0}), "..");
}

TEST(Query, ActionsOfTwoEntities) {
  QueryJob job;
  const auto subject = job.Subject();
  const auto actions = [&](std::string_view user, bool known) {
    const auto context_of = [&](const ActionDecl& action) -> std::optional<partial::PartialContext> {
      if (!known) return partial::UnknownContext(job.schema(), action);
      if (action.uid == job.Uid("Action", "list")) return std::nullopt;
      return job
          .Request({.principal = R"(User::"a")",
                    .action = FormatEntityUid(action.uid, job.job().interner),
                    .resource = kDoc,
                    .context = R"({"n": 1})"})
          ->context;
    };
    return FindActions(subject, job.Uid("User", user), job.Uid("Doc", "d"), context_of);
  };
  EXPECT_EQ(job.Text(actions("b", false).found), "Action::\"read\"? Action::\"list\" ");
  EXPECT_EQ(job.Text(actions("b", true).found), "Action::\"read\" ");
  EXPECT_EQ(actions("b", true).excluded, std::vector{job.Uid("Action", "list")});
  EXPECT_EQ(job.Text(actions("c", false).found), "");
}

// On generated policies, whatever a forbid that fails does: exactly those whom a decision allows, and among the maybes without a context at least those.
TEST(Query, FindsWhomDecisionsAllow) {
  size_t found = 0, differing = 0;
  for (uint64_t seed = 1; seed <= 120 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    RandomPolicies policies(random);
    RandomData data(random);
    PartialJob job(std::string(kWorldSchema), policies.Set(5));
    if (!job.ok()) continue;
    const bool denies = seed > 60;
    job.SetForbidErrors(denies ? partial::ForbidErrors::Deny : partial::ForbidErrors::Skip);
    job.ReadComplete(data.Entities());
    const auto as_cedar = Lower(job.job().ast, job.ids(), job.job().interner, job.job().sink);
    auto program = Lower(job.job().ast, job.ids(), job.job().interner, job.job().sink);
    if (denies) DenyWhereForbidsFail(program);
    const partial::QuerySubject subject = {.ast = job.job().ast,
                                           .schema = job.schema(),
                                           .entities = job.store(),
                                           .evaluator = job.evaluator(),
                                           .interner = job.job().interner,
                                           .sink = job.job().sink};
    Arena arena;
    const auto document = ReadRequest(data.Request(), job.job().interner, arena, {.limits = {}, .schema = &job.schema()});
    ASSERT_TRUE(document.has_value());
    Request request = document->request;
    partial::PartialRequest asked = {.principal = {.type = request.principal.type},
                                     .action = request.action,
                                     .resource = partial::PartialUid::Of(request.resource),
                                     .context = {.known = request.context}};
    const auto exact = FindCandidates(subject, {&asked, 1}, partial::Role::Principal, {});
    asked.context = partial::UnknownContext(job.schema(), *job.schema().FindAction(request.action));
    const auto loose = FindCandidates(subject, {&asked, 1}, partial::Role::Principal, {});
    ASSERT_TRUE(exact && loose);
    const auto contains = [](const partial::FoundPage& page, EntityUid uid, bool surely) {
      return std::ranges::any_of(page.found,
                                 [&](const auto& each) { return each.uid == uid && (!surely || each.grant == partial::Grant::Yes); });
    };
    for (const Entity& entity : job.store().entities()) {
      if (entity.uid.type != request.principal.type) continue;
      request.principal = entity.uid;
      const EvalInput input = {.entities = job.store(), .request = request, .interner = job.job().interner, .arena = arena};
      const bool allowed = Decide(program, input).allowed();
      differing += Decide(as_cedar, input).allowed() != allowed;
      EXPECT_EQ(contains(*exact, entity.uid, true), allowed);
      EXPECT_TRUE(!allowed || contains(*loose, entity.uid, false));
      EXPECT_TRUE(allowed || !contains(*loose, entity.uid, true));
      found += allowed;
    }
  }
  EXPECT_GT(found, 10U);
  EXPECT_GT(differing, 0U);
}

}  // namespace
}  // namespace remit
