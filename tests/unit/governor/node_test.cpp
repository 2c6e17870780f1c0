// Nodes: what one of them decides, approves, settles or stops, the others on its store know; and who may approve.
#include "runtime/governor/node.h"

#include <unistd.h>

#include <filesystem>

#include "runtime/ledger/store_address.h"
#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

constexpr int64_t kStart = 1'700'000'000'000;
constexpr std::string_view kPack = R"(
  @id("by") permit (principal, action == Remit::Action::"approve", resource is Remit::Escalation) when { principal in resource.by };)";
constexpr std::string_view kPolicies = R"(
  @id("all") permit (principal, action == Action::"pay", resource);
  @id("ask") escalate (principal, action == Action::"pay", resource) when { context.amount > 5 }
    approval { by: [Role::"leads"], expires: duration("15m") };
  budget spend (principal, action == Action::"pay", resource) charge { context.amount } limit { 20 };)";
constexpr std::string_view kPeople = R"([
  {"uid": {"type": "User", "id": "lee"}, "attrs": {}, "parents": [{"type": "Role", "id": "leads"}]},
  {"uid": {"type": "User", "id": "bob"}, "attrs": {}, "parents": []},
  {"uid": {"type": "Agent", "id": "a"}, "attrs": {}, "parents": [{"type": "Role", "id": "leads"}]}])";

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() {
    folder_ = std::filesystem::temp_directory_path() / ("remit-node-" + std::to_string(getpid()) + "-" + approval::RandomId());
    std::filesystem::create_directory(folder_);
    SetPolicies(std::string(kPolicies) + std::string(kPack));
    fixture_.SetEntities(std::string(kPeople));
  }
  ~NodeTest() override { std::filesystem::remove_all(folder_); }

  void SetPolicies(const std::string& text) { fixture_.SetPolicies(text); }
  auto address() const -> std::string { return "sqlite:" + (folder_ / "l.db").string(); }
  auto Open(const std::string& store) -> std::unique_ptr<Node> {
    auto node = Node::Open(fixture_.engine, {.store = store, .signing_key = key_}, kStart);
    EXPECT_TRUE(node.has_value()) << node.error().message;
    return std::move(*node);
  }
  auto Decide(Node& node, int64_t amount, std::vector<std::string> approvals = {}, std::string principal = "a")
      -> Expected<GovernedDecision> {
    Session session(fixture_.engine);
    session.Pin();
    Arena arena;
    Interner overlay(&fixture_.job.interner);
    const auto uid = [&](std::string_view type, std::string_view id) { return EntityUid{overlay.Intern(type), overlay.Intern(id)}; };
    const Field field{.key = overlay.Intern("amount"), .value = Value::OfLong(amount)};
    const Request request{.principal = uid("Agent", principal),
                          .action = uid("Action", "pay"),
                          .resource = uid("Shop", "s"),
                          .context = MakeRecord(arena, std::vector{field}).as_record()};
    return node.Decide(session, {.request = request, .interner = overlay, .approvals = approvals}, Datetime{.millis = now_});
  }
  auto Outcome(Node& node, int64_t amount, std::vector<std::string> approvals = {}) -> std::string {
    const auto decided = Decide(node, amount, std::move(approvals));
    return decided ? std::string(OutcomeName(decided->decision.outcome)) : decided.error().code;
  }
  auto Approve(Node& node, const std::string& ticket, const std::string& who, const std::string& type = "User") -> std::string {
    const auto approved = node.Approve(ticket, {.person = {type, who}, .acting_for = {}, .at_ms = now_});
    return approved ? std::string(TicketStateName(approved->state)) : approved.error().code;
  }
  auto Ticket(Node& node, int64_t amount) -> std::string {
    const auto decided = Decide(node, amount);
    EXPECT_TRUE(decided && decided->tickets.size() == 1);
    return decided->tickets.front().id;
  }

  std::filesystem::path folder_;
  EngineFixture fixture_{CodeTier::Never};
  approval::SigningKey key_ = approval::SigningKey::Generate();
  int64_t now_ = kStart;
};

