// Tickets: every transition, who may cause it, and what nobody may.
#include "tests/unit/approval/office.h"

namespace remit::approval {
namespace {

class TicketsTest : public testing::Test {
 protected:
  TicketsTest() {
    office.Give(Office::kLee);
    office.Give(Office::kKim);
  }
  auto Open(uint32_t quorum = 1, int64_t now = 0) -> Ticket {
    return *office.tickets.Open(office.Request(15000), Office::WantedBy(quorum), now);
  }
  auto Approve(const Ticket& ticket, const UidText& person, int64_t now) -> Expected<Ticket> {
    return office.tickets.Approve(ticket.id, {.person = person, .acting_for = {}, .at_ms = now});
  }
  auto Deny(const Ticket& ticket, const UidText& person, int64_t now) -> Expected<Ticket> {
    return office.tickets.Deny(ticket.id, {.person = person, .acting_for = {}, .at_ms = now}, "not this week");
  }
  auto Revoke(const Ticket& ticket, const UidText& person, int64_t now) -> Expected<Ticket> {
    return office.tickets.Revoke(ticket.id, {.person = person, .acting_for = {}, .at_ms = now}, "changed my mind");
  }

  Office office;
};

TEST_F(TicketsTest, OpeningTellsWhatIsNeeded) {
  const auto facts = office.Request(15000);
  const auto ticket = *office.tickets.Open(facts, Office::WantedBy(2), kMinute);
  EXPECT_EQ(ticket.state, TicketState::Pending);
  EXPECT_EQ(ticket.digest, facts.exact);
  EXPECT_EQ(ticket.expires_ms, 16 * kMinute);
  EXPECT_EQ(ticket.wanted.quorum, 2U);
  EXPECT_EQ(ticket.wanted.by, std::vector{Office::kLeads});
  EXPECT_EQ(ticket.grant, "");
}

TEST_F(TicketsTest, OpeningTwiceFindsTheSameTicket) {
  const auto ticket = Open();
  EXPECT_EQ(Open(1, 5 * kMinute).id, ticket.id);
  EXPECT_EQ(Open(1, 5 * kMinute).expires_ms, ticket.expires_ms);
}

TEST_F(TicketsTest, AnotherRequestOrStatementOrRoleIsAnotherTicket) {
  const auto ticket = Open();
  auto edited = Office::WantedBy();
  edited.statement_digest = Sha256("edited");
  auto other_role = Office::WantedBy();
  other_role.by = {{"Role", "finance"}};
  const auto request = office.Request(15000);
  EXPECT_NE(office.tickets.Open(office.Request(15001), Office::WantedBy(), 0)->id, ticket.id);
  EXPECT_NE(office.tickets.Open(request, Office::WantedBy(1, 1, Scope::Exact, "other"), 0)->id, ticket.id);
  EXPECT_NE(office.tickets.Open(request, edited, 0)->id, ticket.id);
  EXPECT_NE(office.tickets.Open(request, other_role, 0)->id, ticket.id);
}

TEST_F(TicketsTest, TheOrderOfRolesMakesNoDifference) {
  const UidText finance{"Role", "finance"};
  auto one = Office::WantedBy();
  auto other = one;
  one.by = {Office::kLeads, finance};
  other.by = {finance, Office::kLeads, finance};
  const auto request = office.Request(15000);
  EXPECT_EQ(office.tickets.Open(request, one, 0)->id, office.tickets.Open(request, other, 0)->id);
}

TEST_F(TicketsTest, AQuorumGrants) {
  const auto ticket = Open(2);
  const auto once = Approve(ticket, Office::kLee, kMinute);
  ASSERT_TRUE(once);
  EXPECT_EQ(once->state, TicketState::Pending);
  const auto twice = Approve(ticket, Office::kKim, 2 * kMinute);
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->state, TicketState::Approved);
  const auto grant = VerifyGrant(twice->grant, office.keys);
  ASSERT_TRUE(grant) << FormatError(grant.error());
  EXPECT_EQ(grant->escalation, ticket.id);
  EXPECT_EQ(grant->request_digest, ticket.digest);
  EXPECT_EQ(grant->issued_ms, 2 * kMinute);
  EXPECT_EQ(grant->expires_ms, ticket.expires_ms);
  EXPECT_EQ(grant->approvers.size(), 2U);
  EXPECT_EQ(Open(2, 3 * kMinute).grant, twice->grant);
}

enum class Event : uint8_t { Approve, Deny, Revoke };

auto Cause(Office& office, Event event, const std::string& id, const Approver& by) -> Expected<Ticket> {
  switch (event) {
    case Event::Approve: return office.tickets.Approve(id, by);
    case Event::Deny: return office.tickets.Deny(id, by, "no");
    case Event::Revoke: return office.tickets.Revoke(id, by, "no");
  }
  return {};
}

auto StateAfter(Event event) -> TicketState {
  switch (event) {
    case Event::Approve: return TicketState::Approved;
    case Event::Deny: return TicketState::Denied;
    case Event::Revoke: return TicketState::Revoked;
  }
  return {};
}

// What an event does in a state that another event, or time, has led to; "" is that it is done.
struct Transition {
  TicketState state;
  std::optional<Event> before;
  Event event;
  std::string code;
};

void Expect(const Transition& row) {
  Office office;
  for (const auto& person : {Office::kLee, Office::kKim}) office.Give(person);
  const auto ticket = *office.tickets.Open(office.Request(15000), Office::WantedBy(), 0);
  if (row.before) {
    ASSERT_TRUE(Cause(office, *row.before, ticket.id, {.person = Office::kLee, .acting_for = {}, .at_ms = kMinute}));
  }
  const int64_t now = row.state == TicketState::Expired ? ticket.expires_ms : 2 * kMinute;
  ASSERT_EQ(office.tickets.Find(ticket.id, now)->state, row.state);
  EXPECT_EQ(CodeOf(Cause(office, row.event, ticket.id, {.person = Office::kKim, .acting_for = {}, .at_ms = now})), row.code);
  EXPECT_EQ(office.tickets.Find(ticket.id, now)->state, row.code.empty() ? StateAfter(row.event) : row.state);
}

TEST_F(TicketsTest, EveryEventInEveryState) {
  using enum TicketState;
  // clang-format off
  const std::vector<Transition> rows = {
      {Pending,  {},              Event::Approve, ""},
      {Pending,  {},              Event::Deny,    ""},
      {Pending,  {},              Event::Revoke,  ""},
      {Approved, Event::Approve,  Event::Approve, ""},
      {Approved, Event::Approve,  Event::Deny,    "escalation-approved"},
      {Approved, Event::Approve,  Event::Revoke,  ""},
      {Denied,   Event::Deny,     Event::Approve, "escalation-denied"},
      {Denied,   Event::Deny,     Event::Deny,    "escalation-denied"},
      {Denied,   Event::Deny,     Event::Revoke,  "escalation-denied"},
      {Revoked,  Event::Revoke,   Event::Approve, "escalation-revoked"},
      {Revoked,  Event::Revoke,   Event::Deny,    "escalation-revoked"},
      {Revoked,  Event::Revoke,   Event::Revoke,  "escalation-revoked"},
      {Expired,  {},              Event::Approve, "escalation-expired"},
      {Expired,  {},              Event::Deny,    "escalation-expired"},
      {Expired,  {},              Event::Revoke,  "escalation-expired"},
      {Expired,  Event::Approve,  Event::Approve, "escalation-expired"},
      {Expired,  Event::Approve,  Event::Deny,    "escalation-expired"},
      {Expired,  Event::Approve,  Event::Revoke,  "escalation-expired"},
  };
  // clang-format on
  for (const auto& row : rows) {
    SCOPED_TRACE(TicketStateName(row.state));
    Expect(row);
  }
}

TEST_F(TicketsTest, AnApprovedTicketExpires) {
  const auto ticket = Open();
  ASSERT_TRUE(Approve(ticket, Office::kLee, kMinute));
  EXPECT_EQ(office.tickets.Find(ticket.id, ticket.expires_ms - 1)->state, TicketState::Approved);
  EXPECT_EQ(office.tickets.Find(ticket.id, ticket.expires_ms)->state, TicketState::Expired);
}

TEST_F(TicketsTest, NothingExpiresIntoAnApproval) {
  const auto ticket = Open(2);
  ASSERT_TRUE(Approve(ticket, Office::kLee, kMinute));
  EXPECT_EQ(office.tickets.Find(ticket.id, ticket.expires_ms)->state, TicketState::Expired);
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kKim, ticket.expires_ms)), "escalation-expired");
}

