// Native code answers as the interpreter does.
#include <array>
#include <set>

#include "tests/unit/jit/native_harness.h"

namespace remit {
namespace {

TEST_F(NativeTest, EveryBuiltinsExample) {
  std::vector<std::string> examples;
  for (const auto& builtin : AllBuiltins()) examples.emplace_back(builtin.example);
  ExpectExpressionsAgree(examples);
}

const std::vector<std::string> kOperators = {
    "1 + 2 * 3 - 4 == 3",
    "-context.n == -1",
    "9223372036854775807 + context.n == 0",
    "-9223372036854775807 - 1 - context.n == 0",
    "context.n * 9223372036854775807 == 9223372036854775807",
    "2 * 9223372036854775807 == 0",
    "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 4",
    "context.n < \"a\"",
    "\"a\" < context.n",
    "true < false",
    "datetime(\"2024-01-01\") < now()",
    "context.s == \"x\"",
    "context.s != \"y\"",
    "context == {n: 1, s: \"x\"}",
    "[1, 2] == [2, 1, 1]",
    "!(context.n == 1)",
    "!context.n",
    "principal == U::\"a\"",
    "principal == resource",
    "principal is U",
    "resource is U",
    "principal is U in G::\"g\"",
    "principal in G::\"g\"",
    "principal in H::\"h\"",
    "principal in [R::\"r\", H::\"h\"]",
    "principal in []",
    "principal in [1]",
    "principal in [G::\"g\", 1]",
    "principal in context",
    "context.n in principal",
    "resource in H::\"h\"",
    "resource in resource",
    "principal.x == 1",
    "principal.nope == 1",
    "resource.x == 1",
    "principal has x",
    "principal has nope",
    "resource has x",
    "context has n",
    "context has nope",
    "context.nope",
    "principal.r.a.b",
    "principal has r.a.b",
    "principal has r.a.c",
    "principal.s.contains(1)",
    "principal.s.contains(3)",
    "principal.s.contains(\"x\")",
    "context.s.contains(1)",
    "[1, 2, 3].containsAll([1, 3])",
    "[1, 2, 3].containsAny([4])",
    "[].isEmpty()",
    "[context.n].isEmpty()",
    "[1, 2].size() == 2",
    "context.s.size() == 1",
    "context.n.size() == 1",
    "context.s like \"x*\"",
    "context.s like \"*y\"",
    "context.n like \"*\"",
    "context.s.matches(\"[a-z]\")",
    "context.n.matches(\"a\")",
    "principal.hasTag(\"t\")",
    "principal.getTag(\"t\") == 1",
    "principal.getTag(\"u\") == 1",
    "principal.hasTag(context.s)",
    "principal.hasTag(1)",
    "context.n.hasTag(\"t\")",
    "if context.n == 1 then principal.x == 1 else resource.y",
    "if context.n then true else false",
    "context.n == 1 || principal.nope",
    "principal.nope || true",
    "true || 1",
    "false || 1",
    "1 && true",
    "true && 1",
    "{a: context.n, b: [context.s]}.a == 1",
    "{\"a\": {\"b\": context.n}}.a.b == 1",
    "{a: 1}.b == 1",
    "{a: 1} has b",
    "ip(context.s).isLoopback()",
    "ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))",
    "decimal(\"1.5\").lessThan(context.n)",
    "[1, 2, 3].any(x, x == context.n)",
    "[1, 2, 3].all(x, x > context.n)",
    "[1, 9223372036854775807].any(x, x + 1 == 2)",
    "[[1], [2, 3]].all(s, s.any(x, x >= context.n))",
    "principal.s.any(x, x == 2) && principal.s.all(y, y < 3)",
    "[1, \"a\"].any(x, x == 1 || x + 1 == 2)",
    "[].any(x, x) || [].all(x, 1)",
    "context.n.any(x, true)",
    "[1].any(x, 1)",
    "[1, 2].any(x, [x, 3].any(y, x + y == 4) && principal.x == x)",
    "now() == now()",
    "semver(\"1.0.0\") < semver(\"1.10.0\")",
    "(if context.n == 1 then 1 else \"a\") == 1",
    "(if context.n == 2 then principal else context) has n",
};

TEST_F(NativeTest, Operators) { ExpectExpressionsAgree(kOperators); }

// What policies cannot say: functions that JSON policies name, and calls that were given too much.
constexpr std::string_view kProgram = R"(remit-ir 1

body 0 registers 1 {
  0: r0 = unknown_function "f"
  1: return r0
}
body 1 registers 1 {
  0: r0 = const 1
  1: r0 = bad_arity ip 2
  2: jump_if_true r0 -> 4
  3: not_satisfied
  4: satisfied
}
body 2 registers 2 {
  0: r0 = const [1, 2]
  1: r1 = const [2, 3]
  2: r0 = union r0 r1
  3: return r0
}
body 3 registers 2 {
  0: r0 = const {"a": 1}
  1: r1 = context
  2: r0 = merge r0 r1
  3: return r0
}
body 4 registers 1 {
  0: r0 = action
  1: return r0
}
body 5 registers 3 {
  0: r2 = const [1, 2]
  1: r0 = const true
  2: r1 = any r2 r2 -> 7
  3: assert_bool r0
  4: r2 = const 2
  5: r0 = const false
  6: next r0
  7: return r0
}
body 6 registers 3 {
  0: r1 = const false
  1: r0 = const [3, 4]
  2: r2 = const true
  3: r0 = all r0 r1 -> 5
  4: next r2
  5: return r1
}
body 7 registers 3 {
  0: r1 = const 7
  1: r0 = const []
  2: r2 = const true
  3: jump_if_true r2 -> 5
  4: r1 = const 9
  5: r0 = any r0 r2 -> 8
  6: r1 = const 8
  7: next r2
  8: return r1
}
)";

TEST_F(NativeTest, WhatPoliciesCannotSay) {
  const auto program = ir::Parse(kProgram, interner_);
  ASSERT_TRUE(program.has_value()) << FormatError(program.error());
  const auto verified = ir::Verify(*program);
  ASSERT_TRUE(verified.has_value()) << FormatError(verified.error());
  ExpectAgreement(*program);
}

constexpr std::string_view kState = R"(
budget spent (principal, action, resource) limit { 10 };
budget elsewhere (principal, action, resource) limit { 10 };
breaker crm (principal, action, resource) trip { calls >= 20 && failures * 10 >= calls * 3 } within { duration("1m") }
cooldown { duration("30s") };
breaker mail (principal, action, resource) trip { failures > 1 } within { duration("1m") } cooldown { duration("30s") };
permit (principal, action, resource)
when { budget.spent.used == 3 && budget.spent.charge < budget.spent.limit && budget.spent.after > budget.spent.remaining };
permit (principal, action, resource) when { budget has spent && !(budget has elsewhere) && breaker has crm };
permit (principal, action, resource) when { budget.elsewhere.used == 0 };
permit (principal, action, resource) when { breaker.crm.open };
permit (principal, action, resource) when { breaker has mail || breaker.mail.open };
)";

