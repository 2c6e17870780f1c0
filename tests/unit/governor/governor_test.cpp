// Decisions that spend, over the memory ledger: what is reserved, what is given back, who is stopped, and what approvals lift. Each test runs on the
// interpreter and natively.
#include "runtime/governor/governor.h"

#include <thread>

#include "runtime/approval/memory_store.h"
#include "tests/unit/approval/meeting_store.h"
#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

constexpr int64_t kStart = 1'700'000'000'000;
constexpr int64_t kMinute = 60'000;

class GovernorTest : public ::testing::TestWithParam<CodeTier> {
 protected:
  GovernorTest() : fixture_(GetParam()), session_(fixture_.engine) {
    keys_.Add(key_.public_key());
    fixture_.SetEntities("[]");
  }

  auto May() -> approval::MayApprove {
    return [this](const approval::UidText& person, const approval::Escalation&) -> Expected<bool> { return person.id == may_approve_; };
  }

  struct Asked {
    std::string principal = "a";
    int64_t amount = 1;
    std::string request_id = {};
    bool dry_run = false;
    std::vector<std::string> delegation = {};
  };
  // `execute`, `draft by x`, or the error's code.
  auto Ask(const Asked& asked) -> std::string {
    const auto answer = Decide(asked);
    if (!answer) return answer.error().code;
    last_ = *answer;
    std::string text(OutcomeName(answer->decision.outcome));
    if (answer->decision.allowed()) return text + (answer->is_repeated ? " again" : "");
    for (const uint32_t policy : answer->decision.determining) {
      text += fmt::format(" {}", fixture_.job.interner.text(fixture_.program->policies[policy].id));
    }
    return answer->decision.quarantined.empty() ? text : text + " quarantined";
  }
  auto Decide(const Asked& asked) -> Expected<GovernedDecision> { return Decide(session_, asked); }
  auto Decide(Session& session, const Asked& asked) -> Expected<GovernedDecision> { return Decide(governor_, session, asked); }
  auto Decide(const Governor& node, Session& session, const Asked& asked) -> Expected<GovernedDecision> {
    Expected<GovernedDecision> answer;
    if (auto done = Decide(node, session, asked, *answer); !done) return std::unexpected(done.error());
    return answer;
  }
  auto Decide(const Governor& node, Session& session, const Asked& asked, GovernedDecision& answer) -> Expected<void> {
    Arena arena;
    Interner overlay(&fixture_.job.interner);
    const auto uid = [&](std::string_view type, std::string_view id) { return EntityUid{overlay.Intern(type), overlay.Intern(id)}; };
    const Field field{.key = overlay.Intern("amount"), .value = Value::OfLong(asked.amount)};
    const Request request{.principal = uid("Agent", asked.principal),
                          .action = uid("Action", "pay"),
                          .resource = uid("Shop", "s"),
                          .context = MakeRecord(arena, std::vector{field}).as_record()};
    std::vector<EntityUid> chain;
    for (const auto& member : asked.delegation) chain.push_back(uid("Agent", member));
    return node.Decide(session,
                       {.request = request,
                        .interner = overlay,
                        .delegation = chain,
                        .request_id = asked.request_id,
                        .approvals = approvals_,
                        .dry_run = asked.dry_run},
                       now_, answer);
  }
  auto Settle(ledger::Verdict verdict, std::vector<ledger::Actual> actual = {}) -> std::string {
    const auto settled = governor_.Settle(*fixture_.program, fixture_.job.interner, last_.reservation, verdict, actual, now_);
    return settled ? "settled" : settled.error().code;
  }
  auto Used(std::string_view budget) -> int64_t {
    int64_t used = 0;
    for (const auto& each : ledger_.Budgets(now_.millis)) used += each.budget == budget ? each.used : 0;
    return used;
  }

  EngineFixture fixture_;
  ledger::Ledger ledger_;
  approval::MemoryStore store_;
  approval::SigningKey key_ = approval::SigningKey::Generate();
  approval::KeyRing keys_;
  std::string may_approve_ = "lee";
  approval::Tickets tickets_{store_, May(), key_};
  approval::Redeemer redeemer_{store_, keys_, May()};
  Governor governor_{{.ledger = ledger_, .redeemer = &redeemer_, .tickets = &tickets_}};
  Session session_;
  GovernedDecision last_;
  std::vector<std::string> approvals_;
  Datetime now_{.millis = kStart};
};

