// Each way in which an agent has been seen, or may be expected, to get past an approval: none lifts the cap.
#include <fmt/format.h>

#include <thread>

#include "runtime/approval/base64url.h"
#include "tests/unit/approval/meeting_store.h"
#include "tests/unit/approval/office.h"

namespace remit::approval {
namespace {

class ApprovalAttack : public testing::Test {
 protected:
  ApprovalAttack() {
    office.Give(Office::kLee);
    office.Give(Office::kKim);
  }

  Office office;
  const RequestFacts facts = office.Request(15000);
  const Wanted wanted = Office::WantedBy();
};

TEST_F(ApprovalAttack, ChangedAmountAfterApproval) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(office.Request(9'999'900), wanted, token, 2 * kMinute), "grant-for-another-request");
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute), "executed");
}

TEST_F(ApprovalAttack, AnotherAgentWithTheSameGrant) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(office.Request(15000, {}, {}, "s2"), wanted, token, 2 * kMinute), "grant-for-another-request");
  EXPECT_EQ(office.Execute(office.Request(15000, {}, {Office::kAna}), wanted, token, 2 * kMinute), "grant-for-another-request");
}

TEST_F(ApprovalAttack, ReplayedGrant) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute, "r1"), "executed");
  EXPECT_EQ(office.Execute(facts, wanted, token, 3 * kMinute, "r2"), "grant-used-up");
  // On another node, and with the store cleaned up for as long as the grant lasts.
  const Redeemer other_node(office.store, office.keys, office.Policy());
  ASSERT_TRUE(office.store.Forget(14 * kMinute));
  const std::string_view presented = token;
  const auto coverages = other_node.Check(facts, std::span(&wanted, 1), std::span(&presented, 1), "r3", 14 * kMinute);
  EXPECT_EQ(coverages.front().why.code, "grant-used-up");
}

TEST_F(ApprovalAttack, ExpiredGrant) {
  const auto ticket = office.Granted(facts, wanted, {Office::kLee});
  EXPECT_EQ(office.Says(facts, wanted, ticket.grant, ticket.expires_ms - 1), "covered");
  EXPECT_EQ(office.Execute(facts, wanted, ticket.grant, ticket.expires_ms), "grant-expired");
  // A statement that lets approvals last less long bounds those that were given before, too.
  auto shorter = wanted;
  shorter.expires_ms = kMinute;
  EXPECT_EQ(office.Execute(facts, shorter, ticket.grant, 2 * kMinute), "grant-expired");
}

TEST_F(ApprovalAttack, ApprovingOnesOwnRequest) {
  const UidText agent{"Agent", "s1"};
  office.Give(agent);
  const auto ticket = *office.tickets.Open(facts, wanted, 0);
  EXPECT_EQ(CodeOf(office.tickets.Approve(ticket.id, {.person = agent, .acting_for = {}, .at_ms = 1})), "approval-by-requester");
}

TEST_F(ApprovalAttack, SelfApprovalThroughASubAgent) {
  const UidText agent{"Agent", "s1"};
  const UidText helper{"Agent", "helper"};
  for (const auto& person : {agent, helper, Office::kAna}) office.Give(person);
  // The sub-agent approves what its own master asks for.
  const auto own = *office.tickets.Open(facts, wanted, 0);
  const Approver sub_agent{.person = helper, .acting_for = {agent}, .at_ms = 1};
  EXPECT_EQ(CodeOf(office.tickets.Approve(own.id, sub_agent)), "approval-by-requester");
  // The master approves what it has its sub-agent ask for, and so does the person at the beginning of the chain.
  const auto delegated = *office.tickets.Open(office.Request(15000, {}, {Office::kAna, agent}, "helper"), wanted, 0);
  EXPECT_EQ(CodeOf(office.tickets.Approve(delegated.id, {.person = agent, .acting_for = {}, .at_ms = 1})), "approval-by-requester");
  EXPECT_EQ(CodeOf(office.tickets.Approve(delegated.id, {.person = Office::kAna, .acting_for = {}, .at_ms = 1})), "approval-by-requester");
  EXPECT_EQ(CodeOf(office.tickets.Approve(delegated.id, {.person = Office::kLee, .acting_for = {Office::kAna}, .at_ms = 1})),
            "approval-by-requester");
}

