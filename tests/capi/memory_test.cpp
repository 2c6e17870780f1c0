// When memory runs out. Each allocation of a call fails once: the call says so, nothing is left half done, and the next one works.
//
// Policy text is loaded with memory enough: ANTLR's runtime holds a lock of its own for ever when an allocation under it fails.
#include "tests/capi/failing_memory.h"
#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

auto IsOutOfMemory(remit_status status, remit_error* error) -> bool {
  // The reader of JSON reports what its parser was refused.
  return status == REMIT_OUT_OF_MEMORY ||
         (status == REMIT_INVALID_INPUT && remit::detail::View(remit_error_code(error)) == "out-of-memory");
}

// Repeats `call(&error)` with the first, the second, ... allocation failing until none does. How many failed.
template <typename Call>
auto FailEach(Call call) -> int64_t {
  for (int64_t n = 0; n < 1'000'000; ++n) {
    remit_error* error = nullptr;
    until_failure = n;
    const remit_status status = call(&error);
    const bool was_reached = until_failure < 0;
    until_failure = -1;
    if (status != REMIT_OK) {
      EXPECT_TRUE(was_reached) << "allocation " << n;
      EXPECT_TRUE(IsOutOfMemory(status, error)) << "allocation " << n << ": " << remit::detail::View(remit_error_text(error));
    }
    remit_error_free(error);
    if (!was_reached) {
      EXPECT_EQ(status, REMIT_OK);
      return n;
    }
    if (testing::Test::HasFailure()) return n;
  }
  return -1;
}

auto NewEngine() -> Engine {
  remit::EngineOptions options;
  options.tier = REMIT_TIER_INTERPRETER;
  return Engine(options);
}

TEST(Memory, Changing) {
  Engine engine = NewEngine();
  engine.Load(Sources().Policies("p", kPolicies).Schema("s", kSchema).Entities("e", kEntities));
  Record level;
  level.Add("level", 1);
  remit::Changes changes;
  changes.Upsert({"User", "new"}, {{"Team", "staff"}}, &level)
      .UpsertJson(R"([{"uid": {"type": "Team", "id": "staff"}, "attrs": {}, "parents": []}])")
      .Remove({"User", "bob"});
  EXPECT_GT(FailEach([&](remit_error** error) { return remit_engine_apply(engine.get(), changes.get(), error); }), 5);
  Session session(engine);
  EXPECT_EQ(Describe(session.Decide(Fields("new", "read"))), "execute team");
}

TEST(Memory, Deciding) {
  Engine engine = NewEngine();
  engine.Load(Sources()
                  .Policies("p", std::string(kPolicies) + "permit (principal, action, resource) when { context.amount + 1 > 0 };")
                  .Schema("s", kSchema)
                  .Entities("e", kEntities),
              {REMIT_IDS_BY_ANNOTATION, REMIT_CHECK_NONE});
  Session session(engine);
  Record context;
  context.AddExtension("from", "ip", "10.0.0.1");
  const auto fields = Fields("somebody", "read", "something", &context).c();
  const remit_decision* decision = nullptr;
  remit_string text = {};
  const auto ask = [&](remit_error** error) {
    const remit_status status = remit_decide_fields(session.get(), &fields, nullptr, &decision, error);
    if (status != REMIT_OK) {
      EXPECT_EQ(decision, nullptr);
    }
    return status == REMIT_OK ? remit_decision_explain(decision, &text, error) : status;
  };
  EXPECT_GT(FailEach(ask), 5);
  EXPECT_EQ(Describe(Decision(decision)), "deny; owner failed: entity-missing; policy3 failed: attribute-missing");

  const std::string json = R"({"principal": "User::\"ana\"", "action": "Action::\"read\"", "resource": "Doc::\"plan\""})";
  EXPECT_GT(
      FailEach([&](remit_error** error) { return remit_decide_json(session.get(), remit::detail::ToC(json), nullptr, &decision, error); }),
      0);
  EXPECT_EQ(Describe(Decision(decision)), "execute team; policy3 failed: attribute-missing");

  remit_request* request = nullptr;
  FailEach([&](remit_error** error) {
    remit_request_free(request);
    return remit_request_new(engine.get(), &fields, &request, error);
  });
  FailEach([&](remit_error** error) { return remit_decide(session.get(), request, nullptr, &decision, error); });
  remit_decision* copy = nullptr;
  FailEach([&](remit_error** error) {
    remit_decision_free(copy);
    return remit_decision_copy(decision, &copy, error);
  });
  EXPECT_EQ(Describe(Decision(copy)), Describe(Decision(decision)));
  remit_decision_free(copy);
  remit_request_free(request);
}

TEST(Memory, ARecordThatLacksAValueIsNotUsed) {
  for (int64_t n = 0; n < 4; ++n) {
    Record record;
    until_failure = n;
    const remit_status status = remit_record_add_string(record.get(), remit_str("key"), remit_str("a value"));
    until_failure = -1;
    const remit_status checked = remit_record_check(record.get(), nullptr);
    EXPECT_EQ(checked == REMIT_OK, status == REMIT_OK) << n;
  }
}

}  // namespace
}  // namespace remit_test
