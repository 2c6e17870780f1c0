// Regular expressions: whole texts, linear time, bounded memory.
#include "stdlib/regex.h"

#include <chrono>

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

auto Matches(std::string_view pattern, std::string_view text) -> bool {
  const auto regex = Regex::Compile(pattern);
  EXPECT_TRUE(regex.has_value()) << pattern << ": " << (regex ? "" : regex.error());
  return regex && (*regex)->Matches(text);
}

TEST(RegexTest, MatchesWholeTexts) {
  EXPECT_TRUE(Matches("[a-z]+", "abc"));
  EXPECT_FALSE(Matches("[a-z]+", "abc1"));
  EXPECT_FALSE(Matches("[a-z]+", "1abc"));
  EXPECT_FALSE(Matches("a|b", "ab"));
  EXPECT_TRUE(Matches("^abc$", "abc"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_FALSE(Matches("", "a"));
}

TEST(RegexTest, ALineIsNotTheText) {
  EXPECT_FALSE(Matches("[a-z]+", "abc\n"));
  EXPECT_FALSE(Matches("[a-z]+", "abc\nrm"));
  EXPECT_FALSE(Matches("[a-z]+$", "abc\n"));
  EXPECT_FALSE(Matches("(?m)^[a-z]+$", "abc\nrm"));
  EXPECT_FALSE(Matches(".*", "a\nb"));
  EXPECT_TRUE(Matches("(?s).*", "a\nb"));
  EXPECT_FALSE(Matches("[a-z]+", WithNul("abc", "")));
}

TEST(RegexTest, KnowsUnicode) {
  EXPECT_TRUE(Matches(".", "\U0001F600"));
  EXPECT_TRUE(Matches("\\p{Greek}+", "\u03b1\u03b2"));
  EXPECT_FALSE(Matches("[a-z]+", "\u0430bc"));  // a Cyrillic a
  EXPECT_TRUE(Matches("(?i)\u00e4", "\u00c4"));
}

TEST(RegexTest, RefusesWhatItCannotRun) {
  for (const auto pattern : {"(", "a{2,1}", "[b-a]", "(?<=a)b", "(a)\\1", "*", "\\", "\\xZZ", "(?P<n", "[[:nope:]]", "a{1001}"}) {
    const auto regex = Regex::Compile(pattern);
    EXPECT_FALSE(regex.has_value()) << pattern;
    EXPECT_FALSE(!regex && regex.error().empty()) << pattern;
  }
  EXPECT_FALSE(Regex::Compile("\xff").has_value());
  EXPECT_FALSE(Regex::Compile(std::string(100'000, 'a')).has_value());
}

TEST(RegexTest, MemoryIsBounded) {
  EXPECT_FALSE(Regex::Compile("((((a{50}){50}){50}){50}){50}").has_value());
  EXPECT_FALSE(Regex::Compile("(\\pL{500}){1000}").has_value());
}

TEST(RegexTest, TimeIsLinear) {
  const auto regex = Regex::Compile("(a*)*(a*)*b|(a|aa)+c|(.*)(.*)(.*)(.*)[^a]$");
  ASSERT_TRUE(regex.has_value());
  const std::string text(1'000'000, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE((*regex)->Matches(text));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(RegexTest, TheRowsBodyAgrees) {
  EXPECT_TRUE(MatchesRegex(String("abc"), String("a.c")));
  EXPECT_FALSE(MatchesRegex(String("abcd"), String("a.c")));
  EXPECT_FALSE(MatchesRegex(String("("), String("(")));
}

}  // namespace
}  // namespace remit
