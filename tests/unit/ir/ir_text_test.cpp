// The text form: what Print writes Parse reads, and what is not of the form is refused with its line.
#include <gtest/gtest.h>

#include "runtime/ir/program.h"
#include "runtime/ir/tables.h"

namespace remit::ir {
namespace {

// One of each operand kind, every scope, a loop, places on some operations, groups with and without policies.
constexpr std::string_view kEverything = R"(remit-ir 1

body 0 registers 4 {
  0: r0 = const [1, 2] @0:5-9
  1: r1 = const {"a b": "x\n", "b": U::"q\"uote"}
  2: r1 = get_attr r1 "a b" @3:0-4294967295
  3: r2 = like r1 "a*\*\\\u{200b}*"
  4: r0 = any r0 r3 -> 7
  5: r2 = eq r3 r3
  6: next r2
  7: jump_if_true r0 -> 9
  8: not_satisfied
  9: satisfied
}

body 1 registers 3 {
  0: r0 = const ip("10.0.0.0/8")
  1: r1 = const decimal("-1.5")
  2: r2 = const ip("10.1.0.0")
  3: r0 = call isInRange r0:1
  4: r0 = bad_arity isInRange 3
  5: r0 = record r0:2 ("k", "a")
  6: r1 = set r1:0
  7: r2 = const url("https://example.com/a")
  8: r2 = call .path r2:1
  9: r2 = matches r2 "\\/[a-z\"]+"
  10: r1 = size r2
  11: r1 = now
  12: return r0
}

permit "policy0" (principal, action, resource) body 0
forbid "odd\nid" (principal == U::"a", action in [A::Action::"x", A::Action::"y"], resource is A::B) body 0
permit "l" (principal in [U::"a"], action in [], resource is A::B in [R::""]) body 0 template "t"

group 0 {
  policy 0 body 0
  policy 2 body 0
}

group 1 {
}

environment (principal is U, action == A::Action::"x", resource is A::B) groups 0 1
environment (principal is U, action == A::Action::"y\n", resource is A::B) groups
)";

auto ParseOk(std::string_view text, Interner& interner) -> Program {
  auto program = Parse(text, interner);
  EXPECT_TRUE(program.has_value()) << FormatError(program.error());
  return program ? std::move(*program) : Program{};
}

auto ErrorOf(std::string_view text) -> std::string {
  Interner interner;
  const auto program = Parse(text, interner);
  return program ? "none" : program.error().message;
}

TEST(IrText, PrintsWhatItParsed) {
  Interner interner;
  // `call isInRange` with one argument is well-formed; that it is wrong is for Verify.
  EXPECT_EQ(Print(ParseOk(kEverything, interner), interner), kEverything);
}

TEST(IrText, DoesNotDependOnTheOrderOfSymbols) {
  Interner interner;
  for (const auto* text : {"q\"uote", "b", "y", "x", "U", "a", "a b"}) interner.Intern(text);
  EXPECT_EQ(Print(ParseOk(kEverything, interner), interner), kEverything);
}

TEST(IrText, KeepsConstantsOfEveryKind) {
  for (const auto* constant : {"true", "false", "-9223372036854775808", "9223372036854775807", "\"\"", "\"a\\\\\\\"\\t\\r\\0é\"", "[]",
                               "{}", "[[], [{}]]", "A::B::C::\"id\"", "ip(\"::1\")", "ip(\"10.0.0.1/24\")",
                               "decimal(\"922337203685477.5807\")", "duration(\"-1ms\")", "datetime(\"2024-02-29T12:00:00.001Z\")"}) {
    const auto text = std::string("remit-ir 1\n\nbody 0 registers 1 {\n  0: r0 = const ") + constant + "\n  1: return r0\n}\n";
    Interner interner;
    const auto program = ParseOk(text, interner);
    const auto printed = Print(program, interner);
    const auto again = ParseOk(printed, interner);
    EXPECT_EQ(Print(again, interner), printed) << constant;
    ASSERT_EQ(again.constants.size(), 1U);
    EXPECT_EQ(again.constants[0], program.constants[0]) << printed;
  }
}

TEST(IrText, KeepsExtremeDatetimes) {
  Interner interner;
  for (const int64_t millis : {INT64_MIN, int64_t{-1}, int64_t{0}, INT64_MAX}) {
    Program program;
    Tables tables(program);
    const auto constant = tables.Constant(Value::OfDatetime({millis}));
    program.bodies.push_back({.code = {{.op = Op::Const, .imm = constant}, {.op = Op::Return}}, .places = {}, .registers = 1});
    const auto again = ParseOk(Print(program, interner), interner);
    ASSERT_EQ(again.constants.size(), 1U);
    EXPECT_EQ(again.constants[0], program.constants[0]) << Print(program, interner);
  }
}

TEST(IrText, SharesTableEntries) {
  Interner interner;
  const auto program = ParseOk(
      "remit-ir 1\nbody 0 registers 2 { 0: r0 = const decimal(\"1.0\") 1: r1 = const decimal(\"1.00\") 2: r0 = like r0 \"a*\" "
      "3: r1 = like r1 \"a*\" 4: satisfied }",
      interner);
  EXPECT_EQ(program.constants.size(), 1U);
  EXPECT_EQ(program.patterns.size(), 1U);
}

TEST(IrText, NamesTheLineOfAnError) {
  EXPECT_EQ(ErrorOf(""), "line 1: expected `remit-ir 1`");
  EXPECT_EQ(ErrorOf("remit-ir 12"), "line 1: expected `remit-ir 1`");
  EXPECT_EQ(ErrorOf("remit-ir 1\nbody 0 registers 1 {\n  0: r0 = frobnicate r0\n}"), "line 3: `frobnicate` is not an operation");
  EXPECT_EQ(ErrorOf("remit-ir 1\nbody 1 registers 1 {}"), "line 2: bodies are numbered from 0 in order");
  EXPECT_EQ(ErrorOf("remit-ir 1\nbody 0 registers 1 {\n 1: satisfied }"), "line 3: operations are numbered from 0 in order");
}

TEST(IrText, RefusesWhatIsNotOfTheForm) {
  const auto in_body = [](std::string_view line) {
    return ErrorOf(std::string("remit-ir 1\nbody 0 registers 9 { 0: ") + std::string(line) + " }");
  };
  for (const auto* line : {"get_attr r0 \"x\"",
                           "r0 = satisfied",
                           "r0 = get_attr r0",
                           "r0 = get_attr x0 \"a\"",
                           "r65536 = principal",
                           "r0 = const",
                           "r0 = const 9223372036854775808",
                           "r0 = const \"a",
                           "r0 = const \"\\q\"",
                           "r0 = const \"\\u{d800}\"",
                           "r0 = const \"\\u{110000}\"",
                           "r0 = const \"\\u{}\"",
                           "r0 = const [1",
                           "r0 = const [1 2]",
                           "r0 = const {\"a\": 1, \"a\": 2}",
                           "r0 = const U::",
                           "r0 = const nothing(\"x\")",
                           "r0 = const ip(\"x\")",
                           "r0 = const ip(1)",
                           "r0 = const decimal(\"1.0\").isIpv4()",
                           "r0 = call nothing r0:1",
                           "r0 = like r0 \"a\\\"",
                           "jump 3",
                           "jump -> -1",
                           "satisfied @",
                           "satisfied @1:2",
                           "r0 = record r0:1 (\"a\"",
                           "r0 = const unknown(\"x\")"}) {
    EXPECT_NE(in_body(line), "none") << line;
  }
  EXPECT_NE(ErrorOf("remit-ir 1\npermit \"a\" (principal, action) body 0"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\npermit \"a\" (principal, action, resource in U::\"a\") body 0"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\ngroup 1 {}"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\ngroup 0 { policy 0 }"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\ngroup 0 { policy 0 body -1 }"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\nenvironment (principal is U, action == A::\"x\") groups 0"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\nenvironment (principal is U, action == 1, resource is R) groups 0"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\nenvironment (principal is U, action == A::\"x\", resource is R) groups 0 99999999999"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\nallow \"a\" (principal, action, resource) body 0"), "none");
  EXPECT_NE(ErrorOf("remit-ir 1\n\xFF"), "none");
}

TEST(IrText, EveryPrefixIsParsedOrRefusedInPeace) {
  Interner interner;
  for (size_t length = 0; length < kEverything.size(); ++length) {
    const auto program = Parse(kEverything.substr(0, length), interner);
    if (program) std::ignore = Verify(*program);
  }
}

TEST(IrText, NestingIsBounded) {
  const auto text = "remit-ir 1\nbody 0 registers 1 { 0: r0 = const " + std::string(1'000'000, '[');
  EXPECT_EQ(ErrorOf(text), "line 2: this value is nested too deeply");
}

}  // namespace
}  // namespace remit::ir
