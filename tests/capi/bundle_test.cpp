// Bundles: an engine that loads one decides natively from the first decision on, and what is refused changes nothing.
//
// Run on both libraries: on the one with a compiler and on the one without.
#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

using remit::BundleOptions;
using remit::Changes;

auto PathOf(const std::string& name) -> std::string { return REMIT_TEST_BUNDLES "/" + name; }

auto BytesOf(const std::string& name) -> std::string {
  std::ifstream file(PathOf(name), std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

auto HasCompiler() -> bool { return remit::BuildInfo().find(R"("sources":true)") != std::string_view::npos; }

// Background code could come in time to hide that a bundle's was not used.
auto WithoutTier() -> remit::EngineOptions { return {REMIT_TIER_INTERPRETER}; }

auto Ask(Session& session, const RequestFields& fields) -> std::string { return Describe(session.Decide(fields)); }

constexpr bool kHasCode = REMIT_TEST_CODE;

void ExpectGood(const Engine& engine) {
  Session session(engine);
  EXPECT_EQ(Ask(session, Fields("ana", "read")), "execute team");
  EXPECT_EQ(Ask(session, Fields("bob", "write")), "execute owner");
  EXPECT_EQ(Ask(session, Fields("ana", "write")), "deny");
  Record context;
  context.Add("amount", 7);
  EXPECT_EQ(Ask(session, Fields("bob", "write", "plan", &context)), "deny limit");
  if (kHasCode) {
    EXPECT_EQ(session.interpreted(), 0u);
  }
}

auto LoadedBundle(const char* entities = kEntities) -> Engine {
  Engine engine(WithoutTier());
  Sources sources;
  sources.Entities("entities.json", entities);
  BundleOptions options;
  options.entities = &sources;
  engine.LoadBundleFile(PathOf("good.rmb"), options);
  return engine;
}

TEST(Bundle, FromAFileWithEntitiesInOneStep) {
  const Engine engine = LoadedBundle();
  EXPECT_EQ(engine.Statistics().snapshot, 1u);
  EXPECT_EQ(engine.Statistics().policies, 3u);
  ExpectGood(engine);
}

TEST(Bundle, FromMemoryWithEntitiesAfterwards) {
  Engine engine(WithoutTier());
  auto bytes = BytesOf("good.rmb");
  engine.LoadBundle(bytes);
  bytes.assign(bytes.size(), 'x');  // they were copied
  engine.LoadEntities("entities.json", kEntities);
  ExpectGood(engine);
}

TEST(Bundle, EntitiesThatAreThereMustConform) {
  constexpr const char* kUntyped = R"([
    {"uid": {"type": "User", "id": "ana"}, "attrs": {"level": 5}, "parents": [{"type": "Team", "id": "staff"}]},
    {"uid": {"type": "User", "id": "bob"}, "attrs": {"level": 1}, "parents": []},
    {"uid": {"type": "Doc", "id": "plan"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "bob"}}}, "parents": []}])";
  Engine engine(WithoutTier());
  engine.LoadEntities("entities.json", kUntyped);
  engine.LoadBundleFile(PathOf("without_code.rmb"));
  Session session(engine);
  EXPECT_EQ(Ask(session, Fields("ana", "read")), "execute team");
  EXPECT_EQ(Ask(session, Fields("bob", "write")), "execute owner");
  Engine other(WithoutTier());
  other.LoadEntities("entities.json", R"([{"uid": {"type": "User", "id": "x"}, "attrs": {"level": "high"}, "parents": []}])");
  EXPECT_EQ(Thrown([&] { other.LoadBundleFile(PathOf("good.rmb")); }).code(), "invalid-entities");
  EXPECT_EQ(other.Statistics().policies, 0u);
}

TEST(Bundle, PreparedRequestsAndEntityChanges) {
  Engine engine = LoadedBundle();
  Session session(engine);
  const Request request(engine, Fields("ana", "read"));
  EXPECT_EQ(Describe(session.Decide(request)), "execute team");
  Changes changes;
  Record attributes;
  attributes.Add("level", 5);
  engine.Apply(changes.Upsert({"User", "ana"}, {}, &attributes));
  EXPECT_EQ(Describe(session.Decide(request)), "deny");
}

