// What single conditions come to when part of the request is known.
#include <gtest/gtest.h>

#include "tests/unit/partial/partial_fixture.h"

namespace remit {
namespace {

constexpr std::string_view kSchema = R"(
entity Group in [Group];
entity User in [Group] { age: Long, boss?: User, tools: Set<String> } tags String;
entity Doc { owner: User, size: Long };
action read, write appliesTo { principal: User, resource: Doc, context: { n: Long, note?: String, list: Set<Long>, at: datetime } };
)";
constexpr std::string_view kContext = R"({"n": 5, "list": [1, 2], "at": "2024-01-01"})";

class Partial : public ::testing::Test {
 protected:
  // The condition's residual; principal and resource are of types alone unless `input` says more.
  static auto Fold(const std::string& condition, PartialInput input = {}, const std::string& entities = "[]") -> std::string {
    return FoldPolicy("permit (principal, action, resource) when { " + condition + " };", std::move(input), entities);
  }
  static auto FoldPolicy(const std::string& policy, PartialInput input = {}, const std::string& entities = "[]") -> std::string {
    PartialJob job(std::string(kSchema), "@id(\"p\") " + policy);
    EXPECT_TRUE(job.ok()) << job.Formatted();
    if (!job.ok()) return "refused";
    job.ReadPartial(entities);
    if (input.action.empty()) input.action = R"(Action::"read")";
    return job.First(input);
  }
  static auto WithContext(std::vector<std::string> unknown = {}, std::string context = std::string(kContext)) -> PartialInput {
    return {.context = std::move(context), .unknown_context = std::move(unknown)};
  }
};

TEST_F(Partial, WhatIsUnknownStays) {
  EXPECT_EQ(Fold("principal.age > 3"), "principal.age > 3");
  EXPECT_EQ(Fold("context.n > 3"), "context.n > 3");
  EXPECT_EQ(Fold("resource.owner == principal"), "resource.owner == principal");
}

TEST_F(Partial, WhatIsKnownIsEvaluated) {
  EXPECT_EQ(Fold("context.n > 3", WithContext()), "true");
  EXPECT_EQ(Fold("context.n * 2 == 11", WithContext()), "false");
  EXPECT_EQ(Fold("context.list.contains(2) && !context.list.isEmpty()", WithContext()), "true");
  EXPECT_EQ(Fold("context has note", WithContext()), "false");
  EXPECT_EQ(Fold("action == Action::\"read\""), "true");
  EXPECT_EQ(Fold("context.at.offset(duration(\"1d\")) > datetime(\"2024-01-01\")", WithContext()), "true");
}

TEST_F(Partial, KnownPartsAreWrittenOut) {
  EXPECT_EQ(Fold("principal.age > context.n + 1", WithContext()), "principal.age > 6");
  EXPECT_EQ(Fold("resource.owner == principal", {.principal = R"(User::"a")"}), R"(resource.owner == User::"a")");
  EXPECT_EQ(
      Fold("resource.owner has age && context.at.offset(duration(\"1d\")) == context.at", WithContext({"at"}, R"({"n": 5, "list": []})")),
      R"(resource.owner has age && context.at.offset(duration("1d")) == context.at)");
}

TEST_F(Partial, LogicFoldsAsItEvaluates) {
  EXPECT_EQ(Fold("context.n == 5 && principal.age > 3", WithContext()), "principal.age > 3");
  EXPECT_EQ(Fold("context.n == 6 && principal.age > 3", WithContext()), "false");
  EXPECT_EQ(Fold("context.n == 5 || principal.age > 3", WithContext()), "true");
  EXPECT_EQ(Fold("context.n == 6 || principal.age > 3", WithContext()), "principal.age > 3");
  EXPECT_EQ(Fold("if context.n == 5 then principal.age > 3 else false", WithContext()), "principal.age > 3");
  EXPECT_EQ(Fold("if principal has boss then context.n == 5 else context.n > 1", WithContext()), "true");
}

// `principal.age` fails where the principal does not exist, and that error has to stay; `has` cannot fail.
TEST_F(Partial, ErrorsThatMayComeStay) {
  EXPECT_EQ(Fold("principal.age > 3 && context.n == 6", WithContext()), "principal.age > 3 && false");
  EXPECT_EQ(Fold("principal.age > 3 || context.n == 5", WithContext()), "principal.age > 3 || true");
  EXPECT_EQ(Fold("context.n + 1 > 3 && principal is Group"), "context.n + 1 > 3 && false");
  EXPECT_EQ(Fold("context.n - 1 > 3 || principal is User"), "context.n - 1 > 3 || true");
  EXPECT_EQ(Fold("context.n * 2 > 3 && principal is Group"), "context.n * 2 > 3 && false");
  EXPECT_EQ(Fold("-context.n > 3 && principal is Group"), "-context.n > 3 && false");
  EXPECT_EQ(Fold("context.at.offset(duration(\"1d\")) > context.at && principal is Group"),
            "context.at.offset(duration(\"1d\")) > context.at && false");
  EXPECT_EQ(Fold("principal.hasTag(\"t\") && principal.getTag(\"t\") == \"\" && principal is Group"),
            "principal.hasTag(\"t\") && principal.getTag(\"t\") == \"\" && false");
  EXPECT_EQ(Fold("context.n > 3 && principal is Group"), "false");
  EXPECT_EQ(Fold("principal has boss && context.n == 6", WithContext()), "false");
  EXPECT_EQ(Fold("principal has boss || context.n == 5", WithContext()), "true");
  EXPECT_EQ(Fold("principal has boss && context.n == 5", WithContext()), "principal has boss");
}

TEST_F(Partial, CertainErrorsAreFound) {
  EXPECT_EQ(Fold("context.n + 9223372036854775807 > 1", WithContext()), "fails: integer-overflow");
  EXPECT_EQ(Fold("(context.n + 9223372036854775807 > 1) && principal.age > 1", WithContext()), "fails: integer-overflow");
  // Behind something unknown it may never be reached.
  EXPECT_EQ(Fold("principal has boss && context.n + 9223372036854775807 > 1", WithContext()),
            "principal has boss && context.n + 9223372036854775807 > 1");
  EXPECT_EQ(Fold("principal has boss || context.n + 9223372036854775807 > 1", WithContext()),
            "principal has boss || context.n + 9223372036854775807 > 1");
}

TEST_F(Partial, TypesDecide) {
  EXPECT_EQ(Fold("principal is User"), "true");
  EXPECT_EQ(Fold("principal is Group"), "false");
  EXPECT_EQ(Fold("principal is User in Group::\"g\""), R"(principal in Group::"g")");
  EXPECT_EQ(Fold("principal is Group in Group::\"g\""), "false");
  EXPECT_EQ(Fold("resource in Group::\"g\""), "false");
  EXPECT_EQ(Fold("action in Action::\"write\""), "false");
}

TEST_F(Partial, ScopesBecomeConditions) {
  EXPECT_EQ(FoldPolicy("permit (principal == User::\"a\", action == Action::\"read\", resource);"), R"(principal == User::"a")");
  EXPECT_EQ(FoldPolicy("permit (principal in Group::\"g\", action, resource == Doc::\"d\") when { context.n > 1 };"),
            R"(principal in Group::"g" && resource == Doc::"d" && context.n > 1)");
  EXPECT_EQ(FoldPolicy("permit (principal == User::\"a\", action, resource);", {.principal = R"(User::"a")"}), "true");
  EXPECT_EQ(FoldPolicy("permit (principal == User::\"a\", action, resource);", {.principal = R"(User::"b")"}), "false");
  EXPECT_EQ(FoldPolicy("permit (principal, action == Action::\"write\", resource);"), "false");
  EXPECT_EQ(FoldPolicy("permit (principal is User, action in [Action::\"read\", Action::\"write\"], resource is Doc);"), "true");
}

TEST_F(Partial, ConditionsMakeOneChain) {
  EXPECT_EQ(FoldPolicy("permit (principal, action, resource) when { context.n > 1 && principal has boss } unless { resource.size > 3 };"),
            "context.n > 1 && principal has boss && !(resource.size > 3)");
  // What is false or fails does not make its negation so.
  EXPECT_EQ(FoldPolicy("permit (principal, action, resource) unless { resource.size > 3 && context.n == 6 };", WithContext()),
            "!(resource.size > 3 && false)");
}

TEST_F(Partial, PartsOfTheContextMayBeUnknown) {
  EXPECT_EQ(Fold("context.n > 3 && context.list.contains(1)", WithContext({"n"}, R"({"list": [], "at": "2024-01-01"})")), "false");
  EXPECT_EQ(Fold("context has note && context.note == \"x\"", WithContext({"note"})), R"(context has note && context.note == "x")");
}

TEST_F(Partial, KnownEntitiesAnswer) {
  const std::string entities = R"([
    {"uid": {"type": "User", "id": "a"}, "attrs": {"age": 9, "tools": ["x"]}, "parents": [{"type": "Group", "id": "g"}], "tags": {"t": "v"}},
    {"uid": {"type": "Group", "id": "g"}, "parents": []},
    {"uid": {"type": "User", "id": "b"}, "attrs": {"age": 9, "tools": []}},
    {"uid": {"type": "User", "id": "c"}, "parents": []}])";
  const auto of = [&](const std::string& condition, const std::string& user) {
    return Fold(condition, {.principal = "User::\"" + user + "\""}, entities);
  };
  EXPECT_EQ(of("principal.age > 3", "a"), "true");
  EXPECT_EQ(of("principal has boss", "a"), "false");
  EXPECT_EQ(of("principal.age > 3", "c"), R"(User::"c".age > 3)");
  EXPECT_EQ(of("principal in Group::\"g\"", "a"), "true");
  EXPECT_EQ(of("principal in Group::\"h\"", "a"), "false");
  EXPECT_EQ(of("principal in Group::\"h\"", "b"), R"(User::"b" in Group::"h")");
  EXPECT_EQ(of("principal in [Group::\"h\", Group::\"g\"]", "a"), "true");
  EXPECT_EQ(of("principal in [Group::\"h\"]", "c"), "false");
  EXPECT_EQ(of("principal.hasTag(\"t\") && principal.getTag(\"t\") == \"v\"", "a"), "true");
  EXPECT_EQ(of("principal.hasTag(\"t\")", "b"), R"(User::"b".hasTag("t"))");
  EXPECT_EQ(of("principal.age > 3", "nobody"), R"(User::"nobody".age > 3)");
}

