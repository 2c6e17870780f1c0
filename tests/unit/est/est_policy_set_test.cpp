// Policy sets and links: ids, text inside JSON, slots.
#include "est_job.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using Lines = std::vector<std::string>;

TEST(EstPolicySet, IdsComeFromTheKeys) {
  EstJob job;
  const auto set = R"({"staticPolicies":{"b":"permit(principal,action,resource);","a":)" + When(R"({"Value":true})") +
                   R"(},"templates":{"t":"permit(principal==?principal,action,resource);"},)"
                   R"("templateLinks":[{"templateId":"t","newId":"l","values":{"?principal":{"type":"U","id":"u"}}}]})";
  ASSERT_TRUE(job.ReadSet(set)) << job.Report();
  EXPECT_EQ(ast::AssignIds(job.ast, job.interner, ast::IdConvention::Cedar), (Lines{"b", "a", "t"}));
  ASSERT_EQ(job.ast.links.size(), 1U);
  EXPECT_EQ(job.interner.text(job.ast.links[0].template_id), "t");
  EXPECT_EQ(job.interner.text(job.ast.links[0].new_id), "l");
  EXPECT_EQ(FormatEntityUid(job.ast.links[0].principal.value(), job.interner), "U::\"u\"");
  EXPECT_FALSE(job.ast.links[0].resource.has_value());
}

TEST(EstPolicySet, OneTextIsNumberedByPosition) {
  EstJob job;
  ASSERT_TRUE(job.ReadSet(R"({"staticPolicies":"permit(principal,action,resource);\nforbid(principal,action,resource);"})"))
      << job.Report();
  EXPECT_EQ(ast::AssignIds(job.ast, job.interner, ast::IdConvention::Cedar), (Lines{"policy0", "policy1"}));
}

TEST(EstPolicySet, ArraysNameEachElementAsCedarDoes) {
  EstJob job;
  ASSERT_TRUE(job.ReadSet(R"({"staticPolicies":["permit(principal,action,resource);",)" + When(R"({"Value":1})") + "]}"));
  EXPECT_EQ(ast::AssignIds(job.ast, job.interner, ast::IdConvention::Cedar), (Lines{"policy0", "JSON policy"}));
}

TEST(EstPolicySet, ADocumentWithAnEffectIsOnePolicy) {
  EstJob job;
  ASSERT_TRUE(job.ReadSet(When(R"({"Value":true})")));
  EXPECT_EQ(ast::AssignIds(job.ast, job.interner, ast::IdConvention::Cedar), Lines{"policy0"});
}

TEST(EstPolicySet, ErrorsInTextHaveALineAndNameThePlace) {
  EstJob job;
  EXPECT_FALSE(job.ReadSet(R"({"staticPolicies":{"a/b":"permit(principal,\naction,\nresource) when { prinicpal };"}})"));
  ASSERT_EQ(job.sink.diagnostics().size(), 1U);
  EXPECT_TRUE(FormatDiagnostic(job.sink.diagnostics()[0], job.sources).starts_with("/staticPolicies/a~1b:3:")) << job.Report();
}

TEST(EstPolicySet, ReportsEveryBadPolicy) {
  EstJob job;
  EXPECT_FALSE(job.ReadSet(
      R"({"staticPolicies":{"a":1,"b":"","c":"permit(principal==?principal,action,resource);"},"templates":{"d":"permit(principal,action,resource);"}})"));
  EXPECT_EQ(job.Reported(), (Lines{"json-wrong-type /staticPolicies/a", "json-expected-one /staticPolicies/b",
                                   "json-expected-static /staticPolicies/c", "json-expected-template /templates/d"}));
}

TEST(EstLinks, BothForms) {
  EstJob job;
  ASSERT_TRUE(job.ReadLinks(R"([
    {"template": "t", "id": "l0", "principal": {"type": "User", "id": "u"}, "resource": {"type": "Doc", "id": "d"}},
    {"template": "t", "id": "l1"},
    {"templateId": "t", "newId": "l2", "values": {"?resource": {"__entity": {"type": "Doc", "id": "d"}}}}])"))
      << job.Report();
  ASSERT_EQ(job.ast.links.size(), 3U);
  EXPECT_TRUE(job.ast.links[0].principal && job.ast.links[0].resource);
  EXPECT_FALSE(job.ast.links[1].principal || job.ast.links[1].resource);
  EXPECT_EQ(job.ast.links[2].resource, job.ast.links[0].resource);
}

TEST(EstLinks, ErrorsPointAtTheirPlace) {
  EstJob job;
  EXPECT_FALSE(job.ReadLinks(R"([{"template":"t","id":"a","principle":{}},{"templateId":"t","newId":1,"values":{"?foo":{}}},)"
                             R"({"template":"t","id":"a","principal":"U::\"a\""},{"template":"t","id":"a","principal":null}])"));
  EXPECT_EQ(job.Reported(), (Lines{"json-unknown-field /0/principle", "json-wrong-type /1/newId", "json-unknown-variant /1/values/?foo",
                                   "json-not-an-entity /2/principal", "json-not-an-entity /3/principal"}));
  EXPECT_TRUE(job.ast.links.empty());
}

TEST(EstLinks, ManyAreRead) {
  std::string json = "[";
  for (int i = 0; i < 50000; ++i) {
    json += (i > 0 ? "," : "") + std::string{R"({"template":"t","id":"l)"} + std::to_string(i) + R"(","principal":{"type":"U","id":"a"}})";
  }
  EstJob job;
  EXPECT_TRUE(job.ReadLinks(json + "]"));
  EXPECT_EQ(job.ast.links.size(), 50000U);
}

TEST(EstPolicySet, WritesWhatItReads) {
  EstJob job;
  ASSERT_TRUE(job.ReadText("permit(principal,action,resource) when { context.a };permit(principal in ?principal,action,resource);"));
  const auto uid = EntityUid{job.interner.Intern("U"), job.interner.Intern("a")};
  job.ast.links.push_back({.template_id = job.interner.Intern("t"), .new_id = job.interner.Intern("l"), .principal = uid, .resource = {}});
  const auto json = PolicySetToJson(job.ast, {"p", "t"}, job.interner, job.sink);
  EXPECT_EQ(json["templateLinks"].dump(), R"([{"templateId":"t","newId":"l","values":{"?principal":{"__entity":{"type":"U","id":"a"}}}}])");
  EstJob again;
  ASSERT_TRUE(again.ReadSet(json.dump())) << again.Report();
  EXPECT_EQ(ast::AssignIds(again.ast, again.interner, ast::IdConvention::Cedar), (Lines{"p", "t"}));
  EXPECT_EQ(PolicySetToJson(again.ast, {"p", "t"}, again.interner, again.sink), json);
}

TEST(EstPolicySet, WritingRefusesAnIdTwice) {
  EstJob job;
  ASSERT_TRUE(job.ReadText("permit(principal,action,resource);forbid(principal,action,resource);"));
  PolicySetToJson(job.ast, {"a", "a"}, job.interner, job.sink);
  EXPECT_EQ(job.Reported(), Lines{"duplicate-id "});
}

}  // namespace
}  // namespace remit
