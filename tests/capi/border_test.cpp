// What a careless or hostile caller does: missing handles, wrong sizes, broken text, handles freed in any order.
#include <cstring>

#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

const remit_string kBroken = {nullptr, 3};

TEST(Border, FreeingNothing) {
  remit_error_free(nullptr);
  remit_engine_free(nullptr);
  remit_sources_free(nullptr);
  remit_record_free(nullptr);
  remit_changes_free(nullptr);
  remit_request_free(nullptr);
  remit_session_free(nullptr);
  remit_decision_free(nullptr);
  remit_session_release(nullptr);
  remit_record_clear(nullptr);
  remit_changes_clear(nullptr);
}

TEST(Border, EveryMissingArgumentIsAnError) {
  const Engine engine;
  Session session(engine);
  Sources sources;
  Record record;
  const Request request(engine, Fields("a", "b"));
  const auto text = remit_str("x");
  const remit_uid uid = {text, text};
  const auto fields = Fields("a", "b").c();
  const remit_decision* decision = nullptr;
  const remit_decision* decided = session.Decide(request).get();
  remit_string out = {};
  remit_outcome outcome = REMIT_EXECUTE;
  remit_request* made_request = nullptr;
  remit_session* made_session = nullptr;
  remit_decision* copy = nullptr;
  const remit_status all[] = {
      remit_engine_new(nullptr, nullptr, nullptr),
      remit_engine_load(nullptr, sources.get(), nullptr, nullptr),
      remit_engine_load(engine.get(), nullptr, nullptr, nullptr),
      remit_engine_change_policies(nullptr, sources.get(), nullptr, 0, nullptr, nullptr),
      remit_engine_change_policies(engine.get(), nullptr, nullptr, 0, nullptr, nullptr),
      remit_engine_change_policies(engine.get(), sources.get(), nullptr, 1, nullptr, nullptr),
      remit_engine_load_entities(nullptr, text, text, nullptr),
      remit_engine_load_entities(engine.get(), text, kBroken, nullptr),
      remit_engine_apply(engine.get(), nullptr, nullptr),
      remit_engine_apply(nullptr, nullptr, nullptr),
      remit_engine_wait_for_code(nullptr, nullptr),
      remit_engine_statistics(engine.get(), nullptr, nullptr),
      remit_sources_new(nullptr, nullptr),
      remit_sources_add_policies(nullptr, text, text, REMIT_POLICIES_AS_TEXT, nullptr),
      remit_sources_add_policies(sources.get(), text, kBroken, REMIT_POLICIES_AS_TEXT, nullptr),
      remit_sources_add_policies(sources.get(), text, text, 17, nullptr),
      remit_sources_add_links(sources.get(), kBroken, text, nullptr),
      remit_sources_add_schema(nullptr, text, text, nullptr),
      remit_sources_add_entities(nullptr, text, text, nullptr),
      remit_record_new(nullptr, nullptr),
      remit_record_check(nullptr, nullptr),
      remit_record_add_long(nullptr, text, 1),
      remit_record_end(nullptr),
      remit_changes_new(nullptr, nullptr),
      remit_changes_upsert(nullptr, uid, nullptr, 0, nullptr, nullptr, nullptr),
      remit_changes_remove(nullptr, uid, nullptr),
      remit_changes_upsert_json(nullptr, text, nullptr),
      remit_request_new(nullptr, &fields, &made_request, nullptr),
      remit_request_new(engine.get(), nullptr, &made_request, nullptr),
      remit_request_new(engine.get(), &fields, nullptr, nullptr),
      remit_request_from_json(engine.get(), kBroken, &made_request, nullptr),
      remit_session_new(nullptr, &made_session, nullptr),
      remit_session_new(engine.get(), nullptr, nullptr),
      remit_decide(nullptr, request.get(), nullptr, &decision, nullptr),
      remit_decide(session.get(), nullptr, nullptr, &decision, nullptr),
      remit_decide(session.get(), request.get(), nullptr, nullptr, nullptr),
      remit_decide_fields(session.get(), nullptr, nullptr, &decision, nullptr),
      remit_decide_json(session.get(), kBroken, nullptr, &decision, nullptr),
      remit_decide_json_lines(session.get(), text, nullptr, nullptr, nullptr),
      remit_decide_batch(session.get(), nullptr, 1, nullptr, &outcome, nullptr),
      remit_decide_each(session.get(), nullptr, 0, nullptr, nullptr, nullptr, nullptr),
      remit_decision_json(decided, nullptr, nullptr),
      remit_decision_json(nullptr, &out, nullptr),
      remit_decision_explain(nullptr, &out, nullptr),
      remit_decision_copy(nullptr, &copy, nullptr),
      remit_decision_error(decided, 0, nullptr, nullptr),
      remit_error_diagnostic(nullptr, 0, nullptr),
  };
  for (size_t i = 0; i < std::size(all); ++i) EXPECT_EQ(all[i], REMIT_INVALID_ARGUMENT) << "call " << i;
  EXPECT_EQ(outcome, REMIT_DENY);
}