TEST_F(Partial, QuantifiersOverKnownSets) {
  EXPECT_EQ(Fold("context.list.any(x, x > 1)", WithContext()), "true");
  EXPECT_EQ(Fold("context.list.all(x, x > 1)", WithContext()), "false");
  EXPECT_EQ(Fold("context.list.any(x, x > principal.age)", WithContext()), "[1, 2].any(x, x > principal.age)");
  EXPECT_EQ(Fold("context.list.any(x, x > 7 || principal.age + context.n > x)", WithContext()),
            "[1, 2].any(x, x > 7 || principal.age + 5 > x)");
  EXPECT_EQ(Fold("context.list.all(x, x + 9223372036854775807 > x)", WithContext()), "fails: integer-overflow");
}

// Data is not copied into residuals: where it is large, the residual reads it where the policy did.
TEST_F(Partial, LargeValuesStayWhereTheyAre) {
  std::string list = "[0";
  for (size_t i = 1; i < 1000; ++i) list += fmt::format(", {}", i);
  const auto context = fmt::format(R"({{"n": 1, "list": {}], "at": "2024-01-01"}})", list);
  EXPECT_EQ(Fold("context.list.contains(principal.age)", WithContext({}, context)), "context.list.contains(principal.age)");
  EXPECT_EQ(Fold("context.list.contains(principal.age)", WithContext()), "[1, 2].contains(principal.age)");
}

