// Patterns of `like`: what they match, and that no pattern is slow.
#include "runtime/eval/like.h"

#include <gtest/gtest.h>

#include <chrono>

namespace remit::eval {
namespace {

// `pattern` with `*` for a wildcard.
auto Matches(std::string_view text, std::string_view pattern) -> bool {
  Interner interner;
  ir::Pattern elements;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) elements.emplace_back(interner.Intern(literal));
    literal.clear();
  };
  for (const char c : pattern) {
    if (c != '*') {
      literal += c;
      continue;
    }
    flush();
    elements.emplace_back(std::nullopt);
  }
  flush();
  return MatchesPattern(text, elements, interner);
}

// Tries every split, as the definition says. For short texts.
auto MatchesByDefinition(std::string_view text, std::string_view pattern) -> bool {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '*') return !text.empty() && text[0] == pattern[0] && MatchesByDefinition(text.substr(1), pattern.substr(1));
  for (size_t skip = 0; skip <= text.size(); ++skip) {
    if (MatchesByDefinition(text.substr(skip), pattern.substr(1))) return true;
  }
  return false;
}

TEST(Like, AgreesWithTheDefinitionOnAllShortTextsAndPatterns) {
  std::vector<std::string> words = {""};
  std::vector<std::string> patterns = {""};
  const auto grow = [](std::vector<std::string>& all, std::string_view letters, size_t length) {
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].size() == length) continue;
      for (const char c : letters) all.push_back(all[i] + c);
    }
  };
  grow(words, "ab", 5);
  grow(patterns, "ab*", 5);
  for (const auto& text : words) {
    for (const auto& pattern : patterns)
      EXPECT_EQ(Matches(text, pattern), MatchesByDefinition(text, pattern)) << text << " like " << pattern;
  }
}

TEST(Like, MatchesCodePointsNotBytes) {
  EXPECT_TRUE(Matches("aéb", "a*b"));
  EXPECT_TRUE(Matches("日本語", "*本*"));
  EXPECT_FALSE(Matches("é", "è"));
}

TEST(Like, IsLinear) {
  std::string pattern;
  for (int i = 0; i < 2'000; ++i) pattern += "a*";
  pattern += "b";
  const std::string text(1'000'000, 'a');
  const std::string literal = "*" + std::string(500'000, 'a') + "b*";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(Matches(text, pattern));
  EXPECT_FALSE(Matches(text, literal));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace remit::eval
