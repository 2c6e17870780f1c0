// Expectations rewritten in the source: the wrong words and nothing else.
#include "compiler/testing/edits.h"

#include <gtest/gtest.h>

namespace remit::tests {
namespace {

// The text after the edits for an `expect` that takes all of it.
auto Rewritten(const std::string& text, std::string_view outcome, const std::vector<std::string>& by) -> std::string {
  SourceManager sources;
  const auto file = sources.Add("t.remit", text);
  const Span all = {.file = file, .begin = 0, .end = static_cast<uint32_t>(text.size())};
  return ApplyEdits(text, EditsForExpect(sources, all, outcome, by));
}

TEST(Edits, OnlyTheOutcome) { EXPECT_EQ(Rewritten("expect deny", "execute", {"a"}), "expect execute"); }

TEST(Edits, NothingWhereNothingIsWrong) {
  EXPECT_EQ(Rewritten(R"(expect deny by "a",  "b")", "deny", {"a", "b"}), R"(expect deny by "a", "b")");
}

TEST(Edits, IdsAreQuoted) { EXPECT_EQ(Rewritten(R"(expect deny by "a")", "deny", {R"(q"\)", "b"}), R"(expect deny by "q\"\\", "b")"); }

TEST(Edits, WithoutIdsTheByGoes) { EXPECT_EQ(Rewritten(R"(expect execute by "a" , "b")", "deny", {}), "expect deny"); }

TEST(Edits, CommentsAndLayoutStay) {
  EXPECT_EQ(Rewritten("expect // by \"x\"\n  deny\n  by \"a\"", "draft", {"b"}), "expect // by \"x\"\n  draft\n  by \"b\"");
}

TEST(Edits, AnIdLooksLikeAKeyword) {
  EXPECT_EQ(Rewritten(R"(expect deny by "by // \" deny")", "execute", {"x"}), R"(expect execute by "x")");
}

TEST(Edits, SeveralInOneText) {
  const std::string text = "aa bb cc";
  const auto at = [](uint32_t begin, uint32_t end) { return Span{.file = {0}, .begin = begin, .end = end}; };
  EXPECT_EQ(ApplyEdits(text, {{.span = at(6, 8), .text = "z"}, {.span = at(0, 2), .text = "xyz"}}), "xyz bb z");
}

TEST(Edits, WhatWasNotAnExpectationIsLeftAlone) { EXPECT_EQ(Rewritten("expect", "deny", {}), "expect"); }

}  // namespace
}  // namespace remit::tests
