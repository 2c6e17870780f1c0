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

// Two entities have the same version in every snapshot, and what was published before a decision is seen by it. The neighbours are there to be
// replaced while nobody asks about them.
void DecideWhileUpdating(CodeTier tier) {
  EngineFixture fixture(tier);
  std::string json;
  for (int i = 0; i < 200; ++i) {
    json += fmt::format(R"({}{{"uid":{{"type":"User","id":"{}"}},"attrs":{{"version":0}},"parents":[]}})", i == 0 ? "[" : ",", i);
  }
  fixture.SetEntities(json + "]");
  fixture.SetPolicies(
      "@id(\"same\") permit (principal, action, resource) when { principal.version == resource.version && principal.version >= 0 };");
  fixture.engine.WaitForCode();
  const auto key = fixture.Uid("version", "version").id;
  const auto action = fixture.Uid("Action", "a");
  std::vector<EntityUid> users;
  for (int i = 0; i < 200; ++i) users.push_back(fixture.Uid("User", std::to_string(i)));

  std::atomic<bool> is_over = false;
  std::atomic<int64_t> published = 0;
  std::atomic<uint64_t> decisions = 0;
  std::atomic<uint64_t> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      Session session(fixture.engine);
      PreparedRequest prepared({.principal = users[0], .action = action, .resource = users[150], .context = {}}, nullptr);
      while (!is_over.load()) {
        const int64_t least = published.load();
        if (session.Decide(prepared).outcome != Outcome::Execute) wrong.fetch_add(1);
        const auto& entities = *session.snapshot()->entities;
        if (entities.Find(users[0])->attrs[0].value.as_long() < least) wrong.fetch_add(1);
        decisions.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  std::mt19937 random(20261123);
  constexpr int64_t kUpdates = 4000;
  for (int64_t version = 1; version <= kUpdates || decisions.load() < 1000; ++version) {
    const auto updated = fixture.engine.UpdateEntities(
        [&](EntityStoreBuilder& builder) -> Expected<void> {
          const std::array fields = {Field{key, Value::OfLong(version)}};
          const auto upsert = [&](EntityUid uid) {
            builder.AddOrReplace({.uid = uid, .attrs = MakeRecord(builder.arena(), fields).as_record(), .tags = {}, .parents = {}});
          };
          upsert(users[1 + random() % 149]);
          if (version % 4 != 0) return {};
          upsert(users[0]);
          upsert(users[150]);
          return {};
        },
        false);
    ASSERT_TRUE(updated.has_value());
    if (version % 4 == 0) published = version;
  }
  is_over = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong.load(), 0U);
}

TEST(EngineThreadsTest, UpdatesAreSeenWholeAndAtOnce) {
  for (const CodeTier tier : TestedTiers()) DecideWhileUpdating(tier);
}

}  // namespace
}  // namespace remit
