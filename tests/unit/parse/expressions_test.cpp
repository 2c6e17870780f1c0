// How expressions are understood: precedence, what is a name and what is a value, calls, and Remit's own forms.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

auto Dump(std::string_view expression) -> std::string {
  Parsed parsed{InPolicy(expression)};
  return parsed.good ? ast::DumpAst(parsed.ast, parsed.interner) : parsed.report();
}

// Both parse, and to the same tree.
void ExpectSame(std::string_view a, std::string_view b) {
  Parsed left{InPolicy(a)};
  ASSERT_TRUE(left.good) << left.report();
  const auto file = left.sources.Add("b", InPolicy(b));
  ast::Ast right;
  ParseContext context{.sources = left.sources, .interner = left.interner, .sink = left.sink, .limits = {}};
  ASSERT_TRUE(ParsePolicies(file, context, right)) << left.report();
  EXPECT_TRUE(ast::SameMeaning(left.ast, right)) << a << "\n" << b << "\n" << Dump(a) << Dump(b);
}

void ExpectDifferent(std::string_view a, std::string_view b) {
  Parsed left{InPolicy(a)};
  const auto file = left.sources.Add("b", InPolicy(b));
  ast::Ast right;
  ParseContext context{.sources = left.sources, .interner = left.interner, .sink = left.sink, .limits = {}};
  ASSERT_TRUE(ParsePolicies(file, context, right)) << left.report();
  EXPECT_FALSE(ast::SameMeaning(left.ast, right)) << a << "\n" << b;
}

TEST(Expressions, Precedence) {
  ExpectSame("1 + 2 * 3 == 7", "(1 + (2 * 3)) == 7");
  ExpectSame("1 - 2 - 3 == 4", "((1 - 2) - 3) == 4");
  ExpectSame("true || false && true", "true || (false && true)");
  ExpectSame("true && false && true", "(true && false) && true");
  ExpectSame("!principal.a == true", "(!principal.a) == true");
  ExpectSame("-principal.a.b * 2 == 1", "((-((principal.a).b)) * 2) == 1");
  ExpectSame("1 + 1 in 2 + 2", "(1 + 1) in (2 + 2)");
  ExpectSame("!principal has a", "(!principal) has a");
  ExpectSame("1 < 2 && 3 < 4 || 5 > 6", "((1 < 2) && (3 < 4)) || (5 > 6)");
  ExpectSame("if true then 1 else 2 + 3 == 4", "if true then 1 else ((2 + 3) == 4)");
  ExpectSame("if true then 1 else if false then 2 else 3", "if true then 1 else (if false then 2 else 3)");
  ExpectSame("principal is U in G::\"g\"", "principal is U in (G::\"g\")");
  ExpectDifferent("1 - (2 - 3) == 4", "1 - 2 - 3 == 4");
  ExpectDifferent("(true || false) && true", "true || false && true");
}

TEST(Expressions, Signs) {
  ExpectSame("-1 == 1", "(-1) == 1");
  ExpectDifferent("-(1) == 1", "-1 == 1");
  ExpectSame("5 --3 == 8", "5 - (-3) == 8");
  ExpectDifferent("--3 == 3", "3 == 3");
  ExpectSame("----principal.x == 1", "-(-(-(-principal.x))) == 1");
  ExpectSame("!!!!true", "!(!(!(!true)))");
  EXPECT_EQ(Understood("!!!!!true"), "<too-many-signs>");
  EXPECT_EQ(Understood("-----1 == 1"), "<too-many-signs>");
  EXPECT_EQ(Understood("!-1 == 1"), "<unexpected-token>");
  EXPECT_EQ(Understood("-1.foo"), "-(1.foo)") << "the sign binds looser than the access";
}

TEST(Expressions, ComparisonsDoNotChain) {
  for (const auto* text : {"1 < 2 < 3", "1 == 1 == true", "principal in resource in action"})
    EXPECT_EQ(Understood(text), "<chained-comparison>") << text;
  for (const auto* text :
       {"1 < 2 has a", "\"a\" like \"a\" like \"b\"", "principal is U == true", "principal has a has b", "principal is U in a in b"}) {
    EXPECT_EQ(Understood(text), "<unexpected-token>") << text;
  }
  ExpectSame("(principal has a) has b", "(principal has a) has b");
}

