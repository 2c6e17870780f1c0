// Values from JSON: the explicit forms, what only resembles them, and what is refused and where.
#include <gtest/gtest.h>

#include <string>

#include "runtime/request/json.h"

namespace remit {
namespace {

class JsonValueTest : public testing::Test {
 protected:
  auto Read(std::string_view json) -> Expected<Value> { return ReadValue(json, interner_, arena_, options_); }
  // As source text, or `code pointer` if refused.
  auto Text(std::string_view json) -> std::string {
    const auto value = Read(json);
    if (!value) return value.error().code + " " + value.error().pointer;
    return FormatValue(*value, interner_);
  }
  auto RoundTrip(std::string_view json) -> std::string {
    const auto value = Read(json);
    return value ? ValueToJson(*value, interner_) : FormatError(value.error());
  }

  Interner interner_;
  Arena arena_;
  JsonOptions options_;
};

// Records of few and of many fields are put in order in two ways.
TEST_F(JsonValueTest, FieldsAreWrittenInTheOrderOfTheirNames) {
  EXPECT_EQ(RoundTrip(R"({"b":1,"a":{"d":2,"c":3},"":4})"), R"({"":4,"a":{"c":3,"d":2},"b":1})");
  std::string read;
  std::string written;
  for (int i = 0; i < 20; ++i) {
    read += (i == 0 ? "{" : ",") + std::string("\"") + static_cast<char>('a' + (i * 7) % 20) + "\":0";
    written += (i == 0 ? "{" : ",") + std::string("\"") + static_cast<char>('a' + i) + "\":0";
  }
  EXPECT_EQ(RoundTrip(read + "}"), written + "}");
}

TEST_F(JsonValueTest, ScalarsKeepAllTheirBits) {
  EXPECT_EQ(Text("true"), "true");
  EXPECT_EQ(Text("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Text("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Text(R"("a\u0000\n\"é\ud83d\ude00")"), R"("a\0\n\"é😀")");
}

// Parsers keep their buffers, whose size and depth the next document does not share.
TEST_F(JsonValueTest, DocumentsOfOneThreadDoNotDisturbEachOther) {
  const std::string large = "\"" + std::string(400'000, 'x') + "\"";
  EXPECT_EQ(Text(large), large);
  EXPECT_EQ(Text("[[[[1]]]]"), "[[[[1]]]]");
  options_.limits.max_json_depth = 3;
  EXPECT_EQ(Text("[[[[1]]]]"), "json-too-deep ");
  EXPECT_EQ(Text("[[1]]"), "[[1]]");
  EXPECT_EQ(Text(""), "invalid-json ");
  options_.limits.max_json_depth = 5;
  EXPECT_EQ(Text("[[[[1]]]]"), "[[[[1]]]]");
  EXPECT_EQ(Text(large), large);
}

TEST_F(JsonValueTest, NumbersInMembersOfEscapesThatAreNotReadAreCheckedToo) {
  EXPECT_EQ(Text(R"([{"__entity":{"type":"U","id":"a","more":[{"x":1.5}]}}])"), "not-an-integer /0");
  EXPECT_EQ(Text(R"([{"__extn":{"fn":"ip","arg":"1.1.1.1","more":-0}}])"), "not-an-integer /0");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U","id":"a","more":[null,1]}})"), R"(U::"a")");
}

TEST_F(JsonValueTest, TextThatLooksLikeNegativeZeroStays) {
  EXPECT_EQ(Text(R"(["a:-0,b", "\":-0", "2024-01-01"])"), R"(["2024-01-01", "\":-0", "a:-0,b"])");
  EXPECT_EQ(Text("[-01]").substr(0, 14), "invalid-number");
}

TEST_F(JsonValueTest, NumbersThatAreNo64BitIntegersAreRefused) {
  EXPECT_EQ(Text("[1, 9223372036854775808]"), "integer-out-of-range /1");
  EXPECT_EQ(Text("[1.5]"), "not-an-integer /0");
  EXPECT_EQ(Text("[1e2]"), "not-an-integer /0");
  EXPECT_EQ(Text("[1.0]"), "not-an-integer /0");
  EXPECT_EQ(Text("[0, -0]"), "not-an-integer /1");
  EXPECT_EQ(Text("-0"), "not-an-integer ");
  EXPECT_EQ(Text(R"(["\\",-0 ,"x"])"), "not-an-integer /1");
  EXPECT_EQ(Text("-9223372036854775809").substr(0, 14), "invalid-number");
  EXPECT_EQ(Text("1e999").substr(0, 14), "invalid-number");
  EXPECT_EQ(Text("123456789012345678901234567890").substr(0, 14), "invalid-number");
}

TEST_F(JsonValueTest, BrokenDocumentsAreRefused) {
  for (const auto text : {"",
                          " ",
                          "{",
                          "[1,]",
                          "{\"a\":}",
                          "{a:1}",
                          "'a'",
                          "[1] 2",
                          "\"a",
                          "tru",
                          "nul",
                          "NaN",
                          "01",
                          "+1",
                          "\"\\x\"",
                          "// c\n1",
                          "\"\n\"",
                          "\"\\ud800\"",
                          "\"\\udc00\"",
                          "\"\\ud800x\"",
                          "\"\\ud800\\u0041\"",
                          "{\"\\udfff\":1}",
                          "\"\\uDE00\\uD83D\""}) {
    const auto value = Read(text);
    ASSERT_FALSE(value) << text;
    EXPECT_TRUE(value.error().code == "invalid-json" || value.error().code == "invalid-number") << text << " " << value.error().code;
    EXPECT_FALSE(value.error().message.empty());
  }
  EXPECT_EQ(Text("\"\xff\""), "invalid-utf8 ");
  EXPECT_EQ(Text("\"\xed\xa0\x80\""), "invalid-utf8 ");
}

TEST_F(JsonValueTest, DuplicateKeysAreRefusedAtAnyDepth) {
  EXPECT_EQ(Text(R"({"a":1,"a":1})"), "duplicate-key /a");
  EXPECT_EQ(Text(R"({"x":[{"b":1,"a/~b":2,"c":3,"a/~b":4}]})"), "duplicate-key /x/0/a~1~0b");
  EXPECT_EQ(Text(R"({"a":1,"\u0061":1})"), "duplicate-key /a");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U","id":"a","id":"b"}})"), "duplicate-key /__entity/id");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","arg":"1.1.1.1","arg":"2.2.2.2"}})"), "duplicate-key /__extn/arg");
  std::string many = "{";
  for (int i = 0; i < 10'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(Text(many + "\"k77\":2}"), "duplicate-key /k77");
  EXPECT_TRUE(Read(many + "\"k\":2}"));
}

