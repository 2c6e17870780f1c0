// What the tree offers beside its nodes: ids, the left spine, equality, dumps of the stages before it.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

const std::string kFile = R"(
permit(principal, action, resource);
@id("named") forbid(principal, action, resource);
@id permit(principal, action, resource);
escalate (principal, action, resource) approval { by: [], expires: duration("1m") };
restrict (principal, action, resource) to draft;
budget spend (principal, action, resource) limit { 1 };
breaker crm (principal, action, resource) trip { true } within { duration("1m") } cooldown { duration("1m") };
assert never execute (principal, action, resource);
test "title" { }
permit(principal, action, resource);
)";

TEST(Ids, ByPositionAmongPoliciesAsCedarDoes) {
  Parsed parsed{kFile};
  ASSERT_TRUE(parsed.good) << parsed.report();
  EXPECT_EQ(
      ast::AssignIds(parsed.ast, parsed.interner, ast::IdConvention::Cedar),
      (std::vector<std::string>{"policy0", "policy1", "policy2", "escalate0", "restrict0", "spend", "crm", "assert0", "title", "policy3"}));
}

TEST(Ids, ByAnnotationInProjects) {
  Parsed parsed{kFile};
  const auto ids = ast::AssignIds(parsed.ast, parsed.interner, ast::IdConvention::Remit);
  EXPECT_EQ(ids[1], "named");
  EXPECT_EQ(ids[2], "policy2") << "an `@id` without a value names nothing, and names do not shift positions";
}

TEST(Ids, GivenFromOutside) {
  Parsed parsed{kFile};
  parsed.ast.explicit_ids = {parsed.interner.Intern("outer"), {}};
  const auto ids = ast::AssignIds(parsed.ast, parsed.interner, ast::IdConvention::Cedar);
  EXPECT_EQ(ids[0], "outer");
  EXPECT_EQ(ids[1], "policy1");
}

TEST(Tree, Keywords) {
  Parsed parsed{kFile};
  std::vector<std::string_view> keywords;
  for (const auto& statement : parsed.ast.statements) keywords.push_back(ast::StatementKeyword(statement));
  EXPECT_EQ(keywords, (std::vector<std::string_view>{"permit", "forbid", "permit", "escalate", "restrict", "budget", "breaker", "assert",
                                                     "test", "permit"}));
}

TEST(Tree, TheLeftSpineReachesTheFirstOperand) {
  Parsed parsed{InPolicy("ip(\"1.1.1.1\").isInRange(ip(\"::1\")) is U in [1] && true || false")};
  ASSERT_TRUE(parsed.good) << parsed.report();
  auto id = std::get<ast::Policy>(parsed.ast.statements.at(0).body).conditions.at(0).body;
  std::vector<std::string> spine;
  for (; id.has_value(); id = ast::LeftOperand(parsed.ast.expr(id))) spine.push_back(ast::PrintExpr(parsed.ast, id, parsed.interner));
  EXPECT_EQ(spine.back(), "ip(\"1.1.1.1\")") << "a function's arguments are to its right";
  EXPECT_EQ(spine.size(), 5U);
}

TEST(Tree, OperandsComeBeforeWhatUsesThem) {
  Parsed parsed{kFile + InPolicy("if [1, 2].any(x, x * 3 == {a: -x}.a) then principal.b like \"*\" else budget.spend.used < 1")};
  ASSERT_TRUE(parsed.good) << parsed.report();
  for (uint32_t i = 0; i < parsed.ast.exprs.size(); ++i) {
    const auto left = ast::LeftOperand(parsed.ast.exprs[i]);
    EXPECT_TRUE(!left.has_value() || left.value < i);
  }
}

TEST(Tree, MeaningIgnoresLayoutAndBracketsOnly) {
  const auto same = [](const std::string& a, const std::string& b) {
    Parsed left{a};
    ast::Ast right;
    ParseContext context{.sources = left.sources, .interner = left.interner, .sink = left.sink, .limits = {}};
    ParsePolicies(left.sources.Add("b", b), context, right);
    EXPECT_FALSE(left.sink.has_errors()) << left.report();
    return ast::SameMeaning(left.ast, right);
  };
  EXPECT_TRUE(same(kFile, "// c\n" + kFile + "\n"));
  EXPECT_TRUE(same(InPolicy("(1 + 2) == 3"), InPolicy("1 + 2 == ((3))")));
  EXPECT_FALSE(same(kFile, kFile + "permit(principal, action, resource);"));
  const std::vector<std::string> different = {
      "permit(principal, action, resource);",
      "forbid(principal, action, resource);",
      "@a permit(principal, action, resource);",
      "@a(\"\") permit(principal, action, resource);",
      "permit(principal == U::\"a\", action, resource);",
      "permit(principal in U::\"a\", action, resource);",
      "permit(principal, action in Action::\"a\", resource);",
      "permit(principal, action in [Action::\"a\"], resource);",
      "permit(principal, action, resource) when { true };",
      "permit(principal, action, resource) unless { true };",
      "permit(principal, action, resource) oblige { a: 1 };",
      "permit(principal, action, resource) oblige { a: 2 };",
      "restrict (principal, action, resource) to draft;",
      "restrict (principal, action, resource) to deny;",
      "assert never deny (principal, action, resource);",
      "assert always deny (principal, action, resource);",
      "budget b (principal, action, resource) limit { 1 };",
      "budget b (principal, action, resource) limit { 1 } each day;",
      "budget b (principal, action, resource) limit { 1 } each day in \"UTC\";",
      "budget b (principal, action, resource) limit { 1 } exceeded deny;",
      "budget b (principal, action, resource) limit { 1 } exceeded restrict to draft;",
      "budget b (principal, action, resource) limit { 1 } per { 1 };",
      "budget b (principal, action, resource) limit { 1 } hold { 1 };",
      "budget b (principal, action, resource) limit { 1 } hold { 1 } unsettled release;",
      "test \"a\" { }",
      "test \"a\" { expect deny; }",
      "test \"a\" { expect deny by \"x\"; }",
      "test \"a\" { settle success; }",
      "test \"a\" { settle failure; }",
  };
  for (size_t i = 0; i < different.size(); ++i) {
    for (size_t k = 0; k < different.size(); ++k)
      EXPECT_EQ(same(different[i], different[k]), i == k) << different[i] << "\n" << different[k];
  }
}

TEST(Dump, Cst) {
  Parsed parsed{"permit(principal, action, resource) when { a b };"};
  ParseContext context{.sources = parsed.sources, .interner = parsed.interner, .sink = parsed.sink, .limits = {}};
  const auto file = parsed.sources.Add("c", "@a permit(principal);");
  EXPECT_EQ(DumpCst(file, context),
            "(statement\n  (annotation @\n    (anyWord\n      (word a)))\n  (policy permit\n    (scope (\n      (position\n        "
            "(anyWord\n          (word principal))) )) ;) <EOF>)\n");
  EXPECT_EQ(DumpCst(parsed.file, context), "");
  EXPECT_EQ(parsed.sink.error_count(), 2U) << "reported when parsed and when dumped";
}

}  // namespace
}  // namespace remit