TEST_P(GovernorTest, WhatIsExecutedIsChargedAndNothingElse) {
  fixture_.SetPolicies(R"(
    @id("all") permit (principal, action, resource);
    @id("bad") forbid (principal == Agent::"bad", action, resource);
    @id("pilot") restrict (principal == Agent::"pilot", action, resource) to draft;
    @id("ask") escalate (principal == Agent::"new", action, resource) approval { by: [Role::"leads"], expires: duration("15m") };
    budget spend (principal, action, resource) charge { context.amount } limit { 10 };)");
  session_.Pin();
  EXPECT_EQ(Ask({.principal = "bad", .amount = 4}), "deny bad");
  EXPECT_EQ(Ask({.principal = "pilot", .amount = 4}), "draft pilot");
  EXPECT_EQ(Ask({.principal = "new", .amount = 4}), "approve ask");
  EXPECT_EQ(Ask({.amount = 4, .dry_run = true}), "execute");
  EXPECT_TRUE(last_.reservation.empty());
  EXPECT_EQ(Used("spend"), 0);
  EXPECT_EQ(Ask({.amount = 4}), "execute");
  EXPECT_EQ(last_.reservation.size(), 34U);
  EXPECT_EQ(Used("spend"), 4);
  EXPECT_EQ(Ask({.amount = 7}), "deny spend");
}

TEST_P(GovernorTest, SettlingGivesBackWhatWasNotSpent) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) charge { context.amount } limit { 10 };)");
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 8}), "execute");
  EXPECT_EQ(Settle(ledger::Verdict::Success, {{.budget = "spend", .amount = 3}}), "settled");
  EXPECT_EQ(Used("spend"), 3);
  EXPECT_EQ(Settle(ledger::Verdict::Success, {{.budget = "spend", .amount = 9}}), "settled");
  EXPECT_EQ(Used("spend"), 3);
  EXPECT_EQ(Ask({.amount = 7}), "execute");
  EXPECT_EQ(Settle(ledger::Verdict::NotDispatched), "settled");
  EXPECT_EQ(Used("spend"), 3);
}

TEST_P(GovernorTest, AllBudgetsOrNone) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget wide (principal, action, resource) charge { context.amount } limit { 100 };
    budget own (principal, action, resource) charge { context.amount } per { principal } limit { 5 };)");
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 6}), "deny own");
  EXPECT_EQ(Used("wide"), 0);
  EXPECT_EQ(Ask({.amount = 5}), "execute");
  EXPECT_EQ(Ask({.principal = "b", .amount = 5}), "execute");
  EXPECT_EQ(Used("wide"), 10);
}

TEST_P(GovernorTest, TheSameRequestGetsTheSameReservation) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) charge { context.amount } limit { 10 };)");
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 8, .request_id = "r1"}), "execute");
  const auto first = last_.reservation;
  EXPECT_EQ(Ask({.amount = 8, .request_id = "r1"}), "execute again");
  EXPECT_EQ(last_.reservation, first);
  EXPECT_EQ(Used("spend"), 8);
  EXPECT_EQ(Ask({.amount = 1, .request_id = "r1"}), "request-id-reused");
  ledger_.quarantine().Add({.type = "Agent", .id = "a", .reason = "", .who = "", .since = 0});
  EXPECT_EQ(Ask({.amount = 8, .request_id = "r1"}), "deny quarantined");
}

TEST_P(GovernorTest, PoliciesReadWhatIsReserved) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget calls (principal, action, resource) per { principal } limit { 100 };
    @id("late") restrict (principal, action, resource) to draft when { budget.calls.after > 3 };)");
  session_.Pin();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask({}), "execute");
  EXPECT_EQ(Ask({}), "draft late");
  EXPECT_EQ(Used("calls"), 3);
}

TEST_P(GovernorTest, QuarantineStopsAtOnce) {
  fixture_.SetPolicies("permit (principal, action, resource);");
  session_.Pin();
  EXPECT_EQ(Ask({.principal = "q"}), "execute");
  ledger_.quarantine().Add({.type = "Agent", .id = "q", .reason = "loops", .who = "ops", .since = 0});
  EXPECT_EQ(Ask({.principal = "q"}), "deny quarantined");
  EXPECT_EQ(Ask({.principal = "a", .delegation = {"q"}}), "deny quarantined");
  ledger_.quarantine().Remove("Agent", "q");
  EXPECT_EQ(Ask({.principal = "q"}), "execute");
}

