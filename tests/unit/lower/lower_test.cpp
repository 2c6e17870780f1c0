// What policies and expressions come to. Expectations are the program's text without places, one body.
#include "compiler/lower/lower.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>

#include "compiler/parse/parse.h"

namespace remit {
namespace {

class LowerTest : public ::testing::Test {
 protected:
  auto LowerText(const std::string& text) -> ir::Program {
    ast::Ast ast;
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    EXPECT_TRUE(ParsePolicies(sources_.Add("test.remit", text), context, ast)) << text;
    auto program = Lower(ast, ast::AssignIds(ast, interner_, ast::IdConvention::Remit), interner_, sink_);
    EXPECT_TRUE(sink_.has_errors() || ir::Verify(program).has_value()) << ir::Print(program, interner_);
    return program;
  }

  // The code of the only body, without numbers and places; jumps as distances.
  auto Code(const std::string& expression) -> std::string {
    ast::Ast ast;
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    const auto expr = ParseExpression(sources_.Add("expr", expression), context, ast);
    if (sink_.has_errors()) return sink_.diagnostics()[0].message;
    const auto program = LowerExpression(ast, expr, interner_, sink_);
    EXPECT_TRUE(ir::Verify(program).has_value()) << ir::Print(program, interner_);
    auto text = ir::Print(program, interner_);
    text = text.substr(text.find("{\n") + 2);
    text.resize(text.rfind("}\n"));
    return std::regex_replace(text, std::regex(R"(  | @\d+:\d+-\d+)"), "");
  }

  auto FirstDiagnostic(const std::string& text) -> std::string {
    sink_ = DiagnosticSink();
    LowerText(text);
    if (!sink_.has_errors()) return "none";
    const auto& diagnostic = sink_.diagnostics()[0];
    return std::string(CodeName(diagnostic.code)) + ": " + diagnostic.message;
  }

