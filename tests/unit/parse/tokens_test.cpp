// White space, comments, strings, numbers, identifiers.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

TEST(Tokens, EveryUnicodeWhiteSpaceSeparatesTokens) {
  const std::vector<std::string> spaces = {"\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00A0", "\u1680",
                                           "\u2000", "\u2005", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};
  for (const auto& space : spaces) {
    EXPECT_EQ(Verdict("permit" + space + "(principal," + space + "action,resource)" + space + ";"), "ok") << space;
  }
}

TEST(Tokens, WhatOnlyLooksLikeWhiteSpaceDoesNot) {
  for (const std::string text : {"\u200B", "\u2060", "\uFEFF", "\u180E", "\x1C", "\x7F", "\u00E9"}) {
    EXPECT_EQ(Verdict("permit" + text + "(principal,action,resource);"), "invalid-token") << text;
  }
}

TEST(Tokens, CommentsEndWithTheLine) {
  EXPECT_EQ(Verdict("// one\npermit(principal, // two\r action, resource); // three"), "ok");
  EXPECT_EQ(Verdict("// only this"), "ok");
  EXPECT_EQ(Verdict("permit(principal, action, resource); // \u2028 \xF0\x9F\x98\x80"), "ok");
  EXPECT_EQ(Understood("\"// in a string\""), "\"// in a string\"");
  EXPECT_EQ(Verdict("/* c */ permit(principal, action, resource);"), "unexpected-token");
}

TEST(Tokens, StringsMayHoldLineBreaksButNoCarriageReturn) {
  EXPECT_EQ(Understood("\"a\nb\""), "\"a\\nb\"");
  EXPECT_EQ(Understood("\"a\tb\""), "\"a\\tb\"");
  EXPECT_EQ(Understood("\"a\rb\""), "<invalid-escape>");
  EXPECT_EQ(Understood("\"a\\\nb\""), "<unterminated-string>");
}

