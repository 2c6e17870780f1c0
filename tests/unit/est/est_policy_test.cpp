// Single policies: where errors point, and what the tables of Cedar's answers cannot show.
#include "est_job.h"

namespace remit {
namespace {

auto ReportedFor(const std::string& json) -> std::vector<std::string> {
  EstJob job;
  EXPECT_FALSE(job.ReadPolicy(json)) << json;
  return job.Reported();
}

using Lines = std::vector<std::string>;

TEST(EstPolicy, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(ReportedFor(When(R"({"&&":{"left":{"Value":true},"right":{"Set":[{"Value":1},{"Value":null}]}}})")),
            Lines{"json-null /conditions/0/body/&&/right/Set/1/Value"});
  EXPECT_EQ(ReportedFor(When(R"({"Value":[1,{"a/b~c":1.5}]})")), Lines{"json-not-a-long /conditions/0/body/Value/1/a~1b~0c"});
  EXPECT_EQ(ReportedFor(When(R"({"Record":{"a":{"Value":1},"a":{"Value":2}}})")), Lines{"json-duplicate-key /conditions/0/body/Record/a"});
  EXPECT_EQ(ReportedFor(When(R"({"Value":1,"Var":"principal"})")), Lines{"json-many-operators /conditions/0/body"});
}

TEST(EstPolicy, ReportsAllThatIsWrong) {
  const std::string json =
      R"({"effect":"Permit","principal":{"op":"=="},"action":{"op":"==","entity":{"type":"U","id":"a"}},"resource":{"op":"is"},)"
      R"("conditions":[{"kind":"if","body":{}},{"kind":"when","body":{"Var":"prinicpal"}}],"annotations":{"a b":"x","c":1}})";
  EXPECT_EQ(ReportedFor(json),
            (Lines{"json-unknown-variant /effect", "json-missing-field /principal", "json-action-type /action/entity",
                   "json-missing-field /resource", "json-unknown-variant /conditions/0/kind", "json-unknown-variant /conditions/1/body/Var",
                   "json-invalid-name /annotations/a b", "json-wrong-type /annotations/c"}));
}

TEST(EstPolicy, HelpsWithMisspeltNames) {
  EstJob job;
  EXPECT_FALSE(job.ReadPolicy(When(R"({"contians":{"left":{"Value":[]},"right":{"Value":1}}})")));
  EXPECT_EQ(job.sink.diagnostics().at(0).help, "did you mean `contains`?");
}

TEST(EstPolicy, IntegersKeepAllTheirBits) {
  EstJob job;
  ASSERT_TRUE(job.ReadPolicy(When(R"({"Value":[9223372036854775807,-9223372036854775808,9007199254740993]})"))) << job.Report();
  EXPECT_EQ(job.Print(), "permit (principal, action, resource)\nwhen { [9223372036854775807, -9223372036854775808, 9007199254740993] };");
}

TEST(EstPolicy, NumbersBeyondALongAreRefusedOnlyWhereTheyAreValues) {
  for (const std::string number : {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e2", "1.0", "1E400"}) {
    EXPECT_EQ(ReportedFor(When("{\"Value\":" + number + "}")).size(), 1U) << number;
  }
  EstJob job;
  EXPECT_TRUE(job.ReadPolicy(
      R"({"effect":"permit","principal":{"op":"All","x":1e2},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]})"));
}

TEST(EstPolicy, PathsThatTextCannotHoldAreSpeltOut) {
  EstJob job;
  ASSERT_TRUE(job.ReadPolicy(When(R"({"has":{"left":{".":{"left":{"Var":"context"},"attr":"x"}},"attr":["a b","c"]}})")));
  EXPECT_EQ(job.Print(), "permit (principal, action, resource)\nwhen { context.x has \"a b\" && context.x[\"a b\"] has c };");
  EXPECT_EQ(ReportedFor(When(R"({"has":{"left":{"Set":[]},"attr":["a b","c"]}})")), Lines{"json-has-path /conditions/0/body/has/attr"});
}

TEST(EstPolicy, PatternsKeepStarsApart) {
  EstJob job;
  ASSERT_TRUE(job.ReadPolicy(
      When(R"({"like":{"left":{"Value":"a"},"pattern":[{"Literal":"a"},{"Literal":"*"},"Wildcard","Wildcard",{"Literal":""}]}})")));
  EXPECT_EQ(job.Print(), "permit (principal, action, resource)\nwhen { \"a\" like \"a\\***\" };");
}

TEST(EstPolicy, UnknownExtensionFunctionsAreRead) {
  EXPECT_EQ(ReportedFor(When(R"({"Value":{"__extn":{"fn":"no pe","arg":"x"}}})")),
            Lines{"json-invalid-name /conditions/0/body/Value/__extn/fn"});
  for (const std::string name : {"nope", "a::b", "url"}) {  // Remit's functions make no values that JSON could hold
    EstJob job;
    EXPECT_TRUE(job.ReadPolicy(When(R"({"Value":{"__extn":{"fn":")" + name + R"(","arg":"x"}}})"))) << job.Report();
    EXPECT_NE(job.Print().find(name + "(\"x\")"), std::string::npos) << job.Print();
  }
}

TEST(EstPolicy, RemitsOwnFormsHaveNoJson) {
  for (const std::string text :
       {"restrict(principal, action, resource) to draft;", "permit(principal, action, resource) when { [1].any(x, x > 1) };",
        "permit(principal, action, resource) when { budget has b && budget.b.after > 1 };",
        "permit(principal, action, resource) oblige { a: 1 };"}) {
    EstJob job;
    ASSERT_TRUE(job.ReadText(text)) << job.Report();
    EXPECT_TRUE(job.ToJson().is_null()) << text;
    ASSERT_FALSE(job.sink.diagnostics().empty());
    EXPECT_EQ(CodeName(job.sink.diagnostics()[0].code), "no-json-form");
    EXPECT_TRUE(job.sink.diagnostics()[0].span.has_place());
  }
}

TEST(EstPolicy, AppendsAndKeepsIdsParallel) {
  EstJob job;
  ASSERT_TRUE(job.ReadSet(R"({"staticPolicies":{"a":"permit(principal,action,resource);"}})"));
  ASSERT_TRUE(job.ReadPolicy(When(R"({"Value":true})")));
  EXPECT_EQ(job.ast.explicit_ids.size(), 2U);
  EXPECT_FALSE(job.ast.explicit_ids[1].has_value());
}

TEST(EstPolicy, TheStandardLibraryIsCalledByItsKeys) {
  for (const auto& [json, text] : {
           std::pair{R"({".path":[{"url":[{"Value":"https://h/"}]}]})", "url(\"https://h/\").path()"},
           std::pair{R"({"path":[{"Value":"/a"}]})", "path(\"/a\")"},
           std::pair{R"({"size":{"arg":{"Set":[{"Value":1}]}}})", "[1].size()"},
           std::pair{R"({"matches":[{"Value":"a"},{"Value":"[a-z]"}]})", "\"a\".matches(\"[a-z]\")"},
           std::pair{R"({"<":{"left":{"now":[]},"right":{"now":[]}}})", "now() < now()"},
       }) {
    EstJob job;
    ASSERT_TRUE(job.ReadPolicy(When(json))) << job.Report();
    EXPECT_EQ(job.Print(), std::string("permit (principal, action, resource)\nwhen { ") + text + " };");
  }
  EXPECT_EQ(ReportedFor(When(R"({"matches":[{"Value":"a"},{"Value":"("}]})")),
            Lines{"invalid-regular-expression /conditions/0/body/matches"});
  EXPECT_EQ(ReportedFor(When(R"({"matches":[{"Value":"a"},{"Var":"context"}]})")), Lines{"literal-required /conditions/0/body/matches"});
}

}  // namespace
}  // namespace remit
