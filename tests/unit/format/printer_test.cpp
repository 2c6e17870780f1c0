// The printer's brackets and spellings. That printing and parsing give the tree back is tested with random trees as well.
#include "job.h"

namespace remit {
namespace {

auto Condition(const std::string& expr) -> std::string { return "permit (principal, action, resource)\nwhen { " + expr + " };"; }

// The expression as printed after parsing.
auto Printed(const std::string& expr) -> std::string {
  Job job;
  const auto ast = job.Parse(Condition(expr));
  if (ast.statements.empty()) return "";
  return ast::PrintExpr(ast, std::get<ast::Policy>(ast.statements[0].body).conditions[0].body, job.interner);
}

TEST(Print, KeepsWhatIsAlreadyMinimal) {
  for (const std::string expr : {"-1",
                                 "-(1)",
                                 "-(-1)",
                                 "--context.n",
                                 "-context.n",
                                 "!!!!true",
                                 "!(-1)",
                                 "(-1).foo",
                                 "context[\"a b\"].c",
                                 "principal has a.b.c",
                                 "principal has \"a b\"",
                                 "context[\"if\"]",
                                 "{a: 1, \"b c\": 2, \"if\": 3}",
                                 "\"a\" like \"a*\\*\\\"\"",
                                 "(if true then 1 else 2) + 1",
                                 "if a::b::\"x\" == principal then 1 else if true then 2 else 3",
                                 "(1 == 2) == true",
                                 "principal is U in G::\"g\"",
                                 "(principal is U) == true",
                                 "principal in [principal, resource]",
                                 "1 - (2 - 3)",
                                 "1 - 2 - 3",
                                 "1 * (2 + 3)",
                                 "a::\"b\".c",
                                 "true && (false || true)",
                                 "true && false || true",
                                 "(true || false) && true",
                                 "[1, [2]].contains([2])",
                                 "[].isEmpty()",
                                 "principal.getTag(\"t\").isIpv4()",
                                 "ip(\"1.1.1.1\").isInRange(ip(\"1.1.1.1/8\"))",
                                 "-9223372036854775808",
                                 "9223372036854775807",
                                 "budget.b.after > 1 && budget has b",
                                 "[1].any(x, x > 0)",
                                 "principal.foo.all(y, y.bar == y)"}) {
    EXPECT_EQ(Printed(expr), expr);
  }
}

TEST(Print, EscapesWhatCannotBeSeen) {
  EXPECT_EQ(Printed(R"("\0\n\u{200b}\u{e9}\u{1F600}")"), "\"\\0\\n\\u{200b}\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(Print, EveryStatementReadsBackTheSame) {
  Job job;
  const auto ast = job.Parse(kEveryStatement);
  EXPECT_EQ(ast.statements.size(), 12U);
  const auto printed = ast::PrintPolicySet(ast, job.interner);
  EXPECT_TRUE(ast::SameMeaning(ast, job.Parse(printed))) << printed;
}

TEST(Print, ExamplesReadBackTheSame) {
  for (const auto& path : PolicyFiles()) {
    Job job;
    const auto ast = job.Parse(ReadText(path));
    const auto printed = ast::PrintPolicySet(ast, job.interner);
    EXPECT_TRUE(ast::SameMeaning(ast, job.Parse(printed))) << path << "\n" << printed;
  }
}

TEST(Print, ScopesKeepListsAndSlots) {
  Job job;
  const std::string text =
      "@a\n@b(\"c\")\npermit (principal is A::U in ?principal, action in [Action::\"a\"], resource in ?resource);\n\n"
      "forbid (principal == U::\"\\\"\", action in [], resource is R);\n";
  EXPECT_EQ(ast::PrintPolicySet(job.Parse(text), job.interner), text);
}

TEST(Print, LongChainsCostNoStack) {
  Job job;
  ast::Ast ast;
  const auto leaf = [&] { return ast.Add({.span = {}, .parenthesized = false, .node = ast::VarRef{ast::Var::Context}}); };
  ast::ExprId chain = leaf();
  for (int i = 0; i < 200000; ++i) {
    const auto right = leaf();
    chain = i % 2 == 0 ? ast.Add({.span = {}, .parenthesized = false, .node = ast::GetAttr{chain, job.interner.Intern("a")}})
                       : ast.Add({.span = {}, .parenthesized = false, .node = ast::Binary{ast::BinaryOp::Contains, chain, right}});
  }
  EXPECT_GT(ast::PrintExpr(ast, chain, job.interner).size(), 2000000U);
  ast.statements.push_back(
      {.span = {},
       .annotations = {},
       .body = ast::Policy{.effect = {}, .scope = {}, .conditions = {{ast::ConditionKind::When, chain, {}}}, .oblige = {}}});
  EXPECT_GT(ast::DumpAst(ast, job.interner).size(), 2000000U);
}

TEST(Dump, ShowsWhatTheParserUnderstood) {
  Job job;
  const auto ast = job.Parse("@id(\"x\")\npermit (principal in ?principal, action, resource)\nwhen { (context.a) == -1 };");
  EXPECT_EQ(ast::DumpAst(ast, job.interner), R"(permit @0-87
  @id("x") @0-8
  Scope @16-59
    principal in ?principal @17-40
    action @42-48
    resource @50-58
  when @60-86
    Binary == @67-84
      (GetAttr a) @68-77
        Var context @68-75
      Long -1 @82-84
)");
}

}  // namespace
}  // namespace remit
