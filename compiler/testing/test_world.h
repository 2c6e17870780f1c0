// What decisions of one test depend on besides policies, entities and time: a ledger and approvals in memory, empty when the test begins.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/testing/approver_policy.h"
#include "compiler/testing/test_engine.h"
#include "runtime/approval/memory_store.h"
#include "runtime/governor/governor.h"

namespace remit::tests {

// What one budget has counted for one key.
struct BudgetFigures {
  int64_t used = 0;  // charged and reserved
  int64_t reserved = 0;
  int64_t limit = 0;

  auto remaining() const -> int64_t { return limit - used; }
};

class TestWorld {
 public:
  // All outlive this.
  TestWorld(ApproverPolicy& approvers, const approval::SigningKey& key, TestEngine& engine, Interner& interner);
  TestWorld(const TestWorld&) = delete;
  auto operator=(const TestWorld&) -> TestWorld& = delete;

  // Presents the grants that the test was given so far. `delegation`: on whose behalf. `entities` is also what says who may approve.
  auto Decide(const Request& request, std::span<const EntityUid> delegation, const EntityStore& entities, Datetime now)
      -> Expected<GovernedDecision>;

  // The approver answers every ticket of the last decision. Errors: of each ticket that did not take the answer.
  auto Answer(const ast::TestApprove& answer, const EntityStore& entities, Datetime now) -> std::vector<Error>;
  auto waits_for_approval() const -> bool { return !tickets_open_.empty(); }

  auto Settle(std::string_view reservation, ledger::Verdict verdict, std::span<const ledger::Actual> actual, Datetime now)
      -> Expected<ledger::Settled>;

  // False if it was so already.
  auto Quarantine(EntityUid uid, Datetime now) -> bool;
  auto Release(EntityUid uid) -> bool;

  // The account that the last decision claimed, else the only one there is. Error: several, which those on behalf of others may claim. Before the
  // first claim nothing is used, and the limit is not known: none.
  auto FiguresOf(std::string_view budget, Datetime now) -> Expected<std::optional<BudgetFigures>>;

 private:
  auto MayApprove(const approval::UidText& person, const approval::Escalation& escalation) -> Expected<bool>;
  auto KeyRingOf(const approval::SigningKey& key) -> approval::KeyRing;

  ApproverPolicy& approvers_;
  TestEngine& engine_;
  Interner& interner_;
  ledger::Ledger ledger_;
  approval::MemoryStore store_;
  approval::KeyRing keys_;
  approval::Tickets tickets_;
  approval::Redeemer redeemer_;
  Governor governor_;

  const EntityStore* entities_ = nullptr;  // during a call
  Datetime now_ = {};
  std::map<EntityUid, std::vector<EntityUid>> roles_;  // of approvers, besides what the entities say
  std::vector<std::string> tickets_open_;  // of the last decision
  std::vector<std::string> grants_;
  std::map<std::string, std::vector<std::string>, std::less<>> last_keys_;  // of the last decision, by budget
  std::map<std::pair<std::string, std::string>, int64_t> limits_;  // by budget and key, as last claimed
};

}  // namespace remit::tests
