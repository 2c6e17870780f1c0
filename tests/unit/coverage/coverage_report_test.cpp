// Coverage as reports: what counts, and that what users wrote stays text.
#include <gtest/gtest.h>

#include "compiler/coverage/report.h"

namespace remit::coverage {
namespace {

class CoverageReport : public testing::Test {
 protected:
  CoverageReport() {
    const auto file = sources.Add("a<b>.remit", "permit (principal, action, resource)\nwhen { x < 1 && y };\n");
    const auto at = [&](uint32_t begin, uint32_t end) { return Span{.file = file, .begin = begin, .end = end}; };
    coverage.push_back({.id = "p,\n<i>",
                        .keyword = "permit",
                        .span = at(0, 58),
                        .evaluated = 3,
                        .satisfied = 1,
                        .clauses = {{.name = "when", .span = at(44, 54), .hits = 3}},
                        .branches = {{.span = at(44, 49), .was_true = 2, .was_false = 1}, {.span = at(53, 54), .was_true = 2}}});
    coverage.push_back({.id = "json", .keyword = "forbid", .span = {}, .evaluated = 0, .satisfied = 0, .clauses = {}, .branches = {}});
  }

  SourceManager sources;
  Coverage coverage;
};

TEST_F(CoverageReport, SidesOfConditionsCount) {
  const Totals totals = TotalsOf(coverage);
  EXPECT_EQ(totals.statements.covered, 1U);
  EXPECT_EQ(totals.statements.total, 2U);
  EXPECT_EQ(totals.clauses.covered, 1U);
  EXPECT_EQ(totals.branches.covered, 3U);
  EXPECT_EQ(totals.branches.total, 4U);
  EXPECT_NEAR(totals.percent(), 100.0 * 5 / 7, 0.001);
}

TEST_F(CoverageReport, NothingToCoverIsCovered) { EXPECT_EQ(TotalsOf(Coverage{}).percent(), 100.0); }

TEST_F(CoverageReport, TextNamesWhatWasNeverSo) {
  const auto text = FormatText(coverage, sources);
  EXPECT_NE(text.find("a<b>.remit:2:17: `y` was never false\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("`x < 1` was never"), std::string::npos) << text;
  EXPECT_NE(text.find("coverage: 71.4 %"), std::string::npos) << text;
}

TEST_F(CoverageReport, LcovHasOneRecordALine) {
  EXPECT_EQ(FormatLcov(coverage, sources),
            "TN:remit\nSF:a<b>.remit\nFN:1,p  <i>\nFNDA:1,p  <i>\nFNF:1\nFNH:1\n"
            "BRDA:2,0,0,2\nBRDA:2,0,1,1\nBRDA:2,1,0,2\nBRDA:2,1,1,0\nBRF:4\nBRH:3\nDA:1,3\nDA:2,3\nLF:2\nLH:2\nend_of_record\n");
}

TEST_F(CoverageReport, HtmlIsEscapedAndLoadsNothing) {
  const auto page = FormatHtml(coverage, sources);
  EXPECT_EQ(page.find("<i>"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_NE(page.find("x &lt; 1 &amp;&amp; y"), std::string::npos);
  EXPECT_NE(page.find("y never false"), std::string::npos);
}

}  // namespace
}  // namespace remit::coverage
