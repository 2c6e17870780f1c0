// Threads that decide while policies and entities are swapped: every decision is of one snapshot.
#include <thread>

#include "tests/unit/engine/harness.h"

namespace remit {
namespace {

// Policies and the user's group change together in what they name, but in two publications: a decision by one snapshot executes by the version
// that its policy is named after, or is denied; never by a policy of another version.
void DecideWhileSwapping(CodeTier tier) {
  EngineFixture fixture(tier);
  fixture.SetEntities("[]");
  const auto user = fixture.Uid("User", "u");
  const Request request = {.principal = user, .action = fixture.Uid("Action", "a"), .resource = user, .context = {}};
  std::vector<EntityUid> groups;
  constexpr int kVersions = 40;
  for (int i = 0; i <= kVersions; ++i) groups.push_back(fixture.Uid("Group", std::to_string(i)));
  fixture.SetPolicies("@id(\"v0\") permit (principal in Group::\"0\", action, resource);");

  std::atomic<bool> is_over = false;
  std::atomic<uint64_t> decisions = 0;
  std::atomic<uint64_t> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] {
      Session session(fixture.engine);
      PreparedRequest prepared(request, nullptr);
      while (!is_over.load()) {
        const auto& view = session.Decide(prepared);
        const auto& snapshot = session.Pin();
        (void)snapshot;
        decisions.fetch_add(1, std::memory_order_relaxed);
        if (!view.failed.empty() || (view.outcome == Outcome::Execute) != (view.determining.size() == 1)) wrong.fetch_add(1);
      }
    });
  }
  for (int version = 1; version <= kVersions; ++version) {
    const auto group = groups[static_cast<size_t>(version)];
    const auto updated = fixture.engine.UpdateEntities(
        [&](EntityStoreBuilder& builder) -> Expected<void> {
          const std::array parents = {group};
          builder.AddOrReplace(
              {.uid = user, .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
          return {};
        },
        false);
    ASSERT_TRUE(updated.has_value());
    const auto lock = fixture.engine.Lock();
    fixture.SetPolicies(
        fmt::format("@id(\"v{0}\") permit (principal in Group::\"{0}\", action, resource) when {{ 1 + {0} > 0 }};", version));
  }
  while (decisions.load() < 100) std::this_thread::yield();
  is_over = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong.load(), 0U);
  Session session(fixture.engine);
  PreparedRequest prepared(request, nullptr);
  EXPECT_EQ(session.Decide(prepared).outcome, Outcome::Execute);
}

TEST(EngineThreadsTest, DecisionsAreOfOneSnapshot) {
  for (const CodeTier tier : TestedTiers()) DecideWhileSwapping(tier);
}

}  // namespace
}  // namespace remit
