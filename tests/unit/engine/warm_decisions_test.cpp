// Once warm, decisions with budgets and breakers allocate nothing, as those without do.
#include "runtime/eval/world.h"
#include "tests/unit/engine/counted_memory.h"
#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

// Every budget has the same used, no breaker is open.
class FlatWorld final : public World {
 public:
  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> /*breakers*/) -> Expected<void> override {
    for (auto& claim : budgets) claim.used = used;
    return {};
  }
  auto IsApproved(const WantedApproval& /*wanted*/) -> bool override { return false; }
  auto quarantined() -> std::span<const EntityUid> override { return {}; }

  int64_t used = 0;
};

constexpr const char* kPolicies = R"(
  @id("all") permit (principal, action, resource);
  budget wide (principal, action, resource) limit { 100 };
  budget own (principal, action, resource) per { principal } limit { 50 } exceeded restrict to draft;
  budget weighed (principal, action, resource) charge { resource.cost } per { resource.owner, "a text that is longer than short texts are" }
    limit { 1000 };
  breaker crm (principal, action, resource) per { resource.owner } trip { calls > 3 } within { duration("1m") } cooldown { duration("1m") };
  @id("late") restrict (principal, action, resource) to observe when { budget.own.after > 40 && !breaker.crm.open };)";

class WarmDecisions : public testing::TestWithParam<CodeTier> {};

TEST_P(WarmDecisions, AllocateNothing) {
  EngineFixture fixture(GetParam());
  fixture.SetPolicies(kPolicies);
  fixture.SetEntities(R"([{"uid": {"type": "Doc", "id": "d"}, "parents": [],
                           "attrs": {"cost": 7, "owner": {"__entity": {"type": "User", "id": "somebody with a long name"}}}}])");
  fixture.engine.WaitForCode();
  Session session(fixture.engine);
  const Request request = {
      .principal = fixture.Uid("User", "u"), .action = fixture.Uid("Action", "a"), .resource = fixture.Uid("Doc", "d"), .context = {}};
  PreparedRequest prepared(request, nullptr);
  FlatWorld world;
  const auto decide = [&] { return session.Decide(prepared, {.world = &world}).outcome; };
  for (int i = 0; i < 3; ++i) {
    for (world.used = 39; world.used < 52; ++world.used) decide();
  }
  EXPECT_EQ(session.statements()->budgets.size(), 3U);
  const bool is_native = session.interpreted() == 0;
  const int64_t before = remit_test::allocations;
  world.used = 39;
  const auto plenty = decide();
  world.used = 40;
  const auto late = decide();
  world.used = 50;
  const auto exceeded = decide();
  const int64_t during = remit_test::allocations - before;
  EXPECT_EQ(plenty, Outcome::Execute);
  EXPECT_EQ(late, Outcome::Observe);
  EXPECT_EQ(exceeded, Outcome::Observe);
  if (is_native) {
    EXPECT_EQ(during, 0);
  }
  EXPECT_EQ(is_native, GetParam() != CodeTier::Never);
}

INSTANTIATE_TEST_SUITE_P(Tiers, WarmDecisions, testing::ValuesIn(TestedTiers()), TierName);

}  // namespace
}  // namespace remit