TEST_P(GovernorTest, AHandOffEscapesNoBudget) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget calls (principal, action, resource) per { principal } limit { 2 };)");
  session_.Pin();
  EXPECT_EQ(Ask({.principal = "boss"}), "execute");
  EXPECT_EQ(Ask({.principal = "helper", .delegation = {"boss"}}), "execute");
  EXPECT_EQ(Ask({.principal = "helper", .delegation = {"boss"}}), "deny calls");
  EXPECT_EQ(Ask({.principal = "other", .delegation = {"boss"}}), "deny calls");
  EXPECT_EQ(Ask({.principal = "helper"}), "execute");
}

TEST_P(GovernorTest, ABreakerOpensOnFailuresAndLetsProbesThrough) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    breaker shop (principal, action, resource) per { resource } trip { calls >= 3 && failures * 2 >= calls } within { duration("1m") }
    cooldown { duration("30s") } open restrict to draft;)");
  session_.Pin();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask({}), "execute");
    EXPECT_EQ(Settle(i == 0 ? ledger::Verdict::Success : ledger::Verdict::Failure), "settled");
  }
  EXPECT_EQ(Ask({}), "draft shop");
  now_.millis += 31'000;
  EXPECT_EQ(Ask({}), "execute");
  const auto probe = last_;
  EXPECT_EQ(Ask({}), "draft shop");
  last_ = probe;
  EXPECT_EQ(Settle(ledger::Verdict::Success), "settled");
  EXPECT_EQ(Ask({}), "execute");
}

TEST_P(GovernorTest, AnApprovalLiftsItsCapOnce) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) charge { context.amount } limit { 1000 };
    @id("large") escalate (principal, action, resource) when { context.amount > 100 } approval { by: [Role::"leads"], expires: duration("15m") };)");
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 200}), "approve large");
  ASSERT_EQ(last_.tickets.size(), 1U);
  const auto ticket = last_.tickets[0].id;
  EXPECT_EQ(Ask({.amount = 200}), "approve large");
  EXPECT_EQ(last_.tickets[0].id, ticket);
  const auto approved = tickets_.Approve(ticket, {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = kStart + kMinute});
  ASSERT_TRUE(approved.has_value()) << FormatError(approved.error());
  approvals_ = {approved->grant};
  now_.millis += 2 * kMinute;
  EXPECT_EQ(Ask({.amount = 201}), "approve large") << "it was another request that was approved";
  EXPECT_EQ(Ask({.principal = "b", .amount = 200}), "approve large");
  EXPECT_EQ(Ask({.amount = 200, .dry_run = true}), "execute");
  EXPECT_EQ(Ask({.amount = 200}), "execute");
  EXPECT_EQ(Used("spend"), 200);
  EXPECT_EQ(Ask({.amount = 200}), "approve large") << "its use is redeemed";
}

// Each node has a ledger of its own; the store of approvals is theirs together.
TEST_P(GovernorTest, OneGrantIsRedeemedOnceOnAllNodes) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    @id("large") escalate (principal, action, resource) when { context.amount > 100 } approval { by: [Role::"leads"], expires: duration("15m") };)");
  session_.Pin();
  fixture_.engine.WaitForCode();
  constexpr int kNodes = 3;
  for (int round = 0; round < 20; ++round) {
    approvals_.clear();
    EXPECT_EQ(Ask({.amount = 200 + round}), "approve large");
    const auto approved =
        tickets_.Approve(last_.tickets[0].id, {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = kStart + kMinute});
    ASSERT_TRUE(approved.has_value());
    approvals_ = {approved->grant};
    std::atomic<int> executed = 0;
    approval::MeetingStore store(store_, kNodes);
    std::vector<std::thread> nodes;
    for (int n = 0; n < kNodes; ++n) {
      nodes.emplace_back([&] {
        ledger::Ledger ledger;
        const approval::Redeemer redeemer(store, keys_, May());
        const Governor node({.ledger = ledger, .redeemer = &redeemer});
        Session session(fixture_.engine);
        session.Pin();
        const auto answer = Decide(node, session, {.amount = 200 + round});
        if (answer && answer->decision.allowed()) ++executed;
      });
    }
    for (auto& node : nodes) node.join();
    EXPECT_EQ(executed, 1) << "round " << round;
  }
}

