// Entity uids as source text.
#include "runtime/request/entity_uid_text.h"

#include <gtest/gtest.h>

namespace remit {
namespace {

auto IdOf(std::string_view text) -> std::string {
  Interner interner;
  const auto uid = ParseEntityUidText(text, interner);
  return uid ? std::string(interner.text(uid->id)) : "refused: " + uid.error().message;
}

TEST(EntityUidTextTest, ReadsNameAndEscapes) {
  EXPECT_EQ(IdOf(R"(User::"ana")"), "ana");
  EXPECT_EQ(IdOf(R"(A::B::C::"")"), "");
  EXPECT_EQ(IdOf(R"(U::"a::b")"), "a::b");
  EXPECT_EQ(IdOf(R"(U::"\n\r\t\\\"\'\x41\u{1F600}\u{e9}")"), "\n\r\t\\\"'A😀é");
  EXPECT_EQ(IdOf(R"(U::"a\0b")"), std::string("a\0b", 3));
}

TEST(EntityUidTextTest, ReadsBackWhatIsFormatted) {
  Interner interner;
  for (const std::string_view id : {"", "ana", "a\"b\\c\n", "\u200b\u202e", "😀"}) {
    const EntityUid uid{interner.Intern("A::U"), interner.Intern(id)};
    EXPECT_EQ(ParseEntityUidText(FormatEntityUid(uid, interner), interner).value(), uid);
  }
}

TEST(EntityUidTextTest, RefusesOtherTexts) {
  for (const std::string_view text : {"",
                                      "\"",
                                      "\"\"",
                                      "::\"a\"",
                                      "U",
                                      "U::",
                                      "U::a",
                                      "U::\"",
                                      "U:\"a\"",
                                      "U \"a\"",
                                      "U::\"a",
                                      "U::a\"",
                                      " U::\"a\"",
                                      "U::\"a\" ",
                                      "U :: \"a\"",
                                      "in::\"a\"",
                                      "A::__cedar::\"a\"",
                                      "U::\"a\"b\"",
                                      "U::\"\\\"",
                                      "U::\"\\q\"",
                                      "U::\"\\x4\"",
                                      "U::\"\\x80\"",
                                      "U::\"\\u{}\"",
                                      "U::\"\\u{d800}\"",
                                      "U::\"\\u{110000}\"",
                                      "U::\"\\u{0000041}\"",
                                      "U::\"\\u41\"",
                                      "U::\"\\u{41\"",
                                      "U::\"\\",
                                      "U::\"\xff\""}) {
    EXPECT_EQ(IdOf(text).substr(0, 9), "refused: ") << text;
  }
}

}  // namespace
}  // namespace remit