TEST_F(JsonValueTest, NullsAreRefusedEverywhere) {
  EXPECT_EQ(Text("null"), "null-value ");
  EXPECT_EQ(Text(R"({"a":[{"b":null}]})"), "null-value /a/0/b");
  EXPECT_EQ(Text(R"({"__extn":null})"), "null-value /__extn");
}

TEST_F(JsonValueTest, SetsIgnoreOrderAndRepetition) {
  EXPECT_EQ(Text(R"([2,"a",1,2,[],[]])"), R"(["a", 1, 2, []])");
  EXPECT_EQ(Text(R"([{"a":1,"b":2},{"b":2,"a":1}])"), R"([{"a": 1, "b": 2}])");
}

TEST_F(JsonValueTest, EntitiesAndExtensionsHaveEscapes) {
  EXPECT_EQ(Text(R"({"__entity":{"type":"A::U","id":"x"}})"), R"(A::U::"x")");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U","id":"x","more":1}})"), R"(U::"x")");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","arg":"10.0.0.1/8"}})"), R"(ip("10.0.0.1/8"))");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"decimal","args":["1.50"]}})"), R"(decimal("1.5"))");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","arg":"2.2.2.2","args":["1.1.1.1"]}})"), R"(ip("2.2.2.2"))");
  EXPECT_EQ(
      Text(
          R"({"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"1ms"}}]}})"),
      R"(datetime("1970-01-01T00:00:00.001Z"))");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"isIpv4","arg":{"__extn":{"fn":"ip","arg":"1.1.1.1"}}}})"), "true");
}