TEST_F(TicketsTest, AfterExpiryANewTicketIsOpenedAndTheOldOneIsOver) {
  const auto ticket = Open();
  const auto next = Open(1, ticket.expires_ms);
  EXPECT_NE(next.id, ticket.id);
  EXPECT_NE(next.grant_id, ticket.grant_id);
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kLee, ticket.expires_ms + 1)), "escalation-unknown");
  EXPECT_EQ(CodeOf(Approve(next, Office::kLee, ticket.expires_ms + 1)), "");
}

TEST_F(TicketsTest, ADenialStaysUntilItsTimeIsOver) {
  const auto ticket = Open();
  const auto denied = Deny(ticket, Office::kLee, kMinute);
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->decided_by, Office::kLee);
  EXPECT_EQ(denied->reason, "not this week");
  EXPECT_EQ(Open(1, 14 * kMinute).state, TicketState::Denied);
  EXPECT_EQ(Open(1, 15 * kMinute).state, TicketState::Pending);
}

TEST_F(TicketsTest, OneDenialIsEnoughWhateverOthersSaid) {
  const auto ticket = Open(2);
  ASSERT_TRUE(Approve(ticket, Office::kLee, kMinute));
  ASSERT_TRUE(Deny(ticket, Office::kKim, kMinute));
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kLee, kMinute)), "escalation-denied");
}

