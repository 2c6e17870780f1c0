// What formatting may never do: change the meaning, lose a comment, spell a literal differently, or depend on how often it ran.
#include "job.h"

namespace remit {
namespace {

TEST(Format, EveryStatementKeepsItsMeaningAtEveryWidth) {
  for (const uint32_t width : {1U, 20U, 40U, 60U, 80U, 120U, 10000U}) {
    CheckedFormat(kEveryStatement, {.line_width = width, .indent = 2});
    CheckedFormat(kEveryStatement, {.line_width = width, .indent = 0});
  }
}

TEST(Format, ExamplesKeepTheirMeaningAtEveryWidth) {
  for (const auto& path : PolicyFiles()) {
    SCOPED_TRACE(path);
    for (const uint32_t width : {1U, 40U, 80U, 200U}) CheckedFormat(ReadText(path), {.line_width = width, .indent = 2});
  }
}

TEST(Format, LayoutDoesNotDependOnTheLayoutBefore) {
  const auto once = CheckedFormat(kEveryStatement);
  std::string squeezed = once;
  for (char& c : squeezed) {
    if (c == '\n') c = ' ';
  }
  std::string spread;
  bool in_string = false;
  for (size_t i = 0; i < once.size(); ++i) {
    if (once[i] == '"' && once[i - 1] != '\\') in_string = !in_string;
    spread += once[i] == ' ' && !in_string ? '\n' : once[i];
  }
  // Empty lines between statements are the author's; there are none in either.
  const auto without_blank_lines = [](std::string text) {
    for (size_t at; (at = text.find("\n\n")) != std::string::npos;) text.erase(at, 1);
    return text;
  };
  EXPECT_EQ(CheckedFormat(squeezed), once);
  EXPECT_EQ(without_blank_lines(CheckedFormat(spread)), once);
}

TEST(Format, LiteralsStayAsWritten) {
  const auto text = CheckedFormat(R"(permit(principal==U::"\u{61}\x62",action,resource)when{007==-0&&"\u{1_F600}"like"\x41*\*"};)");
  for (const auto* literal : {R"(U::"\u{61}\x62")", "007", "-0", R"("\u{1_F600}")", R"("\x41*\*")"}) {
    EXPECT_NE(text.find(literal), std::string::npos) << text;
  }
}

TEST(Format, StringsWithLineBreaksAreNotIndented) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource)when{\"a\n  b\"==context.x};"),
            "permit (principal, action, resource)\nwhen { \"a\n  b\" == context.x };\n");
}

TEST(Format, KeepsOneEmptyLineBetweenStatementsAndAddsNone) {
  EXPECT_EQ(
      CheckedFormat(
          "\n\n\npermit(principal,action,resource);\n\n\n\nforbid(principal,action,resource);\npermit(principal,action,resource);\n\n"),
      "permit (principal, action, resource);\n\nforbid (principal, action, resource);\npermit (principal, action, resource);\n");
}

TEST(Format, ScopeTakesOneLineIfItFits) {
  const std::string source = R"(permit(principal in Group::"admins",action==Action::"read",resource);)";
  EXPECT_EQ(CheckedFormat(source), "permit (principal in Group::\"admins\", action == Action::\"read\", resource);\n");
  EXPECT_EQ(CheckedFormat(source, {.line_width = 50, .indent = 2}),
            "permit (\n  principal in Group::\"admins\",\n  action == Action::\"read\",\n  resource\n);\n");
}

TEST(Format, ChainsBreakAfterEveryOperatorOrAfterNone) {
  const std::string source = "permit(principal,action,resource)when{context.alpha&&context.beta&&(context.gamma||context.delta)};";
  EXPECT_EQ(
      CheckedFormat(source, {.line_width = 40, .indent = 2}),
      "permit (principal, action, resource)\nwhen {\n  context.alpha &&\n  context.beta &&\n  (context.gamma || context.delta)\n};\n");
}

TEST(Format, BracketsAreKept) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource)when{((1+(2))==3)};"),
            "permit (principal, action, resource)\nwhen { ((1 + (2)) == 3) };\n");
}

TEST(Format, TrailingCommasGo) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource,)when{[1,2,]=={a:1,}.b};"),
            "permit (principal, action, resource)\nwhen { [1, 2] == { a: 1 }.b };\n");
}

TEST(Format, WordsThatAreClausesElsewhereStayNames) {
  EXPECT_EQ(CheckedFormat("permit(principal,action,resource)when{context.when.limit==context.unless&&resource has per.open};"),
            "permit (principal, action, resource)\nwhen { context.when.limit == context.unless && resource has per.open };\n");
}

TEST(Format, EmptyFilesAndFilesOfComments) {
  EXPECT_EQ(CheckedFormat(""), "");
  EXPECT_EQ(CheckedFormat(" \n\t\n"), "");
  EXPECT_EQ(CheckedFormat("  // a  \n\n\n//b"), "// a\n\n//b\n");
}

TEST(Format, LongChainsAreNoProblem) {
  std::string text = "permit(principal,action,resource)when{context.a0";
  for (int i = 1; i < 30000; ++i) text += (i % 3 == 0 ? "||context.a" : "&&context.a") + std::to_string(i);
  CheckedFormat(text + "};");
}

TEST(Format, DeepNestingIsNoProblem) {
  const std::string open(300, '(');
  const std::string close(300, ')');
  CheckedFormat("permit(principal,action,resource)when{" + open + "1==1" + close + "};");
}

}  // namespace
}  // namespace remit
