// Canonical JSON of requests: RFC 8785's own examples, and that one request has one digest and another request another.
#include <gtest/gtest.h>

#include <limits>

#include "runtime/approval/base64url.h"
#include "runtime/approval/canonical_json.h"
#include "runtime/approval/canonical_value.h"
#include "runtime/approval/request_facts.h"
#include "runtime/request/json.h"

namespace remit::approval {
namespace {

class World {
 public:
  explicit World(std::vector<std::string> symbols_first = {}) {
    for (const auto& text : symbols_first) interner.Intern(text);
  }

  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {interner.Intern(type), interner.Intern(id)}; }
  auto Read(std::string_view json) -> Value {
    auto value = ReadValue(json, interner, arena, {});
    EXPECT_TRUE(value) << FormatError(value.error());
    return *value;
  }
  auto Canonical(std::string_view json) -> std::string { return *CanonicalValue(Read(json), interner, limits); }
  auto Facts(std::string_view context, std::string_view session = {}, std::vector<EntityUid> delegation = {}) -> RequestFacts {
    const Request request{.principal = Uid("Agent", "s1"),
                          .action = Uid("Action", "refund"),
                          .resource = Uid("Order", "o1"),
                          .context = Read(context).as_record()};
    return *DescribeRequest(request, delegation, session, interner);
  }

  Interner interner;
  Arena arena;
  ApprovalLimits limits;
};

TEST(Rfc8785, StringsOfTheExampleInSection322) {
  EXPECT_EQ(CanonicalString("\u20ac$\x0f\nA'\x42\x22\x5c\\\"/"), R"("€$\u000f\nA'B\"\\\\\"/")");
}

TEST(Rfc8785, ControlCharactersHaveTheirShortEscapeOrFourLowerCaseDigits) {
  EXPECT_EQ(CanonicalString("\b\t\n\f\r\x1f\x7f"), "\"\\b\\t\\n\\f\\r\\u001f\x7f\"");
  EXPECT_EQ(CanonicalString(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(Rfc8785, MembersAreInTheOrderOfTheExampleInSection323) {
  const auto json = CanonicalObject()
                        .AddString("\u20ac", "Euro Sign")
                        .AddString("\r", "Carriage Return")
                        .AddString("\ufb33", "Hebrew Letter Dalet With Dagesh")
                        .AddString("1", "One")
                        .AddString("\U0001f600", "Emoji: Grinning Face")
                        .AddString("\u0080", "Control")
                        .AddString("\u00f6", "Latin Small Letter O With Diaeresis")
                        .Finish();
  EXPECT_EQ(json,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            "\"\u20ac\":\"Euro Sign\",\"\U0001f600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(Rfc8785, ACharacterBeyondTheBasicPlaneComesBeforeUE000) {
  EXPECT_TRUE(ComesBefore("\U00010000", "\ue000"));
  EXPECT_TRUE(ComesBefore("a\U0010ffff", "a\uffee"));
  EXPECT_TRUE(ComesBefore("\ud7ff", "\U00010000"));
  EXPECT_FALSE(ComesBefore("\ue000", "\U00010000"));
  EXPECT_TRUE(ComesBefore("a", "aa"));
  EXPECT_FALSE(ComesBefore("a", "a"));
}

TEST(CanonicalValueTest, NumbersKeepAllTheirDigits) {
  World world;
  EXPECT_EQ(world.Canonical("[9007199254740993, 9223372036854775807, -9223372036854775808, 0]"),
            "[-9223372036854775808,0,9007199254740993,9223372036854775807]");
}

TEST(CanonicalValueTest, ExtensionValuesAndEntitiesAreTagged) {
  World world;
  EXPECT_EQ(world.Canonical(R"({"__extn": {"fn": "ip", "arg": "10.0.0.1"}})"), R"({"__extn":{"arg":"10.0.0.1","fn":"ip"}})");
  EXPECT_EQ(world.Canonical(R"({"__extn": {"fn": "decimal", "arg": "1.50"}})"), R"({"__extn":{"arg":"1.5","fn":"decimal"}})");
  EXPECT_EQ(world.Canonical(R"({"__entity": {"type": "User", "id": "ana"}})"), R"({"__entity":{"id":"ana","type":"User"}})");
}

TEST(CanonicalValueTest, TimesBeyondTheYear9999StayDifferent) {
  World world;
  const auto text = [&](int64_t millis) { return *CanonicalValue(Value::OfDatetime({millis}), world.interner, world.limits); };
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  EXPECT_NE(text(kLast), text(kLast - 1));
  EXPECT_NE(text(std::numeric_limits<int64_t>::min()), text(kLast));
}

TEST(CanonicalValueTest, ARecordNeverLooksLikeAnEntity) {
  World world;
  const auto entity = Value::OfEntity(world.Uid("User", "ana"));
  const Value uid = MakeRecord(world.arena, std::vector<Field>{{.key = world.interner.Intern("type"), .value = Value::OfString("User")},
                                                               {.key = world.interner.Intern("id"), .value = Value::OfString("ana")}});
  const Value record = MakeRecord(world.arena, std::vector<Field>{{.key = world.interner.Intern("__entity"), .value = uid}});
  const Value wrapped = MakeRecord(world.arena, std::vector<Field>{{.key = world.interner.Intern("__record"), .value = record}});
  const auto text = [&](const Value& value) { return *CanonicalValue(value, world.interner, world.limits); };
  EXPECT_EQ(text(record), R"({"__record":{"__entity":{"id":"ana","type":"User"}}})");
  EXPECT_NE(text(entity), text(record));
  EXPECT_NE(text(record), text(wrapped));
}

TEST(CanonicalValueTest, SetsAndRecordsDoNotDependOnTheOrderOfSymbols) {
  World forward({"Agent", "User", "a", "b", "x", "y"});
  World backward({"y", "x", "b", "a", "User", "Agent"});
  constexpr std::string_view kJson =
      R"({"y": [{"type": "User", "id": "b"}, {"__entity": {"type": "User", "id": "a"}}, 10, 9, [2, 1]], "x": {"b": 1, "a": [3, 2, 2]}})";
  EXPECT_EQ(forward.Canonical(kJson), backward.Canonical(kJson));
  EXPECT_EQ(forward.Canonical(R"([{"__entity": {"type": "User", "id": "b"}}, {"__entity": {"type": "User", "id": "a"}}])"),
            R"([{"__entity":{"id":"a","type":"User"}},{"__entity":{"id":"b","type":"User"}}])");
}

TEST(CanonicalValueTest, TooDeepIsRefused) {
  World world;
  Value value = Value::OfLong(1);
  for (int i = 0; i < 100'000; ++i) value = MakeSet(world.arena, std::vector<Value>{value});
  const auto text = CanonicalValue(value, world.interner, world.limits);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, "approval-request-too-deep");
}

TEST(CanonicalValueTest, TooLargeIsRefused) {
  World world;
  const std::string long_text(world.limits.max_request_bytes, 'x');
  const auto text = CanonicalValue(Value::OfString(long_text), world.interner, world.limits);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, "approval-request-too-large");
}

TEST(RequestFactsTest, TheCanonicalRequestIsThis) {
  World world;
  const auto facts = world.Facts(R"({"amount_cents": 15000})", "run-7", {world.Uid("User", "ana")});
  EXPECT_EQ(
      CanonicalRequest(facts, Scope::Exact),
      R"({"action":{"id":"refund","type":"Action"},"context":{"amount_cents":15000},"delegation":[{"id":"ana","type":"User"}],)"
      R"("principal":{"id":"s1","type":"Agent"},"resource":{"id":"o1","type":"Order"},"scope":"exact","session":"run-7","version":1})");
  EXPECT_EQ(
      CanonicalRequest(facts, Scope::Session),
      R"({"action":{"id":"refund","type":"Action"},"delegation":[{"id":"ana","type":"User"}],)"
      R"("principal":{"id":"s1","type":"Agent"},"resource":{"id":"o1","type":"Order"},"scope":"session","session":"run-7","version":1})");
  EXPECT_EQ(*facts.DigestFor(Scope::Exact), Sha256(CanonicalRequest(facts, Scope::Exact)));
  EXPECT_EQ(*facts.DigestFor(Scope::Session), Sha256(CanonicalRequest(facts, Scope::Session)));
}

TEST(RequestFactsTest, TheExactDigestChangesWithEveryPart) {
  World world;
  const auto digest = world.Facts(R"({"n": 1})", "s", {world.Uid("User", "ana")}).exact;
  EXPECT_EQ(digest, world.Facts(R"({"n": 1})", "s", {world.Uid("User", "ana")}).exact);
  EXPECT_NE(digest, world.Facts(R"({"n": 2})", "s", {world.Uid("User", "ana")}).exact);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "t", {world.Uid("User", "ana")}).exact);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "", {world.Uid("User", "ana")}).exact);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "s", {world.Uid("User", "bob")}).exact);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "s").exact);
}