TEST_F(JsonValueTest, WhatOnlyResemblesAnEscapeIsARecord) {
  EXPECT_EQ(Text(R"({"type":"U","id":"x"})"), R"({"id": "x", "type": "U"})");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U"}})"), R"({"__entity": {"type": "U"}})");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U","id":1}})"), R"({"__entity": {"id": 1, "type": "U"}})");
  EXPECT_EQ(Text(R"({"__entity":{"type":"U","id":"x"},"y":1})"), R"({"__entity": {"id": "x", "type": "U"}, "y": 1})");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip"}})"), R"({"__extn": {"fn": "ip"}})");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","args":"1.1.1.1"}})"), R"({"__extn": {"args": "1.1.1.1", "fn": "ip"}})");
  EXPECT_EQ(Text(R"({"__expr":1})"), R"({"__expr": 1})");
}

TEST_F(JsonValueTest, BadEscapesAreRefused) {
  EXPECT_EQ(Text(R"({"a":{"__expr":"1+1"}})"), "expr-escape /a");
  for (const auto type : {"", "in", "A::__cedar", "A :: B", "A::", "::A", "A:B", "1A", "a-b", "A\\u0000"}) {
    EXPECT_EQ(Text(R"({"__entity":{"type":")" + std::string(type) + R"(","id":"x"}})"), "invalid-name /__entity/type") << type;
  }
  EXPECT_EQ(Text(R"({"__extn":{"fn":"nope","arg":"x"}})"), "unknown-function /__extn");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","args":[]}})"), "wrong-argument-count /__extn");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","args":["1.1.1.1","1.1.1.1"]}})"), "wrong-argument-count /__extn");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","arg":1}})"), "type-error /__extn");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"ip","args":[null]}})"), "null-value /__extn/args/0");
  EXPECT_EQ(Text(R"({"__extn":{"fn":"unknown","arg":"x"}})"), "extension-error /__extn");
  EXPECT_EQ(Read(R"({"__extn":{"fn":"ip","arg":"bogus"}})").error().message,
            "error while evaluating `ipaddr` extension function: invalid IP address: bogus");
}

TEST_F(JsonValueTest, DepthIsLimited) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_TRUE(Read(nested(512)));
  EXPECT_EQ(Text(nested(513)), "json-too-deep ");
  EXPECT_EQ(Text(nested(1'000'000)), "json-too-deep ");
  EXPECT_FALSE(Read(std::string(1'000'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Text(objects + "1" + std::string(100'000, '}')), "json-too-deep ");
  EXPECT_FALSE(Read(objects));
  options_.limits.max_json_depth = 3;
  EXPECT_TRUE(Read("[[[1]]]"));
  EXPECT_EQ(Text("[[[[1]]]]"), "json-too-deep ");
}

TEST_F(JsonValueTest, SizeIsLimited) {
  options_.limits.max_json_bytes = 4;
  EXPECT_EQ(Text("1234"), "1234");
  EXPECT_EQ(Text("12345"), "json-too-large ");
}

TEST_F(JsonValueTest, WritingGivesTheExplicitFormsWithSortedKeys) {
  EXPECT_EQ(RoundTrip(R"({"z":[2,1],"a\u0001\"":"\n\\/é","e":{"__entity":{"id":"x","type":"U"}}})"),
            R"({"a\u0001\"":"\n\\/é","e":{"__entity":{"type":"U","id":"x"}},"z":[1,2]})");
  for (
      const auto json :
      {R"({"__extn":{"fn":"ip","arg":"::ffff:7f00:1/96"}})", R"({"__extn":{"fn":"decimal","arg":"-0.0001"}})",
       R"({"__extn":{"fn":"duration","arg":"-5ms"}})", R"({"__extn":{"fn":"datetime","arg":"2024-02-29T12:34:56.789Z"}})",
       "-9223372036854775808",
       R"({"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"9223372036854775807ms"}}]}})"}) {
    EXPECT_EQ(RoundTrip(json), json);
  }
}

}  // namespace
}  // namespace remit