TEST_F(TicketsTest, OnlyThoseWhomPolicyLetsMayAnswer) {
  const auto ticket = Open();
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kAna, kMinute)), "approver-not-eligible");
  EXPECT_EQ(CodeOf(Deny(ticket, Office::kAna, kMinute)), "approver-not-eligible");
  EXPECT_EQ(CodeOf(Revoke(ticket, Office::kAna, kMinute)), "approver-not-eligible");
  EXPECT_EQ(office.tickets.Find(ticket.id, kMinute)->state, TicketState::Pending);
}

TEST_F(TicketsTest, WhereNobodyCanBeAskedNobodyMay) {
  const auto ticket = Open();
  office.is_away = true;
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kLee, kMinute)), "engine-away");
  office.is_away = false;
  EXPECT_EQ(office.tickets.Find(ticket.id, kMinute)->state, TicketState::Pending);
}

TEST_F(TicketsTest, WhoApprovedMayTakeItBackEvenWithoutTheRole) {
  const auto ticket = Open();
  ASSERT_TRUE(Approve(ticket, Office::kLee, kMinute));
  office.TakeAway(Office::kLee);
  const auto revoked = Revoke(ticket, Office::kLee, kMinute);
  ASSERT_TRUE(revoked) << FormatError(revoked.error());
  EXPECT_EQ(revoked->state, TicketState::Revoked);
  EXPECT_EQ(revoked->grant, "");
}

