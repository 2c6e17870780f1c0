// What types make of policies: for each kind of request which policies are left, and with which bodies.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "compiler/driver/compile_job.h"
#include "runtime/ir/environment_index.h"

namespace remit {
namespace {

constexpr auto kSchema = R"(
entity Team in [Team];
entity User in [Team] { age: Long, boss?: User, profile: { city: String, zip?: String } };
entity Bot in [Team] { age: Long } tags Long;
entity Doc in [Folder] { owner: User, level: Long, link?: Doc };
entity Folder;
action "write" appliesTo { principal: [User, Bot], resource: Doc, context: { mfa: Bool, note?: String } };
action "read" in ["look"] appliesTo { principal: [User, Bot], resource: [Doc, Folder], context: { mfa: Bool, note?: String } };
action "look";
)";

class TypedLower : public ::testing::Test {
 protected:
  void Compile(const std::string& policies, const std::string& schema = kSchema) {
    schema_ = LoadSchema(job_, "s.cedarschema", schema);
    ASSERT_TRUE(schema_.has_value()) << Problems();
    ASSERT_TRUE(LoadPolicies(job_, "p.remit", policies, PolicyFormat::Text)) << Problems();
    program_ = CompileProgram(job_, ast::IdConvention::Remit, &*schema_);
    ASSERT_TRUE(program_.has_value()) << Problems();
  }

  auto Problems() const -> std::string {
    std::string all;
    for (const auto& diagnostic : job_.sink.diagnostics()) all += FormatDiagnostic(diagnostic, job_.sources);
    return all;
  }

  // The body of policy 0 for the condition: its operations without numbers, places and targets, one a line; "general" if it is that of the row, "dropped" if
  // the policy is not in the environment.
  auto Body(const std::string& condition, const std::string& principal = "User", const std::string& action = "read",
            const std::string& resource = "Doc") -> std::string {
    return BodyOf("permit (principal, action, resource) when { " + condition + " };", principal, action, resource);
  }
  // The same of a policy for documents.
  auto OnDoc(const std::string& condition) -> std::string {
    return BodyOf("permit (principal, action, resource is Doc) when { " + condition + " };");
  }
  auto BodyOf(const std::string& policy, const std::string& principal = "User", const std::string& action = "read",
              const std::string& resource = "Doc") -> std::string {
    job_.ast = {};
    Compile(policy);
    const auto variant = FindVariant(principal, action, resource, 0);
    if (!variant) return "dropped";
    if (variant->body == program_->policies[0].body) return "general";
    return Code(variant->body);
  }

  auto FindEnvironment(const std::string& principal, const std::string& action, const std::string& resource) -> const ir::Environment& {
    const auto found = ir::EnvironmentIndex(*program_).Find(
        job_.interner.Intern(principal), {job_.interner.Intern("Action"), job_.interner.Intern(action)}, job_.interner.Intern(resource));
    EXPECT_TRUE(found.has_value());
    return program_->environments[found.value_or(0)];
  }

  auto FindVariant(const std::string& principal, const std::string& action, const std::string& resource, uint32_t policy)
      -> std::optional<ir::Variant> {
    for (const auto group : FindEnvironment(principal, action, resource).groups) {
      for (const auto& variant : program_->groups[group]) {
        if (variant.policy == policy) return variant;
      }
    }
    return std::nullopt;
  }

  // Ids of the policies in the environment.
  auto Policies(const std::string& principal, const std::string& action, const std::string& resource) -> std::string {
    std::set<uint32_t> policies;
    for (const auto group : FindEnvironment(principal, action, resource).groups) {
      for (const auto& variant : program_->groups[group]) policies.insert(variant.policy);
    }
    std::string ids;
    for (const auto policy : policies)
      ids += fmt::format("{}{}", ids.empty() ? "" : " ", job_.interner.text(program_->policies[policy].id));
    return ids;
  }

  auto Code(uint32_t body) -> std::string {
    auto text = ir::Print(*program_, job_.interner);
    const auto header = fmt::format("body {} ", body);
    text = text.substr(text.find(header));
    text = text.substr(text.find("{\n") + 2);
    text.resize(text.find("}\n"));
    return std::regex_replace(text, std::regex(R"(  \d+: | @\d+:\d+-\d+| -> \d+)"), "");
  }

