// Redemption: a use for a decision, once, given back if the decision comes to nothing.
#include "tests/unit/approval/office.h"

namespace remit::approval {
namespace {

class RedemptionTest : public testing::Test {
 protected:
  RedemptionTest() {
    office.Give(Office::kLee);
    office.Give(Office::kKim);
  }
  auto Take(const RequestFacts& request, const Wanted& statement, std::string_view token, std::string_view request_id = {})
      -> Expected<Redemption> {
    const auto coverage = office.CheckOne(request, statement, token, 2 * kMinute, request_id);
    if (!coverage.covered) return std::unexpected(coverage.why);
    return office.redeemer.Take(request, std::span(&coverage, 1), request_id);
  }

  Office office;
  const RequestFacts facts = office.Request(15000);
  const Wanted wanted = Office::WantedBy();
};

TEST_F(RedemptionTest, AGrantIsGoodForOneExecution) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute), "executed");
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute), "grant-used-up");
}

TEST_F(RedemptionTest, OrForAsManyAsTheStatementSays) {
  const auto thrice = Office::WantedBy(1, 3);
  const auto token = office.Granted(facts, thrice, {Office::kLee}).grant;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(office.Execute(facts, thrice, token, 2 * kMinute), "executed");
  EXPECT_EQ(office.Execute(facts, thrice, token, 2 * kMinute), "grant-used-up");
}

TEST_F(RedemptionTest, CheckingTakesNothing) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "covered");
}

TEST_F(RedemptionTest, AUseThatWasGivenBackIsFree) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto held = Take(facts, wanted, token);
  ASSERT_TRUE(held);
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "grant-used-up");
  ASSERT_TRUE(office.redeemer.GiveBack(*held));
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute), "executed");
}

TEST_F(RedemptionTest, WhatIsConfirmedIsNotGivenBack) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto held = Take(facts, wanted, token);
  ASSERT_TRUE(held);
  ASSERT_TRUE(office.redeemer.Confirm(*held));
  ASSERT_TRUE(office.redeemer.GiveBack(*held));
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "grant-used-up");
}

TEST_F(RedemptionTest, AUseGivenBackTwiceIsNotTakenFromTheNext) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto first = Take(facts, wanted, token);
  ASSERT_TRUE(office.redeemer.GiveBack(*first));
  const auto second = Take(facts, wanted, token);
  ASSERT_TRUE(second);
  ASSERT_TRUE(office.redeemer.GiveBack(*first));
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "grant-used-up");
}

TEST_F(RedemptionTest, AfterACrashOnlyTheSameRequestMayGoOn) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  ASSERT_TRUE(Take(facts, wanted, token, "r1"));  // and the node dies
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute, "r2"), "grant-used-up");
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute), "grant-used-up");
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute, "r1"), "executed");
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute, "r1"), "grant-used-up");
}

TEST_F(RedemptionTest, AUseThatWasTakenOverIsNeverGivenBack) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto first = Take(facts, wanted, token, "r1");
  const auto second = Take(facts, wanted, token, "r1");
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->uses.front().taken_over);
  ASSERT_TRUE(office.redeemer.GiveBack(*second));  // the first may have executed
  ASSERT_TRUE(office.redeemer.GiveBack(*first));
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute, "r2"), "grant-used-up");
}

TEST_F(RedemptionTest, TheSameRequestAskedAgainIsToldSo) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(facts, wanted, token, 2 * kMinute, "r1"), "executed");
  EXPECT_TRUE(office.CheckOne(facts, wanted, token, 2 * kMinute, "r1").used_by_same);
  EXPECT_FALSE(office.CheckOne(facts, wanted, token, 2 * kMinute, "r2").used_by_same);
}

TEST_F(RedemptionTest, ASessionGrantOfOneRequestIdIsNotThatOfAnotherContext) {
  const auto session = Office::WantedBy(1, 1, Scope::Session);
  const auto in_session = office.Request(15000, "run-7");
  const auto token = office.Granted(in_session, session, {Office::kLee}).grant;
  ASSERT_TRUE(Take(in_session, session, token, "r1"));
  EXPECT_EQ(office.Execute(office.Request(99999, "run-7"), session, token, 2 * kMinute, "r1"), "grant-used-up");
}

TEST_F(RedemptionTest, ASessionGrantLiftsAnyContextOfItsSession) {
  const auto session = Office::WantedBy(1, 2, Scope::Session);
  const auto token = office.Granted(office.Request(15000, "run-7"), session, {Office::kLee}).grant;
  EXPECT_EQ(office.Execute(office.Request(20000, "run-7"), session, token, 2 * kMinute), "executed");
  EXPECT_EQ(office.Execute(office.Request(20000, "run-8"), session, token, 2 * kMinute), "grant-for-another-request");
  EXPECT_EQ(office.Execute(office.Request(20000), session, token, 2 * kMinute), "approval-needs-session");
}

TEST_F(RedemptionTest, SeveralStatementsAreCoveredByTheirOwnGrantsAllOrNone) {
  const auto other = Office::WantedBy(1, 1, Scope::Exact, "night");
  const auto first = office.Granted(facts, wanted, {Office::kLee}).grant;
  const auto second = office.Granted(facts, other, {Office::kLee}).grant;
  const std::vector<Wanted> both = {wanted, other};
  const std::vector<std::string_view> tokens = {second, first};
  const auto coverages = office.redeemer.Check(facts, both, tokens, {}, 2 * kMinute);
  ASSERT_EQ(coverages.size(), 2U);
  ASSERT_TRUE(coverages[0].covered && coverages[1].covered);
  // Another request is faster with the second: then the first is not taken either.
  EXPECT_EQ(office.Execute(facts, other, second, 2 * kMinute), "executed");
  EXPECT_EQ(CodeOf(office.redeemer.Take(facts, coverages, {})), "grant-used-up");
  EXPECT_EQ(office.Says(facts, wanted, first, 2 * kMinute), "covered");
}

