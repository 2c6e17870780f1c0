// Remit's own statements: clauses, what must be written out, budgets that policies read, tests.
#include "tests/unit/check/check_fixture.h"

namespace remit {
namespace {

using Codes = std::vector<std::string>;

constexpr const char* kSchema = R"(
  entity Role;
  entity AgentGroup;
  entity Agent in [AgentGroup] { stage: String };
  entity User in [Role];
  entity Order { tenant: String, owner: User, price?: decimal };
  action writes;
  action refund in [writes] appliesTo { principal: Agent, resource: Order, context: { amount: Long, cost?: decimal } };
  action read appliesTo { principal: [Agent, User], resource: Order };
)";

auto CodesOf(const std::string& policies) -> Codes { return CheckJob(kSchema, policies).Codes(); }

constexpr const char* kApproval = R"(approval { by: [Role::"leads"], quorum: 2, expires: duration("15m") };)";

TEST(Escalate, ItsClausesAreTyped) {
  EXPECT_EQ(
      CodesOf(std::string{R"(escalate (principal, action == Action::"refund", resource) when { context.amount > 100 } )"} + kApproval),
      Codes{});
  EXPECT_EQ(CodesOf(R"(escalate (principal, action, resource) approval { by: [1], expires: duration("15m") };)"), Codes{"unexpected-type"});
  EXPECT_EQ(CodesOf(R"(escalate (principal, action, resource) approval { by: [resource.owner], expires: duration("15m") };)"), Codes{});
}

TEST(Escalate, WhatItAsksForIsWrittenOut) {
  EXPECT_EQ(
      CodesOf(
          R"(escalate (principal, action == Action::"refund", resource) approval { by: [Role::"l"], quorum: context.amount, expires: duration("15m") };)"),
      Codes{"not-a-literal"});
  EXPECT_EQ(CodesOf(R"(escalate (principal, action, resource) approval { by: [Role::"l"], quorum: 0, expires: duration("0s") };)"),
            (Codes{"not-positive", "not-positive"}));
  EXPECT_EQ(CodesOf(R"(escalate (principal, action, resource) approval { by: [Role::"l"], scope: "once", expires: duration("1m") };)"),
            Codes{"not-a-literal"});
}

TEST(Budget, AmountsAreOfOneType) {
  EXPECT_EQ(CodesOf(R"(budget b (principal, action == Action::"refund", resource) charge { context.amount } limit { 100 } each day;)"),
            Codes{});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action == Action::"refund", resource) charge { context.amount } limit { decimal("1.0") };)"),
            Codes{"charge-differs-from-limit"});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { decimal("1.0") };)"), Codes{"decimal-limit-of-calls"});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { -1 };)"), Codes{"negative-amount"});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { "a" };)"), Codes{"unexpected-type"});
}

TEST(Budget, ConditionsGuardItsClauses) {
  EXPECT_EQ(
      CodesOf(
          R"(budget b (principal, action == Action::"refund", resource) when { context has cost } charge { context.cost } limit { decimal("5.0") };)"),
      Codes{});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action == Action::"refund", resource) charge { context.cost } limit { decimal("5.0") };)"),
            Codes{"unguarded-attribute"});
}

TEST(Budget, WindowsAreWrittenOut) {
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { 5 } each day in "Europe/Berlin";)"), Codes{});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { 5 } each day in "Europe/Berlim";)"), Codes{"unknown-time-zone"});
  EXPECT_EQ(CodesOf(R"(budget b (principal, action, resource) limit { 5 } within { duration("0s") };)"), Codes{"not-positive"});
}

constexpr const char* kRefundBudget =
    R"(budget spend (principal, action == Action::"refund", resource) charge { context.amount } limit { 100 };)";

TEST(BudgetReads, AskForAGuard) {
  const std::string budget = kRefundBudget;
  EXPECT_EQ(CodesOf(budget + "permit (principal, action, resource) when { budget.spend.after > 5 };"), Codes{"unguarded-state"});
  EXPECT_EQ(CodesOf(budget + "permit (principal, action, resource) when { budget has spend && budget.spend.after > 5 };"), Codes{});
  EXPECT_EQ(CodesOf(budget + "permit (principal, action, resource) when { budget has spend || budget.spend.after > 5 };"),
            Codes{"unguarded-state"});
}

TEST(BudgetReads, AScopeThatImpliesTheBudgetsIsAGuard) {
  const std::string budget = kRefundBudget;
  EXPECT_EQ(CodesOf(budget + R"(permit (principal, action == Action::"refund", resource) when { budget.spend.after > 5 };)"), Codes{});
  EXPECT_EQ(CodesOf(budget + R"(permit (principal, action in Action::"writes", resource) when { budget.spend.after > 5 };)"), Codes{});
  const std::string grouped = R"(budget b (principal in AgentGroup::"x", action, resource) limit { 1 };)";
  EXPECT_EQ(CodesOf(grouped + R"(permit (principal in AgentGroup::"x", action == Action::"refund", resource) when { budget.b.used > 0 };)"),
            Codes{});
  EXPECT_EQ(CodesOf(grouped + R"(permit (principal in AgentGroup::"y", action == Action::"refund", resource) when { budget.b.used > 0 };)"),
            Codes{"unguarded-state"});
  const std::string conditional = R"(budget b (principal, action, resource) when { resource.tenant == "a" } limit { 1 };)";
  EXPECT_EQ(CodesOf(conditional + "permit (principal, action, resource) when { budget.b.used > 0 };"), Codes{"unguarded-state"});
}