TEST_F(Partial, LongChainsFold) {
  const auto chain = [](size_t length, const std::string& link) {
    std::string condition = "principal.age > 0";
    for (size_t i = 1; i < length; ++i) condition += " && " + link;
    return condition;
  };
  EXPECT_EQ(Fold(chain(100'000, "context has note"), WithContext({}, R"({"n": 5, "note": "", "list": [], "at": "2024-01-01"})")),
            "principal.age > 0");
  // After the first, the types know it.
  EXPECT_EQ(Fold(chain(50'000, "context has note")), "principal.age > 0 && context has note");
  const auto all = Fold(chain(50'000, "context.n > 0"));
  EXPECT_GT(all.size(), size_t{50'000} * 12);
}

TEST_F(Partial, DeepNestingFolds) {
  std::string condition = "principal.age > 0";
  for (size_t i = 0; i < 350; ++i) condition = "context.n > 0 || (" + condition + ")";
  EXPECT_TRUE(Fold(condition).ends_with("principal.age > 0" + std::string(349, ')')));
}

TEST_F(Partial, LinksAreFoldedOneByOne) {
  PartialJob job(
      std::string(kSchema), "@id(\"t\") permit (principal == ?principal, action, resource) when { context.n > 3 };",
      R"([{"template": "t", "id": "one", "principal": {"type": "User", "id": "a"}}, {"template": "t", "id": "two", "principal": {"type": "User", "id": "b"}}])");
  ASSERT_TRUE(job.ok()) << job.Formatted();
  job.ReadPartial("[]");
  const auto answer = job.Evaluate({.principal = R"(User::"b")", .action = R"(Action::"read")"});
  ASSERT_EQ(answer.policies.size(), 2U);
  EXPECT_EQ(job.job().interner.text(answer.policies[0].id), "one");
  EXPECT_EQ(answer.policies[0].state, partial::PolicyState::NotSatisfied);
  EXPECT_EQ(answer.policies[1].state, partial::PolicyState::Residual);
  EXPECT_EQ(ast::PrintExpr(answer.exprs, answer.policies[1].condition, job.job().interner), "context.n > 3");
}

TEST_F(Partial, VerdictsAreSettledAsEarlyAsPossible) {
  const auto verdict = [](const std::string& policies) {
    PartialJob job(std::string(kSchema), policies);
    EXPECT_TRUE(job.ok()) << job.Formatted();
    job.ReadPartial("[]");
    return job.Evaluate({.action = R"(Action::"read")"}).verdict;
  };
  const std::string permit = "permit (principal, action, resource);";
  const std::string maybe = "permit (principal, action, resource) when { context.n > 1 };";
  const std::string forbid = "forbid (principal, action, resource);";
  const std::string perhaps = "forbid (principal, action, resource) when { context.n > 1 };";
  EXPECT_EQ(verdict(permit), partial::Verdict::Allow);
  EXPECT_EQ(verdict(maybe), partial::Verdict::Open);
  EXPECT_EQ(verdict(permit + maybe), partial::Verdict::Allow);
  EXPECT_EQ(verdict(permit + perhaps), partial::Verdict::Open);
  EXPECT_EQ(verdict(maybe + perhaps + forbid), partial::Verdict::Deny);
  EXPECT_EQ(verdict(perhaps), partial::Verdict::Deny);
  // Left over, but it can only be false or fail.
  EXPECT_EQ(verdict("permit (principal, action, resource) when { principal.age > 1 && 9223372036854775807 + 1 > 0 };"),
            partial::Verdict::Deny);
}

TEST_F(Partial, OtherStatementsAreNamed) {
  PartialJob job(std::string(kSchema),
                 "permit (principal, action, resource); @id(\"r\") restrict (principal, action, resource) to draft; "
                 "test \"x\" { request (User::\"a\", Action::\"read\", Doc::\"d\") with { n: 1, list: [1], at: datetime(\"2024-01-01\") }; "
                 "expect execute; }");
  ASSERT_TRUE(job.ok()) << job.Formatted();
  job.ReadPartial("[]");
  const auto list = ListNotConsidered(job.job(), job.ids(), job.evaluator());
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].id, "r");
  EXPECT_EQ(list[0].kind, "restrict");
  EXPECT_EQ(list[1].kind, "test");
}

TEST_F(Partial, PoliciesThatDoNotCheckAreRefused) {
  EXPECT_FALSE(PartialJob(std::string(kSchema), "permit (principal, action, resource) when { principal.nope };").ok());
  const PartialJob missing(std::string(kSchema), "@id(\"t\") permit (principal == ?principal, action, resource);",
                           R"([{"template": "t", "id": "l"}])");
  EXPECT_FALSE(missing.ok());
  EXPECT_NE(missing.Formatted().find("missing-slot-values"), std::string::npos);
  EXPECT_FALSE(PartialJob(std::string(kSchema), "permit (principal, action, resource);", R"([{"template": "t", "id": "l"}])").ok());
}

TEST_F(Partial, RequestsAreValidated) {
  PartialJob job(std::string(kSchema), "permit (principal, action, resource);");
  job.ReadPartial("[]");
  const auto code = [&](PartialInput input) {
    const auto request = job.Request(input);
    return request ? "ok" : request.error().code + " " + request.error().pointer;
  };
  const std::string read = R"(Action::"read")";
  EXPECT_EQ(code({.action = read}), "ok");
  EXPECT_EQ(code({.action = R"(Action::"nope")"}), "undeclared-action /action");
  EXPECT_EQ(code({.principal_type = "Nope", .action = read}), "undeclared-entity-type /principal");
  EXPECT_EQ(code({.principal_type = "Group", .action = read}), "principal-not-applicable /principal");
  EXPECT_EQ(code({.action = read, .resource = R"(User::"a")"}), "resource-not-applicable /resource");
  EXPECT_EQ(code({.action = read, .context = "{}"}), "missing-attribute /context");
  EXPECT_EQ(code({.action = read, .context = R"({"n": "x", "list": [], "at": "2024-01-01"})"}), "type-mismatch /context/n");
  EXPECT_EQ(code({.action = read, .context = R"({"n": 1, "list": [], "at": "2024-01-01", "x": 1})"}), "unexpected-attribute /context/x");
  EXPECT_EQ(code({.action = read, .context = R"({"list": [], "at": "2024-01-01"})", .unknown_context = {"n"}}), "ok");
  EXPECT_EQ(code({.action = read, .context = R"({"n": 1, "list": [], "at": "2024-01-01"})", .unknown_context = {"n"}}),
            "attribute-not-unknown /context/n");
  EXPECT_EQ(code({.action = read, .unknown_context = {"zz"}}), "unexpected-attribute /context");
}

}  // namespace
}  // namespace remit
