// The table of tokens against ANTLR's own lexer, which both come from the grammar.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "compiler/parse/token_source.h"

namespace remit::parse {
namespace {

struct Seen {
  size_t type;
  size_t start;
  size_t stop;
  size_t line;
  std::string text;

  friend auto operator==(const Seen&, const Seen&) -> bool = default;
};

auto See(const antlr4::Token& token) -> Seen {
  return {.type = token.getType(),
          .start = token.getStartIndex(),
          .stop = token.getStopIndex(),
          .line = token.getLine(),
          .text = token.getText()};
}

auto ByAntlr(std::string_view text) -> std::vector<Seen> {
  ByteStream bytes(text);
  Lexer lexer(&bytes);
  lexer.removeErrorListeners();
  std::vector<Seen> seen;
  do {
    const auto token = lexer.nextToken();
    if (token->getChannel() == antlr4::Token::DEFAULT_CHANNEL) seen.push_back(See(*token));
  } while (seen.empty() || seen.back().type != antlr4::Token::EOF);
  return seen;
}

auto ByTable(std::string_view text) -> std::vector<Seen> {
  TokenSource source(text);
  std::vector<Seen> seen;
  do {
    seen.push_back(See(*source.Take()));
  } while (seen.back().type != antlr4::Token::EOF);
  return seen;
}

void ExpectSame(const std::string& text) {
  const auto expected = ByAntlr(text);
  const auto seen = ByTable(text);
  ASSERT_EQ(seen.size(), expected.size()) << text;
  for (size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], expected[i]) << "token " << i << " of: " << text;
}

TEST(TokenTable, HasEveryWordOfTheGrammar) {
  ByteStream nothing("");
  const Lexer lexer(&nothing);
  std::string all;
  for (size_t type = 1; type <= Lexer::INVALID; ++type) {
    const auto literal = lexer.getVocabulary().getLiteralName(type);
    if (literal.size() < 3) continue;
    const auto text = literal.substr(1, literal.size() - 2);
    ASSERT_EQ(ByTable(text).front().type, type) << text;
    ExpectSame(text);
    ExpectSame(text + "x " + text + text);
    all += text + " ";
  }
  ExpectSame(all);
}

TEST(TokenTable, LinesStringsAndComments) {
  ExpectSame("");
  ExpectSame("\n\n  // nothing\n");
  ExpectSame("\"one\ntwo\" after \"three\\\"\nfour\"\nlast // \"no\n\"open\nand on");
  ExpectSame("\"\\\n\" x \"\\");
  ExpectSame("a\u2028b \"\u2028\xF0\x9F\x98\x80\" \u00E9 \x7F ?principal ?? 007a _1::x");
}

TEST(TokenTable, AnyText) {
  const std::vector<std::string> pieces = {"permit", "perm",   "in", "==", "=",    ":",          "::", "\"", "\\", "\n", "\r\n", " ",
                                           "//",     "/",      "'",  "|",  "||",   "&",          "&&", "<=", "\t", "1",  "a",    "_",
                                           "?a",     "\u00A0", "é",  "@",  "not_", "dispatched", "{",  "}",  "[",  "]",  "\x01"};
  std::mt19937 random(20261123);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) text += pieces[random() % pieces.size()];
    ExpectSame(text);
  }
}

}  // namespace
}  // namespace remit::parse
