// UTF-8, spelling of strings and names, suggestions.
#include "runtime/base/text.h"

#include <gtest/gtest.h>

namespace remit {
namespace {

TEST(TextTest, InvalidUtf8IsFoundWhereItBegins) {
  EXPECT_EQ(FindInvalidUtf8("plain é 😀"), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8("ab\xff"), 2U);
  EXPECT_EQ(FindInvalidUtf8("a\xc0\x80"), 1U) << "overlong";
  EXPECT_EQ(FindInvalidUtf8("\xed\xa0\x80"), 0U) << "surrogate";
  EXPECT_EQ(FindInvalidUtf8("\xf4\x90\x80\x80"), 0U) << "beyond U+10FFFF";
  EXPECT_EQ(FindInvalidUtf8("ok\xe2\x82"), 2U) << "cut off";
  for (size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '\x80';
    EXPECT_EQ(FindInvalidUtf8(text), at);
  }
}

TEST(TextTest, DecodingAdvancesByWholeCodePoints) {
  const std::string_view text = "aé€😀";
  size_t offset = 0;
  EXPECT_EQ(DecodeUtf8(text, offset), U'a');
  EXPECT_EQ(DecodeUtf8(text, offset), U'é');
  EXPECT_EQ(DecodeUtf8(text, offset), U'€');
  EXPECT_EQ(DecodeUtf8(text, offset), U'😀');
  EXPECT_EQ(offset, text.size());
}

TEST(TextTest, DecodingNeverReadsBeyondTheEnd) {
  const std::string cut = "a\xf4\xff";  // begins four bytes, has two
  size_t offset = 1;
  EXPECT_EQ(DecodeUtf8(cut, offset), 0xFFFD);
  EXPECT_EQ(offset, 2U);
  EXPECT_EQ(DecodeUtf8(cut, offset), 0xFFFD);
  EXPECT_EQ(offset, 3U);
}

TEST(TextTest, QuotingEscapesWhatCannotBeSeen) {
  EXPECT_EQ(QuoteString("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(QuoteString(std::string_view("\0", 1)), R"("\0")");
  EXPECT_EQ(QuoteString("a\u202eb"), R"("a\u{202e}b")");
  EXPECT_EQ(QuoteString("é😀"), "\"é😀\"");
}

TEST(TextTest, NamesAndReservedWords) {
  EXPECT_TRUE(IsNormalizedName("A::b_1::_C"));
  for (const auto* name : {"", "A::", "::A", "A :: B", "1a", "A::in", "__cedar", "A::__cedar", "é"})
    EXPECT_FALSE(IsNormalizedName(name)) << name;
  EXPECT_TRUE(IsIdentifier("budget"));
  EXPECT_FALSE(IsIdentifier("has"));
}

TEST(TextTest, SuggestionsAreCloseOrAbsent) {
  EXPECT_EQ(ClosestMatch("permt", {"forbid", "permit"}), "permit");
  EXPECT_EQ(ClosestMatch("zzzzzz", {"forbid", "permit"}), std::nullopt);
  EXPECT_EQ(ClosestMatch("x", {}), std::nullopt);
}

}  // namespace
}  // namespace remit
