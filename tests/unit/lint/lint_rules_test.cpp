// Every rule finds its bad example and not its good one; fixes mend what they say; comments allow.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/lint/fixes.h"
#include "compiler/lint/lint_job.h"

namespace remit::lint {
namespace {

// Policies, linted with one rule alone or with all as they are.
class Linted {
 public:
  Linted(std::string_view text, const LintOptions& options, bool with_schema = true) {
    const auto example = ReadExample(text);
    is_parsed_ = LoadPolicies(job_, "p.remit", std::string(example.policies), PolicyFormat::Text);
    std::vector<SchemaText> schema;
    if (with_schema) schema.push_back({.name = "s.cedarschema", .text = std::string(example.schema)});
    report_ = LintJob(job_, std::move(schema), ast::IdConvention::Remit, options);
  }
  explicit Linted(std::string_view text) : Linted(text, Without({Rule::MissingId})) {}

  static auto Only(Rule rule) -> LintOptions {
    LintOptions options;
    for (const auto& row : AllRules()) options.Set(row.rule, Level::Off);
    options.Set(rule, Level::Warning);
    return options;
  }
  static auto Without(std::initializer_list<Rule> rules) -> LintOptions {
    LintOptions options;
    for (const auto rule : rules) options.Set(rule, Level::Off);
    return options;
  }

  auto is_parsed() const -> bool { return is_parsed_; }
  auto count(Rule rule) const -> size_t { return static_cast<size_t>(std::ranges::count(report_.findings, rule, &Finding::rule)); }
  auto report() const -> const LintReport& { return report_; }
  auto job() -> CompileJob& { return job_; }
  auto codes() const -> std::string {
    std::string all;
    for (const auto& finding : report_.findings) all += std::string(RowOf(finding.rule).code) + " ";
    return all;
  }
  auto Fixed() const -> std::string {
    const auto fixed = ApplyFixes(report_.findings, job_.sources);
    return fixed.texts.empty() ? std::string{} : fixed.texts.begin()->second;
  }