TEST_F(NativeTest, State) {
  ast::Ast ast;
  ASSERT_TRUE(Parse(std::string(kState), ast)) << sink_.diagnostics()[0].message;
  const auto program = LowerPolicies(ast);
  std::array<BudgetState, 2> budgets = {};
  budgets[0].applies = true;
  for (size_t field = 0; field < ir::kBudgetFields; ++field) budgets[0].values[field] = Value::OfLong(3 + static_cast<int64_t>(field));
  const std::array<BreakerState, 2> breakers = {BreakerState{.applies = true, .is_open = true}, BreakerState{}};
  const TripCounts trip = {.calls = 30, .failures = 9};
  EvalInput with_state = input();
  with_state.state = {.budgets = budgets, .breakers = breakers, .trip = &trip};
  ExpectNativeAgrees(program, with_state);
  ExpectNativeAgrees(program, input());
}

TEST_F(NativeTest, EveryOperationIsTested) {
  std::string policies;
  for (const auto& text : kOperators) policies += "permit(principal, action, resource) when { " + text + " };";
  ast::Ast ast;
  ASSERT_TRUE(Parse(policies + std::string(kState), ast));
  std::set<ir::Op> tested;
  const auto add = [&](const ir::Program& program) {
    for (const auto& body : program.bodies) {
      for (const auto& instruction : body.code) tested.insert(instruction.op);
    }
  };
  add(LowerPolicies(ast));
  add(*ir::Parse(kProgram, interner_));
  for (size_t op = 0; op < ir::OpCount(); ++op)
    EXPECT_TRUE(tested.contains(static_cast<ir::Op>(op))) << ir::OpName(static_cast<ir::Op>(op));
}

TEST_F(NativeTest, WithoutATime) {
  now_ = std::nullopt;
  ExpectExpressionsAgree({"now() == now()"});
}

}  // namespace
}  // namespace remit