  CompileJob job_;
  std::optional<Schema> schema_;
  std::optional<ir::Program> program_;
};

constexpr auto kAge = "r0 = principal\nr0 = get_attr r0 \"age\"\nr1 = const 3\nr0 = greater r0 r1\n";
constexpr auto kEnd = "satisfied\nnot_satisfied\n";

// ---- which policies are left ---------------------------------------------------------------------------------------

TEST_F(TypedLower, ScopesLeaveThePoliciesThatTheTypesAllow) {
  Compile(R"(
    @id("all") permit (principal, action, resource);
    @id("user") permit (principal is User, action, resource);
    @id("write") permit (principal, action == Action::"write", resource);
    @id("look") permit (principal, action in Action::"look", resource);
    @id("folder") forbid (principal, action, resource == Folder::"f");
    @id("in") forbid (principal, action, resource in Folder::"f");
    @id("team") forbid (principal in Team::"t", action, resource is Doc in Folder::"f");)");
  EXPECT_EQ(Policies("User", "write", "Doc"), "all user write in team");
  EXPECT_EQ(Policies("Bot", "write", "Doc"), "all write in team");
  EXPECT_EQ(Policies("User", "read", "Doc"), "all user look in team");
  EXPECT_EQ(Policies("Bot", "read", "Folder"), "all look folder in");
  EXPECT_EQ(program_->environments.size(), 6U);
}

TEST_F(TypedLower, LinksAreLeftByTheTypesOfTheirEntities) {
  schema_ = LoadSchema(job_, "s.cedarschema", kSchema);
  ASSERT_TRUE(LoadPolicies(job_, "p.remit",
                           "@id(\"t\") permit (principal == ?principal, action, resource in ?resource) when { principal.age > 3 };",
                           PolicyFormat::Text));
  ASSERT_TRUE(LoadLinks(job_, "links", R"([
    {"templateId": "t", "newId": "u1", "values": {"?principal": {"type": "User", "id": "a"}, "?resource": {"type": "Folder", "id": "f"}}},
    {"templateId": "t", "newId": "b1", "values": {"?principal": {"type": "Bot", "id": "a"}, "?resource": {"type": "Doc", "id": "f"}}},
    {"templateId": "t", "newId": "u2", "values": {"?principal": {"type": "User", "id": "b"}, "?resource": {"type": "Folder", "id": "g"}}}])"));
  program_ = CompileProgram(job_, ast::IdConvention::Remit, &*schema_);
  ASSERT_TRUE(program_.has_value()) << Problems();
  EXPECT_EQ(Policies("User", "read", "Doc"), "u1 u2");
  EXPECT_EQ(Policies("User", "read", "Folder"), "u1 u2");
  EXPECT_EQ(Policies("Bot", "read", "Doc"), "b1");
  EXPECT_EQ(Policies("Bot", "read", "Folder"), "");
  EXPECT_EQ(program_->bodies.size(), 1U);
}

TEST_F(TypedLower, WithoutASchemaThereAreNoEnvironments) {
  ASSERT_TRUE(LoadPolicies(job_, "p.remit", "permit (principal, action, resource);", PolicyFormat::Text));
  program_ = CompileProgram(job_, ast::IdConvention::Remit);
  ASSERT_TRUE(program_.has_value());
  EXPECT_TRUE(program_->environments.empty());
  EXPECT_TRUE(program_->groups.empty());
}

// ---- what is folded away -------------------------------------------------------------------------------------------

TEST_F(TypedLower, WhatDoesNotFoldKeepsTheGeneralBody) {
  EXPECT_EQ(Body("principal.age > 3"), "general");
  EXPECT_EQ(Body("principal.age > 3 && context.mfa"), "general");
  EXPECT_EQ(Body("context has note && context.note == \"x\""), "general");
}

TEST_F(TypedLower, TypesDecideIs) {
  EXPECT_EQ(Body("principal is User && principal.age > 3"), std::string(kAge) + "jump_if_false r0\n" + kEnd);
  EXPECT_EQ(Body("principal is User && principal.age > 3", "Bot"), "dropped");
  EXPECT_EQ(Body("principal is User"), "satisfied\n");
  EXPECT_EQ(Body("!(principal is User)"), "dropped");
  EXPECT_EQ(Body("principal is Bot || principal.age > 3"), std::string(kAge) + "jump_if_false r0\n" + kEnd);
}

TEST_F(TypedLower, CertainTypesLeaveMembership) {
  EXPECT_EQ(Body("principal is User in Team::\"t\""),
            "r0 = principal\nr1 = const Team::\"t\"\nr0 = in r0 r1\njump_if_false r0\n" + std::string(kEnd));
  EXPECT_EQ(Body("principal is User in Team::\"t\"", "Bot"), "dropped");
}

TEST_F(TypedLower, ActionsAreKnownWithTheirGroups) {
  EXPECT_EQ(Body("action == Action::\"read\""), "satisfied\n");
  EXPECT_EQ(Body("action == Action::\"read\"", "User", "write"), "dropped");
  EXPECT_EQ(Body("action in Action::\"look\" && context.mfa", "User", "write"), "dropped");
  EXPECT_EQ(Body("action in [Action::\"look\", Action::\"write\"]"), "satisfied\n");
}

TEST_F(TypedLower, HasIsDecidedWhereTheTypeHasNoSuchAttributeOrARecordRequiresIt) {
  EXPECT_EQ(Body("principal has boss", "Bot"), "dropped");
  EXPECT_EQ(Body("principal has boss"), "general");
  EXPECT_EQ(Body("principal has age"), "general");  // the entity need not exist
  EXPECT_EQ(Body("context has mfa"), "satisfied\n");
  EXPECT_EQ(Body("principal.hasTag(\"t\")"), "dropped");
  EXPECT_EQ(Body("principal.hasTag(\"t\")", "Bot"), "general");
}

TEST_F(TypedLower, BranchesThatAreNeverTakenGo) {
  EXPECT_EQ(Body("if principal is User then principal.age > 3 else context.mfa"), std::string(kAge) + "jump_if_false r0\n" + kEnd);
  EXPECT_EQ(Body("if principal is Bot then context.mfa else principal.age > 3"), std::string(kAge) + "jump_if_false r0\n" + kEnd);
}

TEST_F(TypedLower, FoldingGoesOnInsideOperands) {
  EXPECT_EQ(Body("(if principal is User then 1 else 2) + 3 > principal.age"),
            "r0 = const 1\nr1 = const 3\nr0 = add r0 r1\nr1 = principal\nr1 = get_attr r1 \"age\"\nr0 = greater r0 r1\njump_if_false r0\n" +
                std::string(kEnd));
}

TEST_F(TypedLower, ConditionsAreFoldedOneByOne) {
  EXPECT_EQ(
      BodyOf("permit (principal, action, resource) when { principal is User } when { principal.age > 3 } unless { principal is Bot };"),
      std::string(kAge) + "jump_if_false r0\n" + kEnd);
  EXPECT_EQ(BodyOf("permit (principal, action, resource) when { context.mfa } unless { principal is User };"), "dropped");
  EXPECT_EQ(BodyOf("permit (principal, action, resource);"), "general");
  EXPECT_EQ(Body("false"), "dropped");
  EXPECT_EQ(Body("true"), "satisfied\n");
}

// ---- what may fail stays -------------------------------------------------------------------------------------------

TEST_F(TypedLower, AnOperandThatMayFailStays) {
  constexpr auto kOwner = "r0 = resource\nr0 = get_attr r0 \"owner\"\nr0 = is r0 \"User\"\n";
  // Always true, but for a document that does not exist.
  EXPECT_EQ(OnDoc("resource.owner is User"), std::string(kOwner) + "satisfied\n");
  EXPECT_EQ(OnDoc("!(resource.owner is User)"), std::string(kOwner) + "r0 = not r0\nnot_satisfied\n");
  EXPECT_EQ(OnDoc("resource.owner is User || principal.age > 3"), std::string(kOwner) + "satisfied\n");
  EXPECT_EQ(OnDoc("if resource.owner is User then principal is User else context.mfa"),
            std::string(kOwner) + "r0 = const true\nsatisfied\n");
  EXPECT_EQ(Body("principal.age > 3 && principal is Bot"), std::string(kAge) + "jump_if_false r0\nr0 = const false\nnot_satisfied\n");
}

TEST_F(TypedLower, WhatIsNeverEvaluatedMayFailAsItLikes) {
  EXPECT_EQ(OnDoc("principal is Bot && resource.level > 3"), "dropped");
  EXPECT_EQ(OnDoc("principal is User || resource.level > 3"), "satisfied\n");
  EXPECT_EQ(Body("context.mfa && principal is Bot && 9223372036854775807 + 1 > 0"), "dropped");
}

TEST_F(TypedLower, ArithmeticAndTimeMayFail) {
  EXPECT_NE(Body("principal.age + 1 > 3 && principal is Bot"), "dropped");
  EXPECT_NE(Body("now() > datetime(\"2024-01-01\") && principal is Bot"), "dropped");
  EXPECT_EQ(Body("datetime(\"2025-01-01\") > datetime(\"2024-01-01\") && principal is Bot"), "dropped");
}

TEST_F(TypedLower, GuardedAttributesDoNotFail) {
  // Behind the guard the entity exists.
  EXPECT_EQ(Body("principal has boss && principal.boss is User"),
            "r0 = principal\nr0 = has_attr r0 \"boss\"\njump_if_false r0\n" + std::string(kEnd));
  EXPECT_EQ(Body("principal has boss && principal.boss is Bot"), "dropped");
  EXPECT_NE(Body("principal.profile has zip && principal.profile.city == \"x\" && principal is Bot"), "dropped");
}

TEST_F(TypedLower, LaterConditionsCountForTheirErrorsAlone) {
  constexpr auto kPolicy =
      "permit (principal, action, resource) when {{ {} }} when {{ principal.age > 3 }} when {{ {} }} when {{ principal is Bot }};";
  // The last condition settles it; those before it are there for the error of the second.
  EXPECT_EQ(BodyOf(fmt::format(kPolicy, "context.mfa", "context.mfa")),
            "r0 = context\nr0 = get_attr r0 \"mfa\"\njump_if_false r0\n" + std::string(kAge) + "not_satisfied\n");
  EXPECT_EQ(BodyOf(fmt::format(kPolicy, "principal is Bot", "context.mfa")), "dropped");
}

TEST_F(TypedLower, QuantifiersAreLeftAlone) {
  // What is evaluated in a loop counts against its limit.
  EXPECT_EQ(Body("[1, 2].any(x, principal is User && x > 1)"), "general");
  EXPECT_NE(Body("[1, 2].any(x, x > 1) && principal is Bot"), "dropped");
}

TEST_F(TypedLower, APolicyWithMistakesKeepsItsBody) {
  EXPECT_EQ(Body("principal is User && principal.nothing"), "general");
  EXPECT_EQ(Body("principal is Bot && context.mfa == 1"), "general");
}

// ---- sharing -------------------------------------------------------------------------------------------------------

TEST_F(TypedLower, EqualBodiesAndListsOfEnvironmentsAreShared) {
  std::string policies;
  for (int i = 0; i < 100; ++i) {
    policies += fmt::format("@id(\"a{}\") permit (principal, action, resource) when {{ principal is User }};", i);
    policies += fmt::format("@id(\"b{}\") permit (principal, action == Action::\"read\", resource) when {{ principal.age > {} }};", i, i);
    policies += fmt::format("@id(\"c{}\") permit (principal, action, resource) when {{ principal is User && principal.age > {} }};", i, i);
  }
  Compile(policies);
  // General bodies; one `satisfied`, and one for each of the third kind.
  EXPECT_EQ(program_->bodies.size(), 300U + 1 + 100);
  // Those of users, and those of `read`.
  EXPECT_EQ(program_->groups.size(), 2U);
  EXPECT_EQ(program_->groups[0].size() + program_->groups[1].size(), 300U);
}

TEST_F(TypedLower, TheProgramPrintsAndParses) {
  Compile("permit (principal, action, resource) when { principal is User && context.mfa }; forbid (principal is Bot, action, resource);");
  const auto text = ir::Print(*program_, job_.interner);
  Interner interner;
  const auto again = ir::Parse(text, interner);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(ir::Verify(*again).has_value());
  EXPECT_EQ(ir::Print(*again, interner), text);
}

constexpr auto kTypePolicy = "permit (principal, action, resource) when { principal is User };";

TEST_F(TypedLower, BeyondTheLimitOfEnvironmentsAProgramIsGeneral) {
  job_.limits.max_environments = 5;
  Compile(kTypePolicy);
  EXPECT_TRUE(program_->environments.empty());
}

TEST_F(TypedLower, BeyondTheLimitOfWorkAProgramIsGeneral) {
  job_.limits.max_environment_work = 5;
  Compile(kTypePolicy);
  EXPECT_TRUE(program_->environments.empty() && program_->groups.empty());
}

TEST_F(TypedLower, PoliciesThatWereNotCheckedAreToldApartByTheirScopes) {
  job_.limits.max_type_checks = 1;
  Compile(std::string(kTypePolicy) + kTypePolicy + "permit (principal is User, action, resource) when { principal is User };");
  EXPECT_EQ(Policies("Bot", "read", "Doc"), "policy1");
  EXPECT_EQ(Policies("User", "read", "Doc"), "policy0 policy1 policy2");
}

}  // namespace
}  // namespace remit
