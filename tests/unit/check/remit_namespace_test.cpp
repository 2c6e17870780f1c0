// The built-in namespace: the shipped policies type in it, and nobody sees it who does not ask for it.
#include "compiler/schema/remit_namespace.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "compiler/driver/check.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

constexpr const char* kProject = R"(
  entity User in [Remit::Role];
  entity Agent;
  entity Order = { owner: User };
  action refund appliesTo { principal: Agent, resource: Order, context: { amount: Long, reason?: String, to: { name: String } } };
  action mail appliesTo { principal: Agent, resource: Order, context: { subject: String, reason: Long, to: { name: String } } };)";

auto ReadPack() -> std::string {
  const std::ifstream file(REMIT_SOURCE_DIR "/stdlib/packs/approvals.remit");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class NamespaceTest : public testing::Test {
 protected:
  auto Load(std::vector<SchemaText> texts) -> bool {
    schema = LoadSchema(job, std::move(texts));
    return schema.has_value();
  }
  auto LoadWithProject() -> bool { return Load({{.name = "p", .text = kProject}, {.name = std::string(kRemitNamespace), .text = {}}}); }

  // "" or the first code.
  auto Check(const std::string& policies, check::Mode mode = check::Mode::Strict) -> std::string {
    EXPECT_TRUE(LoadPolicies(job, "p.remit", policies, PolicyFormat::Text));
    const auto typed = CheckPolicies(job, *schema, ast::IdConvention::Remit, {.mode = mode});
    const bool is_silent = typed->ok() && job.sink.diagnostics().empty();
    return is_silent ? "" : std::string(CodeName(job.sink.diagnostics().front().code));
  }
  auto CheckCondition(const std::string& condition) -> std::string {
    return Check(R"(permit (principal, action == Remit::Action::"approve", resource) when { )" + condition + " };");
  }

  CompileJob job;
  std::optional<Schema> schema;
};

TEST_F(NamespaceTest, TheShippedPoliciesTypeInBothModes) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_EQ(Check(ReadPack(), check::Mode::Strict), "");
  EXPECT_EQ(Check("", check::Mode::Permissive), "");
}

TEST_F(NamespaceTest, WithoutItTheNamesAreUnknown) {
  ASSERT_TRUE(Load({{.name = "p", .text = "entity User; action a appliesTo { principal: User, resource: User };"}}));
  EXPECT_NE(Check(ReadPack()), "");
  EXPECT_FALSE(Load({{.name = "p", .text = kProject}}));
}

TEST_F(NamespaceTest, AttributesAreTyped) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_EQ(CheckCondition("resource.statement == \"refund-over-100\""), "");
  EXPECT_EQ(CheckCondition("resource.requester is Agent && resource.resource in Order::\"o1\""), "");
  EXPECT_EQ(CheckCondition("resource.action == Action::\"refund\" && resource has session && resource.session == \"s\""), "");
}

TEST_F(NamespaceTest, TheContextIsThatOfAnyAction) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_EQ(CheckCondition("resource.context has amount && resource.context.amount < 50000"), "");
  EXPECT_EQ(CheckCondition("resource.context has to.name && resource.context.to.name == \"ana\""), "");
  EXPECT_NE(CheckCondition("resource.context.amount < 50000"), "") << "another action has none";
  EXPECT_NE(CheckCondition("resource.context has amount && resource.context.amount == \"x\""), "");
  EXPECT_NE(CheckCondition("resource.context has reason && resource.context.reason == \"x\""), "") << "a text here, a number there";
  EXPECT_NE(CheckCondition("resource.context has nothing && resource.context.nothing"), "");
}

TEST_F(NamespaceTest, MistakesAreFound) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_EQ(CheckCondition("resource.approvers.contains(principal)"), "unknown-attribute");
}

TEST_F(NamespaceTest, OptionalAttributesNeedTheirGuard) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_NE(CheckCondition("resource.session == \"s\""), "");
}

TEST_F(NamespaceTest, AnEntityOfAnyTypeIsNoText) {
  ASSERT_TRUE(LoadWithProject());
  EXPECT_NE(CheckCondition("resource.requester == \"s1\""), "");
}

TEST_F(NamespaceTest, AProjectCannotDeclareItAgain) {
  EXPECT_FALSE(Load({{.name = "p", .text = "namespace Remit { entity Escalation; }"}, {.name = std::string(kRemitNamespace), .text = {}}}));
}

TEST_F(NamespaceTest, AskingTwiceIsAskingOnce) {
  const SchemaText builtin{.name = std::string(kRemitNamespace), .text = {}};
  EXPECT_TRUE(Load({builtin, {.name = "p", .text = kProject}, builtin}));
}

// Typed policies and entities that conform, to a decision.
TEST_F(NamespaceTest, DecidesWithEntitiesOfTheSchema) {
  ASSERT_TRUE(LoadWithProject());
  ASSERT_TRUE(LoadPolicies(job, "approvals.remit", ReadPack(), PolicyFormat::Text));
  const auto program = CompileProgram(job, ast::IdConvention::Remit, &*schema);
  ASSERT_TRUE(program);
  const auto entities = ReadEntities(R"([
    {"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Remit::Role", "id": "leads"}]},
    {"uid": {"type": "User", "id": "ana"}, "attrs": {}, "parents": [{"type": "Remit::Role", "id": "leads"}]},
    {"uid": {"type": "Remit::Escalation", "id": "e1"}, "parents": [], "attrs": {
      "by": [{"type": "Remit::Role", "id": "leads"}], "statement": "s", "requester": {"type": "Agent", "id": "s1"},
      "action": {"type": "Action", "id": "refund"}, "resource": {"type": "Order", "id": "o1"}, "context": {"amount": 1}, "delegation": [{"type": "User", "id": "ana"}]}}])",
                                     job.interner, {.limits = {}, .schema = &*schema});
  ASSERT_TRUE(entities) << FormatError(entities.error());
  const auto decide = [&](std::string_view type, std::string_view id) {
    Arena arena;
    const auto request = ReadRequest(R"({"principal": {"type": ")" + std::string(type) + R"(", "id": ")" + std::string(id) +
                                         R"("}, "action": {"type": "Remit::Action", "id": "approve"},
                                         "resource": {"type": "Remit::Escalation", "id": "e1"}})",
                                     job.interner, arena, {.limits = {}, .schema = &*schema});
    EXPECT_TRUE(request) << FormatError(request.error());
    return Decide(*program, {.entities = *entities, .request = request->request, .interner = job.interner, .arena = arena}).allowed();
  };
  EXPECT_TRUE(decide("User", "lee"));
  EXPECT_FALSE(decide("User", "ana"));
  EXPECT_FALSE(decide("Agent", "s1"));
  EXPECT_FALSE(decide("User", "nobody"));
}

}  // namespace
}  // namespace remit
