// Remit's statements: what they hold, which clauses they need, and that each clause stands once.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

const std::string kScope = " (principal, action, resource) ";
const std::string kApproval = "approval { by: [Role::\"leads\"], expires: duration(\"15m\") }";

auto Text(const Parsed& parsed, ast::ExprId id) -> std::string {
  return id.has_value() ? std::string{parsed.sources.text(parsed.ast.expr(id).span)} : "none";
}

template <typename Node>
auto Only(const Parsed& parsed) -> const Node& {
  return std::get<Node>(parsed.ast.statements.at(0).body);
}

TEST(Statements, Escalate) {
  Parsed parsed{
      "escalate" + kScope +
      "when { context.amount > 100 } approval { by: [Role::\"a\"], quorum: 2, expires: duration(\"15m\"), uses: 3, scope: \"session\" } "
      "oblige { log: true };"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& escalate = Only<ast::Escalate>(parsed);
  EXPECT_EQ(escalate.conditions.size(), 1U);
  EXPECT_EQ(Text(parsed, escalate.approval.by), "[Role::\"a\"]");
  EXPECT_EQ(Text(parsed, escalate.approval.quorum), "2");
  EXPECT_EQ(Text(parsed, escalate.approval.expires), "duration(\"15m\")");
  EXPECT_EQ(Text(parsed, escalate.approval.uses), "3");
  EXPECT_EQ(Text(parsed, escalate.approval.scope), "\"session\"");
  EXPECT_TRUE(escalate.oblige.has_value());
}

TEST(Statements, EscalateNeedsAnApprovalThatExpires) {
  EXPECT_EQ(Verdict("escalate" + kScope + kApproval + ";"), "ok");
  EXPECT_EQ(Verdict("escalate" + kScope + ";"), "missing-clause");
  EXPECT_EQ(Verdict("escalate" + kScope + "approval { by: [Role::\"a\"] };"), "missing-approval-field");
  EXPECT_EQ(Verdict("escalate" + kScope + "approval { expires: duration(\"1m\") };"), "missing-approval-field");
  EXPECT_EQ(Verdict("escalate" + kScope + "approval { by: [], expires: duration(\"1m\"), quorom: 2 };"), "unknown-approval-field");
  EXPECT_EQ(Verdict("escalate" + kScope + kApproval + kApproval + ";"), "repeated-clause");
}

TEST(Statements, Restrict) {
  Parsed parsed{"restrict" + kScope + "when { true } to draft unless { false };"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& restrict_node = Only<ast::Restrict>(parsed);
  EXPECT_EQ(restrict_node.level, Outcome::Draft);
  EXPECT_EQ(restrict_node.conditions.size(), 2U);
  EXPECT_EQ(parsed.sources.text(restrict_node.level_span), "draft");
  for (const std::string level : {"deny", "observe", "draft"}) EXPECT_EQ(Verdict("restrict" + kScope + "to " + level + ";"), "ok");
  for (const std::string level : {"approve", "execute"}) EXPECT_EQ(Verdict("restrict" + kScope + "to " + level + ";"), "invalid-level");
  EXPECT_EQ(Verdict("restrict" + kScope + ";"), "missing-clause");
  EXPECT_EQ(Verdict("restrict" + kScope + "to draft to deny;"), "repeated-clause");
}

TEST(Statements, Budget) {
  Parsed parsed{"@unit(\"usd\") budget spend" + kScope +
                "exceeded restrict to draft hold { duration(\"90s\") } unsettled release limit { 50 } each day in \"Europe/Berlin\" "
                "per { resource.tenant, context.model } charge { context.cost } when { context has cost };"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& budget = Only<ast::Budget>(parsed);
  EXPECT_EQ(parsed.interner.text(budget.name), "spend");
  EXPECT_EQ(parsed.sources.text(budget.name_span), "spend");
  EXPECT_EQ(Text(parsed, budget.charge), "context.cost");
  ASSERT_EQ(budget.per.size(), 2U);
  EXPECT_EQ(Text(parsed, budget.per[1]), "context.model");
  EXPECT_EQ(Text(parsed, budget.limit), "50");
  EXPECT_EQ(budget.window.kind, ast::WindowKind::Day);
  EXPECT_EQ(parsed.interner.text(budget.window.time_zone), "Europe/Berlin");
  EXPECT_EQ(budget.hold->unsettled, ast::Unsettled::Release);
  EXPECT_EQ(budget.exceeded->kind, ast::ConsequenceKind::Restrict);
  EXPECT_EQ(budget.exceeded->level, Outcome::Draft);
}

TEST(Statements, BudgetsHaveOneWindow) {
  const auto window = [](const std::string& text) {
    Parsed parsed{"budget b" + kScope + "limit { 1 } " + text + ";"};
    return parsed.good ? std::optional{Only<ast::Budget>(parsed).window.kind} : std::nullopt;
  };
  EXPECT_EQ(window(""), ast::WindowKind::Lifetime);
  EXPECT_EQ(window("each hour"), ast::WindowKind::Hour);
  EXPECT_EQ(window("each week"), ast::WindowKind::Week);
  EXPECT_EQ(window("each month in \"UTC\""), ast::WindowKind::Month);
  EXPECT_EQ(window("within { duration(\"1h\") }"), ast::WindowKind::Sliding);
  EXPECT_EQ(window("refill { duration(\"1h\") }"), ast::WindowKind::Refill);
  EXPECT_EQ(window("concurrent"), ast::WindowKind::Concurrent);
  EXPECT_EQ(window("each day concurrent"), std::nullopt);
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } each day within { duration(\"1h\") };"), "repeated-clause");
  EXPECT_EQ(Verdict("budget b" + kScope + "each day;"), "missing-clause");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { };"), "empty-clause");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } per { };"), "empty-clause");
}