TEST_P(GovernorTest, AnApprovalOfAnotherTextLiftsNothing) {
  const std::string text = R"(permit (principal, action, resource);
    @id("large") escalate (principal, action, resource) when { context.amount > 100 } approval { by: [Role::"leads"], expires: duration("15m") };)";
  fixture_.SetPolicies(text);
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 200}), "approve large");
  const auto approved =
      tickets_.Approve(last_.tickets[0].id, {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = kStart + kMinute});
  ASSERT_TRUE(approved.has_value());
  approvals_ = {approved->grant};
  now_.millis += 2 * kMinute;
  auto edited = text;
  edited.replace(edited.find("> 100"), 5, "> 150");
  fixture_.SetPolicies(edited);
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 200}), "approve large");
  fixture_.SetPolicies("// Layout and comments are not the text.\n\n" + text);
  session_.Pin();
  may_approve_ = "kim";
  EXPECT_EQ(Ask({.amount = 200}), "approve large") << "lee may no longer approve";
  may_approve_ = "lee";
  EXPECT_EQ(Ask({.amount = 200}), "execute");
}

TEST_P(GovernorTest, AnApprovedOverdraftIsCountedApart) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) charge { context.amount } limit { 10 }
    exceeded escalate approval { by: [Role::"leads"], expires: duration("15m") };)");
  session_.Pin();
  EXPECT_EQ(Ask({.amount = 15}), "approve spend");
  const auto approved =
      tickets_.Approve(last_.tickets[0].id, {.person = {.type = "User", .id = "lee"}, .acting_for = {}, .at_ms = kStart + kMinute});
  ASSERT_TRUE(approved.has_value());
  approvals_ = {approved->grant};
  now_.millis += 2 * kMinute;
  EXPECT_EQ(Ask({.amount = 15}), "execute");
  const auto status = ledger_.Budgets(now_.millis);
  ASSERT_EQ(status.size(), 1U);
  EXPECT_EQ(status[0].approved, 5);
}

// The last units are fought for by several threads; exactly the limit is admitted.
TEST_P(GovernorTest, ManyThreadsNeverOverspend) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) limit { 300 };
    budget own (principal, action, resource) per { principal } limit { 150 };
    @id("seen") restrict (principal, action, resource) to deny when { budget.spend.after > 290 };)");
  fixture_.engine.WaitForCode();
  std::atomic<int> executed = 0;
  std::atomic<int> errors = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Session session(fixture_.engine);
      for (int i = 0; i < 150; ++i) {
        const auto answer = Decide(session, {.principal = fmt::format("p{}", t % 3)});
        if (!answer) {
          ++errors;
        } else if (answer->decision.allowed()) {
          ++executed;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(executed, 290);
  EXPECT_EQ(Used("spend"), 290);
}

// Budgets that no policy reads are read with the reservation; an answer says what was used all the same, whatever it is.
TEST_P(GovernorTest, EveryAnswerSaysWhatWasUsed) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    @id("bad") forbid (principal == Agent::"bad", action, resource);
    @id("ask") escalate (principal == Agent::"new", action, resource) approval { by: [Role::"leads"], expires: duration("15m") };
    budget spend (principal, action, resource) charge { context.amount } limit { 10 };
    budget calls (principal, action, resource) per { principal } limit { 4 } each day;)");
  session_.Pin();
  const auto used = [&] {
    std::vector<int64_t> all;
    for (const auto& claim : last_.decision.budgets) all.push_back(claim.used);
    return all;
  };
  using Amounts = std::vector<int64_t>;
  EXPECT_EQ(Ask({.amount = 4}), "execute");
  EXPECT_EQ(used(), (Amounts{0, 0}));
  EXPECT_EQ(Ask({.amount = 4}), "execute");
  EXPECT_EQ(used(), (Amounts{4, 1}));
  EXPECT_EQ(Ask({.amount = 1, .dry_run = true}), "execute");
  EXPECT_EQ(used(), (Amounts{8, 2}));
  EXPECT_EQ(Ask({.principal = "bad", .amount = 1}), "deny bad");
  EXPECT_EQ(used(), (Amounts{8, 0}));
  EXPECT_EQ(Ask({.principal = "new", .amount = 1}), "approve ask");
  EXPECT_EQ(used(), (Amounts{8, 0}));
  EXPECT_EQ(Ask({.amount = 4}), "deny spend");
  EXPECT_EQ(used(), (Amounts{8, 2}));
  EXPECT_EQ(Ask({.principal = "bad", .amount = 11}), "deny bad spend") << "what cannot fit caps as well";
  EXPECT_EQ(used(), (Amounts{8, 0}));
  EXPECT_EQ(Ask({.amount = 1, .request_id = "r"}), "execute");
  EXPECT_EQ(Ask({.amount = 1, .request_id = "r"}), "execute again");
  EXPECT_EQ(used(), (Amounts{9, 3}));
  EXPECT_EQ(Used("spend"), 9);
}