TEST(Tokens, Escapes) {
  EXPECT_EQ(Understood(R"("\n\r\t\\\0\'\"")"), R"("\n\r\t\\\0'\"")");
  EXPECT_EQ(Understood(R"("\x41\x7f" == "\u{1F600}\u{4_1_}")"),
            "\"A\\u{7f}\" == \"\xF0\x9F\x98\x80"
            "A\"");
  for (const std::string escape : {R"(\a)", R"(\/)", R"(\x80)", R"(\xFF)", R"(\x4)", R"(\xg0)", R"(\u41)", R"(\u{})", R"(\u{_41})",
                                   R"(\u{D800})", R"(\u{110000})", R"(\u{0000041})", R"(\u{41)", R"(\*)", R"(\U{41})", "\\\xC3\xA9"}) {
    EXPECT_EQ(Understood("\"" + escape + "\""), "<invalid-escape>") << escape;
  }
}

TEST(Tokens, AStarInAPatternIsAWildcardUnlessEscaped) {
  EXPECT_EQ(Understood(R"("" like "a*\*\u{2A}\x2A*")"), R"("" like "a*\****")");
  EXPECT_EQ(Understood(R"("" like "")"), R"("" like "")");
  EXPECT_EQ(Understood(R"("" like "\q")"), "<invalid-escape>");
}

TEST(Tokens, ABadEscapeIsBlamedWhereItStands) {
  Parsed parsed{InPolicy(R"("good \n bad \q" == "")")};
  EXPECT_EQ(parsed.blamed(), R"(\q)");
}

TEST(Tokens, NumbersHave64Bits) {
  EXPECT_EQ(Understood("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Understood("9223372036854775808"), "<number-too-large>");
  EXPECT_EQ(Understood("99999999999999999999999999"), "<number-too-large>");
  EXPECT_EQ(Understood("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Understood("- 9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Understood("-9223372036854775809"), "<number-too-large>");
  EXPECT_EQ(Understood("-(9223372036854775808)"), "<number-too-large>");
  EXPECT_EQ(Understood("00012"), "12");
  EXPECT_EQ(Understood("1_000"), "<unexpected-token>");
  EXPECT_EQ(Understood("1.5"), "<unexpected-token>");
}

TEST(Tokens, EveryKeywordIsAnAttributeAKeyAndAType) {
  const std::vector<std::string> words = {
      "permit",     "forbid",  "when",       "unless",   "principal", "action", "resource", "context", "escalate",
      "restrict",   "budget",  "breaker",    "assert",   "test",      "oblige", "approval", "to",      "charge",
      "per",        "limit",   "trip",       "within",   "cooldown",  "probe",  "exceeded", "open",    "refill",
      "concurrent", "hold",    "unsettled",  "release",  "each",      "hour",   "day",      "week",    "month",
      "never",      "always",  "or",         "deny",     "observe",   "draft",  "approve",  "execute", "entity",
      "tags",       "request", "with",       "expect",   "by",        "settle", "success",  "failure", "not_dispatched",
      "advance",    "for",     "quarantine", "temporal", "import",    "fn",     "any",      "all"};
  for (const auto& word : words) {
    EXPECT_EQ(Understood("principal." + word), "principal." + word);
    EXPECT_EQ(Understood("principal has " + word + "." + word), "principal has " + word + "." + word);
    EXPECT_EQ(Understood("{" + word + ": 1}." + word), "{" + word + ": 1}." + word);
    EXPECT_EQ(Understood("principal is " + word + "::" + word), "principal is " + word + "::" + word);
    EXPECT_EQ(Understood(word + "::\"x\""), word + "::\"x\"");
    EXPECT_EQ(Verdict("@" + word + "(\"x\") permit(principal is " + word + ", action, resource == " + word + "::\"x\");"), "ok") << word;
    EXPECT_EQ(Verdict("budget " + word + " (principal, action, resource) limit { budget." + word + ".used };"), "ok") << word;
  }
}

TEST(Tokens, ReservedWordsAreNoNames) {
  for (const std::string word : {"true", "false", "if", "then", "else", "in", "is", "has", "like", "__cedar"}) {
    EXPECT_NE(Verdict(InPolicy("principal." + word)), "ok") << word;
    EXPECT_NE(Verdict(InPolicy("principal has " + word)), "ok") << word;
    EXPECT_NE(Verdict(InPolicy("principal has a." + word)), "ok") << word;
    EXPECT_NE(Verdict(InPolicy("{" + word + ": 1} == {}")), "ok") << word;
    EXPECT_NE(Verdict(InPolicy(word + "::\"a\" == principal")), "ok") << word;
    EXPECT_NE(Verdict(InPolicy("A::" + word + "::\"a\" == principal")), "ok") << word;
    EXPECT_EQ(Verdict("@" + word + "(\"x\") permit(principal, action, resource);"), "ok") << word;
    EXPECT_NE(Verdict("budget " + word + " (principal, action, resource) limit { 1 };"), "ok") << word;
  }
}

TEST(Tokens, TextThatIsNotUtf8IsRefused) {
  EXPECT_EQ(Verdict("permit(principal, action, resource) when { \"\xC3\" == \"\" };"), "invalid-utf8");
  EXPECT_EQ(Verdict("// \xED\xA0\x80"), "invalid-utf8");
}

TEST(Tokens, NulAndOtherControlsAreInvalidOutsideStrings) {
  EXPECT_EQ(Verdict(std::string("permit\0(principal, action, resource);", 37)), "invalid-token");
  EXPECT_EQ(Understood(std::string("\"a\0b\"", 5)), R"("a\0b")");
}

TEST(Tokens, EntityUidsFromText) {
  Interner interner;
  const auto name = [&](std::string_view text) -> std::string {
    const auto uid = ParseEntityUid(text, interner);
    return uid ? std::string{interner.text(uid->type)} + "|" + std::string{interner.text(uid->id)} : "none";
  };
  EXPECT_EQ(name("U::\"a\""), "U|a");
  EXPECT_EQ(name(" A :: B\n::\t\"x\\n\\u{41}\" // c"), "A::B|x\nA");
  EXPECT_EQ(name("budget::principal::\"\""), "budget::principal|");
  for (const auto* text : {"", "U", "U::", "U::\"a", "U::\"a\" x", "\"a\"", "::\"a\"", "U::\"\\q\"", "in::\"a\"", "A::if::\"a\"",
                           "__cedar::\"a\"", "U:\"a\"", "U::'a'", "U::\"a\";", "\xC3"}) {
    EXPECT_EQ(name(text), "none") << text;
  }
}

TEST(Tokens, CommentsAreCollectedWithTheirPlaces) {
  SourceManager sources;
  const auto file = sources.Add("c", "// first\npermit(principal, // second\n action, resource); \"a\n\"// third\r\n  // last");
  std::vector<std::string> texts;
  for (const auto& comment : CollectComments(file, sources)) {
    texts.push_back(std::string{comment.own_line ? "own " : "end "} + std::string{sources.text(comment.span)});
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"own // first", "end // second", "end // third", "own // last"}));
}

TEST(Tokens, Dump) {
  SourceManager sources;
  const auto file = sources.Add("c", "@id(\"\xC3\xA9\")\npermit // c\n\x01");
  EXPECT_EQ(DumpTokens(file, sources),
            "1:1 AT \"@\"\n1:2 IDENTIFIER \"id\"\n1:4 LEFT_PAREN \"(\"\n1:5 STRING \"\\\"\xC3\xA9\\\"\"\n1:8 RIGHT_PAREN \")\"\n2:1 PERMIT "
            "\"permit\"\n"
            "2:8 COMMENT \"// c\"\n3:1 INVALID \"\\u{1}\"\n");
}

}  // namespace
}  // namespace remit