TEST(Border, NothingIsEmpty) {
  EXPECT_EQ(remit_error_status(nullptr), REMIT_OK);
  EXPECT_EQ(remit_error_code(nullptr).size, 0u);
  EXPECT_EQ(remit_error_diagnostic_count(nullptr), 0u);
  EXPECT_EQ(remit_decision_outcome(nullptr), REMIT_DENY);
  EXPECT_EQ(remit_decision_determining_count(nullptr), 0u);
  EXPECT_EQ(remit_decision_determining(nullptr, 0).size, 0u);
  EXPECT_EQ(remit_decision_error_count(nullptr), 0u);
  EXPECT_EQ(remit_session_interpreted(nullptr), 0u);
  EXPECT_EQ(remit_outcome_name(99).size, 0u);
  EXPECT_EQ(remit_outcome_name(-1).size, 0u);
}

TEST(Border, UidsWithoutIdOrText) {
  const Engine engine;
  Session session(engine);
  remit_request_fields fields = Fields("a", "b").c();
  const remit_decision* decision = nullptr;
  fields.action = {remit_str("Action"), {nullptr, 0}};
  EXPECT_EQ(remit_decide_fields(session.get(), &fields, nullptr, &decision, nullptr), REMIT_INVALID_ARGUMENT);
  fields.action = {kBroken, remit_str("x")};
  EXPECT_EQ(remit_decide_fields(session.get(), &fields, nullptr, &decision, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(decision, nullptr);
}

// A struct of an older header is shorter, one of a newer header longer.
TEST(Border, StructsOfOtherVersions) {
  struct Newer {
    remit_engine_options known;
    uint64_t unknown;
  };
  Newer newer = {REMIT_ENGINE_OPTIONS_INIT, 0};
  newer.known.size = sizeof(newer);
  remit_engine* engine = nullptr;
  ASSERT_EQ(remit_engine_new(&newer.known, &engine, nullptr), REMIT_OK);
  remit_engine_free(engine);
  newer.unknown = 1;
  EXPECT_EQ(remit_engine_new(&newer.known, &engine, nullptr), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(engine, nullptr);

  remit_engine_options older = {offsetof(remit_engine_options, limits), REMIT_TIER_INTERPRETER, reinterpret_cast<const remit_limits*>(8),
                                1};
  ASSERT_EQ(remit_engine_new(&older, &engine, nullptr), REMIT_OK);  // what lies behind its size is not looked at

  remit_statistics statistics;
  std::memset(&statistics, 0x55, sizeof(statistics));
  statistics.size = offsetof(remit_statistics, policies);
  EXPECT_EQ(remit_engine_statistics(engine, &statistics, nullptr), REMIT_OK);
  EXPECT_EQ(statistics.snapshot, 0u);
  EXPECT_EQ(statistics.policies, 0x5555555555555555u);
  statistics.size = 0;
  EXPECT_EQ(remit_engine_statistics(engine, &statistics, nullptr), REMIT_INVALID_ARGUMENT);
  remit_engine_free(engine);
}

TEST(Border, OptionsThatDoNotExist) {
  remit::EngineOptions options;
  options.tier = 42;
  EXPECT_EQ(Thrown([&] { Engine{options}; }).status(), REMIT_INVALID_ARGUMENT);
  Engine engine;
  remit::LoadOptions load;
  load.check = -1;
  EXPECT_EQ(Thrown([&] { engine.Load(Sources(), load); }).status(), REMIT_INVALID_ARGUMENT);
  load.check = REMIT_CHECK_STRICT;
  load.ids = 2;
  EXPECT_EQ(Thrown([&] { engine.Load(Sources(), load); }).status(), REMIT_INVALID_ARGUMENT);
}

TEST(Border, HandlesOfAnotherEngine) {
  const Engine a;
  const Engine b;
  Session session(a);
  const Request request(b, Fields("a", "b"));
  EXPECT_EQ(Thrown([&] { session.Decide(request); }).status(), REMIT_INVALID_ARGUMENT);
}

TEST(Border, HandlesGoInAnyOrder) {
  auto engine = std::make_unique<Engine>(Loaded());
  auto session = std::make_unique<Session>(*engine);
  const Request request(*engine, Fields("ana", "read"));
  const Decision kept = session->Decide(request).Keep();
  engine.reset();
  EXPECT_EQ(Describe(session->Decide(request)), "execute team");
  session.reset();
  EXPECT_EQ(Describe(kept), "execute team");
}

TEST(Border, AReleasedSessionHasNoDecision) {
  const Engine engine = Loaded();
  Session session(engine);
  const Decision decision = session.Decide(Fields("ana", "read"));
  session.Release();
  EXPECT_EQ(Describe(decision), "deny");
  EXPECT_EQ(Thrown([&] { decision.Keep(); }).status(), REMIT_INVALID_ARGUMENT);
  EXPECT_EQ(Describe(session.Decide(Fields("ana", "read"))), "execute team");
}

TEST(Border, AfterAFailureNothingIsLeftOfTheDecisionBefore) {
  const Engine engine = Loaded();
  Session session(engine);
  const Decision before = session.Decide(Fields("ana", "read"));
  EXPECT_THROW(session.DecideJson("{"), Error);
  EXPECT_EQ(before.outcome(), Outcome::Deny);
  EXPECT_EQ(remit_decision_error_count(before.get()), 0u);
}

// A session's decision is no one's to free.
TEST(Border, FreeingABorrowedDecisionDoesNothing) {
  const Engine engine = Loaded();
  Session session(engine);
  const Decision decision = session.Decide(Fields("ana", "read"));
  remit_decision_free(const_cast<remit_decision*>(decision.get()));
  EXPECT_EQ(Describe(decision), "execute team");
}

TEST(Border, HostileDocuments) {
  Engine engine;
  Session session(engine);
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {std::string("\0\xff", 2), deep, "{" + deep, std::string(1 << 20, '"'), std::string("null"), std::string()}) {
    EXPECT_THROW(session.DecideJson(text), Error);
    EXPECT_THROW(engine.LoadEntities("e", text), Error);
    EXPECT_THROW(Request::FromJson(engine, text), Error);
    EXPECT_NO_THROW(session.DecideJsonLines(text));
    for (const auto format : {REMIT_POLICIES_AS_TEXT, REMIT_POLICIES_AS_JSON}) {
      if (text.empty() && format == REMIT_POLICIES_AS_TEXT) continue;
      EXPECT_THROW(engine.Load(Sources().Policies("p", text, static_cast<remit_policy_format>(format))), Error);
    }
    if (!text.empty()) {
      EXPECT_THROW(engine.Load(Sources().Schema("s", text)), Error);
    }
    EXPECT_THROW(engine.Load(Sources().Links("l", text)), Error);
  }
}

TEST(Border, ErrorsQuoteBrokenTextAsUnicode) {
  Engine engine;
  const auto error = Thrown([&] { engine.Load(Sources().Policies("\xff", "permit \xff")); });
  EXPECT_EQ(error.json().find('\xff'), std::string_view::npos);
}

TEST(Border, BuildInfo) {
  EXPECT_EQ(remit::Version(), "0.1.0");
  EXPECT_NE(remit::BuildInfo().find(R"("version":"0.1.0","abi":0)"), std::string_view::npos) << remit::BuildInfo();
}

}  // namespace
}  // namespace remit_test