// Some of a request's budgets are read by policies and some are not.
TEST_P(GovernorTest, WhatIsReadAndWhatIsNotAreReservedTogether) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget seen (principal, action, resource) limit { 100 };
    budget unseen (principal, action, resource) limit { 2 * budget.seen.limit - 195 };
    @id("late") restrict (principal, action, resource) to draft when { budget.seen.after > 4 };)");
  session_.Pin();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Ask({}), "execute");
    ASSERT_EQ(last_.decision.budgets.size(), 2U);
    EXPECT_EQ(last_.decision.budgets[0].used, i);
    EXPECT_EQ(last_.decision.budgets[1].used, i);
  }
  EXPECT_EQ(Ask({}), "draft late");
  EXPECT_EQ(last_.decision.budgets[1].used, 4);
  EXPECT_EQ(Used("seen"), 4);
  EXPECT_EQ(Used("unseen"), 4);
}

// What a session remembers is of one ledger and of one set of policies, and accounts may be forgotten meanwhile.
TEST_P(GovernorTest, RemembersNoAccountsOfOthers) {
  const auto policies = [](const std::string& name) {
    return "permit (principal, action, resource); budget " + name +
           " (principal, action, resource) per { principal } limit { 3 } within { duration(\"1m\") };";
  };
  fixture_.SetPolicies(policies("first"));
  session_.Pin();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask({}), "execute");
  EXPECT_EQ(Ask({}), "deny first");
  for (int i = 0; i < 3; ++i) {
    auto other = std::make_unique<ledger::Ledger>();
    const Governor node({.ledger = *other});
    for (int each = 0; each < 4; ++each) {
      const auto answer = Decide(node, session_, {});
      ASSERT_TRUE(answer.has_value());
      EXPECT_EQ(answer->decision.allowed(), each < 3);
    }
  }
  EXPECT_EQ(Ask({}), "deny first");
  fixture_.SetPolicies(policies("second"));
  session_.Pin();
  EXPECT_EQ(Ask({}), "execute");
  EXPECT_EQ(Used("first"), 3);
  EXPECT_EQ(Used("second"), 1);
  now_.millis += 60 * kMinute;
  ledger_.Expire(now_.millis);
  now_.millis += 60 * kMinute;
  ledger_.Expire(now_.millis);
  EXPECT_TRUE(ledger_.Budgets(now_.millis).empty()) << "the test wants them forgotten";
  EXPECT_EQ(Ask({}), "execute");
  EXPECT_EQ(Ask({}), "execute");
  EXPECT_EQ(Used("second"), 2);
}

// A session remembers what keys of entities are called. A request's own names have numbers that mean something else in the next, and may be those of
// names that the engine has learned meanwhile.
TEST_P(GovernorTest, NamesOfOneRequestAreNotThoseOfAnother) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) per { principal } limit { 10 };)");
  session_.Pin();
  Interner& engine = fixture_.job.interner;
  const SymbolId agent = engine.Intern("Agent");
  const EntityUid pay = {engine.Intern("Action"), engine.Intern("pay")};
  Interner early(&engine);
  const EntityUid own = {agent, early.Intern("own")};
  const EntityUid learned = {agent, engine.Intern("learned")};
  ASSERT_EQ(own, learned) << "the test wants one number for two names";
  const auto decide = [&](const Interner& names, EntityUid principal) {
    const Request request = {.principal = principal, .action = pay, .resource = pay, .context = {}};
    const auto answer = governor_.Decide(session_, {.request = request, .interner = names}, now_);
    return answer ? answer->decision.budgets.front().key : answer.error().code;
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(decide(engine, learned), R"(Agent::"learned")");
    EXPECT_EQ(decide(engine, learned), R"(Agent::"learned")");
    EXPECT_EQ(decide(early, own), R"(Agent::"own")");
  }
  std::vector<std::pair<std::string, int64_t>> used;
  for (const auto& each : ledger_.Budgets(now_.millis)) used.emplace_back(each.key, each.used);
  EXPECT_EQ(used, (std::vector<std::pair<std::string, int64_t>>{{R"(Agent::"learned")", 4}, {R"(Agent::"own")", 2}}));
}

