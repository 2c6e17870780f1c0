// Text meant to break the parser costs an error, not the process.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

auto Repeat(std::string_view text, size_t times) -> std::string {
  std::string result;
  result.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

auto Nested(std::string_view open, std::string_view inner, std::string_view close, size_t depth) -> std::string {
  return Repeat(open, depth) + std::string{inner} + Repeat(close, depth);
}

TEST(Limits, TooDeepIsAnError) {
  EXPECT_EQ(Understood(Repeat("(", 2'000'000)), "<nesting-too-deep>");
  for (const size_t depth : {size_t{500}, size_t{10'000}}) {
    EXPECT_EQ(Understood(Nested("(", "1", ")", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Nested("[", "1", "]", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Nested("{a:", "1", "}", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Repeat("(", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Repeat("if true then 1 else ", depth) + "2"), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Repeat("if ", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Understood(Nested("[1].contains(", "1", ")", depth)), "<nesting-too-deep>");
    EXPECT_EQ(Verdict("permit(principal == " + Nested("(", "U::\"a\"", ")", depth) + ", action, resource);"), "nesting-too-deep");
  }
}

// The limit itself must fit on the stack: of sanitised builds too, and of threads.
TEST(Limits, AsDeepAsAllowedIsParsed) {
  constexpr size_t kDepth = 390;
  EXPECT_EQ(Verdict(InPolicy(Nested("(", "1", ")", kDepth) + " == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Nested("[", "1", "]", kDepth) + " == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Nested("{a:", "1", "}", kDepth) + " == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Nested("[1].contains(", "1", ")", kDepth))), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("if true then 1 else ", kDepth) + "2")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Nested("(if ", "true", " then true else false)", kDepth / 2))), "ok");
  EXPECT_EQ(Verdict("permit(principal == " + Nested("(", "U::\"a\"", ")", kDepth) + ", action, resource);"), "ok");
  EXPECT_EQ(Verdict(InPolicy(Nested("(", "1 2", ")", kDepth))), "unexpected-token");
}

TEST(Limits, IfsSideBySideAreNotNested) {
  EXPECT_EQ(Verdict(InPolicy("[" + Repeat("if true then 1 else 2, ", 5'000) + "3].contains(1)")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("(if true then true else false) && ", 5'000) + "true")), "ok");
  EXPECT_EQ(Verdict(Repeat("@if(\"x\")", 1) + InPolicy(Repeat("[[[1]]] == [] || ", 5'000) + "true")), "ok");
}

TEST(Limits, ChainsAreNotNested) {
  constexpr size_t kLength = 100'000;
  EXPECT_EQ(Verdict(InPolicy(Repeat("true && ", kLength) + "true")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("true || ", kLength) + "true")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("1 + ", kLength) + "1 == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("1 * ", kLength) + "1 == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy("principal" + Repeat(".a", kLength) + " == 1")), "ok");
  EXPECT_EQ(Verdict(InPolicy("principal has a" + Repeat(".a", kLength))), "ok");
  EXPECT_EQ(Verdict(InPolicy("[" + Repeat("1,", kLength) + "].isEmpty()")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("A::", kLength) + "\"a\" == principal")), "ok");
  EXPECT_EQ(Verdict(InPolicy(Repeat("!", kLength) + "true")), "too-many-signs");
  EXPECT_EQ(Verdict(InPolicy("1 " + Repeat("== 1 ", kLength))), "chained-comparison");
}

TEST(Limits, AStatementHasAtMostSoManyTokens) {
  Limits limits;
  limits.max_statement_tokens = 1000;
  Parsed parsed{InPolicy("[" + Repeat("1,", 1000) + "].isEmpty()") + " permit(principal, action, resource);", limits};
  EXPECT_EQ(parsed.codes(), (std::vector<std::string>{"statement-too-large"}));
  EXPECT_EQ(parsed.ast.statements.size(), 1U) << "the next statement is read";
}

TEST(Limits, FilesHaveAtMostSoManyBytes) {
  Limits limits;
  limits.max_source_bytes = 100;
  EXPECT_EQ((Parsed{std::string(101, ' '), limits}.codes()), (std::vector<std::string>{"file-too-large"}));
  EXPECT_TRUE((Parsed{std::string(100, ' '), limits}.good));
}

TEST(Limits, OneLongStringIsOneToken) {
  constexpr size_t kLength = 8'000'000;
  EXPECT_EQ(Verdict(InPolicy("\"" + std::string(kLength, 'a') + "\" == \"\"")), "ok");
  EXPECT_EQ(Verdict(InPolicy("\"" + Repeat("\xC3\xA9", kLength / 2) + "\" == \"\"")), "ok");
  EXPECT_EQ(Verdict("\"" + std::string(kLength, 'a')), "unterminated-string");
  EXPECT_EQ(Verdict("//" + std::string(kLength, 'a')), "ok");
}

// Rubbish is not reported to its last byte, nor read at the speed of error messages.
TEST(Limits, AFileOfErrorsStopsEarly) {
  for (const std::string_view text : {";", "$", "\"\\\n", "permit(", "permit(principal, action, resource) ", "@", "}", "x;", "&"}) {
    Parsed parsed{Repeat(text, 200'000)};
    EXPECT_FALSE(parsed.good);
    EXPECT_LE(parsed.sink.error_count(), 110U) << text;
    EXPECT_GE(parsed.sink.error_count(), 1U) << text;
  }
}

TEST(Limits, ManySmallPoliciesAreFast) {
  constexpr size_t kPolicies = 20'000;
  const auto text =
      Repeat("@id(\"p\") permit(principal in Group::\"g1\", action == Action::\"view\", resource) when { resource.owner == principal };\n",
             kPolicies);
  const auto start = std::chrono::steady_clock::now();
  Parsed parsed{text};
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(parsed.ast.statements.size(), kPolicies);
  EXPECT_LT(seconds, 30.0) << "far beyond what a loaded machine or a sanitiser explains";
  RecordProperty("milliseconds", static_cast<int>(seconds * 1000));
}

}  // namespace
}  // namespace remit