  SourceManager sources_;
  Interner interner_;
  DiagnosticSink sink_;
};

TEST_F(LowerTest, OperatorsUseRegistersAsAStack) {
  EXPECT_EQ(Code("1 + 2 * 3 - context.n"),
            "0: r0 = const 1\n1: r1 = const 2\n2: r2 = const 3\n3: r1 = mul r1 r2\n4: r0 = add r0 r1\n"
            "5: r1 = context\n6: r1 = get_attr r1 \"n\"\n7: r0 = sub r0 r1\n8: return r0\n");
}

TEST_F(LowerTest, AChainOfAndJumpsToOnePlace) {
  EXPECT_EQ(Code("context.a && context.b && principal == resource"),
            "0: r0 = context\n1: r0 = get_attr r0 \"a\"\n2: jump_if_false r0 -> 9\n3: r0 = context\n4: r0 = get_attr r0 \"b\"\n"
            "5: jump_if_false r0 -> 9\n6: r0 = principal\n7: r1 = resource\n8: r0 = eq r0 r1\n9: return r0\n");
}

TEST_F(LowerTest, TheLastOperandIsCheckedUnlessItIsABoolAnyway) {
  EXPECT_EQ(Code("true || 1"), "0: r0 = const true\n1: jump_if_true r0 -> 4\n2: r0 = const 1\n3: assert_bool r0\n4: return r0\n");
}

TEST_F(LowerTest, IfBranchesMeet) {
  EXPECT_EQ(Code("if context then 1 else 2"),
            "0: r0 = context\n1: jump_if_false r0 -> 4\n2: r0 = const 1\n3: jump -> 5\n4: r0 = const 2\n5: return r0\n");
}

TEST_F(LowerTest, HasWithAPathIsAChain) {
  EXPECT_EQ(Code("context has a"), "0: r0 = context\n1: r0 = has_attr r0 \"a\"\n2: return r0\n");
  EXPECT_EQ(Code("context has a.b"),
            "0: r0 = context\n1: r1 = move r0\n2: r0 = has_attr r1 \"a\"\n3: jump_if_false r0 -> 6\n4: r1 = get_attr r1 \"a\"\n"
            "5: r0 = has_attr r1 \"b\"\n6: return r0\n");
}

TEST_F(LowerTest, IsInTestsTheTypeFirst) {
  EXPECT_EQ(Code("principal is A::T in resource"),
            "0: r0 = principal\n1: r1 = move r0\n2: r0 = is r1 \"A::T\"\n3: jump_if_false r0 -> 6\n4: r2 = resource\n5: r0 = in r1 r2\n6: "
            "return r0\n");
}

TEST_F(LowerTest, RelationsHaveOperationsOfTheirOwn) {
  for (const auto& [text, operation] : std::vector<std::pair<std::string, std::string>>{
           {"==", "eq"}, {"!=", "not_eq"}, {"<", "less"}, {"<=", "less_eq"}, {">", "greater"}, {">=", "greater_eq"}, {"in", "in"}}) {
    EXPECT_EQ(Code("principal " + text + " resource"),
              "0: r0 = principal\n1: r1 = resource\n2: r0 = " + operation + " r0 r1\n3: return r0\n");
  }
}

TEST_F(LowerTest, MethodsOfSetsAndEntities) {
  for (const auto& [method, operation] : std::vector<std::pair<std::string, std::string>>{{"contains", "contains"},
                                                                                          {"containsAll", "contains_all"},
                                                                                          {"containsAny", "contains_any"},
                                                                                          {"getTag", "get_tag"},
                                                                                          {"hasTag", "has_tag"}}) {
    EXPECT_EQ(Code("principal." + method + "(context)"),
              "0: r0 = principal\n1: r1 = context\n2: r0 = " + operation + " r0 r1\n3: return r0\n");
  }
  EXPECT_EQ(Code("!principal.isEmpty()"), "0: r0 = principal\n1: r0 = is_empty r0\n2: r0 = not r0\n3: return r0\n");
  EXPECT_EQ(Code("-context"), "0: r0 = context\n1: r0 = neg r0\n2: return r0\n");
}

TEST_F(LowerTest, LiteralsAndConstructorsAreConstants) {
  EXPECT_EQ(Code("[1, {a: [decimal(\"1.00\"), -1]}, ip(\"::1\")]"),
            "0: r0 = const [1, ip(\"::1\"), {\"a\": [-1, decimal(\"1.0\")]}]\n1: return r0\n");
}

TEST_F(LowerTest, WhatFailsStaysACall) {
  EXPECT_EQ(Code("ip(\"nowhere\")"), "0: r0 = const \"nowhere\"\n1: r0 = call ip r0:1\n2: return r0\n");
  EXPECT_EQ(Code("ip(1)"), "0: r0 = const 1\n1: r0 = call ip r0:1\n2: return r0\n");
  EXPECT_EQ(Code("unknown(\"x\")"), "0: r0 = const \"x\"\n1: r0 = call unknown r0:1\n2: return r0\n");
}

TEST_F(LowerTest, ArgumentsComeBeforeTheirNumberIsFoundWrong) {
  EXPECT_EQ(Code("context.isInRange(principal, action)"),
            "0: r0 = context\n1: r1 = principal\n2: r1 = action\n3: r0 = bad_arity isInRange 3\n4: return r0\n");
  EXPECT_EQ(Code("ip()"), "0: r0 = bad_arity ip 0\n1: return r0\n");
}

TEST_F(LowerTest, RecordsAreBuiltInKeyOrder) {
  EXPECT_EQ(Code("{b: principal, a: action}"), "0: r0 = action\n1: r1 = principal\n2: r0 = record r0:2 (\"a\", \"b\")\n3: return r0\n");
}

TEST_F(LowerTest, PatternsAreWrittenWithTheirStars) {
  EXPECT_EQ(Code(R"(context like "a*\*b")"), "0: r0 = context\n1: r0 = like r0 \"a*\\*b\"\n2: return r0\n");
}

TEST_F(LowerTest, QuantifiersAreLoops) {
  EXPECT_EQ(
      Code("context.s.any(x, x == 1)"),
      "0: r0 = context\n1: r0 = get_attr r0 \"s\"\n2: r0 = any r0 r1 -> 7\n3: r2 = move r1\n4: r3 = const 1\n5: r2 = eq r2 r3\n6: next r2\n"
      "7: return r0\n");
}

TEST_F(LowerTest, ConditionsConcludeThePolicy) {
  const auto program =
      LowerText("@id(\"p\") forbid (principal, action in [Action::\"a\"], resource is R) when { context.a } unless { context.b };");
  EXPECT_EQ(std::regex_replace(ir::Print(program, interner_), std::regex(R"( @\d+:\d+-\d+)"), ""), R"(remit-ir 1

body 0 registers 1 {
  0: r0 = context
  1: r0 = get_attr r0 "a"
  2: jump_if_false r0 -> 7
  3: r0 = context
  4: r0 = get_attr r0 "b"
  5: jump_if_true r0 -> 7
  6: satisfied
  7: not_satisfied
}

forbid "p" (principal, action in [Action::"a"], resource is R) body 0
)");
}

TEST_F(LowerTest, PoliciesWithoutConditionsShareABody) {
  const auto program = LowerText("permit (principal, action, resource); forbid (principal, action, resource is R);");
  EXPECT_EQ(program.bodies.size(), 1U);
  EXPECT_EQ(program.policies.size(), 2U);
}

TEST_F(LowerTest, OperationsKnowTheirPlaceInTheSource) {
  const std::string text = "permit (principal, action, resource) when { context.a.b };";
  const auto program = LowerText(text);
  const auto& body = program.bodies[0];
  const auto& place = body.places[2];
  EXPECT_EQ(ir::OpName(body.code[2].op), "get_attr");
  EXPECT_EQ(text.substr(place.begin, place.end - place.begin), "context.a.b");
}

// Checking against a schema says so too, but programs are made without one.
TEST_F(LowerTest, StatementsThatCannotRunAreRefused) {
  const std::string all = "(principal, action, resource)";
  EXPECT_EQ(FirstDiagnostic("permit " + all + " when { budget.b.used < 1 };"), "unknown-state: there is no budget `b`");
  EXPECT_EQ(FirstDiagnostic("permit " + all + " when { breaker has b };"), "unknown-state: there is no breaker `b`");
  EXPECT_EQ(FirstDiagnostic("budget a " + all + " limit { 1 }; budget a " + all + " limit { 2 };"),
            "repeated-state: there is a budget `a` already");
  EXPECT_EQ(FirstDiagnostic("budget a " + all + " when { budget has b } limit { 1 }; budget b " + all + " limit { budget.a.used };"),
            "state-cycle: `a` reads itself by way of others");
  EXPECT_EQ(FirstDiagnostic("budget a " + all + " limit { budget.a.used };"), "state-cycle: `a` reads itself by way of others");
  EXPECT_EQ(FirstDiagnostic("budget a " + all + " limit { 1 } within { duration(context.x) };"),
            "not-a-literal: `within` must be a duration such as `duration(\"15m\")`, written out");
  EXPECT_EQ(FirstDiagnostic("budget a " + all + " limit { 1 } each day in \"Mars\";"), "unknown-time-zone: unknown time zone `Mars`");
  EXPECT_EQ(FirstDiagnostic("escalate " + all + " approval { by: [], expires: duration(\"0s\") };"),
            "not-positive: `expires` must be more than nothing");
  EXPECT_EQ(FirstDiagnostic("escalate " + all + " approval { by: [], quorum: 0, expires: duration(\"1s\") };"),
            "not-positive: `quorum` must be more than nothing");
  EXPECT_EQ(FirstDiagnostic("escalate " + all + " approval { by: [], expires: duration(\"1s\"), scope: \"world\" };"),
            "not-a-literal: `scope` must be `\"exact\"` or `\"session\"`, written out");
  EXPECT_EQ(FirstDiagnostic("breaker k " + all + " trip { context.x } within { duration(\"1m\") } cooldown { duration(\"1m\") };"),
            "not-a-literal: `trip` must be a condition on `calls` and `failures` alone, written out");
}

TEST_F(LowerTest, LongChainsOfBudgetsAreRanked) {
  std::string text = "budget b0 (principal, action, resource) limit { 1 };";
  for (int i = 1; i < 2000; ++i) text += fmt::format("budget b{} (principal, action, resource) limit {{ budget.b{}.limit }};", i, i - 1);
  const auto program = LowerText(text);
  EXPECT_EQ(program.budgets.back().rank, 1999U);
}

TEST_F(LowerTest, AssertionsAndTestsDecideNothing) {
  EXPECT_EQ(FirstDiagnostic("assert never execute (principal, action, resource); test \"t\" { expect deny; }"), "none");
}

TEST_F(LowerTest, IdsAreUnique) {
  EXPECT_EQ(
      FirstDiagnostic("@id(\"a\") permit (principal, action, resource); @id(\"a\") forbid (principal == ?principal, action, resource);"),
      "duplicate-id: duplicate template or policy id `a`");
}

}  // namespace
}  // namespace remit
