// Records and changes to entities.
#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

using remit::Changes;
using remit::Uid;

auto Check(const Record& record) -> std::string {
  try {
    record.Check();
  } catch (const Error& error) {
    return std::string(error.code());
  }
  return "ok";
}

// Decides whether `condition` holds of a context.
auto Holds(const Record& context, const std::string& condition) -> std::string {
  Engine engine;
  engine.Load(Sources().Policies("p", "permit (principal, action, resource) when { " + condition + " };"));
  Session session(engine);
  return Describe(session.Decide(Fields("u", "a", "d", &context)));
}

TEST(Records, EveryKindOfValue) {
  Record record;
  record.Add("bool", true)
      .Add("long", int64_t{-7})
      .Add("text", "a\"b")
      .Add("who", Uid{"A::User", "x"})
      .AddDecimal("price", 15000)
      .AddDatetime("when", 86'400'000)
      .AddDuration("span", 60'000)
      .AddExtension("from", "ip", "10.0.0.1/8")
      .AddRecord("nested", [](Record& nested) { nested.Add("", 1).AddRecord("deeper", [](Record& deeper) { deeper.Add("x", 2); }); })
      .AddSet("set", [](Record::Elements& set) {
        set.Add(1).Add(2).Add(1).AddRecord([](Record& in_set) { in_set.Add("k", true); }).AddSet([](Record::Elements& inner) {
          inner.Add("z");
        });
      });
  EXPECT_EQ(Check(record), "ok");
  for (const char* condition : {"context.bool", "context.long == -7", R"(context.text == "a\"b")", R"(context.who == A::User::"x")",
                                R"(context.price == decimal("1.5"))", R"(context.when == datetime("1970-01-02"))",
                                R"(context.span == duration("1m"))", R"(context.from.isInRange(ip("10.0.0.0/7")))",
                                R"(context.nested == {"": 1, deeper: {x: 2}})", R"(context.set == [2, 1, {k: true}, ["z"]])"}) {
    EXPECT_EQ(Holds(record, condition), "execute policy0") << condition;
  }
}

TEST(Records, MistakesAreRemembered) {
  const auto after = [](auto write) {
    Record record;
    write(record.get());
    return Check(record);
  };
  const remit_string none = {nullptr, 0};
  EXPECT_EQ(after([&](auto* r) { remit_record_add_long(r, none, 1); }), "missing-key");
  EXPECT_EQ(after([&](auto* r) { remit_record_end(r); }), "unexpected-end");
  EXPECT_EQ(after([&](auto* r) { remit_record_begin_set(r, remit_str("s")); }), "unfinished-record");
  EXPECT_EQ(after([&](auto* r) {
              remit_record_begin_set(r, remit_str("s"));
              remit_record_add_long(r, remit_str("k"), 1);
            }),
            "unexpected-key");
  EXPECT_EQ(after([&](auto* r) {
              remit_record_add_long(r, remit_str("k"), 1);
              remit_record_add_long(r, remit_str("k"), 2);
            }),
            "duplicate-key");
  EXPECT_EQ(after([&](auto* r) { remit_record_add_string(r, remit_str("k"), remit_str("\xc3")); }), "invalid-utf8");
  EXPECT_EQ(after([&](auto* r) { remit_record_add_string(r, remit_str("k"), {nullptr, 5}); }), "invalid-argument");
  EXPECT_EQ(after([&](auto* r) { remit_record_add_entity(r, remit_str("k"), {remit_str("not a type"), remit_str("x")}); }), "invalid-name");
  EXPECT_EQ(after([&](auto* r) { remit_record_add_extension(r, remit_str("k"), remit_str("ip"), remit_str("nowhere")); }),
            "extension-error");
  EXPECT_EQ(after([&](auto* r) { remit_record_add_extension(r, remit_str("k"), remit_str("url"), remit_str("http://a")); }),
            "unknown-function");
  EXPECT_EQ(after([&](auto* r) {
              for (int i = 0; i < 100000; ++i) remit_record_begin_record(r, remit_str("k"));
            }),
            "record-too-deep");
}