TEST_F(RedemptionTest, OneGrantLiftsOneStatementAlone) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  EXPECT_EQ(office.Says(facts, Office::WantedBy(1, 1, Scope::Exact, "night"), token, 2 * kMinute), "grant-for-another-statement");
}

TEST_F(RedemptionTest, OneUseIsTakenHoweverOftenAStatementIsWanted) {
  const auto twice = Office::WantedBy(1, 2);
  const std::string token = office.Granted(facts, twice, {Office::kLee}).grant;
  const std::vector<Wanted> repeated = {twice, twice};
  const std::vector<std::string_view> tokens = {token, token};
  const auto redemption = office.redeemer.Take(facts, office.redeemer.Check(facts, repeated, tokens, {}, 2 * kMinute), {});
  ASSERT_TRUE(redemption);
  EXPECT_EQ(redemption->uses.size(), 1U);
}

TEST_F(RedemptionTest, ARevokedGrantLiftsNothing) {
  const auto ticket = office.Granted(facts, wanted, {Office::kLee});
  ASSERT_TRUE(office.tickets.Revoke(ticket.id, {.person = Office::kKim, .acting_for = {}, .at_ms = kMinute}, "no"));
  EXPECT_EQ(office.Says(facts, wanted, ticket.grant, 2 * kMinute), "grant-revoked");
}

TEST_F(RedemptionTest, ARevokedKeyLiftsNothing) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  office.keys.Revoke(office.key.id());
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "grant-key-revoked");
}

TEST_F(RedemptionTest, ErrorsOfPolicyCoverNothing) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}).grant;
  office.is_away = true;
  EXPECT_EQ(office.Says(facts, wanted, token, 2 * kMinute), "engine-away");
}

TEST_F(RedemptionTest, AGrantFromTheFutureIsRefusedButForAMinuteOfSkew) {
  const auto token = office.Granted(facts, wanted, {Office::kLee}, 10 * kMinute).grant;
  EXPECT_EQ(office.Says(facts, wanted, token, 9 * kMinute), "covered");
  EXPECT_EQ(office.Says(facts, wanted, token, 9 * kMinute - 1), "grant-not-yet-valid");
  EXPECT_EQ(office.Says(facts, wanted, token, -1), "grant-not-yet-valid");
  EXPECT_EQ(office.Says(facts, wanted, token, std::numeric_limits<int64_t>::min()), "grant-not-yet-valid");
  EXPECT_EQ(office.Says(facts, wanted, token, std::numeric_limits<int64_t>::max()), "grant-expired");
}

TEST_F(RedemptionTest, NothingPresentedCoversNothing) {
  EXPECT_EQ(office.redeemer.Check(facts, std::span(&wanted, 1), {}, {}, 0).front().why.code, "approval-not-presented");
  EXPECT_TRUE(office.redeemer.Check(facts, {}, {}, {}, 0).empty());
}

TEST_F(RedemptionTest, TooManyGrantsAreNotRead) {
  const std::string token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const std::vector<std::string_view> tokens(1000, token);
  EXPECT_EQ(office.redeemer.Check(facts, std::span(&wanted, 1), tokens, {}, 0).front().why.code, "too-many-approvals");
}

TEST_F(RedemptionTest, AGrantThatIsUsedUpMakesRoomForANewTicket) {
  const auto ticket = office.Granted(facts, wanted, {Office::kLee});
  EXPECT_EQ(office.tickets.Open(facts, wanted, 2 * kMinute)->id, ticket.id);
  EXPECT_EQ(office.Execute(facts, wanted, ticket.grant, 2 * kMinute), "executed");
  const auto next = office.tickets.Open(facts, wanted, 3 * kMinute);
  EXPECT_NE(next->id, ticket.id);
  EXPECT_EQ(next->state, TicketState::Pending);
  EXPECT_EQ(office.Says(facts, wanted, ticket.grant, 3 * kMinute), "grant-used-up");
}

TEST_F(RedemptionTest, AStoreThatIsAwayCoversNothing) {
  class Away final : public ApprovalStore {
    static auto Error() -> std::unexpected<remit::Error> {
      return std::unexpected(remit::Error{.code = "approval-store-unavailable", .message = "away", .pointer = {}, .help = {}});
    }
    auto Get(std::string_view) -> Expected<std::optional<std::string>> override { return Error(); }
    auto CompareAndSet(std::string_view, std::optional<std::string_view>, std::optional<std::string_view>, int64_t)
        -> Expected<bool> override {
      return Error();
    }
    auto List(std::string_view, size_t) -> Expected<std::vector<std::pair<std::string, std::string>>> override { return Error(); }
    auto Forget(int64_t) -> Expected<void> override { return Error(); }
  } away;
  const std::string token = office.Granted(facts, wanted, {Office::kLee}).grant;
  const std::string_view presented = token;
  const Redeemer redeemer(away, office.keys, office.Policy());
  const auto coverages = redeemer.Check(facts, std::span(&wanted, 1), std::span(&presented, 1), {}, 2 * kMinute);
  EXPECT_EQ(coverages.front().why.code, "approval-store-unavailable");
  const auto good = office.CheckOne(facts, wanted, token, 2 * kMinute);
  EXPECT_EQ(CodeOf(redeemer.Take(facts, std::span(&good, 1), {})), "approval-store-unavailable");
}

}  // namespace
}  // namespace remit::approval
