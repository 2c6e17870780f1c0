// Replays: a decision that depended on budgets, breakers, approvals, quarantine, time and a chain of delegation comes out the same from its record alone, and
// differently from a record that says otherwise.
#include "compiler/replay/replay.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compiler/driver/compile_job.h"
#include "runtime/governor/decision_record.h"
#include "tests/unit/engine/memory_world.h"

namespace remit {
namespace {

constexpr std::string_view kPolicies = R"(
@id("act") permit (principal, action, resource) oblige { level: context.level };
@id("late") forbid (principal, action, resource) when { now() > datetime("2030-01-01") };
@id("broken") forbid (principal, action, resource) when { resource.missing };
@id("ask") escalate (principal, action, resource) when { context.level > 5 }
  approval { by: [Role::"leads"], expires: duration("15m") };
budget calls (principal, action, resource) charge { context.level } per { principal } limit { 10 } each day exceeded restrict to draft;
breaker crm (principal, action, resource) trip { failures > 3 } within { duration("1m") } cooldown { duration("30s") } probe { 1 } open restrict to observe;
)";
constexpr Datetime kNow = {.millis = 1'790'000'000'000};

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    EXPECT_TRUE(LoadPolicies(job_, "p.remit", std::string(kPolicies), PolicyFormat::Text));
    program_ = CompileProgram(job_, ast::IdConvention::Remit);
    entities_ = LoadEntities(job_, "e.json", R"([{"uid":{"type":"Shop","id":"s"},"attrs":{},"parents":[]}])", nullptr);
    EXPECT_TRUE(program_.has_value() && entities_.has_value());
    environment_.emplace(PolicyEnvironment{.program = *program_, .entities = *entities_, .interner = job_.interner});
    decider_.emplace(*environment_, job_.limits);
  }

  // Decides in a world of memory_world.h and keeps the record of it; `covered` as the governor would say it.
  void Decide(int level, const std::string& world_text, const std::vector<audit::Covered>& covered = {}, Datetime now = kNow) {
    const std::string context = fmt::format(R"({{"level":{}}})", level);
    const auto json = fmt::format(R"({{"principal":{{"type":"Agent","id":"a"}},"action":{{"type":"Action","id":"pay"}},)"
                                  R"("resource":{{"type":"Shop","id":"s"}},"context":{},"delegation":[{{"type":"User","id":"ana"}}]}})",
                                  context);
    MemoryWorld world(*program_, job_.interner, world_text);
    const auto answer = decider_->Decide(json, now, true, &world);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    const audit::Entity chain[] = {{.type = "User", .id = "ana"}};
    audit::DecisionRecord record = {.head = {.time_ms = now.millis},
                                    .principal = {"Agent", "a"},
                                    .action = {"Action", "pay"},
                                    .resource = {"Shop", "s"},
                                    .delegation = chain,
                                    .context = context,
                                    .is_validated = true,
                                    .policy_version = "\x01\x02"};
    DecisionDescriber describer;
    describer.Describe(answer->decision, *program_, job_.interner, record);
    record.covered = covered;
    bytes_.clear();
    EncodeRecord(record, bytes_);
    outcome_ = OutcomeName(answer->decision.outcome);
  }

  auto Again(const ReplayOptions& options = {}) -> Replayed {
    const auto view = audit::DecodeRecord(bytes_);
    EXPECT_TRUE(view.has_value());
    return Replay(*view, *decider_, *environment_, options);
  }
  auto IsSame() -> testing::AssertionResult {
    const auto replayed = Again();
    if (replayed.verdict == Replayed::Verdict::Same) return testing::AssertionSuccess();
    return testing::AssertionFailure() << replayed.why << "\n" << replayed.recorded << "\n" << replayed.recomputed;
  }
  // Of the record's bytes, the same number of them.
  void Change(std::string_view from, std::string_view to) {
    const size_t at = bytes_.find(from);
    ASSERT_NE(at, std::string::npos);
    bytes_.replace(at, from.size(), to);
  }

  CompileJob job_;
  std::optional<ir::Program> program_;
  std::optional<EntityStore> entities_;
  std::optional<PolicyEnvironment> environment_;
  std::optional<RequestDecider> decider_;
  std::string bytes_;
  std::string outcome_;
};