void LoadOther(Engine& engine) {
  Sources sources;
  sources.Entities("entities.json", kOtherEntities);
  BundleOptions options;
  options.entities = &sources;
  engine.LoadBundleFile(PathOf("other.rmb"), options);
}

void ExpectOther(const Engine& engine) {
  Session session(engine);
  EXPECT_EQ(Ask(session, Fields("ana", "read", "memo")), "execute small");
  EXPECT_EQ(Ask(session, Fields("ana", "read", "plan")), "execute badge");
  EXPECT_EQ(Ask(session, Fields("bob", "write", "plan")), "deny");
  Record context;
  context.Add("amount", 7);
  EXPECT_EQ(Ask(session, Fields("ana", "write", "plan", &context)), "deny limit");
  if (kHasCode) {
    EXPECT_EQ(session.interpreted(), 0u);
  }
}

// The second bundle's symbols have other numbers in an engine that knows those of the first: its code runs all the same.
TEST(Bundle, OneAfterTheOtherAndBack) {
  Engine engine = LoadedBundle();
  ExpectGood(engine);
  LoadOther(engine);
  ExpectOther(engine);
  Sources sources;
  sources.Entities("entities.json", kEntities);
  BundleOptions options;
  options.entities = &sources;
  engine.LoadBundle(BytesOf("good.rmb"), options);
  ExpectGood(engine);
}

TEST(Bundle, IntoAnEngineThatKnowsOtherNames) {
  Engine engine(WithoutTier());
  engine.LoadEntities("zoo",
                      R"([{"uid": {"type": "Zebra", "id": "owner"}, "attrs": {"size": 1, "level": 2, "amount": 3}, "parents": []}])");
  LoadOther(engine);
  ExpectOther(engine);
}

TEST(Bundle, ExchangedWhileThreadsDecide) {
  Engine engine = LoadedBundle();
  std::atomic<bool> is_over = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] {
      Session session(engine);
      while (!is_over) {
        const auto answer = Describe(session.Decide(Fields("bob", "write")));
        wrong += answer == "execute owner" || answer == "deny" ? 0 : 1;
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    LoadOther(engine);
    Sources sources;
    sources.Entities("entities.json", kEntities);
    BundleOptions options;
    options.entities = &sources;
    engine.LoadBundleFile(PathOf("good.rmb"), options);
  }
  is_over = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  ExpectGood(engine);
}

TEST(Bundle, ExplainsWithThePlacesInItsSources) {
  const Engine engine = LoadedBundle();
  Session session(engine);
  const auto decision = session.Decide(Fields("bob", "write"));
  const std::string explained(decision.Explain());
  EXPECT_NE(explained.find(R"("file":"policies.cedar")"), std::string::npos) << explained;
  EXPECT_NE(explained.find(R"(@id(\"owner\") permit (principal, action, resource))"), std::string::npos) << explained;
}

TEST(Bundle, SourcesMayBeDropped) {
  Engine engine(WithoutTier());
  BundleOptions options;
  options.drop_sources = true;
  engine.LoadBundleFile(PathOf("good.rmb"), options);
  engine.LoadEntities("entities.json", kEntities);
  Session session(engine);
  EXPECT_EQ(session.Decide(Fields("bob", "write")).Explain().find("policies.cedar"), std::string_view::npos);
}

