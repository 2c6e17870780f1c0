// Strings: bytes compared, code points counted, case folded by Unicode and by no locale.
#include "stdlib/string.h"

#include <clocale>

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

TEST(StringTest, ComparesBytes) {
  EXPECT_TRUE(StartsWith(String("deploy"), String("de")));
  EXPECT_TRUE(StartsWith(String("deploy"), String("")));
  EXPECT_TRUE(StartsWith(String(""), String("")));
  EXPECT_FALSE(StartsWith(String("de"), String("deploy")));
  EXPECT_FALSE(StartsWith(String("Deploy"), String("de")));
  EXPECT_TRUE(EndsWith(String("a.pdf"), String(".pdf")));
  EXPECT_FALSE(EndsWith(String("a.pdf\n"), String(".pdf")));
  EXPECT_TRUE(ContainsText(String("rm -rf /"), String("-rf")));
  EXPECT_TRUE(ContainsText(String(""), String("")));
  EXPECT_TRUE(ContainsText(String("a"), String("")));
  EXPECT_FALSE(ContainsText(String(""), String("a")));
  const auto nul = WithNul("a", "b");
  EXPECT_TRUE(ContainsText(String(nul), String("b")));
  EXPECT_TRUE(EndsWith(String(nul), String("b")));
}

TEST(StringTest, NothingIsNormalised) {
  // é as one character and as two.
  EXPECT_FALSE(StartsWith(String("\u00e9"), String("e")));
  EXPECT_TRUE(StartsWith(String("e\u0301"), String("e")));
  EXPECT_FALSE(ContainsText(String("\u00e9"), String("e\u0301")));
}

TEST(StringTest, CountsCodePoints) {
  EXPECT_EQ(CountCodePoints(""), 0);
  EXPECT_EQ(CountCodePoints("abc"), 3);
  EXPECT_EQ(CountCodePoints("\u00e9\u4e2d\U0001F600"), 3);
  EXPECT_EQ(CountCodePoints("e\u0301"), 2);
  EXPECT_EQ(CountCodePoints(WithNul("a", "b")), 3);
}

TEST(StringTest, LowerCaseIsUnicodes) {
  for (const auto& [text, lower] : {
           std::pair{"", ""},
           std::pair{"ABC-1", "abc-1"},
           std::pair{"\u00c4RGER", "\u00e4rger"},
           std::pair{"\u0130", "i\u0307"},                      // the dotted I grows
           std::pair{"I", "i"},                                  // not the dotless i of Turkish
           std::pair{"\u03a3\u039f\u03a3", "\u03c3\u03bf\u03c2"},  // the final sigma
           std::pair{"\u1e9e", "\u00df"},
           std::pair{"\U00010400", "\U00010428"},
           std::pair{"\u4e2d", "\u4e2d"},
       }) {
    EXPECT_EQ(ToLower(String(text)).value_or("error"), lower) << text;
  }
  const auto nul = WithNul("A", "B");
  EXPECT_EQ(ToLower(String(nul)).value_or("error"), WithNul("a", "b"));
}

TEST(StringTest, LowerCaseGrowsAsFarAsItMust) {
  std::string text;
  std::string lower;
  for (int i = 0; i < 1000; ++i) {
    text += "\u0130";
    lower += "i\u0307";
  }
  EXPECT_EQ(ToLower(String(text)).value_or("error"), lower);
}

TEST(StringTest, NoLocaleHasASay) {
  const char* const before = std::setlocale(LC_ALL, nullptr);
  const std::string saved = before == nullptr ? "C" : before;
  if (std::setlocale(LC_ALL, "tr_TR.UTF-8") == nullptr) std::setlocale(LC_ALL, "");
  EXPECT_EQ(ToLower(String("TITLE")).value_or("error"), "title");
  std::setlocale(LC_ALL, saved.c_str());
}

}  // namespace
}  // namespace remit
