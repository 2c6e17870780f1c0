// Generated programs with all of Remit's statements over generated state: the engine decides as the interpreter does, to the last claim and message,
// and no statement of Remit's raises an outcome. REMIT_RANDOM_PROGRAMS sets how many programs.
#include <cstdlib>

#include "runtime/eval/world.h"
#include "runtime/request/delegation.h"
#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

// State, approvals and quarantine by hash of the names: the same for everyone who asks.
class HashWorld final : public World {
 public:
  HashWorld(uint32_t seed, const ir::Program& program, const Interner& interner) : seed_(seed), program_(program), interner_(interner) {}

  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override {
    if (seed_ % 16 == 15) return std::unexpected(Error{.code = "ledger-away", .message = "away", .pointer = {}, .help = {}});
    for (auto& claim : budgets)
      claim.used = static_cast<int64_t>(Hash(interner_.text(program_.budgets[claim.budget].name), claim.key) % 12);
    for (auto& claim : breakers) claim.is_open = Hash(interner_.text(program_.breakers[claim.breaker].name), claim.key) % 3 == 0;
    return {};
  }
  auto IsApproved(const WantedApproval& wanted) -> bool override {
    return Hash(interner_.text(program_.policies[wanted.policy].id), "approved") % 3 == 0;
  }
  auto quarantined() -> std::span<const EntityUid> override { return {}; }

 private:
  auto Hash(std::string_view a, std::string_view b) const -> uint64_t {
    uint64_t hash = seed_ + 1;
    for (const auto text : {a, b}) {
      for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3U;
    }
    return hash >> 7;
  }

  uint32_t seed_;
  const ir::Program& program_;
  const Interner& interner_;
};

class RandomStatements {
 public:
  explicit RandomStatements(RandomPolicies& random) : random_(random) {}

  auto Make(size_t count) -> std::string {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += One(i);
    return text;
  }
  // What of it permits, in Cedar's words: without obligations, and whatever budgets and breakers say. No request is permitted more.
  auto permits() const -> const std::string& { return permits_; }

 private:
  auto Below(size_t limit) -> size_t { return random_.Below(limit); }
  auto One(size_t i) -> std::string {
    switch (Below(6)) {
      case 0: return Permit(i);
      case 1: return fmt::format("@id(\"r{}\") restrict {} to {} {} {};\n", i, Scope(), Level(), Condition(), Oblige());
      case 2: return fmt::format("@id(\"e{}\") escalate {} {} {} {};\n", i, Scope(), Condition(), Approval(), Oblige());
      case 3: return Breaker();
      default: return Budget();
    }
  }
  auto Permit(size_t i) -> std::string {
    const auto scope = Scope();
    const auto condition = Condition();
    const bool reads_state = condition.find("budget") != std::string::npos || condition.find("breaker") != std::string::npos;
    permits_ += fmt::format("@id(\"o{}\") permit {} {};\n", i, scope, reads_state ? "" : condition);
    return fmt::format("@id(\"o{}\") permit {} {} oblige {};\n", i, scope, condition, Record());
  }
  auto Budget() -> std::string {
    const size_t index = budgets_;
    auto text = fmt::format("budget b{} {} {} {} {} limit {{ {} }} {} {};\n", index, Scope(), Condition(),
                            Below(2) == 0 ? "" : fmt::format("charge {{ {} }}", Amount()), Per(), Amount(),
                            Below(2) == 0 ? "" : "each day in \"Europe/Berlin\"", Consequence("exceeded"));
    ++budgets_;
    return text;
  }
  auto Breaker() -> std::string {
    const size_t index = breakers_;
    auto text = fmt::format(
        "breaker k{} {} {} {} trip {{ calls > 3 && failures > 1 }} within {{ duration(\"1m\") }} cooldown {{ duration(\"30s\") }} {};\n",
        index, Scope(), Condition(), Per(), Consequence("open"));
    ++breakers_;
    return text;
  }
  auto Scope() -> std::string {
    static constexpr auto kPrincipals =
        std::to_array<std::string_view>({"principal", "principal", "principal is User", "principal in Group::\"2\"",
                                         "principal == User::\"3\"", "principal is User in Group::\"1\""});
    static constexpr auto kActions = std::to_array<std::string_view>(
        {"action", "action", "action in Action::\"all\"", "action == Action::\"a1\"", "action in [Action::\"a0\", Action::\"a2\"]"});
    static constexpr auto kResources =
        std::to_array<std::string_view>({"resource", "resource", "resource is Doc", "resource in Folder::\"1\"", "resource == Doc::\"4\""});
    return fmt::format("({}, {}, {})", kPrincipals[Below(kPrincipals.size())], kActions[Below(kActions.size())],
                       kResources[Below(kResources.size())]);
  }
  auto Level() -> std::string_view { return std::array<std::string_view, 3>{"deny", "observe", "draft"}[Below(3)]; }
  auto State() -> std::string {
    if (breakers_ > 0 && Below(3) == 0) {
      const size_t k = Below(breakers_);
      return fmt::format("{}breaker.k{}.open", Below(4) == 0 ? "" : fmt::format("breaker has k{} && ", k), k);
    }
    if (budgets_ == 0) return "principal.level > 3";
    const size_t b = Below(budgets_);
    const auto field = std::array<std::string_view, 5>{"used", "charge", "after", "limit", "remaining"}[Below(5)];
    return fmt::format("{}budget.b{}.{} > {}", Below(4) == 0 ? "" : fmt::format("budget has b{} && ", b), b, field, Below(14));
  }
  auto Condition() -> std::string {
    switch (Below(6)) {
      case 0: return fmt::format("when {{ principal has level && principal.level > {} }}", Below(10));
      case 1: return "when { resource.owner == principal }";
      case 2: return fmt::format("when {{ {} }}", State());
      case 3: return fmt::format("unless {{ {} }}", State());
      default: return "";
    }
  }
  auto Amount() -> std::string {
    switch (Below(8)) {
      case 0: return "principal.level";
      case 1: return "principal.level - 5";
      case 2: return "decimal(\"2.5\")";
      case 3: return budgets_ == 0 ? "3" : fmt::format("budget.b{}.limit", Below(budgets_));
      case 4: return "9223372036854775807";
      default: return std::to_string(Below(20) + 5);
    }
  }
  auto Per() -> std::string {
    return std::string(
        std::array<std::string_view, 5>{"", "", "per { principal }", "per { resource.owner, \"x\" }", "per { principal.level }"}[Below(5)]);
  }
  auto Record() -> std::string {
    return std::string(
        std::array<std::string_view, 3>{"{ log: true }", "{ who: principal, n: [1, 2] }", "{ level: principal.level }"}[Below(3)]);
  }
  auto Oblige() -> std::string { return Below(3) == 0 ? "oblige " + Record() : ""; }
  auto Approval() -> std::string {
    const auto by = std::array<std::string_view, 4>{"[Role::\"leads\"]", "[resource.owner, Role::\"x\"]", "[]", "resource.tags"}[Below(4)];
    return fmt::format("approval {{ by: {}, quorum: {}, expires: duration(\"15m\") }}", by, 1 + Below(3));
  }
  auto Consequence(std::string_view keyword) -> std::string {
    switch (Below(4)) {
      case 0: return "";
      case 1: return fmt::format("{} deny", keyword);
      case 2: return fmt::format("{} restrict to {}", keyword, Level());
      default: return fmt::format("{} escalate {}", keyword, Approval());
    }
  }