TEST_F(TicketsTest, WhoLostTheRoleBeforeTheQuorumDoesNotFillIt) {
  const auto ticket = Open(2);
  ASSERT_TRUE(Approve(ticket, Office::kLee, kMinute));
  office.TakeAway(Office::kLee);
  EXPECT_EQ(Approve(ticket, Office::kKim, kMinute)->state, TicketState::Pending);
  office.Give(Office::kAna);
  EXPECT_EQ(Approve(ticket, Office::kAna, kMinute)->state, TicketState::Approved);
}

TEST_F(TicketsTest, AnAgentActsForAPersonOnlyIfBothMay) {
  const UidText inbox{"Agent", "inbox"};
  const auto ticket = Open();
  const Approver through{.person = inbox, .acting_for = {Office::kLee}, .at_ms = kMinute};
  EXPECT_EQ(CodeOf(office.tickets.Approve(ticket.id, through)), "approver-not-eligible");
  office.Give(inbox);
  EXPECT_EQ(office.tickets.Approve(ticket.id, through)->state, TicketState::Approved);
}

TEST_F(TicketsTest, MoreApproversMayBeAddedToAGrantThatKeepsItsUses) {
  const auto ticket = Open();
  const auto first = *Approve(ticket, Office::kLee, kMinute);
  const auto second = *Approve(ticket, Office::kKim, kMinute);
  EXPECT_EQ(VerifyGrant(second.grant, office.keys)->approvers.size(), 2U);
  EXPECT_EQ(VerifyGrant(first.grant, office.keys)->id, VerifyGrant(second.grant, office.keys)->id);
}

TEST_F(TicketsTest, ANodeWithoutAKeyReachesNoQuorum) {
  const auto ticket = Open();
  Tickets keyless(office.store, office.Policy(), std::nullopt);
  EXPECT_EQ(CodeOf(keyless.Approve(ticket.id, {.person = Office::kLee, .acting_for = {}, .at_ms = kMinute})), "no-signing-key");
  EXPECT_EQ(office.tickets.Find(ticket.id, kMinute)->state, TicketState::Pending);
}

TEST_F(TicketsTest, WhatCannotBeIsRefused) {
  const auto facts = office.Request(1);
  const auto code_with = [&](auto change, int64_t now = 0) {
    auto wanted = Office::WantedBy();
    change(wanted);
    return CodeOf(office.tickets.Open(facts, wanted, now));
  };
  constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.quorum = 0; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.quorum = 1000; }), "approval-invalid");
  // Cut off to 32 bits these would be 1.
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.quorum = (int64_t{1} << 32) + 1; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.uses = (int64_t{1} << 32) + 1; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.uses = 0; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.uses = 1'000'000; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.expires_ms = 0; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.expires_ms = kForever; }), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted&) {}, kForever), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted&) {}, -1), "approval-invalid");
  EXPECT_EQ(code_with([](Wanted& wanted) { wanted.scope = Scope::Session; }), "approval-needs-session");
  EXPECT_EQ(CodeOf(office.tickets.Deny(Open().id, {.person = Office::kLee, .acting_for = {}, .at_ms = 1}, std::string(5000, 'x'))),
            "reason-too-long");
}