TEST(BudgetReads, NamesMustExistAndOnce) {
  EXPECT_EQ(CodesOf(std::string{kRefundBudget} + "permit (principal, action, resource) when { budget has spent };"),
            Codes{"unknown-state"});
  EXPECT_EQ(CodesOf(std::string{kRefundBudget} + kRefundBudget), Codes{"repeated-state"});
}

TEST(BudgetReads, DecimalsStayDecimals) {
  const std::string budget =
      R"(budget b (principal, action == Action::"refund", resource) when { context has cost } charge { context.cost } limit { decimal("5.0") };)";
  EXPECT_EQ(CodesOf(budget + R"(permit (principal, action, resource) when { budget has b && budget.b.used.lessThan(decimal("1.0")) };)"),
            Codes{});
  EXPECT_EQ(CodesOf(budget + R"(permit (principal, action, resource) when { budget has b && budget.b.used > 1 };)"),
            Codes{"unexpected-type"});
}

TEST(BudgetReads, NeverInACircle) {
  EXPECT_EQ(CodesOf("budget a (principal, action, resource) limit { budget.b.limit }; budget b (principal, action, resource) limit { "
                    "budget.a.limit };"),
            Codes{"state-cycle"});
  EXPECT_EQ(CodesOf("budget a (principal, action, resource) limit { budget.a.limit };"), Codes{"state-reads-itself"});
  EXPECT_EQ(CodesOf("budget a (principal, action, resource) limit { budget.b.limit }; budget b (principal, action, resource) limit { 5 };"),
            Codes{});
}

TEST(Breaker, TripsOnCallsAndFailures) {
  EXPECT_EQ(
      CodesOf(
          R"(breaker crm (principal, action, resource) per { resource.tenant } trip { calls >= 20 && failures * 10 >= calls * 3 } within { duration("1m") }
                       cooldown { duration("30s") } probe { 3 } open restrict to draft;)"),
      Codes{});
  EXPECT_EQ(CodesOf(R"(breaker crm (principal, action, resource) trip { calls } within { duration("1m") } cooldown { duration("30s") };)"),
            Codes{"unexpected-type"});
}

TEST(Restrict, IsAPolicyLikeOthers) {
  EXPECT_EQ(CodesOf(R"(restrict (principal, action in Action::"writes", resource) to draft when { principal.stage == "pilot" };)"),
            Codes{});
  EXPECT_EQ(CodesOf(R"(restrict (principal, action in Action::"writes", resource) to draft when { principal.stag == "pilot" };)"),
            Codes{"unknown-attribute"});
}

TEST(Oblige, ItsValuesAreTyped) {
  EXPECT_EQ(CodesOf(R"(permit (principal, action, resource) oblige { redact: ["$.ssn"], max: resource.tenannt };)"),
            Codes{"unknown-attribute"});
}

TEST(Assert, ItsConditionsAreTyped) {
  EXPECT_EQ(CodesOf(R"(assert never execute (principal, action == Action::"refund", resource) when { context.amount > "x" };)"),
            Codes{"unexpected-type"});
}

TEST(TestStatement, MustBeWhatTheSchemaAllows) {
  const std::string budget = kRefundBudget;
  EXPECT_EQ(CodesOf(budget + R"(test "t" { entity Agent::"a" in [AgentGroup::"g"] { stage: "live" };
    request (Agent::"a", Action::"refund", Order::"o") with { amount: 5 }; expect deny; settle success { spend: 3 }; advance { duration("1d") };
    expect budget spend used 0; })"),
            Codes{});
  EXPECT_EQ(CodesOf(R"(test "t" { entity Agent::"a" { stge: "live" }; })"), (Codes{"test-missing-attribute", "unknown-attribute"}));
  EXPECT_EQ(CodesOf(R"(test "t" { request (User::"a", Action::"refund", Order::"o") with { amount: 5 }; })"), Codes{"test-not-applicable"});
  EXPECT_EQ(CodesOf(R"(test "t" { request (Agent::"a", Action::"refund", Order::"o"); })"), Codes{"test-missing-attribute"});
  EXPECT_EQ(
      CodesOf(R"(test "t" { request (Agent::"a", Action::"read", Order::"o"); expect deny by "nobody"; expect budget spend used 0; })"),
      (Codes{"unknown-statement-id", "unknown-state"}));
  EXPECT_EQ(CodesOf(R"(test "t" { entity User::"a" in [AgentGroup::"g"]; })"), Codes{"test-parent"});
  EXPECT_EQ(
      CodesOf(R"(test "t" { request (Agent::"a", Action::"read", Order::"o") for [User::"u", Agent::"b"]; deny by User::"l" for Agent::"b";
    quarantine AgentGroup::"g"; release Action::"writes"; })"),
      Codes{});
  EXPECT_EQ(CodesOf(R"(test "t" { request (Agent::"a", Action::"read", Order::"o") for Robot::"r"; approve by User::"l" for Robot::"r";
    quarantine Robot::"r"; quarantine Action::"wrote"; })"),
            (Codes{"unknown-entity-type", "unknown-entity-type", "unknown-entity-type", "unknown-action"}));
}

}  // namespace
}  // namespace remit