TEST_F(ApprovalAttack, AGrantThatNamesTheRequesterDoesNotCount) {
  // Signed by a node that forgot to ask.
  const UidText agent{"Agent", "s1"};
  office.Give(agent);
  const Grant grant{.id = "g",
                    .escalation = "e",
                    .statement = wanted.statement,
                    .statement_digest = wanted.statement_digest,
                    .request_digest = facts.exact,
                    .scope = Scope::Exact,
                    .approvers = {{.person = agent, .acting_for = {}, .at_ms = 1}},
                    .uses = 1,
                    .issued_ms = 1,
                    .expires_ms = kMinute};
  EXPECT_EQ(office.Execute(facts, wanted, *SignGrant(grant, office.key), 2), "quorum-not-met");
}

TEST_F(ApprovalAttack, ApproverLosesTheRoleBeforeRedemption) {
  const auto pair = Office::WantedBy(2);
  const auto token = office.Granted(facts, pair, {Office::kLee, Office::kKim}).grant;
  EXPECT_EQ(office.Says(facts, pair, token, 2 * kMinute), "covered");
  office.TakeAway(Office::kLee);
  EXPECT_EQ(office.Execute(facts, pair, token, 2 * kMinute), "quorum-not-met");
  office.Give(Office::kLee);
  EXPECT_EQ(office.Execute(facts, pair, token, 2 * kMinute), "executed");
}

TEST_F(ApprovalAttack, TwoRedemptionsRacingOnTwoNodes) {
  constexpr int kRounds = 100;
  constexpr int kNodes = 4;
  for (int round = 0; round < kRounds; ++round) {
    const uint32_t uses = 1 + round % 3;
    const auto many = Office::WantedBy(1, uses);
    const auto request = office.Request(round);
    const auto token = office.Granted(request, many, {Office::kLee}).grant;
    std::atomic<int> executed = 0;
    MeetingStore store(office.store, kNodes);
    std::vector<std::jthread> nodes;
    for (int node = 0; node < kNodes; ++node) {
      nodes.emplace_back([&, node] {
        const Redeemer redeemer(store, office.keys, office.Policy());
        const std::string_view presented = token;
        const auto request_id = fmt::format("r{}", node);
        const auto coverages = redeemer.Check(request, std::span(&many, 1), std::span(&presented, 1), request_id, 2 * kMinute);
        const auto redemption = redeemer.Take(request, coverages, request_id);
        if (redemption && !redemption->uses.empty() && redeemer.Confirm(*redemption)) ++executed;
      });
    }
    nodes.clear();
    ASSERT_EQ(executed, static_cast<int>(uses)) << round;
  }
}

TEST_F(ApprovalAttack, RacesWithUsesThatAreGivenBackNeverExecuteTwice) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  std::atomic<int> executed = 0;
  std::vector<std::jthread> nodes;
  for (int node = 0; node < 4; ++node) {
    nodes.emplace_back([&, node] {
      const Redeemer redeemer(office.store, office.keys, office.Policy());
      for (int i = 0; i < 50; ++i) {
        const auto coverage = office.CheckOne(facts, wanted, token, 2 * kMinute);
        if (!coverage.covered) continue;
        const auto redemption = redeemer.Take(facts, std::span(&coverage, 1), {});
        if (!redemption) continue;
        if ((i + node) % 4 != 0) {
          ASSERT_TRUE(redeemer.GiveBack(*redemption));
        } else {
          ASSERT_TRUE(redeemer.Confirm(*redemption));
          ++executed;
        }
      }
    });
  }
  nodes.clear();
  EXPECT_LE(executed, 1);
}