TEST_F(NodeTest, WhatOneNodeAsksAnotherMayApproveRedeemAndSettle) {
  const auto a = Open(address());
  const auto b = Open(address());
  const auto waiting = Decide(*a, 9);
  ASSERT_TRUE(waiting.has_value());
  EXPECT_EQ(OutcomeName(waiting->decision.outcome), "approve");
  EXPECT_TRUE(waiting->reservation.empty());
  ASSERT_EQ(waiting->tickets.size(), 1U);
  const auto& id = waiting->tickets.front().id;
  ASSERT_EQ(b->ListEscalations(now_, 10)->size(), 1U);
  EXPECT_EQ(Approve(*b, id, "lee"), "approved");
  const std::string grant = a->FindEscalation(id, now_)->grant;
  const auto decided = Decide(*a, 9, {grant});
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(OutcomeName(decided->decision.outcome), "execute");
  EXPECT_EQ(decided->reservation.size(), 34U);
  const std::vector<ledger::Actual> cost = {{.budget = "spend", .amount = 7}};
  EXPECT_TRUE(b->Settle(decided->reservation, ledger::Verdict::Success, cost, Datetime{.millis = now_}).has_value());
  const auto budgets = a->Budgets(now_);
  ASSERT_EQ(budgets.size(), 1U);
  EXPECT_EQ(budgets[0].used, 7);
  EXPECT_EQ(budgets[0].reserved, 0);
  // Each use once, on all nodes together.
  EXPECT_EQ(Outcome(*b, 9, {grant}), "approve");
}

TEST_F(NodeTest, APermitOfEverythingMakesNobodyAnApprover) {
  SetPolicies(std::string(kPolicies) + "permit (principal, action, resource);");
  const auto node = Open("memory:");
  const auto id = Ticket(*node, 9);
  EXPECT_EQ(Approve(*node, id, "bob"), "approver-not-eligible");
  EXPECT_EQ(Approve(*node, id, "nobody"), "approver-not-eligible");
  EXPECT_EQ(Approve(*node, id, "a", "Agent"), "approval-by-requester");
  EXPECT_EQ(Approve(*node, id, "lee"), "approved");
}

TEST_F(NodeTest, WithoutAPolicyNobodyApproves) {
  SetPolicies(std::string(kPolicies));
  const auto node = Open("memory:");
  EXPECT_EQ(Approve(*node, Ticket(*node, 9), "lee"), "approver-not-eligible");
}

TEST_F(NodeTest, ForbidsAndTheTimeCount) {
  SetPolicies(std::string(kPolicies) + std::string(kPack) + R"(
    forbid (principal, action == Remit::Action::"approve", resource)
    when { resource.context.amount > 10 || now() > datetime("2023-11-14T22:23:20Z") };)");  // ten minutes after the start
  const auto node = Open("memory:");
  const auto small = Ticket(*node, 9);
  EXPECT_EQ(Approve(*node, Ticket(*node, 11), "lee"), "approver-not-eligible");
  EXPECT_EQ(Approve(*node, small, "lee"), "approved");
  const std::string grant = node->FindEscalation(small, now_)->grant;
  now_ += 11 * 60'000;
  EXPECT_EQ(Outcome(*node, 9, {grant}), "approve") << "who approved may not do so any more";
}

TEST_F(NodeTest, CapsOnEverythingAreNoneOnApproving) {
  SetPolicies(std::string(kPolicies) + std::string(kPack) + R"(
    restrict (principal is User, action, resource) to draft;
    escalate (principal is User, action, resource) approval { by: [Role::"leads"], expires: duration("15m") };
    budget none (principal is User, action, resource) limit { 0 };)");
  const auto node = Open("memory:");
  EXPECT_EQ(Approve(*node, Ticket(*node, 9), "lee"), "approved");
}

