// Decisions with a ledger, through the C++ wrapper: reserve, approve, redeem, settle, stop.
//
// Run on both libraries, from a bundle: approvals and budgets need no compiler.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

using remit::Approver;
using remit::DecideOptions;
using remit::Ledger;
using remit::LedgerOptions;

constexpr int64_t kNow = 1'767'614'400'000;  // 2026-01-05T12:00:00Z

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() {
    remit::BundleOptions options;
    Sources entities;
    entities.Entities("entities.json", kLedgerEntities);
    options.entities = &entities;
    engine.LoadBundleFile(REMIT_TEST_BUNDLES "/ledger.rmb", options);
  }
  ~LedgerTest() override {
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((file + suffix).c_str());
  }

  auto Open(const std::string& address) const -> Ledger {
    LedgerOptions options;
    options.signing_key = keys.private_key;
    return Ledger(engine, address, options);
  }
  static auto With(const Ledger& ledger, std::vector<std::string> approvals = {}, std::string_view request_id = {}) -> DecideOptions {
    DecideOptions options;
    options.now_millis = kNow;
    options.ledger = &ledger;
    options.approvals = std::move(approvals);
    options.request_id = request_id;
    return options;
  }
  auto Decide(int64_t amount, const DecideOptions& options) -> Decision {
    Record context;
    context.Add("amount", amount);
    return session.Decide(RequestFields{{"Agent", "s1"}, {"Action", "refund"}, {"Order", "o1"}, &context}, options);
  }
  static auto Field(const std::string& json, const std::string& name) -> std::string {
    const std::string key = "\"" + name + "\":\"";
    const size_t begin = json.find(key);
    if (begin == std::string::npos) return {};
    return json.substr(begin + key.size(), json.find('"', begin + key.size()) - begin - key.size());
  }
  static auto Has(std::string_view text, std::string_view part) -> bool { return text.find(part) != std::string_view::npos; }

  Engine engine{{REMIT_TIER_INTERPRETER}};
  Session session{engine};
  remit::KeyPair keys = remit::GenerateKey();
  std::string file = ::testing::TempDir() + "remit-ledger-" + std::to_string(getpid()) + ".db";
};