TEST(Records, TheFirstMistakeStaysUntilCleared) {
  Record record;
  EXPECT_EQ(remit_record_end(record.get()), REMIT_INVALID_INPUT);
  EXPECT_EQ(remit_record_add_long(record.get(), remit_str("k"), 1), REMIT_INVALID_INPUT);
  const Engine engine;
  Session session(engine);
  EXPECT_EQ(Thrown([&] { session.Decide(Fields("a", "b", "c", &record)); }).code(), "unexpected-end");
  record.Clear();
  record.Add("k", 1);
  EXPECT_EQ(Check(record), "ok");
}

TEST(Changes, AddReplaceRemove) {
  Engine engine = Loaded(kPolicies, nullptr, nullptr);
  Session session(engine);
  const Request request(engine, Fields("eve", "read"));
  const auto ask = [&] { return session.Decide(request).allowed(); };
  EXPECT_FALSE(ask());
  engine.Apply(Changes().Upsert({"User", "eve"}, {{"Team", "sub"}}).Upsert({"Team", "sub"}, {{"Team", "staff"}}));
  EXPECT_TRUE(ask());
  engine.Apply(Changes().Remove({"Team", "sub"}));
  EXPECT_FALSE(ask());
  engine.Apply(
      Changes().UpsertJson(R"([{"uid": {"type": "Team", "id": "sub"}, "attrs": {}, "parents": [{"type": "Team", "id": "staff"}]}])"));
  EXPECT_TRUE(ask());
  engine.Apply(Changes().Upsert({"Team", "sub"}).Upsert({"User", "eve"}, {{"Team", "staff"}}).Upsert({"User", "eve"}));
  EXPECT_FALSE(ask());
}

TEST(Changes, AttributesAndTags) {
  Engine engine =
      Loaded(R"(permit (principal, action, resource) when { resource.n == 1 && resource.getTag("t") == "v" };)", nullptr, nullptr);
  Record attributes;
  attributes.Add("n", 1);
  Record tags;
  tags.Add("t", "v");
  Changes changes;
  changes.Upsert({"Doc", "plan"}, {}, &attributes, &tags);
  attributes.Clear();  // they were copied
  engine.Apply(changes);
  Session session(engine);
  EXPECT_EQ(Describe(session.Decide(Fields("a", "b"))), "execute policy0");
}

TEST(Changes, AllOrNothing) {
  Engine engine = Loaded(kPolicies, nullptr, nullptr);
  const auto before = engine.Statistics();
  const auto error = Thrown([&] { engine.Apply(Changes().Upsert({"User", "x"}, {{"Team", "staff"}}).UpsertJson("[1]")); });
  EXPECT_EQ(error.pointer(), "/0");
  EXPECT_EQ(Thrown([&] { engine.Apply(Changes().Upsert({"A", "a"}, {{"A", "b"}}).Upsert({"A", "b"}, {{"A", "a"}})); }).code(),
            "hierarchy-cycle");
  EXPECT_EQ(engine.Statistics().snapshot, before.snapshot);
  EXPECT_EQ(engine.Statistics().entities, before.entities);
}

TEST(Changes, TheSchemaIsKeptTo) {
  Engine engine = Loaded();
  Record level;
  level.Add("level", 3);
  engine.Apply(Changes().Upsert({"User", "new"}, {{"Team", "staff"}}, &level));
  EXPECT_THROW(engine.Apply(Changes().Upsert({"User", "new"})), Error);
  EXPECT_THROW(engine.Apply(Changes().Upsert({"Ghost", "new"})), Error);
  EXPECT_THROW(engine.Apply(Changes().Upsert({"User", "new"}, {{"Doc", "plan"}}, &level)), Error);
  EXPECT_THROW(engine.Apply(Changes().Upsert({"Action", "read"}, {{"Action", "all"}})), Error);
  EXPECT_NO_THROW(engine.Apply(Changes().Upsert({"Action", "read"})));
  EXPECT_EQ(Thrown([&] { engine.Apply(Changes().Remove({"Action", "read"})); }).code(), "action-of-schema");
  Session session(engine);
  EXPECT_EQ(Describe(session.Decide(Fields("new", "read"))), "execute team");
}

TEST(Changes, ActionsAreInActionsOnly) {
  Engine engine;
  EXPECT_EQ(Thrown([&] { engine.Apply(Changes().Upsert({"Action", "read"}, {{"Team", "x"}})); }).code(), "non-action-parent");
}

}  // namespace
}  // namespace remit_test
