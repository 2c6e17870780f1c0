// Policies changed one by one decide like the same policies compiled together.
#include <map>

#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

auto Compile(EngineFixture& fixture, const std::string& text) -> ir::Program {
  const auto lock = fixture.engine.Lock();
  CompileJob job(fixture.job.limits, fixture.job.shared_interner);
  EXPECT_TRUE(LoadPolicies(job, "change.remit", text, PolicyFormat::Text));
  auto program = CompileProgram(job, ast::IdConvention::Remit);
  EXPECT_TRUE(program.has_value());
  return std::move(*program);
}

// Policies by id as text, in their order.
class PolicyTexts {
 public:
  void Put(const std::string& id, const std::string& text) {
    const auto it = std::ranges::find(policies_, id, &Policy::id);
    if (it == policies_.end()) {
      policies_.push_back({id, text});
    } else {
      it->text = text;
    }
  }
  void Remove(const std::string& id) {
    std::erase_if(policies_, [&](const Policy& policy) { return policy.id == id; });
  }
  auto All() const -> std::string {
    std::string all;
    for (const auto& policy : policies_) all += policy.text;
    return all;
  }

 private:
  struct Policy {
    std::string id;
    std::string text;
  };
  std::vector<Policy> policies_;
};

// Changes three policies at a time, of `policies`, and compares.
void CheckRandomChanges(CodeTier tier, size_t policies, int changes) {
  EngineFixture fixture(tier);
  RandomPolicies random(17);
  PolicyTexts texts;
  const auto make = [&](size_t number) {
    // One policy, which Make numbers p0.
    std::string text = random.Make(1);
    return text.replace(text.find("p0"), 2, "p" + std::to_string(number));
  };
  for (size_t i = 0; i < policies; ++i) texts.Put(fmt::format("p{}", i), make(i));
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies(texts.All());
  Session session(fixture.engine);
  std::vector<PreparedRequest> prepared;
  for (int i = 0; i < 40; ++i) prepared.emplace_back(random.RandomRequest(fixture), nullptr);
  for (int change = 0; change < changes; ++change) {
    std::string added;
    std::vector<SymbolId> removed;
    std::map<size_t, std::string> chosen;
    for (int i = 0; i < 3; ++i) chosen.emplace(random.Below(policies + 10), "");  // some replace, some are new
    for (auto& [number, text] : chosen) {
      text = make(number);
      texts.Put(fmt::format("p{}", number), text);
      added += text;
    }
    if (change % 2 == 1) {
      const auto other = random.Below(policies);
      if (!chosen.contains(other)) {
        texts.Remove(fmt::format("p{}", other));
        const auto lock = fixture.engine.Lock();
        removed.push_back(fixture.job.interner.Intern(fmt::format("p{}", other)));
      }
    }
    ASSERT_TRUE(fixture.engine.ChangePolicies(removed, Compile(fixture, added)).has_value());
    const auto whole = Compile(fixture, texts.All());
    fixture.program = std::make_shared<const ir::Program>(Compile(fixture, texts.All()));
    ASSERT_EQ(session.Pin().policies->program().policies.size(), whole.policies.size());
    for (auto& request : prepared) {
      const auto expected = fixture.Expect(request.request());
      session.Decide(request);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "after change " << change;
      fixture.engine.WaitForCode();
      session.Decide(request);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "with code, after change " << change;
    }
  }
  if (tier == CodeTier::Eager) {
    EXPECT_EQ(session.interpreted(), 0U);
  }
  EXPECT_EQ(fixture.engine.code_error(), "");
}

class PolicyChangeTest : public testing::TestWithParam<CodeTier> {};

TEST_P(PolicyChangeTest, DecidesLikeAllOfThemCompiledTogether) { CheckRandomChanges(GetParam(), 60, 12); }

// These share bodies with what they were before.
TEST_P(PolicyChangeTest, LargeProgramsDecideLikeThatToo) { CheckRandomChanges(GetParam(), 300, 4); }