TEST(Expressions, StringsAreKeysPatternsAndValues) {
  ExpectSame("principal has \"a\"", "principal has a");
  ExpectSame("principal[\"a\"] == 1", "principal.a == 1");
  ExpectSame("{\"a\": 1} == {}", "{a: 1} == {}");
  ExpectDifferent("principal has \"a.b\"", "principal has a.b");
  EXPECT_EQ(Understood("principal[(\"a\")]"), "<invalid-index>");
  EXPECT_EQ(Understood("principal[context.a]"), "<invalid-index>");
  EXPECT_EQ(Understood("principal has (\"a\")"), "<invalid-has-path>");
  EXPECT_EQ(Understood("principal has \"a\".b"), "<invalid-has-path>");
  EXPECT_EQ(Understood("principal has a[\"b\"]"), "<invalid-has-path>");
  EXPECT_EQ(Understood("principal has A::b"), "<path-as-attribute>");
  EXPECT_EQ(Understood("principal has 1"), "<invalid-has-path>");
  EXPECT_EQ(Understood("principal has -a"), "<invalid-has-path>");
  EXPECT_EQ(Understood("principal has U::\"a\""), "<invalid-has-path>");
  EXPECT_EQ(Understood("\"a\" like (\"a\")"), "<invalid-pattern>");
  EXPECT_EQ(Understood("{(a): 1} == {}"), "<unknown-variable>");
  EXPECT_EQ(Understood("{1: 1} == {}"), "<invalid-attribute>");
  EXPECT_EQ(Understood("{A::b: 1} == {}"), "<path-as-attribute>");
  EXPECT_EQ(Understood("{a: 1, \"\\u{61}\": 2} == {}"), "<duplicate-key>");
}

TEST(Expressions, NamesAreNotVariables) {
  EXPECT_EQ(Understood("foo == 1"), "<unknown-variable>");
  EXPECT_EQ(Understood("A::foo == 1"), "<unknown-variable>");
  EXPECT_EQ(Understood("permit == 1"), "<unknown-variable>");
  EXPECT_EQ(Understood("budget == 1"), "<unknown-variable>");
  EXPECT_EQ(Understood("foo.a == 1"), "<unknown-variable>");
  EXPECT_EQ(Understood("principal is principal"), "principal is principal");
  EXPECT_EQ(Understood("principal is (U)"), "<unknown-variable>");
  EXPECT_EQ(Understood("principal is \"U\""), "<invalid-entity-type>");
  EXPECT_EQ(Understood("principal is U::\"a\""), "<invalid-entity-type>");
  EXPECT_EQ(Understood("U::{id: 1} == principal"), "<invalid-entity>");
}

TEST(Expressions, Calls) {
  EXPECT_EQ(Understood("ip()"), "ip()") << "the number of arguments is an evaluation error";
  EXPECT_EQ(Understood("ip(\"1.1.1.1\",).isIpv4()"), "ip(\"1.1.1.1\").isIpv4()");
  EXPECT_EQ(Understood("[1].contains"), "[1].contains");
  EXPECT_EQ(Understood("[1].contains()"), "<wrong-argument-count>");
  EXPECT_EQ(Understood("[1].isEmpty(1)"), "<wrong-argument-count>");
  EXPECT_EQ(Understood("principal.getTag(1, 2)"), "<wrong-argument-count>");
  EXPECT_EQ(Understood("contains([1], 1)"), "<method-called-as-function>");
  EXPECT_EQ(Understood("isIpv4(1)"), "<method-called-as-function>");
  EXPECT_EQ(Understood("principal.ip()"), "<function-called-as-method>");
  EXPECT_EQ(Understood("foo(1)"), "<unknown-function>");
  EXPECT_EQ(Understood("A::ip(\"1.1.1.1\")"), "<unknown-function>");
  EXPECT_EQ(Understood("principal.foo(1)"), "<unknown-method>");
  EXPECT_EQ(Understood("principal(1)"), "<variable-called>");
  EXPECT_EQ(Understood("(true)(1)"), "<expression-called>");
  EXPECT_EQ(Understood("\"a\"(1)"), "<expression-called>");
  EXPECT_EQ(Understood("principal.a(1)(2)"), "<unknown-method>");
}

TEST(Expressions, SlotsStandInScopesOnly) {
  EXPECT_EQ(Understood("?principal == principal"), "<slot-outside-scope>");
  EXPECT_EQ(Understood("?foo == principal"), "<invalid-slot>");
}

// ---- ours ----------------------------------------------------------------------------------------------------------

TEST(Expressions, Quantifiers) {
  EXPECT_EQ(Understood("principal.tags.any(t, t == \"a\" && t like \"a*\")"), "principal.tags.any(t, t == \"a\" && t like \"a*\")");
  EXPECT_EQ(Understood("[[1]].all(xs, xs.any(x, x < 2 && xs.contains(x)))"), "[[1]].all(xs, xs.any(x, x < 2 && xs.contains(x)))");
  EXPECT_EQ(Understood("[1].any(budget, budget.used == 1)"), "[1].any(budget, budget.used == 1)") << "a bound name hides the word";
  EXPECT_EQ(Understood("[{a: 1}].any(x, {x: x}.x has x)"), "[{a: 1}].any(x, {x: x}.x has x)") << "keys and attributes are not references";
}