  RandomPolicies& random_;
  std::string permits_;
  size_t budgets_ = 0;
  size_t breakers_ = 0;
};

// Every fifth request is made on behalf of one, every tenth of two.
auto ChainLength(uint32_t request_seed) -> size_t { return request_seed % 10 == 0 ? 2 : request_seed % 5 == 0 ? 1 : 0; }
auto ChainId(uint32_t request_seed, size_t member) -> std::string {
  return std::to_string(member == 0 ? (request_seed % 20 == 0 ? 1 : 20 + request_seed % 3) : 3);
}

auto Programs() -> uint32_t {
  const char* wanted = std::getenv("REMIT_RANDOM_PROGRAMS");
  return wanted == nullptr ? 24 : static_cast<uint32_t>(std::atoi(wanted));
}

// What differs, for a failure's message.
auto Show(const EngineFixture& fixture, const Decision& decision) -> std::string {
  std::string text = fixture.Describe(decision);
  for (const auto& claim : decision.budgets) {
    text += fmt::format("; b{}[{}] {}+{}/{} {}", claim.budget, claim.key, claim.used, claim.charge, claim.limit, claim.is_lifted);
  }
  for (const auto& claim : decision.breakers)
    text += fmt::format("; k{}[{}] {} {}", claim.breaker, claim.key, claim.is_open, claim.is_lifted);
  for (const auto& each : decision.obligations) text += fmt::format("; {} obliges {}", each.policy, each.record);
  for (const auto& each : decision.approvals) text += fmt::format("; {} wants {}", each.policy, each.by.size());
  return text;
}

// What Cedar's policies allow at most: the lowest of what they allow each member of the chain.
auto PermissionOf(EngineFixture& cedar, uint32_t request_seed, const std::vector<EntityUid>& chain) -> Outcome {
  Arena arena;
  auto lowest = Outcome::Execute;
  const auto decide = [&](const Request& request) {
    const EvalInput input = {.entities = *cedar.entities, .request = request, .interner = cedar.job.interner, .arena = arena};
    lowest = std::min(lowest, remit::Decide(*cedar.program, input).outcome);
  };
  Request request = RandomPolicies(request_seed).RandomRequest(cedar);
  decide(request);
  for (size_t i = 0; i < chain.size(); ++i) {
    request.principal = cedar.Uid("User", ChainId(request_seed, i));
    decide(request);
  }
  return lowest;
}

