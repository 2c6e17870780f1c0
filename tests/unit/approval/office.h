// What tests of tickets and grants share: people with roles, a key, a store, and requests that want an approval.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>

#include "runtime/approval/memory_store.h"
#include "runtime/approval/redemption.h"
#include "runtime/approval/tickets.h"
#include "runtime/request/json.h"

namespace remit::approval {

constexpr int64_t kMinute = 60'000;

class Office {
 public:
  Office() { keys.Add(key.public_key()); }

  // The shipped policy: who is in one of `by`.
  auto Policy() -> MayApprove {
    return [this](const UidText& person, const Escalation& escalation) -> Expected<bool> {
      const std::lock_guard lock(mutex_);
      if (is_away) return std::unexpected(Error{.code = "engine-away", .message = "no engine", .pointer = {}, .help = {}});
      for (const auto& role : escalation.by) {
        if (roles_[person].contains(role)) return true;
      }
      return false;
    };
  }
  void Give(const UidText& person, const UidText& role = kLeads) {
    const std::lock_guard lock(mutex_);
    roles_[person].insert(role);
  }
  void TakeAway(const UidText& person) {
    const std::lock_guard lock(mutex_);
    roles_.erase(person);
  }

  auto Request(int64_t amount, std::string_view session = {}, std::vector<UidText> delegation = {}, std::string_view agent = "s1")
      -> RequestFacts {
    const auto uid = [this](std::string_view type, std::string_view id) { return EntityUid{interner_.Intern(type), interner_.Intern(id)}; };
    const Field field{.key = interner_.Intern("amount"), .value = Value::OfLong(amount)};
    const remit::Request request{.principal = uid("Agent", agent),
                                 .action = uid("Action", "refund"),
                                 .resource = uid("Order", "o1"),
                                 .context = MakeRecord(arena_, std::vector<Field>{field}).as_record()};
    std::vector<EntityUid> chain;
    for (const auto& member : delegation) chain.push_back(uid(member.type, member.id));
    return *DescribeRequest(request, chain, session, interner_);
  }
  static auto WantedBy(uint32_t quorum = 1, uint32_t uses = 1, Scope scope = Scope::Exact, std::string statement = "refund-over-100")
      -> Wanted {
    return {.statement = statement,
            .statement_digest = Sha256("the text of " + statement),
            .by = {kLeads},
            .quorum = quorum,
            .expires_ms = 15 * kMinute,
            .uses = uses,
            .scope = scope};
  }
  // A ticket opened at 0 that everybody of `people` approved at `now`.
  auto Granted(const RequestFacts& facts, const Wanted& wanted, const std::vector<UidText>& people, int64_t now = kMinute) -> Ticket {
    auto ticket = tickets.Open(facts, wanted, 0);
    for (const auto& person : people) {
      EXPECT_TRUE(ticket) << FormatError(ticket.error());
      ticket = tickets.Approve(ticket->id, {.person = person, .acting_for = {}, .at_ms = now});
    }
    EXPECT_TRUE(ticket) << FormatError(ticket.error());
    return *ticket;
  }
  auto CheckOne(const RequestFacts& facts, const Wanted& wanted, std::string_view token, int64_t now, std::string_view request_id = {})
      -> Coverage {
    return redeemer.Check(facts, std::span(&wanted, 1), std::span(&token, 1), request_id, now).front();
  }
  // "covered", or why not.
  auto Says(const RequestFacts& facts, const Wanted& wanted, std::string_view token, int64_t now, std::string_view request_id = {})
      -> std::string {
    const auto coverage = CheckOne(facts, wanted, token, now, request_id);
    return coverage.covered ? "covered" : coverage.why.code;
  }
  // Checks, takes and confirms, as an engine does.
  auto Execute(const RequestFacts& facts, const Wanted& wanted, std::string_view token, int64_t now, std::string_view request_id = {})
      -> std::string {
    const auto coverage = CheckOne(facts, wanted, token, now, request_id);
    if (!coverage.covered) return coverage.why.code;
    const auto redemption = redeemer.Take(facts, std::span(&coverage, 1), request_id);
    if (!redemption) return redemption.error().code;
    EXPECT_TRUE(redeemer.Confirm(*redemption));
    return "executed";
  }

  static inline const UidText kLeads{"Role", "support_leads"};
  static inline const UidText kLee{"User", "lee"};
  static inline const UidText kKim{"User", "kim"};
  static inline const UidText kAna{"User", "ana"};

  bool is_away = false;
  const SigningKey key = SigningKey::Generate();
  KeyRing keys;
  MemoryStore store;
  Tickets tickets{store, Policy(), key};
  Redeemer redeemer{store, keys, Policy()};

 private:
  std::mutex mutex_;
  std::map<UidText, std::set<UidText>> roles_;
  Interner interner_;
  Arena arena_;
};

// "" or the code of the error.
template <typename T>
auto CodeOf(const Expected<T>& result) -> std::string {
  return result ? "" : result.error().code;
}

}  // namespace remit::approval
