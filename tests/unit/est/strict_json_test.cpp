// The JSON reader under the JSON policies.
#include "compiler/est/strict_json.h"

#include <gtest/gtest.h>

namespace remit {
namespace {

auto Outcome(std::string_view text) -> std::string {
  DiagnosticSink sink;
  const auto json = ParseStrictJson(text, {}, sink);
  if (json) return json->dump();
  EXPECT_EQ(sink.diagnostics().size(), 1U) << text;
  return std::string{CodeName(sink.diagnostics().at(0).code)} + " " + sink.diagnostics().at(0).pointer;
}

TEST(StrictJson, KeepsOrderAndNumbers) {
  EXPECT_EQ(Outcome(R"({"b":1,"a":[true,null,"x"],"":{},"c":18446744073709551615,"d":-9223372036854775808})"),
            R"({"b":1,"a":[true,null,"x"],"":{},"c":18446744073709551615,"d":-9223372036854775808})");
  EXPECT_EQ(Outcome(R"("\u00e9\ud83d\ude00\u0000")"), "\"\xC3\xA9\xF0\x9F\x98\x80\\u0000\"");
  EXPECT_EQ(Outcome(" 1 "), "1");
}

TEST(StrictJson, RefusesRepeatedKeysHoweverTheyAreSpelt) {
  EXPECT_EQ(Outcome(R"({"a":1,"b":2,"\u0061":3})"), "json-duplicate-key /a");
  EXPECT_EQ(Outcome(R"({"x":[0,{"~/":1,"~/":1}]})"), "json-duplicate-key /x/1/~0~1");
  EXPECT_EQ(Outcome(R"({"a":{"a":1},"b":{"a":1}})"), R"({"a":{"a":1},"b":{"a":1}})");
}

TEST(StrictJson, RefusesWhatIsNotJson) {
  for (const std::string_view text : {"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "// c\n1", "1 2", "{} x", "[01]", "+1", "NaN",
                                      "\"\\ud800\"", "\"\\x41\"", "\"\n\"", "tru", "[1", "\"a"}) {
    EXPECT_TRUE(Outcome(text).starts_with("json-invalid ")) << text << ": " << Outcome(text);
  }
  EXPECT_EQ(Outcome("\xEF\xBB\xBF{}"), "json-invalid ");
  EXPECT_EQ(Outcome("\"\xFF\""), "invalid-utf8 ");
  EXPECT_EQ(Outcome("\"\xED\xA0\x80\""), "invalid-utf8 ");
}

TEST(StrictJson, AppendingDoesNotLookForTheKey) {
  Json object = Json::object();
  for (int i = 0; i < 200000; ++i) AppendMember(object, std::to_string(i), i);
  EXPECT_EQ(object.size(), 200000U);
}

}  // namespace
}  // namespace remit