TEST_F(NodeTest, AQuarantineStopsEverywhereAndStays) {
  const auto a = Open(address());
  const auto b = Open(address());
  EXPECT_EQ(Outcome(*b, 1), "execute");
  EXPECT_TRUE(*a->Quarantine({.type = "Agent", .id = "a", .reason = "loops", .who = "ops", .since = now_}));
  EXPECT_FALSE(*a->Quarantine({.type = "Agent", .id = "a", .reason = "again", .who = "ops", .since = now_}));
  EXPECT_EQ(Outcome(*a, 1), "deny");
  EXPECT_EQ(Outcome(*b, 1), "execute") << "before it has asked";
  EXPECT_TRUE(b->Maintain(now_).has_value());
  EXPECT_EQ(Outcome(*b, 1), "deny");
  const auto c = Open(address());
  EXPECT_EQ(Outcome(*c, 1), "deny");
  ASSERT_EQ(c->Quarantined()->size(), 1U);
  EXPECT_EQ(c->Quarantined()->front().reason, "loops");
  EXPECT_TRUE(*c->Release("Agent", "a"));
  EXPECT_FALSE(*c->Release("Agent", "a"));
  EXPECT_TRUE(a->Maintain(now_).has_value());
  EXPECT_EQ(Outcome(*a, 1), "execute");
}

TEST_F(NodeTest, WhoIsStoppedApprovesNothing) {
  const auto node = Open("memory:");
  const auto id = Ticket(*node, 9);
  EXPECT_TRUE(*node->Quarantine({.type = "User", .id = "lee", .reason = {}, .who = {}, .since = 0}));
  EXPECT_EQ(Approve(*node, id, "lee"), "approver-not-eligible");
}

TEST_F(NodeTest, QuarantineTakesUidsOnly) {
  const auto node = Open(address());
  const auto code = [&](ledger::QuarantineEntry entry) { return node->Quarantine(entry).error().code; };
  EXPECT_EQ(code({.type = "not a name", .id = "a", .reason = {}, .who = {}, .since = 0}), "invalid-name");
  EXPECT_EQ(code({.type = "", .id = "a", .reason = {}, .who = {}, .since = 0}), "invalid-name");
  EXPECT_EQ(code({.type = "A", .id = "\xff", .reason = {}, .who = {}, .since = 0}), "invalid-utf8");
  EXPECT_EQ(code({.type = "A", .id = "a", .reason = std::string(5000, 'r'), .who = {}, .since = 0}), "quarantine-text");
}

TEST_F(NodeTest, AnAnswerThatIsNoTextDamagesNothing) {
  const auto node = Open(address());
  const auto id = Ticket(*node, 9);
  const approval::Approver lee{.person = {"User", "lee"}, .acting_for = {}, .at_ms = now_};
  EXPECT_EQ(node->Deny(id, lee, "\xff").error().code, "invalid-utf8");
  EXPECT_EQ(node->Revoke(id, lee, "\xff").error().code, "invalid-utf8");
  EXPECT_EQ(Approve(*node, id, "\xff"), "invalid-utf8");
  EXPECT_EQ(Approve(*node, id, "x", "no name"), "invalid-name");
  EXPECT_EQ(node->FindEscalation(id, now_)->state, approval::TicketState::Pending);
}

TEST_F(NodeTest, KeysThatAreNotAcceptedSignNothing) {
  const auto node = Open(address());
  const auto id = Ticket(*node, 9);
  ASSERT_EQ(Approve(*node, id, "lee"), "approved");
  const std::string grant = node->FindEscalation(id, now_)->grant;
  auto ring = *node->accepted_keys();
  ring.Revoke(key_.id());
  node->SetAcceptedKeys(ring);
  EXPECT_EQ(Outcome(*node, 9, {grant}), "approve");
}

TEST_F(NodeTest, AddressesThatAreNone) {
  const auto code = [&](std::string store) {
    const auto node = Node::Open(fixture_.engine, {.store = std::move(store)}, kStart);
    return node ? "opened" : node.error().code;
  };
  EXPECT_EQ(code("memory:"), "opened");
  for (const char* none : {"", "memory", "sqlite:", "file:x", "redis://", "redis://host:0", "redis://host:99999", "redis://host:1x",
                           "redis://[::1", "redis://h/", "redis://h/{x}", "redis://%zz@h"}) {
    EXPECT_EQ(code(none), "store-address") << none;
  }
  EXPECT_EQ(code("redis://127.0.0.1:1"), "store-away");
  EXPECT_EQ(code("sqlite:" + (folder_ / "missing" / "l.db").string()), "store-failed");
  EXPECT_EQ(ledger::MaskAddress("redis://u:secret@h:1/n"), "redis://u:***@h:1/n");
  EXPECT_EQ(ledger::MaskAddress("redis://h:1/n"), "redis://h:1/n");
}

}  // namespace
}  // namespace remit
