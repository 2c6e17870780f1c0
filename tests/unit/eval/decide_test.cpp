// From policy text to a decision: effects, scopes, links, errors.
#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

using DecideTest = EvalTest;

constexpr auto kPermit = "permit (principal, action, resource);";
constexpr auto kForbid = "forbid (principal, action, resource);";

TEST_F(DecideTest, NothingSaidIsDenied) { EXPECT_EQ(DecideText(""), "deny"); }

TEST_F(DecideTest, EverySatisfiedPermitDetermines) { EXPECT_EQ(DecideText(std::string(kPermit) + kPermit), "allow policy0 policy1"); }

TEST_F(DecideTest, ForbidOverridesPermit) { EXPECT_EQ(DecideText(std::string(kPermit) + kForbid + kForbid), "deny policy1 policy2"); }

TEST_F(DecideTest, AForbidAloneDetermines) { EXPECT_EQ(DecideText(kForbid), "deny policy0"); }

TEST_F(DecideTest, AnErrorSkipsItsPolicyOnly) {
  EXPECT_EQ(DecideText("permit (principal, action, resource); forbid (principal, action, resource) when { context.nope };"),
            "allow policy0; policy1 failed: attribute-missing");
  EXPECT_EQ(DecideText("permit (principal, action, resource) when { 1 };"), "deny; policy0 failed: type-error");
}

TEST_F(DecideTest, ConditionsHoldTogetherAndStopAtTheFirstThatDoesNot) {
  EXPECT_EQ(DecideText("permit (principal, action, resource) when { true } unless { false } when { true };"), "allow policy0");
  EXPECT_EQ(DecideText("permit (principal, action, resource) when { true } unless { true } when { context.nope };"), "deny");
  EXPECT_EQ(DecideText("permit (principal, action, resource) unless { 1 };"), "deny; policy0 failed: type-error");
}

TEST_F(DecideTest, AScopeThatDoesNotMatchKeepsErrorsAway) {
  EXPECT_EQ(DecideText("permit (principal == U::\"b\", action, resource) when { context.nope };"), "deny");
}

TEST_F(DecideTest, Scopes) {
  const auto decides = [this](const std::string& scope) { return DecideText("permit (" + scope + ");"); };
  for (const auto* scope :
       {"principal == U::\"a\", action, resource", "principal in U::\"a\", action, resource", "principal in H::\"h\", action, resource",
        "principal is U, action, resource", "principal is U in H::\"h\", action, resource", "principal, action == Action::\"v\", resource",
        "principal, action in Action::\"v\", resource", "principal, action in [Action::\"w\", Action::\"v\"], resource",
        "principal, action, resource is R", "principal, action, resource == R::\"r\""}) {
    EXPECT_EQ(decides(scope), "allow policy0") << scope;
  }
  for (const auto* scope :
       {"principal == U::\"b\", action, resource", "principal in G::\"x\", action, resource", "principal is V, action, resource",
        "principal is V in H::\"h\", action, resource", "principal is U in H::\"x\", action, resource",
        "principal, action == Action::\"w\", resource", "principal, action in [], resource",
        "principal, action in [Action::\"w\"], resource", "principal, action, resource in R::\"s\""}) {
    EXPECT_EQ(decides(scope), "deny") << scope;
  }
}

TEST_F(DecideTest, ATemplateAloneDecidesNothing) { EXPECT_EQ(DecideText("permit (principal == ?principal, action, resource);"), "deny"); }

TEST_F(DecideTest, LinksShareTheBodyOfTheirTemplate) {
  ast::Ast ast;
  ASSERT_TRUE(Parse("@id(\"t\") permit (principal in ?principal, action, resource is R in ?resource) when { context.n == 1 };", ast));
  for (const auto* group : {"h", "nobody"}) {
    ast.links.push_back({.template_id = interner_.Intern("policy0"),
                         .new_id = interner_.Intern(std::string("link-") + group),
                         .principal = Uid("H", group),
                         .resource = Uid("R", "r")});
  }
  const auto program = LowerPolicies(ast);
  EXPECT_EQ(program.bodies.size(), 1U);
  EXPECT_EQ(Describe(program), "allow link-h");
}

TEST_F(DecideTest, ErrorsPointIntoTheSource) {
  ast::Ast ast;
  ASSERT_TRUE(Parse("permit (principal, action, resource) when { true && principal.nope == 1 };", ast));
  const auto program = LowerPolicies(ast);
  const auto decision = Decide(program, input());
  ASSERT_EQ(decision.errors.size(), 1U);
  const auto& error = decision.errors[0];
  EXPECT_EQ(sources_.text({.file = {error.span_file}, .begin = error.span_begin, .end = error.span_end}), "principal.nope");
  EXPECT_EQ(error.message, "`U::\"a\"` does not have the attribute `nope`");
  EXPECT_EQ(error.help, "available attributes: `r`, `s`, `x`");
}

TEST_F(DecideTest, DecidingTwiceGivesTheSame) {
  ast::Ast ast;
  ASSERT_TRUE(Parse(std::string(kPermit) + "forbid (principal, action, resource) when { [1, context.n].contains(3) };", ast));
  const auto program = LowerPolicies(ast);
  EXPECT_EQ(Describe(program), "allow policy0");
  arena_.Reset();
  SetUp();
  EXPECT_EQ(Describe(program), "allow policy0");
}

}  // namespace
}  // namespace remit