TEST_F(ApprovalAttack, ForgedSignature) {
  const auto forger = SigningKey::Generate();
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto payload = GrantPayload(*VerifyGrant(token, office.keys));
  const auto as_ours = fmt::format("remit1.{}.{}", office.key.id(), ToBase64Url(payload));
  EXPECT_EQ(office.Execute(facts, wanted, as_ours + "." + ToBase64Url(forger.Sign(as_ours)), 2 * kMinute), "grant-forged");
  const auto as_theirs = fmt::format("remit1.{}.{}", forger.id(), ToBase64Url(payload));
  EXPECT_EQ(office.Execute(facts, wanted, as_theirs + "." + ToBase64Url(forger.Sign(as_theirs)), 2 * kMinute), "grant-key-unknown");
}

TEST_F(ApprovalAttack, StatementEditedAfterApproval) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  auto edited = wanted;
  edited.statement_digest = Sha256("escalate anything");
  EXPECT_EQ(office.Execute(facts, edited, token, 2 * kMinute), "grant-for-another-text");
}

TEST_F(ApprovalAttack, AWiderQuorumSinceTheApproval) {
  // The text's digest notices, and if it did not, the number of people would.
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(facts, Office::WantedBy(2), token, 2 * kMinute), "quorum-not-met");
  auto beyond_32_bits = wanted;
  beyond_32_bits.quorum = (int64_t{1} << 32) + 1;
  EXPECT_EQ(office.Execute(facts, beyond_32_bits, token, 2 * kMinute), "quorum-not-met");
}

TEST_F(ApprovalAttack, QuorumFilledTwiceByOnePerson) {
  const auto pair = Office::WantedBy(2);
  const auto ticket = *office.tickets.Open(facts, pair, 0);
  const auto approve = [&](const Approver& approver) { return office.tickets.Approve(ticket.id, approver)->state; };
  EXPECT_EQ(approve({.person = Office::kLee, .acting_for = {}, .at_ms = 1}), TicketState::Pending);
  EXPECT_EQ(approve({.person = Office::kLee, .acting_for = {}, .at_ms = 2}), TicketState::Pending);
  // Through an agent of theirs, and through two.
  const UidText inbox{"Agent", "inbox"};
  const UidText outbox{"Agent", "outbox"};
  office.Give(inbox);
  office.Give(outbox);
  EXPECT_EQ(approve({.person = inbox, .acting_for = {Office::kLee}, .at_ms = 3}), TicketState::Pending);
  EXPECT_EQ(approve({.person = outbox, .acting_for = {Office::kLee}, .at_ms = 4}), TicketState::Pending);
  EXPECT_EQ(approve({.person = Office::kKim, .acting_for = {}, .at_ms = 5}), TicketState::Approved);
}

TEST_F(ApprovalAttack, AGrantThatNamesOnePersonTwiceIsNoQuorum) {
  const auto pair = Office::WantedBy(2);
  auto grant = *VerifyGrant(office.Granted(facts, pair, {Office::kLee, Office::kKim}).grant, office.keys);
  grant.approvers[1] = grant.approvers[0];
  EXPECT_EQ(office.Execute(facts, pair, *SignGrant(grant, office.key), 2 * kMinute), "quorum-not-met");
}

TEST_F(ApprovalAttack, TheEscalationIsOpenedManyTimesAtOnce) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> nodes;
    for (auto& id : ids) {
      nodes.emplace_back([&] { id = Tickets(office.store, office.Policy(), office.key).Open(facts, wanted, 0)->id; });
    }
  }
  for (const auto& id : ids) EXPECT_EQ(id, ids.front());
  EXPECT_EQ(office.store.List("ticket/", 100)->size(), 1U);
}

TEST_F(ApprovalAttack, ApprovedAndDeniedAtOnceIsOneOfThem) {
  for (int round = 0; round < 50; ++round) {
    const auto ticket = *office.tickets.Open(office.Request(round), wanted, 0);
    std::string approved;
    std::string denied;
    {
      std::jthread one(
          [&] { approved = CodeOf(office.tickets.Approve(ticket.id, {.person = Office::kLee, .acting_for = {}, .at_ms = 1})); });
      std::jthread two(
          [&] { denied = CodeOf(office.tickets.Deny(ticket.id, {.person = Office::kKim, .acting_for = {}, .at_ms = 1}, "no")); });
    }
    EXPECT_NE(approved.empty(), denied.empty()) << approved << denied;
  }
}

}  // namespace
}  // namespace remit::approval
