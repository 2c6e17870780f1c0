// Reports say what was found, in the words of whoever reads them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compiler/lint/lint_job.h"
#include "compiler/lint/report.h"

namespace remit::lint {
namespace {

using Json = nlohmann::json;

class LintReports : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(LoadPolicies(job_, "dir/p,1.remit", "@id(\"all\") permit (principal, action, resource) when { \"😀\" like \"😀\" };\n",
                             PolicyFormat::Text));
    LintOptions options;
    options.Set(Rule::AnyAction, Level::Error);
    report_ = LintJob(job_, {}, ast::IdConvention::Remit, options);
  }

  CompileJob job_;
  LintReport report_;
};

TEST_F(LintReports, TextHasPlaceLevelCodeAndLine) {
  const auto text = FormatText(report_, job_.sources, false);
  EXPECT_NE(text.find("dir/p,1.remit:1:19: error[any-action]: this permits every action"), std::string::npos) << text;
  EXPECT_NE(text.find("permit (principal, action, resource) when"), std::string::npos) << text;
}

TEST_F(LintReports, JsonCounts) {
  const auto json = Json::parse(FormatJson(report_, job_.sources));
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(json["findings"].size(), report_.findings.size());
  EXPECT_EQ(json["findings"][0]["statement"], "all");
}

// Columns of SARIF count UTF-16 code units: a smile is two of them.
TEST_F(LintReports, SarifCountsUtf16) {
  const auto log = Json::parse(FormatSarif(report_, job_.sources, "1.2.3"));
  EXPECT_EQ(log["version"], "2.1.0");
  const auto& run = log["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), AllRules().size());
  bool found = false;
  for (const auto& result : run["results"]) {
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()]["id"], result["ruleId"]);
    if (result["ruleId"] != "like-without-wildcard") continue;
    found = true;
    const auto& location = result["locations"][0]["physicalLocation"];
    EXPECT_EQ(location["artifactLocation"]["uri"], "dir/p%2C1.remit");
    EXPECT_EQ(location["region"]["endColumn"].get<int>() - location["region"]["startColumn"].get<int>(), 4 + 6 + 4);
  }
  EXPECT_TRUE(found);
}

TEST_F(LintReports, GithubEscapesProperties) {
  const auto text = FormatGithub(report_, job_.sources);
  EXPECT_NE(text.find("::error file=dir/p%2C1.remit,line=1,col=19,"), std::string::npos) << text;
}

TEST_F(LintReports, XmlIsEscaped) {
  const auto checkstyle = FormatCheckstyle(report_, job_.sources);
  EXPECT_NE(checkstyle.find("severity=\"error\""), std::string::npos);
  EXPECT_EQ(checkstyle.find("`\"😀\"`"), std::string::npos);
  const auto junit = FormatJunit(report_, job_.sources);
  EXPECT_NE(junit.find(fmt::format("failures=\"{}\"", report_.findings.size())), std::string::npos) << junit;
}

TEST(LintPages, EveryRuleHasOne) {
  for (const auto& row : AllRules()) {
    const auto page = RulePage(row);
    EXPECT_NE(page.find("```cedar"), std::string::npos);
    EXPECT_NE(RuleIndex().find(fmt::format("({}.md)", row.code)), std::string::npos);
  }
}

}  // namespace
}  // namespace remit::lint