TEST_F(LedgerTest, ReservesAndSettles) {
  Ledger ledger = Open("memory:");
  const Decision decision = Decide(40, With(ledger));
  EXPECT_EQ(Describe(decision), "execute refund");
  const std::string reservation(decision.reservation());
  EXPECT_EQ(reservation.size(), 34u);
  EXPECT_GT(decision.reservation_expires(), kNow);
  ASSERT_EQ(decision.obligations().size(), 1u);
  EXPECT_EQ(decision.obligations()[0].policy, "refund");
  EXPECT_EQ(decision.obligations()[0].json, R"({"log":"refunds"})");
  EXPECT_TRUE(Has(decision.json(), R"("obligations":[{"policyId":"refund","obligations":{"log":"refunds"}}])")) << decision.json();
  EXPECT_TRUE(Has(decision.json(), R"("reservation":{"id":")" + reservation)) << decision.json();
  EXPECT_TRUE(Has(ledger.Budgets(kNow), R"("reserved":40,"totalCharged":0,"used":40)")) << ledger.Budgets(kNow);
  EXPECT_EQ(ledger.Extend(reservation, 300'000, kNow), kNow + 300'000);
  const auto settled = ledger.Settle(reservation, REMIT_SUCCESS, {{"spend", 25}}, kNow);
  EXPECT_FALSE(settled.repeated);
  EXPECT_TRUE(Has(ledger.Reservation(reservation), R"("charged":25)"));
  EXPECT_TRUE(ledger.Settle(reservation, REMIT_FAILURE, {}, kNow).repeated);
  EXPECT_TRUE(Has(ledger.Budgets(kNow), R"("reserved":0,"totalCharged":25,"used":25)"));
  EXPECT_EQ(Describe(Decide(99, With(ledger)).Keep()), "execute refund");
  EXPECT_EQ(Thrown([&] { ledger.Settle("0123", REMIT_SUCCESS); }).code(), "unknown-reservation");
}

TEST_F(LedgerTest, WithoutOneNothingIsReserved) {
  DecideOptions options;
  options.now_millis = kNow;
  const Decision decision = Decide(40, options);
  EXPECT_EQ(decision.outcome(), Outcome::Deny);
  EXPECT_TRUE(decision.reservation().empty());
}

TEST_F(LedgerTest, AQuorumMakesAGrantThatIsRedeemedOnce) {
  Ledger ledger = Open(file);
  const Decision waiting = Decide(400, With(ledger));
  EXPECT_EQ(Describe(waiting), "approve large");
  ASSERT_EQ(waiting.approvals().size(), 1u);
  const auto wanted = waiting.approvals()[0];
  EXPECT_EQ(wanted.quorum, 2);
  EXPECT_EQ(wanted.lasts_millis, 900'000);
  ASSERT_FALSE(wanted.escalation.empty());
  EXPECT_EQ(Thrown([&] { ledger.Approve(wanted.escalation, Approver{{"User", "bob"}}, kNow); }).code(), "approver-not-eligible");
  EXPECT_EQ(Thrown([&] { ledger.Approve(wanted.escalation, Approver{{"Agent", "s1"}}, kNow); }).code(), "approval-by-requester");
  EXPECT_EQ(Field(ledger.Approve(wanted.escalation, Approver{{"User", "lee"}}, kNow), "state"), "pending");
  Ledger other = Open(file);  // another node
  const std::string approved = other.Approve(wanted.escalation, Approver{{"User", "kim"}}, kNow);
  EXPECT_EQ(Field(approved, "state"), "approved");
  const std::string grant = Field(approved, "grant");
  EXPECT_EQ(Field(ledger.Escalation(wanted.escalation, kNow), "grant"), grant);

  const Decision changed = Decide(401, With(ledger, {grant}));
  EXPECT_EQ(changed.outcome(), Outcome::Approve);
  EXPECT_EQ(changed.approvals()[0].code, "grant-for-another-request");
  const Decision decision = Decide(400, With(ledger, {grant}));
  EXPECT_EQ(Describe(decision), "execute refund");
  const Decision again = Decide(400, With(other, {grant})).Keep();
  EXPECT_EQ(again.outcome(), Outcome::Approve);
  EXPECT_EQ(again.approvals()[0].code, "grant-used-up");
  EXPECT_TRUE(Has(again.json(), R"("notLifted":[{"policyId":"large","code":"grant-used-up")")) << again.json();
}

TEST_F(LedgerTest, KeysMustBeAccepted) {
  Ledger ledger = Open(file);
  const std::string id = Decide(400, With(ledger)).approvals()[0].escalation;
  ledger.Approve(id, Approver{{"User", "lee"}}, kNow);
  const std::string grant = Field(ledger.Approve(id, Approver{{"User", "kim"}}, kNow), "grant");
  Ledger stranger(engine, file);
  EXPECT_EQ(Decide(400, With(stranger, {grant})).approvals()[0].code, "grant-key-unknown");
  stranger.AcceptKey(keys.public_key);
  auto dry = With(stranger, {grant});
  dry.dry_run = true;
  EXPECT_EQ(Decide(400, dry).outcome(), Outcome::Execute);
  stranger.RevokeKey(remit::KeyId(keys.public_key));
  EXPECT_EQ(Decide(400, With(stranger, {grant})).approvals()[0].code, "grant-key-revoked");
  EXPECT_EQ(remit::KeyId(keys.private_key), remit::KeyId(keys.public_key));
  EXPECT_EQ(Thrown([&] { stranger.AcceptKey("no key"); }).code(), "key-unreadable");
}

TEST_F(LedgerTest, DenialsAndRevocationsStay) {
  Ledger ledger = Open("memory:");
  const std::string id = Decide(400, With(ledger)).approvals()[0].escalation;
  EXPECT_EQ(Field(ledger.Deny(id, Approver{{"User", "lee"}}, "too much", kNow), "reason"), "too much");
  EXPECT_EQ(Thrown([&] { ledger.Approve(id, Approver{{"User", "kim"}}, kNow); }).code(), "escalation-denied");
  const std::string other = Decide(401, With(ledger)).approvals()[0].escalation;
  EXPECT_EQ(Field(ledger.Revoke(other, Approver{{"User", "lee"}}, "a mistake", kNow), "state"), "revoked");
  EXPECT_TRUE(Has(ledger.Escalations(10, kNow), R"("state":"denied")"));
  EXPECT_EQ(Thrown([&] { ledger.Escalation("none"); }).code(), "escalation-unknown");
}

TEST_F(LedgerTest, ARequestIdIsOneReservation) {
  Ledger ledger = Open(file);
  const std::string first(Decide(10, With(ledger, {}, "once")).reservation());
  const Decision again = Decide(10, With(ledger, {}, "once"));
  EXPECT_EQ(again.reservation(), first);
  EXPECT_TRUE(again.is_repeated());
  EXPECT_EQ(Thrown([&] { Decide(11, With(ledger, {}, "once")); }).code(), "request-id-reused");
}

TEST_F(LedgerTest, DocumentsAndPreparedRequestsToo) {
  Ledger ledger = Open("memory:");
  const std::string json =
      R"({"principal": "Agent::\"s1\"", "action": "Action::\"refund\"", "resource": "Order::\"o1\"", "context": {"amount": 7}, "request_id": "r7"})";
  const std::string reservation(session.DecideJson(json, With(ledger)).reservation());
  EXPECT_EQ(reservation.size(), 34u);
  EXPECT_EQ(session.DecideJson(json, With(ledger)).reservation(), reservation);
  const auto request = Request::FromJson(
      engine, R"({"principal": "Agent::\"s1\"", "action": "Action::\"refund\"", "resource": "Order::\"o1\"", "context": {"amount": 9}})");
  const Decision decision = session.Decide(request, With(ledger));
  EXPECT_EQ(Describe(decision), "execute refund");
  EXPECT_EQ(decision.reservation().size(), 34u);
  EXPECT_TRUE(Has(decision.Explain(), "refund"));
  auto on_behalf = With(ledger);
  on_behalf.delegation = {{"User", "bob"}};
  EXPECT_EQ(session.Decide(request, on_behalf).outcome(), Outcome::Deny) << "bob may not";
  EXPECT_TRUE(Has(session.DecideJsonLines(json + "\n" + json, With(ledger)), R"("repeated":true)"));
  EXPECT_TRUE(Has(ledger.Budgets(kNow), R"("used":16)")) << ledger.Budgets(kNow);
}

