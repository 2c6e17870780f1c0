// The test of soundness itself: that it would see an unsound checker, and blames it for nothing else.
#include "compiler/driver/soundness.h"

#include <gtest/gtest.h>

namespace remit {
namespace {

constexpr const char* kSchema = R"(
  entity User { level: Long, boss: User };
  action view appliesTo { principal: User, resource: User };
)";

constexpr const char* kEntities = R"([{"uid": {"type": "User", "id": "a"}, "parents": [],
  "attrs": {"level": 9223372036854775807, "boss": {"type": "User", "id": "nobody"}}}])";

// Policies, compiled and decided on one request; the schema only types the entities.
struct Job {
  explicit Job(const std::string& policies) {
    LoadPolicies(job, "policies", policies, PolicyFormat::Text);
    program = CompileProgram(job, ast::IdConvention::Cedar);
    schema = LoadSchema(job, "schema", kSchema);
    entities = LoadEntities(job, "entities", kEntities, &*schema);
  }

  auto Unsound(const std::set<std::string>& checked) -> std::string {
    RequestDecider decider({.program = *program, .entities = *entities, .interner = job.interner, .schema = &*schema}, job.limits);
    const auto answer = decider.Decide(
        R"({"principal": {"type": "User", "id": "a"}, "action": {"type": "Action", "id": "view"}, "resource": {"type": "User", "id": "a"}})");
    return UnsoundErrors(decider, answer->decision, checked);
  }

  CompileJob job{Limits{}};
  std::optional<ir::Program> program;
  std::optional<Schema> schema;
  std::optional<EntityStore> entities;
};

auto When(const std::string& condition) -> std::string { return "permit(principal, action, resource) when { " + condition + " };\n"; }

TEST(Soundness, ATypeErrorOfACheckedPolicyIsUnsound) {
  Job job(When("principal.level like \"a\"") + When("principal.missing == 1") + When("principal.getTag(\"x\") == 1"));
  const auto found = job.Unsound({"policy0", "policy1", "policy2"});
  EXPECT_NE(found.find("policy0 passed strict checking and failed: type-error"), std::string::npos) << found;
  EXPECT_NE(found.find("policy1 passed strict checking and failed: attribute-missing"), std::string::npos) << found;
  EXPECT_NE(found.find("policy2 passed strict checking and failed: tag-missing"), std::string::npos) << found;
}

TEST(Soundness, APolicyThatCheckingRefusesMayFailAsItLikes) {
  Job job(When("principal.level like \"a\""));
  EXPECT_EQ(job.Unsound({}), "");
}

TEST(Soundness, ValuesMayStillFailACheckedPolicy) {
  Job job(When("principal.level + 1 > 0") + When("principal.boss.level > 0") + When("ip(\"x\").isIpv4()"));
  EXPECT_EQ(job.Unsound({"policy0", "policy1", "policy2"}), "");
}

TEST(Soundness, ALinkIsCheckedWithItsTemplate) {
  Job job(
      "permit(principal == ?principal, action, resource) when { principal.level like \"a\" };\n"
      "permit(principal == ?principal, action, resource) when { principal.level > 0 };");
  ASSERT_TRUE(LoadLinks(job.job, "links", R"([
    {"templateId": "policy0", "newId": "bad", "values": {"?principal": {"type": "User", "id": "a"}}},
    {"templateId": "policy1", "newId": "good", "values": {"?principal": {"type": "User", "id": "a"}}},
    {"templateId": "policy1", "newId": "nowhere", "values": {"?principal": {"type": "Nope", "id": "a"}}}])"));
  const auto ids = StatementIds(job.job, ast::IdConvention::Cedar);
  EXPECT_EQ(CheckedPolicies(job.job, ids, *job.schema), (std::set<std::string>{"policy1", "good"}));
}

}  // namespace
}  // namespace remit