TEST_F(ReplayTest, ADecisionWithinItsBudgetIsMadeAgain) {
  Decide(3, R"(budget calls 4 [Agent::"a"])");
  EXPECT_EQ(outcome_, "execute");
  EXPECT_TRUE(IsSame());
}

TEST_F(ReplayTest, WhatWasReadDecides) {
  for (const auto& [world, outcome] : std::vector<std::pair<std::string, std::string>>{
           {"quarantined User::\"ana\"", "deny"}, {"quarantined Shop::\"s\"", "deny"}, {"away", "deny"}, {"", "execute"}}) {
    Decide(3, world);
    EXPECT_EQ(outcome_, outcome) << world;
    EXPECT_TRUE(IsSame()) << world;
  }
}

TEST_F(ReplayTest, BudgetsAndBreakersAreReadFromTheRecord) {
  Decide(3, "");
  const auto view = *audit::DecodeRecord(bytes_);
  const auto budget_key = std::string(view.Text(audit::Field::BudgetKey));
  const auto breaker_key = std::string(view.Text(audit::Field::BreakerKey));
  Decide(3, fmt::format("budget calls 9 {}", budget_key));
  EXPECT_EQ(outcome_, "draft");
  EXPECT_TRUE(IsSame());
  Decide(3, fmt::format("breaker crm open {}", breaker_key));
  EXPECT_EQ(outcome_, "observe");
  EXPECT_TRUE(IsSame());
}

TEST_F(ReplayTest, ApprovalsAreThoseThatWereRecorded) {
  Decide(7, "approved ask", {{.statement = "ask", .grant = "g"}});
  EXPECT_EQ(outcome_, "execute");
  EXPECT_TRUE(IsSame());
  Decide(7, "");
  EXPECT_EQ(outcome_, "approve");
  EXPECT_TRUE(IsSame());
  Decide(7, "approved ask");
  EXPECT_EQ(Again().verdict, Replayed::Verdict::Different) << "nobody recorded that it was approved";
}

TEST_F(ReplayTest, TheTimeIsTheRecords) {
  Decide(3, "", {}, {.millis = 2'000'000'000'000});
  EXPECT_EQ(outcome_, "deny");
  EXPECT_TRUE(IsSame());
}

TEST_F(ReplayTest, ARecordThatSaysOtherwiseComesOutDifferently) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"execute", "observe"}, {"act", "acc"}, {"broken", "brokem"}, {R"("level":3)", R"("level":4)"}}) {
    Decide(3, "");
    Change(from, to);
    const auto replayed = Again();
    EXPECT_EQ(replayed.verdict, Replayed::Verdict::Different) << from;
    EXPECT_NE(replayed.recorded, replayed.recomputed);
  }
}

TEST_F(ReplayTest, OtherVersionsAreLeftOutUnlessTheyAreAskedFor) {
  Decide(3, "");
  EXPECT_EQ(Again({.version = "0102"}).verdict, Replayed::Verdict::Same);
  EXPECT_EQ(Again({.version = "0103"}).verdict, Replayed::Verdict::NotReplayable);
  EXPECT_EQ(Again({.any_version = true, .version = "0103"}).verdict, Replayed::Verdict::Same);
}

TEST_F(ReplayTest, WhatWasNotDecidedCannotBeDecidedAgain) {
  const auto verdict = [&](const audit::DecisionRecord& record) {
    bytes_.clear();
    EncodeRecord(record, bytes_);
    return Again().verdict;
  };
  EXPECT_EQ(verdict({.refusal_code = "audit-stuck"}), Replayed::Verdict::NotReplayable);
  EXPECT_EQ(verdict({.is_repeated = true}), Replayed::Verdict::NotReplayable);
  EXPECT_EQ(verdict({.entities_digest = "x"}), Replayed::Verdict::NotReplayable);
  EXPECT_EQ(verdict({.context = "{"}), Replayed::Verdict::NotReplayable);
}

}  // namespace
}  // namespace remit
