// Places in texts, messages on streams, URIs, tokens and marks: the parts of the server that know no policy.
#include <gtest/gtest.h>

#include <cstdio>

#include "compiler/lsp/marks.h"
#include "compiler/lsp/message.h"
#include "compiler/lsp/project.h"
#include "compiler/lsp/text_document.h"
#include "compiler/lsp/uri.h"

namespace remit::lsp {
namespace {

constexpr auto kText = "a\u00e4\U0001F600b\nx\r\ny\rz";  // one, two and four bytes; three kinds of line breaks

TEST(TextDocument, CountsInTheEncodingThatWasAgreedOn) {
  const TextDocument document(kText);
  EXPECT_EQ(document.PositionAt(7, Encoding::Utf8), (Position{0, 7}));
  EXPECT_EQ(document.PositionAt(7, Encoding::Utf16), (Position{0, 4}));
  EXPECT_EQ(document.PositionAt(7, Encoding::Utf32), (Position{0, 3}));
  for (const auto encoding : {Encoding::Utf8, Encoding::Utf16, Encoding::Utf32}) {
    for (const uint32_t offset : {0U, 1U, 3U, 7U, 8U, 9U, 10U, 12U, 13U, 14U}) {
      EXPECT_EQ(document.OffsetAt(document.PositionAt(offset, encoding), encoding), offset);
    }
  }
}

TEST(TextDocument, PlacesThatAreNoneAreTheNearestBefore) {
  const TextDocument document(kText);
  EXPECT_EQ(document.OffsetAt({0, 99}, Encoding::Utf16), 8U);
  EXPECT_EQ(document.OffsetAt({99, 0}, Encoding::Utf16), document.text().size());
  EXPECT_EQ(document.OffsetAt({0, 3}, Encoding::Utf16), 3U) << "in the middle of a surrogate pair";
  EXPECT_EQ(document.line_count(), 4U);
}

TEST(TextDocument, Replaces) {
  TextDocument document("one\ntwo\n");
  document.Replace({0, 1}, {1, 1}, "X\nY", Encoding::Utf16);
  EXPECT_EQ(document.text(), "oX\nYwo\n");
  document.Replace({1, 3}, {1, 1}, "", Encoding::Utf16);
  EXPECT_EQ(document.text(), "oX\nY\n");
}

auto Read(std::string bytes, MessageLimits limits = {}) -> Expected<std::optional<Json>> {
  FILE* stream = fmemopen(bytes.data(), bytes.size(), "r");
  auto message = MessageReader(stream, limits).Next();
  std::fclose(stream);
  return message;
}

TEST(Message, IsReadWithAnyHeaders) {
  EXPECT_EQ(**Read("content-length: 2\r\nContent-Type: x\r\n\r\n{}"), Json::object());
  EXPECT_EQ(**Read("Content-Length: 2\n\n{}"), Json::object());
}

TEST(Message, RefusesWhatIsNone) {
  EXPECT_EQ(Read("Content-Length: x\r\n\r\n{}").error().code, "invalid-header");
  EXPECT_EQ(Read("Content-Length: 99999999999999999999\r\n\r\n{}").error().code, "invalid-header");
  EXPECT_EQ(Read("\r\n{}").error().code, "invalid-header");
  EXPECT_EQ(Read("Content-Length: 10\r\n\r\n{}").error().code, "message-cut-short");
  EXPECT_EQ(Read("Content-Length: 2\r\n\r\n{]").error().code, "invalid-message");
  EXPECT_EQ(Read("Content-Length: 10\r\n\r\n{}", {.max_body_bytes = 9}).error().code, "message-too-large");
  EXPECT_EQ(Read("Content-Length: 6\r\n\r\n[[[]]]", {.max_depth = 2}).error().code, "invalid-message");
  EXPECT_EQ(Read(std::string(9999, 'a')).error().code, "invalid-header");
}

TEST(Uri, GoesBothWays) {
  EXPECT_EQ(PathOfUri("file:///a%20b/%C3%A4.remit"), "/a b/ä.remit");
  EXPECT_EQ(UriOfPath("/a b/ä.remit"), "file:///a%20b/%C3%A4.remit");
  EXPECT_EQ(PathOfUri("file:///a/../b//c/"), "/b/c");
  EXPECT_EQ(PathOfUri("untitled:Untitled-1"), std::nullopt);
  EXPECT_EQ(PathOfUri("file:///a%0"), std::nullopt);
}

auto KindAt(std::string_view text, std::string_view word) -> MarkKind {
  const auto marks = MarkPolicies(text);
  const auto at = static_cast<uint32_t>(text.find(word));
  for (const auto& mark : marks) {
    if (mark.begin == at) return mark.kind;
  }
  return MarkKind::Sign;
}

TEST(Marks, TellWordsApartByWhatIsAroundThem) {
  const std::string_view text = R"(@id("x") permit (principal is A::B, action == Action::"go", resource)
    when { context.limit has when && budget.spend.after < 3 && x.isIpv4() && ip("1") == { per: 1 } };
    budget spend (principal, action, resource) limit { 3 };)";
  EXPECT_EQ(KindAt(text, "\"x\""), MarkKind::StatementId);
  EXPECT_EQ(KindAt(text, "A::B"), MarkKind::Type);
  EXPECT_EQ(KindAt(text, "\"go\""), MarkKind::Action);
  EXPECT_EQ(KindAt(text, "when {"), MarkKind::Keyword);
  EXPECT_EQ(KindAt(text, "limit has"), MarkKind::Attribute);
  EXPECT_EQ(KindAt(text, "when &&"), MarkKind::Attribute);
  EXPECT_EQ(KindAt(text, "spend.after"), MarkKind::Budget);
  EXPECT_EQ(KindAt(text, "after"), MarkKind::StateField);
  EXPECT_EQ(KindAt(text, "isIpv4"), MarkKind::Method);
  EXPECT_EQ(KindAt(text, "ip("), MarkKind::Function);
  EXPECT_EQ(KindAt(text, "per:"), MarkKind::Key);
  EXPECT_EQ(KindAt(text, "spend ("), MarkKind::Budget);
}

// Each piece is whole lines, and together they are the text.
TEST(CutText, CutsBehindStatements) {
  const auto pieces = [](std::string_view text) {
    std::vector<std::string> all;
    for (const auto range : CutText(text, {})) all.emplace_back(text.substr(range.begin, range.end - range.begin));
    return all;
  };
  const std::string p = "permit (principal, action, resource);";
  EXPECT_EQ(pieces(""), (std::vector<std::string>{}));
  EXPECT_EQ(pieces("// a\n"), (std::vector<std::string>{"// a\n"}));
  EXPECT_EQ(pieces(p + "\n\n// b\n" + p + "\n// c"), (std::vector<std::string>{p + "\n", "\n// b\n" + p + "\n", "// c"}));
  EXPECT_EQ(pieces(p + " " + p + " // both\n" + p), (std::vector<std::string>{p + " " + p + " // both\n", p}));
  EXPECT_EQ(pieces("permit (\n" + p + "\n"), (std::vector<std::string>{"permit (\n", p + "\n"}));
  EXPECT_EQ(pieces("test \"a\" {\n  expect deny;\n}\n" + p), (std::vector<std::string>{"test \"a\" {\n  expect deny;\n}\n", p}));
}

}  // namespace
}  // namespace remit::lsp
