// What the checker knows beyond a verdict: places, environments, types, levels.
#include "tests/unit/check/check_fixture.h"

namespace remit {
namespace {

using Codes = std::vector<std::string>;

constexpr const char* kSchema = R"(
  entity Team;
  entity User in [Team] { level: Long, boss?: User, home: { city: String, zip?: String }, mates: Set<User> } tags String;
  entity Agent in [Team] { level: String };
  entity Doc { owner: User, kind: String };
  action view appliesTo { principal: [User, Agent], resource: Doc, context: { ip: ipaddr, mfa?: Bool } };
  action edit appliesTo { principal: User, resource: Doc };
)";

auto When(const std::string& condition, const std::string& scope = "principal, action, resource") -> std::string {
  return "permit(" + scope + ") when { " + condition + " };";
}

auto CodesOf(const std::string& policies, check::CheckOptions options = {}) -> Codes {
  return CheckJob(kSchema, policies, options).Codes();
}

TEST(Checker, AMistakeIsToldOnceAndForWhichRequests) {
  const CheckJob job(kSchema, When("principal.level > 3"));
  ASSERT_EQ(job.Codes(), Codes{"unexpected-type"});
  EXPECT_EQ(job.job().sink.diagnostics()[0].message, "expected Long, found String (for `Agent`, Action::\"view\", `Doc`)");
}

TEST(Checker, AMistakeEverywhereNamesNoRequest) {
  const CheckJob job(kSchema, When("resource.kin == \"x\""));
  ASSERT_EQ(job.Codes(), Codes{"unknown-attribute"});
  EXPECT_EQ(job.job().sink.diagnostics()[0].message, "unknown attribute `kin` on Doc");
  EXPECT_EQ(job.job().sink.diagnostics()[0].help, "did you mean `kind`?");
  EXPECT_EQ(job.job().sources.text(job.job().sink.diagnostics()[0].span), "resource.kin");
}

TEST(Checker, GuardsOfOneConditionHoldInTheNext) {
  const std::string scope = "principal is User, action, resource";
  EXPECT_EQ(CodesOf("permit(" + scope + ") when { principal has boss } when { principal.boss.level > 1 };"), Codes{});
  EXPECT_EQ(CodesOf("permit(" + scope + ") unless { principal has boss } when { principal.boss.level > 1 };"),
            Codes{"unguarded-attribute"});
}

TEST(Checker, AGuardedReadUnderAnOrIsNotSafe) {
  EXPECT_EQ(CodesOf(When("principal has boss || principal.boss == principal", "principal is User, action, resource")),
            Codes{"unguarded-attribute"});
}

TEST(Checker, KnowsWhereAStatementMayApply) {
  CheckJob job(kSchema,
               "permit(principal is Agent, action, resource);" + When("principal.level > 1", "principal is User, action, resource"));
  ASSERT_TRUE(job.ok()) << job.Formatted();
  const auto& environments = job.typed().environments();
  ASSERT_EQ(environments.size(), 3U);  // view by User and Agent, edit by User
  EXPECT_EQ(job.typed().statements()[0].environments, (std::vector<uint32_t>{1}));
  EXPECT_EQ(job.typed().statements()[1].environments, (std::vector<uint32_t>{0, 2}));
}

TEST(Checker, TypesOfExpressionsAreKeptOnDemand) {
  CheckJob job(kSchema,
               When("resource.owner.home.city == \"x\" || principal has boss", "principal is User, action == Action::\"edit\", resource"));
  ASSERT_TRUE(job.ok()) << job.Formatted();
  const auto& types = job.typed().ExprTypesIn(0, job.typed().statements()[0].environments[0]);
  const auto& ast = job.job().ast;
  size_t seen = 0;
  for (uint32_t i = 0; i < ast.exprs.size(); ++i) {
    const auto text = job.job().sources.text(ast.exprs[i].span);
    if (!types[i].has_value()) continue;
    const auto type = job.typed().types().Format(types[i], job.job().interner);
    if (text == "resource.owner") {
      EXPECT_EQ(type, "User");
      ++seen;
    }
    if (text == "resource.owner.home") {
      EXPECT_EQ(type, "{city: String, zip?: String}");
      ++seen;
    }
    if (text == "principal has boss") {
      EXPECT_EQ(type, "Bool");
      ++seen;
    }
  }
  EXPECT_EQ(seen, 3U);
}

TEST(Checker, PermissiveLetsTypesDiffer) {
  const auto policy =
      When("[1, 2].contains(\"a\") || ip(resource.kind) == context.ip", "principal is User, action == Action::\"view\", resource");
  EXPECT_EQ(CodesOf(policy), (Codes{"incompatible-types", "non-literal-constructor"}));
  EXPECT_EQ(CodesOf(policy, {.mode = check::Mode::Permissive}), Codes{});
}

TEST(Checker, LevelsCountReferences) {
  const auto policy = When("resource.owner.level > 1", "principal is User, action, resource");
  EXPECT_EQ(CodesOf(policy, {.max_level = 2}), Codes{});
  EXPECT_EQ(CodesOf(policy, {.max_level = 1}), Codes{"level-exceeded"});
  EXPECT_EQ(CodesOf("permit(principal in Team::\"a\", action, resource);", {.max_level = 0}), Codes{"level-exceeded"});
  EXPECT_EQ(CodesOf(When("User::\"a\".level > 1", "principal is User, action, resource"), {.max_level = 3}), Codes{"level-of-literal"});
}

TEST(Checker, LinksMustFitToo) {
  const std::string policies = "@id(\"t\") permit(principal == ?principal, action, resource);";
  CompileJob job;
  const auto schema = LoadSchema(job, "s", kSchema);
  ASSERT_TRUE(LoadPolicies(job, "p", policies, PolicyFormat::Text));
  ASSERT_TRUE(LoadLinks(job, "l", R"([{"templateId": "t", "newId": "good", "values": {"?principal": {"type": "User", "id": "a"}}},
                                      {"templateId": "t", "newId": "bad", "values": {"?principal": {"type": "Doc", "id": "a"}}}])"));
  const auto typed = CheckPolicies(job, *schema, ast::IdConvention::Remit, {});
  EXPECT_EQ(typed->links(), (std::vector<bool>{true, false}));
  EXPECT_TRUE(typed->statements()[0].ok);
  EXPECT_FALSE(typed->ok());
}

// Guards of a long chain are one set that grows, not one copy for each link.
TEST(Checker, LongChainsAreChecked) {
  std::string condition = "principal has boss";
  for (int i = 0; i < 50'000; ++i) condition += " && principal.hasTag(\"t" + std::to_string(i) + "\")";
  condition += " && principal.getTag(\"t17\") == \"x\"";
  EXPECT_EQ(CodesOf(When(condition, "principal is User, action, resource")), Codes{});
}

TEST(Checker, APolicyWithAMistakeIsNotImpossibleByWhatFollows) {
  const std::string scope = "permit(principal is User, action, resource) ";
  EXPECT_EQ(CodesOf(scope + "when { principal.level } when { false };"), Codes{"unexpected-type"});
  EXPECT_EQ(CodesOf(scope + "when { false } when { principal.level };"), Codes{"impossible-policy"});
}

TEST(Checker, LiteralsThatAreJoinedAreLiterals) {
  const std::string scope = "principal is User, action, resource";
  EXPECT_EQ(CodesOf(When("(false && (true || false)) != false", scope)), Codes{"impossible-policy"});
  EXPECT_EQ(CodesOf(When("(true && true) == true", scope)), Codes{});
  EXPECT_EQ(CodesOf(When("(false && principal has boss) != false", scope)), Codes{});
}

TEST(Checker, LevelsCountOnlyWhatIsRead) {
  const std::string scope = "principal is User, action, resource";
  EXPECT_EQ(CodesOf(When("{ u: User::\"a\" } has u", scope), {.max_level = 0}), Codes{});
  EXPECT_EQ(CodesOf(When("{ u: User::\"a\" } has u.level", scope), {.max_level = 1}), Codes{"level-of-literal"});
  EXPECT_EQ(CodesOf(When("!(principal is Agent in Team::\"a\")", scope), {.max_level = 0}), Codes{});
  EXPECT_EQ(CodesOf(When("principal is User in Team::\"a\"", scope), {.max_level = 0}), Codes{"level-exceeded"});
}

TEST(Checker, ManyConditionsAreChecked) {
  std::string policy = "permit(principal is User, action, resource)";
  for (int i = 0; i < 20'000; ++i) policy += " when { principal has boss && principal.hasTag(\"t" + std::to_string(i) + "\") }";
  EXPECT_EQ(CodesOf(policy + " when { principal.getTag(\"t17\") == \"x\" };"), Codes{});
}

TEST(Checker, LongChainsOfAttributesAreChecked) {
  std::string condition = "principal.boss";
  for (int i = 0; i < 20'000; ++i) condition += ".boss";
  const CheckJob job(kSchema, When(condition + " == principal", "principal is User, action, resource"), {.max_level = 5});
  EXPECT_FALSE(job.ok());
}

}  // namespace
}  // namespace remit
