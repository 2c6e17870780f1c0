// The shipped policies for `Remit::Action::"approve"`, decided on the entity that an escalation becomes.
#include <fstream>
#include <sstream>

#include "compiler/driver/compile_job.h"
#include "runtime/eval/interpreter.h"
#include "tests/unit/approval/office.h"

namespace remit::approval {
namespace {

auto ReadPack() -> std::string {
  const std::ifstream file(REMIT_SOURCE_DIR "/stdlib/packs/approvals.remit");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Who is in which role, as entities; and the pack's answer, as an engine would give it to Tickets and Redeemer.
class PackPolicy {
 public:
  explicit PackPolicy(std::string more_policies = {}) {
    const bool is_loaded = LoadPolicies(job_, "approvals.remit", ReadPack(), PolicyFormat::Text) &&
                           LoadPolicies(job_, "more.remit", std::move(more_policies), PolicyFormat::Text);
    program_ = is_loaded ? CompileProgram(job_, ast::IdConvention::Remit) : std::nullopt;
    EXPECT_TRUE(program_) << job_.sink.diagnostics().size();
    auto entities = ReadEntities(kPeople, job_.interner, {});
    EXPECT_TRUE(entities);
    people_ = std::move(*entities);
  }

  auto MayApprove(const UidText& person, const Escalation& escalation) -> Expected<bool> {
    const auto entities = ReadEntities("[" + EscalationToJson(escalation) + "]", job_.interner, {}, &people_);
    if (!entities) return std::unexpected(entities.error());
    const Request request{.principal = Uid(person.type, person.id),
                          .action = Uid("Remit::Action", "approve"),
                          .resource = Uid("Remit::Escalation", escalation.id),
                          .context = {}};
    Arena arena;
    const auto decision = Decide(*program_, {.entities = *entities, .request = request, .interner = job_.interner, .arena = arena});
    EXPECT_TRUE(decision.errors.empty());
    return decision.allowed();
  }

 private:
  static constexpr std::string_view kPeople = R"([
    {"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Role", "id": "support_leads"}]},
    {"uid": {"type": "User", "id": "ana"}, "attrs": {}, "parents": [{"type": "Role", "id": "support_leads"}]},
    {"uid": {"type": "Agent", "id": "s1"}, "attrs": {}, "parents": [{"type": "Role", "id": "support_leads"}]},
    {"uid": {"type": "User", "id": "bob"}, "attrs": {}, "parents": []}])";

  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {job_.interner.Intern(type), job_.interner.Intern(id)}; }

  CompileJob job_;
  std::optional<ir::Program> program_;
  EntityStore people_;
};

class ApprovalPack : public testing::Test {
 protected:
  auto May(const UidText& person, const RequestFacts& facts) -> bool {
    return *policy.MayApprove(person, DescribeEscalation("e1", Office::WantedBy(), facts, 0));
  }

  PackPolicy policy;
  Office office;
};

TEST_F(ApprovalPack, WhoIsInTheRoleMayApprove) { EXPECT_TRUE(May(Office::kLee, office.Request(1))); }

TEST_F(ApprovalPack, WhoIsNotMayNot) { EXPECT_FALSE(May({"User", "bob"}, office.Request(1))); }

TEST_F(ApprovalPack, NobodyUnknownMay) { EXPECT_FALSE(May({"User", "nobody"}, office.Request(1))); }

TEST_F(ApprovalPack, TheRoleItselfIsNamedByItself) { EXPECT_TRUE(May(Office::kLeads, office.Request(1))); }

TEST_F(ApprovalPack, NobodyApprovesTheirOwn) { EXPECT_FALSE(May({"Agent", "s1"}, office.Request(1))); }

TEST_F(ApprovalPack, NobodyApprovesWhatAnAgentAsksForThem) {
  EXPECT_TRUE(May(Office::kAna, office.Request(1)));
  EXPECT_FALSE(May(Office::kAna, office.Request(1, {}, {Office::kAna})));
  EXPECT_FALSE(May(Office::kAna, office.Request(1, {}, {Office::kLee, Office::kAna, {"Agent", "middle"}})));
}

TEST_F(ApprovalPack, AProjectAddsItsOwn) {
  PackPolicy strict(R"(forbid (principal, action == Remit::Action::"approve", resource)
                       when { resource.action == Action::"refund" && resource.context.amount > 100000 };)");
  const auto escalation = [&](int64_t amount) { return DescribeEscalation("e1", Office::WantedBy(), office.Request(amount), 0); };
  EXPECT_TRUE(*strict.MayApprove(Office::kLee, escalation(15000)));
  EXPECT_FALSE(*strict.MayApprove(Office::kLee, escalation(100001)));
}

TEST_F(ApprovalPack, TheEntityIsThis) {
  const auto facts = office.Request(15000, "run-7", {Office::kAna});
  EXPECT_EQ(EscalationToJson(DescribeEscalation("e1", Office::WantedBy(), facts, 0)),
            R"({"attrs":{"action":{"__entity":{"id":"refund","type":"Action"}},"by":[{"__entity":{"id":"support_leads","type":"Role"}}],)"
            R"("context":{"amount":15000},"delegation":[{"__entity":{"id":"ana","type":"User"}}],)"
            R"("requester":{"__entity":{"id":"s1","type":"Agent"}},"resource":{"__entity":{"id":"o1","type":"Order"}},)"
            R"("session":"run-7","statement":"refund-over-100"},"parents":[],"uid":{"id":"e1","type":"Remit::Escalation"}})");
}

// From the opening to the execution with policies in the place of the tests' callback.
TEST_F(ApprovalPack, DecidesTicketsAndRedemption) {
  const auto ask = [this](const UidText& person, const Escalation& escalation) { return policy.MayApprove(person, escalation); };
  Tickets tickets(office.store, ask, office.key);
  const Redeemer redeemer(office.store, office.keys, ask);
  const auto facts = office.Request(15000);
  const auto wanted = Office::WantedBy();
  const auto ticket = *tickets.Open(facts, wanted, 0);
  EXPECT_EQ(CodeOf(tickets.Approve(ticket.id, {.person = {"User", "bob"}, .acting_for = {}, .at_ms = 1})), "approver-not-eligible");
  const auto approved = tickets.Approve(ticket.id, {.person = Office::kLee, .acting_for = {}, .at_ms = 1});
  ASSERT_TRUE(approved) << FormatError(approved.error());
  const std::string_view token = approved->grant;
  const auto coverages = redeemer.Check(facts, std::span(&wanted, 1), std::span(&token, 1), {}, 2);
  EXPECT_TRUE(coverages.front().covered) << coverages.front().why.code;
}

}  // namespace
}  // namespace remit::approval