TEST(RequestFactsTest, TheSessionDigestLeavesOutTheContextAlone) {
  World world;
  const auto digest = world.Facts(R"({"n": 1})", "s").in_session;
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest, world.Facts(R"({"n": 2})", "s").in_session);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "t").in_session);
  EXPECT_NE(digest, world.Facts(R"({"n": 1})", "s", {world.Uid("User", "ana")}).in_session);
  EXPECT_NE(*digest, world.Facts("{}", "s").exact);
}

TEST(RequestFactsTest, WithoutASessionThereIsNoApprovalForOne) {
  World world;
  const auto digest = world.Facts("{}").DigestFor(Scope::Session);
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, "approval-needs-session");
}

TEST(Base64Url, ReadsWhatItWritesAndNothingElse) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\xfd"}) {
    EXPECT_EQ(FromBase64Url(ToBase64Url(bytes)), bytes);
  }
  EXPECT_EQ(ToBase64Url("\xfb\xff"), "-_8");
  for (const auto* text : {"A", "AAAAA", "Zh", "Zg==", "Zg=", "Z g", "-_9", "+/8", "Zg\n"})
    EXPECT_EQ(FromBase64Url(text), std::nullopt) << text;
}

TEST(DigestTest, HexIsReadStrictly) {
  const auto digest = Sha256("abc");
  EXPECT_EQ(ToHex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(DigestFromHex(ToHex(digest)), digest);
  EXPECT_EQ(DigestFromHex("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), std::nullopt);
  EXPECT_EQ(DigestFromHex("ba"), std::nullopt);
}

}  // namespace
}  // namespace remit::approval