TEST(Statements, Consequences) {
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } exceeded deny;"), "ok");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } exceeded escalate " + kApproval + ";"), "ok");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } exceeded escalate approval { by: [] };"), "missing-approval-field");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } exceeded restrict to execute;"), "invalid-level");
  EXPECT_EQ(Verdict("budget b" + kScope + "limit { 1 } exceeded restrict draft;"), "unexpected-token");
}

TEST(Statements, Breaker) {
  const std::string rest = "within { duration(\"1m\") } cooldown { duration(\"30s\") }";
  Parsed parsed{"breaker crm" + kScope + "per { resource.tenant } trip { calls >= 20 && failures * 10 >= calls * 3 } " + rest +
                " probe { 3 } open restrict to draft;"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& breaker = Only<ast::Breaker>(parsed);
  EXPECT_EQ(Text(parsed, breaker.trip), "calls >= 20 && failures * 10 >= calls * 3");
  EXPECT_EQ(Text(parsed, breaker.within), "duration(\"1m\")");
  EXPECT_EQ(Text(parsed, breaker.cooldown), "duration(\"30s\")");
  EXPECT_EQ(Text(parsed, breaker.probe), "3");
  EXPECT_EQ(breaker.open->level, Outcome::Draft);
  EXPECT_EQ(Verdict("breaker b" + kScope + "trip { true } " + rest + " when { calls > 1 };"), "unknown-variable")
      << "bound in `trip` alone";
  EXPECT_EQ((Parsed{"breaker b" + kScope + ";"}.codes()), (std::vector<std::string>(3, "missing-clause")));
}

TEST(Statements, Assert) {
  Parsed parsed{"assert always deny or draft" + kScope + "when { true };"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& assertion = Only<ast::Assert>(parsed);
  EXPECT_EQ(assertion.mode, ast::AssertMode::Always);
  EXPECT_EQ(assertion.outcomes, (std::vector{Outcome::Deny, Outcome::Draft}));
  EXPECT_EQ(Verdict("assert never execute" + kScope + ";"), "ok");
  EXPECT_EQ(Verdict("assert never permit" + kScope + ";"), "unexpected-token");
}

TEST(Statements, ObligationsAreRecords) {
  EXPECT_EQ(Verdict("permit" + kScope + "oblige { redact: [\"$.ssn\"], max_tokens: 4000 };"), "ok");
  EXPECT_EQ(Verdict("permit" + kScope + "oblige {} when { true };"), "ok");
  EXPECT_EQ(Verdict("permit" + kScope + "oblige { a: 1, a: 2 };"), "duplicate-key");
  EXPECT_EQ(Verdict("permit" + kScope + "oblige { a: 1 } oblige { b: 1 };"), "repeated-clause");
  EXPECT_EQ(Verdict("permit" + kScope + "oblige { principal.x };"), "unexpected-token");
  EXPECT_EQ(Verdict("forbid" + kScope + "oblige { a: 1 };"), "oblige-on-forbid");
}

TEST(Statements, Test) {
  Parsed parsed{R"(test "a title" {
    entity Agent::"s1" in [Group::"g"] { stage: "live" } tags { t: 1 };
    entity Agent::"s2" in Group::"g";
    entity Agent::"s3" tags { t: 1 };
    request (Agent::"s1", Action::"refund", Order::"o1") with { amount: 15000 };
    expect approve by "refund-over-100", "other";
    approve by User::"lee" in [Role::"leads"];
    expect execute;
    settle success { spend: 3 };
    settle not_dispatched;
    advance { duration("1d") };
    expect budget spend used 0 + 1;
    request (Agent::"s1", Action::"refund", Order::"o1") for [User::"ana", Agent::"s2"];
    deny by Agent::"s2" in Role::"leads" for User::"lee";
    approve by Agent::"s2" for [User::"lee"];
    quarantine Agent::"s1";
    release Agent::"s1";
  } permit(principal, action, resource);)"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& test = Only<ast::Test>(parsed);
  ASSERT_EQ(test.steps.size(), 16U);
  const auto& tagged = std::get<ast::TestEntity>(test.steps[2].step);
  EXPECT_FALSE(tagged.attrs.has_value());
  EXPECT_TRUE(tagged.tags.has_value());
  EXPECT_EQ(std::get<ast::TestEntity>(test.steps[1].step).parents.size(), 1U);
  EXPECT_EQ(std::get<ast::TestExpect>(test.steps[4].step).by.size(), 2U);
  EXPECT_EQ(std::get<ast::TestSettle>(test.steps[8].step).settlement, ast::Settlement::NotDispatched);
  EXPECT_EQ(Text(parsed, std::get<ast::TestExpectBudget>(test.steps[10].step).value), "0 + 1");
  EXPECT_EQ(std::get<ast::TestRequest>(test.steps[11].step).delegation.size(), 2U);
  const auto& denial = std::get<ast::TestApprove>(test.steps[12].step);
  EXPECT_TRUE(denial.is_denial && denial.parents.size() == 1 && denial.acting_for.size() == 1);
  const auto& approval = std::get<ast::TestApprove>(test.steps[13].step);
  EXPECT_TRUE(!approval.is_denial && approval.parents.empty() && approval.acting_for.size() == 1);
  EXPECT_TRUE(!std::get<ast::TestQuarantine>(test.steps[14].step).is_release &&
              std::get<ast::TestQuarantine>(test.steps[15].step).is_release);
  EXPECT_EQ(parsed.sources.text(parsed.ast.statements[0].span).back(), '}');
  EXPECT_EQ(parsed.ast.statements.size(), 2U) << "a test ends with its bracket";
}

TEST(Statements, TestStepsAreChecked) {
  const auto step = [](const std::string& text) { return Verdict("test \"t\" { " + text + "; }"); };
  EXPECT_EQ(step("entity principal"), "invalid-entity");
  EXPECT_EQ(step("entity A::\"a\" in [B]"), "invalid-entity");
  EXPECT_EQ(step("request (A::\"a\", Action::\"b\")"), "unexpected-token");
  EXPECT_EQ(step("expect maybe"), "unexpected-token");
  EXPECT_EQ(step("quarantine principal"), "invalid-entity");
  EXPECT_EQ(step("approve by A::\"a\" for A::\"b\" in A::\"c\""), "unexpected-token");
  EXPECT_EQ(step("expect budget b sued 1"), "unknown-state-field");
  EXPECT_EQ(step("advance { }"), "empty-clause");
  EXPECT_EQ(step("expect deny by \"\\q\""), "invalid-escape");
  EXPECT_EQ(Verdict("test \"t\" { expect deny }"), "unexpected-token");
  EXPECT_EQ(Verdict("test \"t\" {}"), "ok");
}

TEST(Statements, WhatWillComeIsReserved) {
  EXPECT_EQ(Verdict("permit" + kScope + "when temporal { true };"), "reserved-for-later");
  EXPECT_EQ(Verdict("forbid" + kScope + "unless temporal { true };"), "reserved-for-later");
  EXPECT_EQ(Verdict("import \"pack\";"), "reserved-for-later");
  EXPECT_EQ(Verdict("fn f(x) { x };"), "reserved-for-later");
}

}  // namespace
}  // namespace remit
