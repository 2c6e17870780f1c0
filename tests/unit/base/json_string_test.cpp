// Strings as JSON writes them, wherever in a text the byte is that must be escaped.
#include "runtime/base/json_string.h"

#include <gtest/gtest.h>

#include <string>

namespace remit {
namespace {

auto Quoted(std::string_view text) -> std::string {
  std::string out;
  AppendJson(out, text);
  return out;
}

TEST(JsonString, EachByteThatMustBeEscapedIsFoundAtEachPlace) {
  for (int byte = 0; byte < 0x80; ++byte) {
    std::string escaped;
    AppendJsonEscaped(escaped, static_cast<char>(byte));
    const bool is_special = byte < 0x20 || byte == '"' || byte == '\\';
    EXPECT_EQ(escaped.size() > 1, is_special) << byte;
    for (size_t size = 1; size <= 20; ++size) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        const std::string expected = '"' + std::string(at, 'x') + escaped + std::string(size - at - 1, 'x') + '"';
        ASSERT_EQ(Quoted(text), expected) << byte << " at " << at << " of " << size;
        ASSERT_EQ(QuoteJsonString(text), expected);
      }
    }
  }
}

TEST(JsonString, BytesAboveAsciiStandForThemselves) {
  EXPECT_EQ(Quoted("grüße, 東京 🙂 and \"more\""), "\"grüße, 東京 🙂 and \\\"more\\\"\"");
}

TEST(JsonString, WhatIsNotUtf8IsReplaced) { EXPECT_EQ(Quoted("before\xff\"after"), "\"before\xef\xbf\xbd\\\"after\""); }

TEST(JsonString, MuchToEscapeIsEscaped) {
  const std::string text(1000, '"');
  EXPECT_EQ(Quoted(text).size(), 2 * text.size() + 2);
}

}  // namespace
}  // namespace remit