 private:
  CompileJob job_;
  bool is_parsed_ = false;
  LintReport report_;
};

// Rules about comments need the rule that is allowed.
auto OptionsFor(const RuleRow& row) -> LintOptions {
  auto options = Linted::Only(row.rule);
  if (row.category == Category::Comments) options.Set(Rule::BroadPermit, Level::Warning);
  return options;
}

class RuleExamples : public testing::TestWithParam<RuleRow> {};

TEST_P(RuleExamples, FindsTheBadOneAndNotTheGoodOne) {
  const auto& row = GetParam();
  const Linted bad{row.bad, OptionsFor(row)};
  ASSERT_TRUE(bad.is_parsed()) << row.bad;
  EXPECT_GE(bad.count(row.rule), 1U) << row.bad;
  const Linted good{row.good, OptionsFor(row)};
  ASSERT_TRUE(good.is_parsed()) << row.good;
  EXPECT_EQ(good.count(row.rule), 0U) << row.good;
}

// A fix that changes nothing, breaks the text or leaves the finding is none.
TEST_P(RuleExamples, FixMendsTheBadOne) {
  const auto& row = GetParam();
  const Linted bad{row.bad, OptionsFor(row)};
  const bool has_fix = std::ranges::any_of(bad.report().findings, [](const Finding& finding) { return !finding.fix.empty(); });
  EXPECT_EQ(has_fix, row.fix == Fix::Safe);
  if (!has_fix) return;
  const auto mended = bad.Fixed();
  EXPECT_NE(mended, row.bad);
  const Linted again{mended, OptionsFor(row)};
  ASSERT_TRUE(again.is_parsed()) << mended;
  EXPECT_EQ(again.count(row.rule), 0U) << mended;
}

INSTANTIATE_TEST_SUITE_P(All, RuleExamples, testing::ValuesIn(AllRules().begin(), AllRules().end()), [](const auto& each) {
  std::string name;
  for (const char c : each.param.code) name += c == '-' ? '_' : c;
  return name;
});

TEST(LintRules, CodesAreUniqueAndFound) {
  for (const auto& row : AllRules()) {
    const auto found = FindRule(row.code);
    ASSERT_TRUE(found) << row.code;
    EXPECT_EQ(*found, row.rule) << "two rules are called " << row.code;
  }
  EXPECT_FALSE(FindRule("no-such-rule"));
}

TEST(LintRules, WorksWithoutSchema) {
  const Linted linted{R"(forbid (principal, action == Action::"a", resource) when { context.ip == "x" };)", LintOptions{}, false};
  EXPECT_EQ(linted.count(Rule::ForbidCanFail), 1U) << linted.codes();
  const Linted guarded{R"(forbid (principal, action == Action::"a", resource) when { context has ip && context.ip == "x" };)",
                       LintOptions{}, false};
  EXPECT_EQ(guarded.count(Rule::ForbidCanFail), 0U) << guarded.codes();
}

TEST(LintRules, AGroupCoversItsActionsOnlyWithASchema) {
  constexpr auto kText = R"(permit (principal is User, action in Action::"writes", resource);
permit (principal is User, action == Action::"cancel", resource);)";
  EXPECT_EQ((Linted{kText, LintOptions{}}.count(Rule::ShadowedPermit)), 1U);
  EXPECT_EQ((Linted{kText, LintOptions{}, false}.count(Rule::ShadowedPermit)), 0U);
}

TEST(LintRules, APermitThatObligesIsNotShadowed) {
  const Linted linted{R"(permit (principal is User, action == Action::"read", resource);
permit (principal is User, action == Action::"read", resource == Order::"o") oblige { redact: "note" };)"};
  EXPECT_EQ(linted.count(Rule::ShadowedPermit), 0U) << linted.codes();
}

TEST(LintRules, OfTwoThatCoverEachOtherOneIsTold) {
  const Linted linted{
      R"(permit (principal is User, action == Action::"read", resource) when { principal.level > 3 } when { resource.total > 1 };
permit (principal is User, action == Action::"read", resource) when { resource.total > 1 } when { principal.level > 3 };)"};
  EXPECT_EQ(linted.count(Rule::ShadowedPermit), 1U) << linted.codes();
}

TEST(LintRules, ContradictionsAreSeenThroughUnlessAndOr) {
  const auto never = [](std::string_view conditions) {
    return Linted{fmt::format("permit (principal is User, action == Action::\"read\", resource) {};", conditions)}.count(
        Rule::NeverSatisfied);
  };
  EXPECT_EQ(never("when { principal.level == 1 } unless { principal.level < 5 || resource.total > 3 }"), 1U);
  EXPECT_EQ(never("when { 3 < principal.level } when { principal.level <= 3 }"), 1U);
  EXPECT_EQ(never("when { principal.email == \"a\" && principal.email != \"a\" }"), 1U);
  EXPECT_EQ(never("when { principal in Team::\"a\" } unless { principal in Team::\"a\" }"), 1U);
  EXPECT_EQ(never("when { principal.level > 9223372036854775807 }"), 1U);
  // Either may hold.
  EXPECT_EQ(never("when { principal.level == 1 || principal.level == 2 }"), 0U);
  EXPECT_EQ(never("when { principal.level >= 3 && principal.level <= 3 }"), 0U);
}

TEST(LintRules, TheSchemaTellsWhatCannotBe) {
  const Linted linted{R"(permit (principal is User, action == Action::"read", resource) when { resource is User };)"};
  EXPECT_EQ(linted.count(Rule::NeverSatisfied), 1U) << linted.codes();
}

// ---- comments ----

constexpr auto kBroad = "permit (principal, action, resource);";

TEST(LintAllow, AboveBehindAndForTheFile) {
  for (const auto& text : {fmt::format("// remit: allow(broad-permit) sandbox\n// more words\n{}", kBroad),
                           fmt::format("{} // remit: allow(broad-permit) sandbox", kBroad),
                           fmt::format("{}\n// remit: allow-file(broad-permit) sandbox\n", kBroad)}) {
    const Linted linted{text};
    EXPECT_EQ(linted.count(Rule::BroadPermit), 0U) << text;
    EXPECT_EQ(linted.report().allowed, 1U) << text;
    EXPECT_EQ(linted.count(Rule::UnusedAllow), 0U) << text;
  }
}

TEST(LintAllow, DoesNotReachTheNextStatement) {
  const Linted linted{
      fmt::format("// remit: allow(broad-permit) sandbox\n{}\nforbid (principal is User, action, resource);\n{}", kBroad, kBroad)};
  EXPECT_EQ(linted.count(Rule::BroadPermit), 1U) << linted.codes();
}

TEST(LintAllow, SeveralCodesAndOneOfThemUnused) {
  const Linted linted{fmt::format("// remit: allow(broad-permit, zero-limit) sandbox\n{}", kBroad)};
  EXPECT_EQ(linted.count(Rule::BroadPermit), 0U);
  ASSERT_EQ(linted.count(Rule::UnusedAllow), 1U);
}

TEST(LintAllow, WhatIsOffIsNotUnused) {
  const Linted linted{"// remit: allow(missing-reason) everyone knows\nforbid (principal is User, action == Action::\"read\", resource);"};
  EXPECT_EQ(linted.count(Rule::UnusedAllow), 0U) << linted.codes();
}

TEST(LintFixes, OverlappingOnesWaitForTheNextRun) {
  const Linted linted{R"(permit (principal is User, action == Action::"read", resource) when { !!(!(principal.level == 3)) };)"};
  const auto fixed = ApplyFixes(linted.report().findings, const_cast<Linted&>(linted).job().sources);
  EXPECT_EQ(fixed.fixed, 1U);
  EXPECT_GE(fixed.overlapping, 1U);
}

TEST(LintBreakers, TriesCounts) {
  const auto found = [](std::string_view trip) {
    return Linted{
        fmt::format("breaker b (principal, action, resource) trip {{ {} }} within {{ duration(\"1m\") }} cooldown {{ duration(\"1m\") }};",
                    trip)}
        .codes();
  };
  EXPECT_NE(found("calls < 0").find("breaker-never-trips"), std::string::npos);
  EXPECT_NE(found("failures > 0").find("breaker-trips-at-once"), std::string::npos);
  EXPECT_EQ(found("failures >= 77777").find("breaker"), std::string::npos);
  EXPECT_EQ(found("calls >= 20 && failures * 10 >= calls * 3").find("breaker"), std::string::npos);
}

}  // namespace
}  // namespace remit::lint