TEST(Bundle, WhatIsRefusedSaysWhyAndChangesNothing) {
  struct Case {
    const char* file;
    const char* code;
    bool is_about_code;
  };
  for (const auto& [file, code, is_about_code] : {Case{"truncated.rmb", "bundle-truncated", false},
                                                  {"altered.rmb", "bundle-digest", false},
                                                  {"other_version.rmb", "bundle-version", false},
                                                  {"invalid.rmb", "bundle-invalid", false},
                                                  {"digest", "not-a-bundle", false},
                                                  {"other_processor.rmb", "code-target", true},
                                                  {"other_runtime.rmb", "code-version", true}}) {
    if (is_about_code && !kHasCode) continue;
    SCOPED_TRACE(file);
    Engine engine = LoadedBundle();
    const auto before = engine.Statistics();
    for (const bool from_file : {true, false}) {
      const auto error = Thrown([&] { from_file ? engine.LoadBundleFile(PathOf(file)) : engine.LoadBundle(BytesOf(file)); });
      EXPECT_EQ(error.code(), code);
      EXPECT_EQ(error.status(), REMIT_INVALID_INPUT);
    }
    EXPECT_EQ(engine.Statistics().snapshot, before.snapshot);
    ExpectGood(engine);
  }
  Engine engine;
  EXPECT_EQ(Thrown([&] { engine.LoadBundleFile(PathOf("nowhere.rmb")); }).code(), "cannot-read");
  EXPECT_EQ(Thrown([&] { engine.LoadBundle(""); }).code(), "not-a-bundle");
}

TEST(Bundle, EntitiesThatAreRefusedChangeNothing) {
  Engine engine = LoadedBundle();
  const auto before = engine.Statistics().snapshot;
  Sources sources;
  sources.Entities("e", R"([{"uid": {"type": "Ghost", "id": "x"}, "attrs": {}, "parents": []}])");
  BundleOptions options;
  options.entities = &sources;
  const auto error = Thrown([&] { engine.LoadBundleFile(PathOf("good.rmb"), options); });
  ASSERT_EQ(error.diagnostics().size(), 1u);
  EXPECT_EQ(error.diagnostics()[0].pointer, "e#/0/uid");
  EXPECT_EQ(engine.Statistics().snapshot, before);
}

TEST(Bundle, TheDigestThatIsAskedFor) {
  const auto digest = BytesOf("digest");
  Engine engine;
  BundleOptions options;
  options.sha256 = digest;
  EXPECT_NO_THROW(engine.LoadBundleFile(PathOf("good.rmb"), options));
  EXPECT_EQ(Thrown([&] { engine.LoadBundleFile(PathOf("other.rmb"), options); }).code(), "bundle-other");
  options.sha256 = "12";
  EXPECT_EQ(Thrown([&] { engine.LoadBundleFile(PathOf("good.rmb"), options); }).status(), REMIT_INVALID_ARGUMENT);
}

TEST(Bundle, WithoutCodeItIsInterpretedUnlessCodeIsAskedFor) {
  Engine engine(WithoutTier());
  engine.LoadBundleFile(PathOf("without_code.rmb"));
  engine.LoadEntities("entities.json", kEntities);
  Session session(engine);
  EXPECT_EQ(Ask(session, Fields("bob", "write")), "execute owner");
  EXPECT_GT(session.interpreted(), 0u);
  BundleOptions options;
  options.require_code = true;
  EXPECT_EQ(Thrown([&] { engine.LoadBundleFile(PathOf("without_code.rmb"), options); }).code(), "bundle-without-code");
}

TEST(Bundle, SourcesBesideItHaveEntitiesAlone) {
  Engine engine;
  Sources sources;
  sources.Policies("p", kPolicies);
  BundleOptions options;
  options.entities = &sources;
  EXPECT_EQ(Thrown([&] { engine.LoadBundleFile(PathOf("good.rmb"), options); }).status(), REMIT_INVALID_ARGUMENT);
}

TEST(Bundle, PoliciesFromSourceNeedACompiler) {
  Engine engine;
  const auto load = [&] { engine.Load(Sources().Policies("p", kPolicies)); };
  if (HasCompiler()) {
    EXPECT_NO_THROW(load());
    return;
  }
  EXPECT_EQ(Thrown(load).status(), REMIT_UNSUPPORTED);
  EXPECT_EQ(Thrown(load).code(), "no-compiler");
  EXPECT_EQ(Thrown([] { Engine eager({REMIT_TIER_EAGER}); }).status(), REMIT_UNSUPPORTED);
}

}  // namespace
}  // namespace remit_test