TEST(Expressions, QuantifiersBindOneFreshName) {
  EXPECT_EQ(Understood("[1].any(principal, true)"), "<shadowed-variable>");
  EXPECT_EQ(Understood("[[1]].any(x, x.any(x, true))"), "<shadowed-variable>");
  EXPECT_EQ(Understood("[1].any(x, true) && x == 1"), "<unknown-variable>") << "bound inside only";
  EXPECT_EQ(Understood("x.any(x, true)"), "<unknown-variable>");
  EXPECT_EQ(Understood("[1].any(true)"), "<invalid-quantifier>");
  EXPECT_EQ(Understood("[1].any(x)"), "<invalid-quantifier>");
  EXPECT_EQ(Understood("[1].any(x, true, true)"), "<invalid-quantifier>");
  EXPECT_EQ(Understood("[1].any(1, true)"), "<invalid-quantifier>");
  EXPECT_EQ(Understood("[1].any(A::x, true)"), "<invalid-quantifier>");
  EXPECT_EQ(Understood("[1].any(in, true)"), "<reserved-identifier>");
  EXPECT_EQ(Understood("any([1], true)"), "<method-called-as-function>");
  EXPECT_EQ(Understood("[1].any"), "[1].any") << "an attribute";
}

TEST(Expressions, State) {
  EXPECT_EQ(Understood("budget.calls.after > 8"), "budget.calls.after > 8");
  EXPECT_EQ(Understood("budget has calls && budget.calls.remaining < 1"), "budget has calls && budget.calls.remaining < 1");
  EXPECT_EQ(Understood("breaker.crm.open || breaker has crm"), "breaker.crm.open || breaker has crm");
  EXPECT_EQ(Understood("budget.calls"), "<invalid-state-read>");
  EXPECT_EQ(Understood("budget.calls(1)"), "<invalid-state-read>");
  EXPECT_EQ(Understood("budget[\"calls\"].after"), "<invalid-state-read>");
  EXPECT_EQ(Understood("budget.calls.offer"), "<unknown-state-field>");
  EXPECT_EQ(Understood("breaker.crm.after"), "<unknown-state-field>");
  EXPECT_EQ(Understood("budget has a.b"), "<invalid-has-path>");
  EXPECT_EQ(Understood("budget()"), "<unknown-function>");
  EXPECT_EQ(Understood("budget::\"x\" == principal"), "budget::\"x\" == principal");
}

TEST(Expressions, SpansCoverWhatTheyNameInBytes) {
  Parsed parsed{InPolicy("\"\xC3\xA9\" == \"\" && (1 + 2) * foo < 3")};
  ASSERT_FALSE(parsed.good);
  EXPECT_EQ(parsed.blamed(), "foo");
  Parsed good{InPolicy(" (principal.a)[\"b\"] . c == 1 ")};
  const auto& policy = std::get<ast::Policy>(good.ast.statements.at(0).body);
  const auto& equal = good.ast.expr(policy.conditions.at(0).body);
  EXPECT_EQ(good.sources.text(equal.span), "(principal.a)[\"b\"] . c == 1");
  EXPECT_EQ(good.sources.text(good.ast.expr(std::get<ast::Binary>(equal.node).left).span), "(principal.a)[\"b\"] . c");
}

TEST(Expressions, OneExpressionAlone) {
  const auto parse = [](std::string text) {
    Parsed parsed{""};
    ParseContext context{.sources = parsed.sources, .interner = parsed.interner, .sink = parsed.sink, .limits = {}};
    ast::Ast tree;
    const auto id = ParseExpression(parsed.sources.Add("e", std::move(text)), context, tree);
    return id.has_value() ? ast::PrintExpr(tree, id, parsed.interner) : "<" + parsed.codes().at(0) + ">";
  };
  EXPECT_EQ(parse(" 1 + 2 // three"), "1 + 2");
  EXPECT_EQ(parse(""), "<unexpected-end>");
  EXPECT_EQ(parse("1 2"), "<unexpected-token>");
  EXPECT_EQ(parse("1;"), "<unexpected-token>");
  EXPECT_EQ(parse("(1"), "<unclosed-bracket>");
  EXPECT_EQ(parse("?principal"), "<slot-outside-scope>");
}

}  // namespace
}  // namespace remit
