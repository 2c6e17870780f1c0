// One mistake is one error, and the statements around it are read.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

using Codes = std::vector<std::string>;
const std::string kGood = "permit(principal, action, resource);\n";

// `bad` between two good statements: both of those are read, and `bad` gives exactly `codes`.
void ExpectBetweenGoodOnes(const std::string& bad, const Codes& codes) {
  Parsed parsed{kGood + bad + "\n" + kGood};
  EXPECT_EQ(parsed.codes(), codes) << parsed.report();
  EXPECT_EQ(parsed.ast.statements.size(), 2U) << bad;
}

TEST(Recovery, AnErrorCostsOneStatement) {
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { 1 + };", {"unexpected-token"});
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { foo == bar };", {"unknown-variable", "unknown-variable"});
  ExpectBetweenGoodOnes("permitt(principal, action, resource);", {"unknown-statement"});
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { 'a' };", {"invalid-token"});
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { $ # $ };", {"invalid-token"});
  ExpectBetweenGoodOnes(";", {"unexpected-token"});
  ExpectBetweenGoodOnes("permit(principal, action, resource)) when ]] { };", {"unexpected-token"});
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { \"\\q\" == \"\" };", {"invalid-escape"});
}

TEST(Recovery, UnclosedBracketsEndWithTheStatement) {
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { (1 == 1;", {"unclosed-bracket"});
  ExpectBetweenGoodOnes("permit(principal, action, resource) when { (1 == 1 };", {"unclosed-bracket"});
  ExpectBetweenGoodOnes("permit(principal, action, resource;", {"unclosed-bracket"});
  Parsed parsed{kGood + "permit(principal, action, resource) when { true\n" + kGood};
  EXPECT_EQ(parsed.codes(), Codes{"unclosed-bracket"}) << parsed.report();
  EXPECT_EQ(parsed.ast.statements.size(), 2U) << "`permit (principal` at the beginning of a line begins a statement";
}

TEST(Recovery, AMissingSemicolonIsSaidAndNothingElseIsLost) {
  for (const std::string next : {"permit(principal, action, resource);", "@id(\"x\") forbid(principal, action, resource);",
                                 "restrict (principal, action, resource) to draft;", "budget b (principal, action, resource) limit { 1 };",
                                 "assert never execute (principal, action, resource);", "test \"t\" { }"}) {
    Parsed parsed{"permit(principal, action, resource) when { true } " + next};
    EXPECT_EQ(parsed.codes(), Codes{"missing-semicolon"}) << parsed.report();
    EXPECT_EQ(parsed.ast.statements.size(), 1U) << next;
  }
}

TEST(Recovery, TheEndOfTheFile) {
  EXPECT_EQ((Parsed{"permit(principal, action, resource)"}.codes()), Codes{"missing-semicolon"});
  EXPECT_EQ((Parsed{"permit(principal, action, resource) when { true }"}.codes()), Codes{"missing-semicolon"});
  EXPECT_EQ((Parsed{"permit"}.codes()), Codes{"unexpected-end"});
  EXPECT_EQ((Parsed{"permit(principal, action, resource) when"}.codes()), Codes{"unexpected-end"});
  EXPECT_EQ((Parsed{"permit(principal, action, resource) when {"}.codes()), Codes{"unclosed-bracket"});
  EXPECT_EQ((Parsed{"test \"t\" { expect deny;"}.codes()), Codes{"unclosed-bracket"});
}

TEST(Recovery, ATestWithAMistakeEndsWhereItEnds) {
  ExpectBetweenGoodOnes("test \"t\" { request (A::\"a\", Action::\"b\"; expect deny; }", {"unclosed-bracket"});
  ExpectBetweenGoodOnes("test \"t\" { reqest (A::\"a\"); expect deny; }", {"unexpected-token"});
  Parsed parsed{"test \"t\" { expect deny;\n" + kGood};
  EXPECT_EQ(parsed.codes(), Codes{"unclosed-bracket"}) << parsed.report();
  EXPECT_EQ(parsed.ast.statements.size(), 1U);
}

TEST(Recovery, AStringThatRunsOnIsSuspected) {
  Parsed parsed{
      "permit(principal, action, resource) when { principal.a == \"open };\npermit(principal, action == Action::\"x\", resource);"};
  EXPECT_FALSE(parsed.good);
  EXPECT_NE(parsed.help().find("closing `\"` missing"), std::string::npos) << parsed.report();
}

TEST(Recovery, NothingOfABadStatementStays) {
  Parsed parsed{"permit(principal, action, resource) when { 1 + 2 + foo == 3 };"};
  EXPECT_TRUE(parsed.ast.exprs.empty());
  EXPECT_TRUE(parsed.ast.statements.empty());
}

TEST(Recovery, SeveralMistakesInAStatementThatParses) {
  Parsed parsed{"@a @a permit(principal, action == Foo::\"x\", resource) when { foo == bar } unless { };"};
  EXPECT_EQ(parsed.codes(), (Codes{"duplicate-annotation", "not-an-action", "unknown-variable", "unknown-variable", "empty-clause"}))
      << parsed.report();
}

}  // namespace
}  // namespace remit