TEST_F(LedgerTest, BreakersTripByThePolicies) {
  Ledger ledger = Open("memory:");
  for (int i = 0; i < 2; ++i) {
    const std::string reservation(Decide(1, With(ledger)).reservation());
    ledger.Settle(reservation, REMIT_FAILURE, {}, kNow);
  }
  EXPECT_EQ(Describe(Decide(1, With(ledger))), "deny crm");
  EXPECT_TRUE(Has(ledger.Breakers(kNow), R"("state":"open")"));
}

TEST_F(LedgerTest, WhoIsStoppedIsStoppedEverywhere) {
  Ledger ledger = Open(file);
  Ledger other = Open(file);
  EXPECT_TRUE(ledger.Quarantine({"Agent", "s1"}, "loops", "ops", kNow));
  EXPECT_FALSE(ledger.Quarantine({"Agent", "s1"}));
  other.Maintain(kNow);
  const Decision decision = Decide(1, With(other));
  EXPECT_EQ(decision.outcome(), Outcome::Deny);
  EXPECT_TRUE(Has(decision.json(), R"("quarantined":"Agent::\"s1\"")")) << decision.json();
  EXPECT_TRUE(Has(other.Quarantined(), R"("reason":"loops")"));
  EXPECT_TRUE(other.Release({"Agent", "s1"}));
  EXPECT_FALSE(other.Release({"Agent", "s1"}));
  ledger.Maintain(kNow);
  EXPECT_EQ(Describe(Decide(1, With(ledger))), "execute refund");
  EXPECT_EQ(Thrown([&] { ledger.Quarantine({"no name", "x"}); }).code(), "invalid-name");
}

TEST_F(LedgerTest, MistakesAreTold) {
  EXPECT_EQ(Thrown([&] { Open("nowhere"); }).code(), "store-address");
  EXPECT_EQ(Thrown([&] { Open("redis://127.0.0.1:1"); }).status(), REMIT_UNAVAILABLE);
  LedgerOptions bad;
  bad.signing_key = "no key";
  EXPECT_EQ(Thrown([&] { Ledger(engine, "memory:", bad); }).code(), "key-unreadable");
  Engine stranger;
  Ledger ledger(stranger, "memory:");
  EXPECT_EQ(Thrown([&] { Decide(1, With(ledger)); }).status(), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(remit_settle(ledger.get(), remit_str("x"), 7, nullptr, 0, REMIT_NOW, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(remit_settle(ledger.get(), remit_str("x"), 0, nullptr, 3, REMIT_NOW, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(remit_approve(ledger.get(), remit_str("x"), nullptr, REMIT_NOW, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  remit_approver nobody = {};
  nobody.size = sizeof(nobody);
  EXPECT_EQ(remit_approve(ledger.get(), remit_str("x"), &nobody, REMIT_NOW, nullptr, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(remit_ledger_maintain(nullptr, REMIT_NOW, nullptr), REMIT_INVALID_ARGUMENT);
  remit_ledger_free(nullptr);
  remit_text_free(nullptr);
  EXPECT_EQ(remit_text_get(nullptr).size, 0u);
}

// The last units, from many threads.
TEST_F(LedgerTest, ManyThreadsNeverOverspend) {
  Ledger ledger = Open("memory:");
  std::atomic<int> executed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Session own(engine);
      Record context;
      context.Add("amount", 100);
      for (int i = 0; i < 10; ++i) {
        executed +=
            own.Decide(RequestFields{{"Agent", "s1"}, {"Action", "refund"}, {"Order", "o1"}, &context}, With(ledger)).allowed() ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(executed, 10);
}

}  // namespace
}  // namespace remit_test