// More principals than a session remembers, again and again: each has an account of its own.
TEST_P(GovernorTest, MorePrincipalsThanASessionRemembers) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    budget spend (principal, action, resource) per { principal } limit { 10 };
    budget all (principal, action, resource) limit { 10000 };)");
  session_.Pin();
  constexpr int kPrincipals = 500;
  for (int i = 0; i < kPrincipals; ++i) fixture_.job.interner.Intern(fmt::format("p{}", i));
  fixture_.job.interner.Intern("Agent");
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kPrincipals; ++i) ASSERT_EQ(Ask({.principal = fmt::format("p{}", i)}), "execute");
  }
  for (const auto& each : ledger_.Budgets(now_.millis)) EXPECT_EQ(each.used, each.budget == "all" ? 3 * kPrincipals : 3) << each.key;
}

// What a clause cannot be looked up for is said by its body.
TEST_P(GovernorTest, PlainClausesFailAsOthersDo) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    @id("missing") budget missing (principal == Agent::"m", action, resource) charge { context.nothing } limit { 10 };
    @id("negative") budget negative (principal == Agent::"n", action, resource) charge { context.amount } limit { 10 };
    @id("key") budget key (principal == Agent::"k", action, resource) per { context.nothing } limit { 10 };
    @id("kind") budget kind (principal == Agent::"d", action, resource) charge { context.amount } limit { decimal("1.0") };)");
  session_.Pin();
  const auto error = [&] { return last_.decision.errors.empty() ? "" : last_.decision.errors.front().code; };
  EXPECT_EQ(Ask({.principal = "m"}), "deny missing");
  EXPECT_EQ(error(), "attribute-missing");
  EXPECT_EQ(Ask({.principal = "n", .amount = -1}), "deny negative");
  EXPECT_EQ(error(), "negative-charge");
  EXPECT_EQ(Ask({.principal = "k"}), "deny key");
  EXPECT_EQ(error(), "attribute-missing");
  EXPECT_EQ(Ask({.principal = "d"}), "deny kind");
  EXPECT_EQ(error(), "type-error");
  EXPECT_TRUE(ledger_.Budgets(now_.millis).empty());
}

TEST_P(GovernorTest, NothingOfAnAnswerIsLeftInTheNext) {
  fixture_.SetPolicies(R"(permit (principal, action, resource);
    @id("ask") escalate (principal == Agent::"new", action, resource) approval { by: [Role::"leads"], expires: duration("15m") };
    budget spend (principal, action, resource) charge { context.amount } limit { 10 };)");
  session_.Pin();
  GovernedDecision answer;
  ASSERT_TRUE(Decide(governor_, session_, {.principal = "new"}, answer).has_value());
  EXPECT_EQ(answer.tickets.size(), 1U);
  ASSERT_TRUE(Decide(governor_, session_, {.amount = 2, .request_id = "r"}, answer).has_value());
  EXPECT_TRUE(answer.tickets.empty());
  EXPECT_TRUE(answer.decision.approvals.empty());
  const std::string reservation = answer.reservation;
  EXPECT_EQ(reservation.size(), 34U);
  ASSERT_TRUE(Decide(governor_, session_, {.amount = 2, .request_id = "r"}, answer).has_value());
  EXPECT_TRUE(answer.is_repeated);
  EXPECT_EQ(answer.reservation, reservation);
  ASSERT_TRUE(Decide(governor_, session_, {.amount = 9}, answer).has_value());
  EXPECT_EQ(answer.decision.outcome, Outcome::Deny);
  EXPECT_TRUE(answer.reservation.empty());
  EXPECT_FALSE(answer.is_repeated);
  EXPECT_EQ(answer.expires_at, 0);
  ASSERT_TRUE(Decide(governor_, session_, {.amount = 1}, answer).has_value());
  EXPECT_EQ(answer.decision.outcome, Outcome::Execute);
  EXPECT_EQ(Decide(governor_, session_, {.amount = 3, .request_id = "r"}, answer).error().code, "request-id-reused");
  EXPECT_EQ(answer.decision.outcome, Outcome::Deny);
  EXPECT_TRUE(answer.reservation.empty());
}

INSTANTIATE_TEST_SUITE_P(Tiers, GovernorTest, testing::ValuesIn(TestedTiers()), TierName);

}  // namespace
}  // namespace remit