// Native code of what did not change stays in use, also when the policies it was made for are gone.
TEST_P(PolicyChangeTest, KeepsTheCodeOfOtherPolicies) {
  EngineFixture fixture(GetParam());
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies(
      "@id(\"a\") permit (principal, action, resource) when { principal.level > 3 };\n"
      "@id(\"b\") permit (principal, action, resource) when { resource.tags.contains(\"a\") };");
  fixture.engine.WaitForCode();
  const auto code_of = [&](uint32_t policy) {
    const auto& policies = *fixture.engine.snapshots().current().policies;
    return policies.CodeOf(policies.program().policies[policy].body);
  };
  const auto before = code_of(1);
  for (int i = 0; i < 3; ++i) {
    const auto text = fmt::format("@id(\"a\") forbid (principal, action, resource) when {{ principal.level == {} || false }};", i);
    ASSERT_TRUE(fixture.engine.ChangePolicies({}, Compile(fixture, text)).has_value());
    EXPECT_EQ(code_of(1), before);
    fixture.engine.WaitForCode();
    EXPECT_EQ(code_of(0) != nullptr, GetParam() != CodeTier::Never);
  }
}

// Caps and obligations go and come with their statements.
TEST_P(PolicyChangeTest, StatementsOfRemitChangeToo) {
  EngineFixture fixture(GetParam());
  RandomPolicies random(23);
  PolicyTexts texts;
  const auto statement = [&](size_t number) {
    const auto level = random.Below(9);
    switch (number % 3) {
      case 0:
        return fmt::format("@id(\"s{}\") permit (principal, action, resource) when {{ principal.level > {} }} oblige {{ n: {} }};\n",
                           number, level, level);
      case 1:
        return fmt::format("@id(\"s{}\") restrict (principal, action, resource) to draft when {{ principal.level == {} }};\n", number,
                           level);
      default:
        return fmt::format(
            "@id(\"s{}\") escalate (principal, action, resource) when {{ principal.level < {} }} approval {{ by: [User::\"u{}\"], expires: "
            "duration(\"1h\") }};\n",
            number, level, level);
    }
  };
  for (size_t i = 0; i < 12; ++i) texts.Put(fmt::format("s{}", i), statement(i));
  fixture.SetEntities(RandomPolicies::Entities());
  fixture.SetPolicies(texts.All());
  Session session(fixture.engine);
  std::vector<PreparedRequest> prepared;
  for (int i = 0; i < 30; ++i) prepared.emplace_back(random.RandomRequest(fixture), nullptr);
  for (size_t change = 0; change < 12; ++change) {
    const size_t number = random.Below(14);
    const auto text = statement(number);
    texts.Put(fmt::format("s{}", number), text);
    std::vector<SymbolId> removed;
    if (change % 3 == 2 && number != change % 12) {
      texts.Remove(fmt::format("s{}", change % 12));
      const auto lock = fixture.engine.Lock();
      removed.push_back(fixture.job.interner.Intern(fmt::format("s{}", change % 12)));
    }
    const auto changed = fixture.engine.ChangePolicies(removed, Compile(fixture, text));
    ASSERT_TRUE(changed.has_value()) << changed.error().message;
    fixture.program = std::make_shared<const ir::Program>(Compile(fixture, texts.All()));
    ASSERT_TRUE(ir::Verify(session.Pin().policies->program()).has_value());
    for (auto& request : prepared) {
      const auto expected = fixture.Expect(request.request());
      session.Decide(request);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "after change " << change;
      fixture.engine.WaitForCode();
      session.Decide(request);
      ASSERT_EQ(fixture.Describe(session.ToDecision()), expected) << "with code, after change " << change;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, PolicyChangeTest, testing::ValuesIn(TestedTiers()), TierName);

}  // namespace
}  // namespace remit
