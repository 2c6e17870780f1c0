// A comment put between any two tokens survives, whatever stands around it.
#include "compiler/ast/format_tokens.h"
#include "job.h"

namespace remit {
namespace {

// The token texts of a file without comments.
auto Tokens(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> tokens;
  for (const auto& token : ast::TokensWithComments(text, {})) tokens.emplace_back(token.text);
  tokens.pop_back();
  return tokens;
}

auto Join(const std::vector<std::string>& tokens, size_t gap, const std::string& comment) -> std::string {
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i == gap) text += comment;
    text += tokens[i] + " ";
  }
  return gap == tokens.size() ? text + comment : text;
}

class CommentInEveryGap : public testing::TestWithParam<const char*> {};

TEST_P(CommentInEveryGap, SurvivesAndStays) {
  Job job;
  const auto ast = job.Parse(kEveryStatement);
  for (const auto& statement : ast.statements) {
    const auto tokens = Tokens(std::string{job.sources.text(statement.span)});
    for (size_t gap = 0; gap <= tokens.size(); ++gap) {
      CheckedFormat(Join(tokens, gap, GetParam()));
      if (testing::Test::HasFailure()) FAIL() << "at gap " << gap;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Comments, CommentInEveryGap,
                         testing::Values("// after\n", "\n// own line\n", "// after\n// own line\n", "\n\n// one\n\n\n// two\n\n"));

TEST(FormatComments, InAllGapsAtOnce) {
  const auto tokens = Tokens(kEveryStatement);
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    text += tokens[i] + (i % 2 == 0 ? " // after " : "\n// before ") + std::to_string(i) + "\n";
  }
  for (const uint32_t width : {10U, 80U}) CheckedFormat(text, {.line_width = width, .indent = 2});
}

TEST(FormatComments, StandWhereTheReaderLooks) {
  EXPECT_EQ(CheckedFormat(R"(// What agents may do.

// Reading.
@id("read") // everybody
permit(principal, // anyone
  action,
  // all of them
  resource) when { context.a // first
    && context.b }; // done
// The end.
)"),
            R"(// What agents may do.

// Reading.
@id("read") // everybody
permit (
  principal, // anyone
  action,
  // all of them
  resource
)
when {
  context.a // first
  &&
  context.b
}; // done
// The end.
)");
}

TEST(FormatComments, BeforeAClosingBracketBelongToTheInside) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource)when{[1,2 // two\n// no more\n].contains(3)};"),
            "permit (principal, action, resource)\nwhen {\n  [\n    1,\n    2 // two\n    // no more\n  ].contains(3)\n};\n");
}

TEST(FormatComments, CarriageReturnsAndOddWhiteSpace) {
  CheckedFormat(
      "permit(principal,action,resource)//a \r\n;\r\n\r\n// b\t\r\nforbid(\xC2\xA0principal,\xE2\x80\xA8"
      "action,resource);");
  CheckedFormat("permit(principal, action, resource); // ends in form feeds \f\f\n//\f\v");
  CheckedFormat("// a\rpermit(principal, action, resource);// b\r// c\rforbid(principal, action, resource);");
}

TEST(FormatTokens, ANumberEndsBeforeAName) {
  CheckedFormat("permit (principal, action, resource) when { (if true then 1else if false then 2else 3) == 1 };");
}

TEST(FormatComments, TextThatLooksLikeACommentInAString) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource)when{\"// no\\\" // no\"==context.x}; // yes \"a"),
            "permit (principal, action, resource)\nwhen { \"// no\\\" // no\" == context.x }; // yes \"a\n");
}

}  // namespace
}  // namespace remit
