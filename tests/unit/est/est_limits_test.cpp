// Documents made to break a reader: depth, size, growth.
#include "est_job.h"

namespace remit {
namespace {

auto Repeat(const std::string& text, size_t count) -> std::string {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// A policy whose condition is `inner` inside `count` layers.
auto Nested(const std::string& before, const std::string& inner, const std::string& after, size_t count) -> std::string {
  return When(Repeat(before, count) + inner + Repeat(after, count));
}

// Cedar's reader takes `-0` for a float, as it does `0.0`; entities and contexts refuse it as well.
TEST(EstLimits, NegativeZeroIsNoLong) {
  for (const auto* value : {"-0", "[-0]", R"({"a":-0})", "-0.0", "0.0", R"({"__extn":{"fn":"decimal","arg":-0}})"}) {
    EstJob job;
    EXPECT_FALSE(job.ReadPolicy(When(std::string(R"({"Value":)") + value + "}"))) << value;
    ASSERT_EQ(job.sink.diagnostics().size(), 1U);
    EXPECT_EQ(CodeName(job.sink.diagnostics()[0].code), "json-not-a-long");
  }
  EstJob job;
  EXPECT_TRUE(job.ReadPolicy(When(R"({"Value":0})")));
}

TEST(EstLimits, DepthBombsAreErrors) {
  for (const size_t depth : {600U, 100000U}) {
    for (const auto& json :
         {Nested(R"({"!":{"arg":)", R"({"Value":true})", "}}", depth), Nested(R"({"Set":[)", "", "]}", depth),
          When("{\"Value\":" + Repeat("[", depth) + Repeat("]", depth) + "}"), Repeat("[", depth), Repeat("{\"a\":", depth)}) {
      EstJob job;
      EXPECT_FALSE(job.ReadPolicy(json));
      ASSERT_EQ(job.sink.diagnostics().size(), 1U);
      EXPECT_EQ(CodeName(job.sink.diagnostics()[0].code), "nesting-too-deep");
    }
  }
}

TEST(EstLimits, WhatIsReadCanBePrintedAndReadAsText) {
  for (const auto& json :
       {Nested(R"({"!":{"arg":)", R"({"Value":true})", "}}", 240), Nested(R"({"neg":{"arg":)", R"({"Value":1})", "}}", 240),
        Nested(R"({"==":{"right":{"Value":1},"left":)", R"({"Value":1})", "}}", 240),
        Nested(R"({"==":{"left":{"Value":1},"right":)", R"({"Value":1})", "}}", 240),
        Nested(R"({"if-then-else":{"if":{"Value":true},"then":{"Value":true},"else":)", R"({"Value":1})", "}}", 240),
        Nested(R"({"!":{"arg":{"if-then-else":{"then":{"Value":true},"else":{"Value":true},"if":)", R"({"Value":1})", "}}}}", 120),
        When("{\"Value\":" + Repeat("[", 390) + Repeat("]", 390) + "}")}) {
    EstJob job;
    ASSERT_TRUE(job.ReadPolicy(json)) << job.Report();
    EstJob again;
    EXPECT_TRUE(again.ReadText(job.Print())) << again.Report();
    EXPECT_EQ(again.ToJson(), job.ToJson());
  }
}

TEST(EstLimits, SizeIsCheckedFirst) {
  EstJob job;
  job.limits.max_json_bytes = 100;
  EXPECT_FALSE(job.ReadPolicy(std::string(101, ' ')));
  EXPECT_EQ(CodeName(job.sink.diagnostics().at(0).code), "file-too-large");
}

TEST(EstLimits, LongChainsAreRefusedNotOverflowed) {
  std::string text = "permit(principal,action,resource) when { true";
  for (int i = 0; i < 100000; ++i) text += " && true";
  EstJob job;
  ASSERT_TRUE(job.ReadText(text + " };")) << job.Report();
  EXPECT_TRUE(job.ToJson().is_null());
  EXPECT_EQ(CodeName(job.sink.diagnostics().at(0).code), "nesting-too-deep");
}

TEST(EstLimits, ChainsOfSomeHundredAreWritten) {
  std::string text = "permit(principal,action,resource) when { context.a0";
  for (int i = 1; i < 900; ++i) text += " || context.a" + std::to_string(i);
  EstJob job;
  ASSERT_TRUE(job.ReadText(text + " };")) << job.Report();
  EXPECT_GT(job.ToJson().dump().size(), 50000U);
}

TEST(EstLimits, SpellingOutPathsDoesNotExplode) {
  std::string expr = "context";
  for (int i = 0; i < 100; ++i) expr = "(" + expr + " has a.b.c)";
  EstJob job;
  ASSERT_TRUE(job.ReadText("permit(principal,action,resource) when { " + expr + " };")) << job.Report();
  EXPECT_TRUE(job.ToJson().is_null());
  EXPECT_EQ(CodeName(job.sink.diagnostics().at(0).code), "no-json-form");

  std::string path = "context has a";
  for (int i = 0; i < 20000; ++i) path += ".a";
  EstJob long_path;
  ASSERT_TRUE(long_path.ReadText("permit(principal,action,resource) when { " + path + " };")) << long_path.Report();
  EXPECT_TRUE(long_path.ToJson().is_null());
}

TEST(EstLimits, LargeObjectsAreReadInGoodTime) {
  std::string json = "{\"staticPolicies\":{";
  const auto policy = When(R"({"Value":true})");
  for (int i = 0; i < 20000; ++i) json += (i > 0 ? ",\"p" : "\"p") + std::to_string(i) + "\":" + policy;
  EstJob job;
  ASSERT_TRUE(job.ReadSet(json + "}}")) << job.Report();
  EXPECT_EQ(job.ast.statements.size(), 20000U);
}

}  // namespace
}  // namespace remit