TEST_F(TicketsTest, UnknownIdsAreUnknown) {
  for (const std::string id : {"", "x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "../../ticket"}) {
    EXPECT_EQ(CodeOf(office.tickets.Find(id, 0)), "escalation-unknown") << id;
  }
  EXPECT_EQ(CodeOf(office.tickets.Find(Open().id + "x", 0)), "escalation-unknown");
}

TEST_F(TicketsTest, AllTicketsAreListedWithTheirState) {
  const auto ticket = Open();
  ASSERT_TRUE(office.tickets.Open(office.Request(2), Office::WantedBy(), kMinute));
  ASSERT_TRUE(Deny(ticket, Office::kLee, kMinute));
  const auto listed = *office.tickets.List(16 * kMinute, 10);
  ASSERT_EQ(listed.size(), 2U);
  for (const auto& each : listed) EXPECT_EQ(each.state, each.id == ticket.id ? TicketState::Denied : TicketState::Expired);
  EXPECT_EQ(office.tickets.List(0, 1)->size(), 1U);
}

TEST_F(TicketsTest, AStoreThatWasChangedIsNoticed) {
  const auto ticket = Open();
  const auto [key, record] = office.store.List("ticket/", 1)->front();
  auto changed = record;
  const size_t at = changed.find("15000");
  ASSERT_NE(at, std::string::npos);
  changed.replace(at, 5, "99999");
  ASSERT_TRUE(*office.store.CompareAndSet(key, record, changed, 0));
  EXPECT_EQ(CodeOf(office.tickets.Find(ticket.id, 0)), "ticket-damaged");
  EXPECT_EQ(CodeOf(Approve(ticket, Office::kLee, 0)), "ticket-damaged");
}

TEST_F(TicketsTest, TicketsReadBackFromTheStore) {
  const auto facts = office.Request(15000, "run-7", {Office::kAna});
  auto ticket = *office.tickets.Open(facts, Office::WantedBy(2, 3, Scope::Session), kMinute);
  ticket = *office.tickets.Approve(ticket.id, {.person = Office::kLee, .acting_for = {}, .at_ms = 2 * kMinute});
  const auto json = TicketToJson(ticket);
  const auto same = TicketFromJson(json);
  ASSERT_TRUE(same);
  EXPECT_EQ(TicketToJson(*same), json);
  for (size_t size = 0; size < json.size(); ++size) EXPECT_FALSE(TicketFromJson(json.substr(0, size)));
}

TEST_F(TicketsTest, TheStoreForgetsWhatHasLongExpired) {
  Open();
  EXPECT_EQ(office.store.List("", 10)->size(), 1U);
  ASSERT_TRUE(office.store.Forget(15 * kMinute + kKeepAfterExpiryMs - 1));
  EXPECT_EQ(office.store.List("", 10)->size(), 1U);
  ASSERT_TRUE(office.tickets.Open(office.Request(2), Office::WantedBy(), 15 * kMinute + kKeepAfterExpiryMs));
  EXPECT_EQ(office.store.List("", 10)->size(), 1U);
}

TEST(MemoryStoreTest, IsBounded) {
  MemoryStore few({.max_entries = 2, .max_bytes = 100});
  EXPECT_TRUE(*few.CompareAndSet("a", std::nullopt, "1", 0));
  EXPECT_TRUE(*few.CompareAndSet("b", std::nullopt, "1", 0));
  EXPECT_EQ(CodeOf(few.CompareAndSet("c", std::nullopt, "1", 0)), "approval-store-full");
  EXPECT_EQ(CodeOf(few.CompareAndSet("a", "1", std::string(100, 'x'), 0)), "approval-store-full");
  EXPECT_TRUE(*few.CompareAndSet("a", "1", std::nullopt, 0));
  EXPECT_TRUE(*few.CompareAndSet("c", std::nullopt, std::string(50, 'x'), 0));
  EXPECT_TRUE(*few.CompareAndSet("c", std::string(50, 'x'), std::string(90, 'x'), 0));
}

TEST(MemoryStoreTest, ComparesBeforeItSets) {
  MemoryStore store;
  EXPECT_FALSE(*store.CompareAndSet("a", "1", "2", 0));
  EXPECT_TRUE(*store.CompareAndSet("a", std::nullopt, "1", 0));
  EXPECT_FALSE(*store.CompareAndSet("a", std::nullopt, "2", 0));
  EXPECT_FALSE(*store.CompareAndSet("a", "2", std::nullopt, 0));
  EXPECT_EQ(**store.Get("a"), "1");
  EXPECT_TRUE(*store.CompareAndSet("a", "1", std::nullopt, 0));
  EXPECT_EQ(*store.Get("a"), std::nullopt);
}

}  // namespace
}  // namespace remit::approval
