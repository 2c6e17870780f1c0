// Values as text: canonical, and independent of symbol ids.
#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/text.h"
#include "runtime/value/format.h"

namespace remit {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

auto Ipv6(std::array<uint8_t, 16> address, uint8_t prefix = 128) -> IpNet { return {.address = address, .prefix = prefix, .is_v6 = true}; }

TEST(FormatIpTest, OmitsThePrefixOfASingleAddress) {
  EXPECT_EQ(FormatIp({.address = {10, 0, 0, 1}, .prefix = 32, .is_v6 = false}), "10.0.0.1");
  EXPECT_EQ(FormatIp({.address = {10, 0, 0, 1}, .prefix = 24, .is_v6 = false}), "10.0.0.1/24");
  EXPECT_EQ(FormatIp({.address = {}, .prefix = 0, .is_v6 = false}), "0.0.0.0/0");
}

TEST(FormatIpTest, CompressesTheFirstLongestRunOfZeros) {
  EXPECT_EQ(FormatIp(Ipv6({})), "::");
  EXPECT_EQ(FormatIp(Ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})), "::1");
  EXPECT_EQ(FormatIp(Ipv6({0xFF, 0}, 8)), "ff00::/8");
  EXPECT_EQ(FormatIp(Ipv6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1})), "2001:db8::1:0:0:1");
  EXPECT_EQ(FormatIp(Ipv6({0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1})), "1:0:1:1:1:1:1:1");
  EXPECT_EQ(FormatIp(Ipv6({0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0})), "1:0:0:1:1::");
}

TEST(FormatIpTest, NeverUsesDots) { EXPECT_EQ(FormatIp(Ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1})), "::ffff:7f00:1"); }

TEST(FormatDecimalTest, KeepsOnePlaceAtLeast) {
  EXPECT_EQ(FormatDecimal({0}), "0.0");
  EXPECT_EQ(FormatDecimal({15000}), "1.5");
  EXPECT_EQ(FormatDecimal({-1}), "-0.0001");
  EXPECT_EQ(FormatDecimal({10100}), "1.01");
  EXPECT_EQ(FormatDecimal({kGreatest}), "922337203685477.5807");
  EXPECT_EQ(FormatDecimal({kLeast}), "-922337203685477.5808");
}

TEST(FormatDatetimeTest, SpellsTheYearsThatLiteralsCan) {
  EXPECT_EQ(FormatDatetime({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatDatetime({-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatDatetime({1709210096789}), "2024-02-29T12:34:56.789Z");
  EXPECT_EQ(FormatDatetime({-62167219200000}), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatDatetime({-62167219200001}), std::nullopt);
  EXPECT_EQ(FormatDatetime({253402300799999}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatDatetime({253402300800000}), std::nullopt);
  EXPECT_EQ(FormatDatetime({kLeast}), std::nullopt);
  EXPECT_EQ(FormatDatetime({kGreatest}), std::nullopt);
}

class FormatValueTest : public testing::Test {
 protected:
  auto Text(const Value& value) -> std::string { return FormatValue(value, interner_); }

  Interner interner_;
  Arena arena_;
};

TEST_F(FormatValueTest, ScalarsAreLiterals) {
  EXPECT_EQ(Text(Value::OfBool(true)), "true");
  EXPECT_EQ(Text(Value::OfLong(kLeast)), "-9223372036854775808");
  EXPECT_EQ(Text(Value::OfString("a\"b\n\\")), R"("a\"b\n\\")");
  EXPECT_EQ(Text(Value::OfEntity({interner_.Intern("Acme::User"), interner_.Intern("a\"b")})), R"(Acme::User::"a\"b")");
  EXPECT_EQ(Text(Value::OfDuration({-5})), R"(duration("-5ms"))");
  EXPECT_EQ(Text(Value::OfDatetime({kGreatest})), R"(datetime("1970-01-01").offset(duration("9223372036854775807ms")))");
}

// Of every length: what fits into the string itself, what needs memory, and what is added to a string that has room.
TEST_F(FormatValueTest, TextsOfEntitiesEndWhereTheyShould) {
  std::string all;
  std::string expected;
  for (size_t length = 0; length < 80; ++length) {
    const std::string id(length, 'x');
    const EntityUid uid = {interner_.Intern("Acme::User"), interner_.Intern(id)};
    EXPECT_EQ(FormatEntityUid(uid, interner_), "Acme::User::\"" + id + "\"");
    AppendValue(all, Value::OfEntity(uid), interner_);
    expected += "Acme::User::\"" + id + "\"";
    EXPECT_EQ(all, expected);
  }
}

// As strings are escaped everywhere, whichever way they take.
TEST_F(FormatValueTest, TextsAreQuotedAlike) {
  for (const std::string text : {"", "plain 1", "\"", "\\", "\t", "\x7F", "~", "\u00AD", "gr\u00FC\u00DF"}) {
    EXPECT_EQ(Text(Value::OfString(text)), QuoteString(text));
    EXPECT_EQ(FormatEntityUid({interner_.Intern("T"), interner_.Intern(text)}, interner_), "T::" + QuoteString(text));
  }
}

TEST_F(FormatValueTest, OneOddByteAnywhereIsSeen) {
  for (const char odd : {'\0', '\x1F', '"', '\\', '\x7F', '\n', ' ', '!', '#', '[', ']', '~'}) {
    for (size_t at = 0; at < 20; ++at) {
      std::string text(20, 'a');
      text[at] = odd;
      EXPECT_EQ(Text(Value::OfString(text)), QuoteString(text));
    }
  }
}

TEST_F(FormatValueTest, AppendingKeepsWhatIsThere) {
  std::string text = "a, ";
  AppendValue(text, Value::OfLong(kGreatest), interner_);
  EXPECT_EQ(text, "a, 9223372036854775807");
}

TEST_F(FormatValueTest, OrderDoesNotDependOnSymbolIds) {
  const auto z = interner_.Intern("z");
  const auto a = interner_.Intern("a");
  const std::array fields = {Field{z, Value::OfLong(1)}, Field{a, Value::OfLong(2)}};
  EXPECT_EQ(Text(MakeRecord(arena_, fields)), R"({"a": 2, "z": 1})");
  const std::array uids = {Value::OfEntity({z, z}), Value::OfEntity({a, a})};
  EXPECT_EQ(Text(MakeSet(arena_, uids)), R"([a::"a", z::"z"])");
  EXPECT_EQ(Text(MakeSet(arena_, {})), "[]");
  EXPECT_EQ(Text(MakeRecord(arena_, {})), "{}");
}

}  // namespace
}  // namespace remit