// The lowest of all members decided alone, with the claims of each.
void ExpectAsForEachMember(const EngineFixture& fixture, const Request& request, const std::vector<EntityUid>& chain, World& world,
                           const Decision& together) {
  const auto members = MembersOf(request.principal, chain);
  if (!members) {
    EXPECT_EQ(together.outcome, Outcome::Deny);
    return;
  }
  Arena arena;
  auto lowest = Outcome::Execute;
  for (const EntityUid member : *members) {
    Request own = request;
    own.principal = member;
    const auto alone =
        remit::Decide(*fixture.program,
                      {.entities = *fixture.entities, .request = own, .interner = fixture.job.interner, .arena = arena, .world = &world});
    lowest = std::min(lowest, alone.outcome);
    for (const auto& claim : alone.budgets) {
      const auto is_same = [&](const BudgetClaim& each) { return each.budget == claim.budget && each.key == claim.key; };
      const auto found = std::ranges::find_if(together.budgets, is_same);
      ASSERT_NE(found, together.budgets.end()) << "a member's budget is escaped";
      EXPECT_TRUE(found->charge >= claim.charge && found->limit <= claim.limit);
      EXPECT_EQ(std::ranges::count_if(together.budgets, is_same), 1);
    }
  }
  EXPECT_EQ(together.outcome, lowest);
}

class StatementsRandom : public ::testing::TestWithParam<CodeTier> {};

TEST_P(StatementsRandom, EnginesAgreeAndNothingRaisesAnOutcome) {
  std::array<uint32_t, 5> seen = {};
  for (uint32_t seed = 0; seed < Programs(); ++seed) {
    EngineFixture fixture(GetParam());
    EngineFixture cedar(CodeTier::Never);
    RandomPolicies random(seed);
    const std::string policies = (seed % 3 != 0 ? "@id(\"any\") permit (principal, action, resource);\n" : "") + random.Make(4);
    RandomStatements generator(random);
    const std::string statements = generator.Make(1 + random.Below(8));
    SCOPED_TRACE(fmt::format("seed {}\n{}{}", seed, policies, statements));
    fixture.SetPolicies(policies + statements);
    fixture.SetEntities(RandomPolicies::Entities());
    cedar.SetPolicies(policies + generator.permits());
    cedar.SetEntities(RandomPolicies::Entities());
    if (::testing::Test::HasFatalFailure()) return;
    Session session(fixture.engine);
    HashWorld world(seed, *fixture.program, fixture.job.interner);
    for (int i = 0; i < 40; ++i) {
      const uint32_t request_seed = seed * 1000 + static_cast<uint32_t>(i);
      const Request request = RandomPolicies(request_seed).RandomRequest(fixture);
      std::vector<EntityUid> chain;
      for (size_t member = 0; member < ChainLength(request_seed); ++member)
        chain.push_back(fixture.Uid("User", ChainId(request_seed, member)));
      Arena arena;
      const auto expected = remit::Decide(*fixture.program, {.entities = *fixture.entities,
                                                             .request = request,
                                                             .interner = fixture.job.interner,
                                                             .arena = arena,
                                                             .world = &world,
                                                             .delegation = chain});
      session.Decide(request, fixture.job.interner, nullptr, false, {.world = &world, .delegation = chain});
      const auto actual = session.ToDecision();
      EXPECT_TRUE(actual == expected) << Show(fixture, actual) << "\ninstead of\n" << Show(fixture, expected);
      if (chain.empty()) {
        PreparedRequest prepared(request, nullptr);
        session.Decide(prepared, {.world = &world});
        EXPECT_TRUE(session.ToDecision() == expected) << "prepared: " << Show(fixture, session.ToDecision());
      }
      ++seen[static_cast<size_t>(expected.outcome)];

      EXPECT_LE(expected.outcome, PermissionOf(cedar, request_seed, chain)) << Show(fixture, expected);
      ExpectAsForEachMember(fixture, request, chain, world, expected);
      if (expected.outcome == Outcome::Execute) {
        for (const auto& claim : expected.budgets) EXPECT_TRUE(claim.is_lifted || claim.used <= claim.limit - claim.charge);
        EXPECT_TRUE(expected.approvals.empty());
      }
    }
  }
  // The generator reaches what it is for.
  for (const uint32_t count : seen) EXPECT_GT(count, 0U);
}

INSTANTIATE_TEST_SUITE_P(Tiers, StatementsRandom, testing::ValuesIn(TestedTiers()), TierName);

}  // namespace
}  // namespace remit
