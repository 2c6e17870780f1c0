// The verifier: one test an invariant, each on the least program that breaks it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/ir/program.h"
#include "runtime/ir/tables.h"

namespace remit::ir {
namespace {

auto Check(const Program& program) -> std::string {
  const auto result = Verify(program);
  return result ? "valid" : result.error().message;
}

// The lines are numbered here.
auto CheckBody(const std::vector<std::string_view>& lines, uint32_t registers = 4) -> std::string {
  std::string text = fmt::format("remit-ir 1\nbody 0 registers {} {{\n", registers);
  for (size_t i = 0; i < lines.size(); ++i) text += fmt::format("{}: {}\n", i, lines[i]);
  Interner interner;
  auto program = Parse(text + "}\n", interner);
  return program ? Check(*program) : program.error().message;
}

auto CheckRow(std::string_view row) -> std::string {
  Interner interner;
  auto program = Parse(
      fmt::format("remit-ir 1\nbody 0 registers 0 {{ 0: satisfied }} body 1 registers 1 {{ 0: r0 = principal 1: return r0 }}\n{}", row),
      interner);
  return program ? Check(*program) : program.error().message;
}

TEST(IrVerify, AcceptsStraightCodeBranchesAndLoops) {
  EXPECT_EQ(CheckBody({"satisfied"}, 0), "valid");
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_false r0 -> 3", "satisfied", "not_satisfied"}), "valid");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = any r0 r1 -> 5", "jump_if_true r1 -> 4", "r1 = not r1", "next r1", "satisfied"}), "valid");
}

TEST(IrVerify, BuiltinsWithAnOperationAreNotCalled) {
  EXPECT_EQ(CheckBody({"r0 = call now r0:0", "satisfied"}), "body 0: operation 0: a builtin is called that has an operation of its own");
  EXPECT_EQ(CheckBody({"r0 = now", "r1 = matches r0 \"a\"", "satisfied"}), "valid");
  EXPECT_EQ(CheckBody({"r0 = bad_arity now 1", "satisfied"}), "valid");
  EXPECT_EQ(CheckBody({"r0 = now", "r1 = matches r0 \"(\"", "satisfied"}), "line 4: `(` is not a regular expression: missing ): (");
}

TEST(IrVerify, RegularExpressionsAreCompiled) {
  Program program;
  program.regexes.push_back({.text = SymbolId{0}, .compiled = nullptr});
  EXPECT_EQ(Check(program), "a regular expression has no text or was not compiled");
}

TEST(IrVerify, RegistersAreInRange) {
  EXPECT_EQ(CheckBody({"r4 = principal", "satisfied"}), "body 0: operation 0: register out of range");
  EXPECT_EQ(CheckBody({"r0 = principal", "r0 = eq r0 r4", "satisfied"}), "body 0: operation 1: register out of range");
  EXPECT_EQ(CheckBody({"r0 = set r2:3", "satisfied"}), "body 0: operation 0: registers out of range");
  EXPECT_EQ(CheckBody({"r0 = set r0:65535", "satisfied"}), "body 0: operation 0: registers out of range");
}

TEST(IrVerify, RegistersAreAssignedBeforeUse) {
  EXPECT_EQ(CheckBody({"r0 = not r0", "satisfied"}), "body 0: operation 0: register r0 is read before it is assigned");
  EXPECT_EQ(CheckBody({"r1 = principal", "r0 = set r0:2", "satisfied"}), "body 0: operation 1: register r0 is read before it is assigned");
}

TEST(IrVerify, RegistersAreAssignedOnEveryPath) {
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_false r0 -> 3", "r1 = principal", "return r1"}),
            "body 0: operation 3: register r1 is read before it is assigned");
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_false r0 -> 4", "r1 = principal", "jump -> 5", "r1 = action", "return r1"}), "valid");
}

TEST(IrVerify, WhatALoopAssignsIsNotThereBehindIt) {
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = any r0 r1 -> 4", "r2 = not r1", "next r2", "return r2"}),
            "body 0: operation 4: register r2 is read before it is assigned");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = any r0 r1 -> 4", "r2 = not r1", "next r2", "return r1"}),
            "body 0: operation 4: register r1 is read before it is assigned");
  EXPECT_EQ(CheckBody({"r0 = context", "r3 = any r0 r1 -> 4", "r2 = not r1", "next r2", "return r3"}), "valid");
}

TEST(IrVerify, JumpsGoForward) {
  EXPECT_EQ(CheckBody({"r0 = principal", "jump -> 0"}), "body 0: operation 1: jump target (which is forward and in the body) out of range");
  EXPECT_EQ(CheckBody({"jump -> 0"}), "body 0: operation 0: jump target (which is forward and in the body) out of range");
  EXPECT_EQ(CheckBody({"jump -> 2", "satisfied"}), "body 0: operation 0: jump target (which is forward and in the body) out of range");
}

TEST(IrVerify, EveryPathEnds) {
  EXPECT_EQ(CheckBody({}), "body 0: a path does not end");
  EXPECT_EQ(CheckBody({"r0 = principal"}), "body 0: a path does not end");
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_true r0 -> 3", "satisfied", "r0 = principal"}), "body 0: a path does not end");
}

TEST(IrVerify, EveryOperationIsReached) { EXPECT_EQ(CheckBody({"satisfied", "satisfied"}), "body 0: operation 1: no path leads here"); }

TEST(IrVerify, LoopsAreClosedAndNested) {
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = all r0 r1 -> 2", "satisfied"}), "body 0: operation 1: a loop has at least its `next`");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = all r0 r1 -> 3", "r1 = not r1", "satisfied"}),
            "body 0: operation 2: the last operation of a loop is `next`");
  EXPECT_EQ(CheckBody({"r0 = context", "next r0", "satisfied"}), "body 0: operation 1: `next` stands only at the end of a loop");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = all r0 r1 -> 5", "next r1", "r1 = not r1", "next r1", "satisfied"}),
            "body 0: operation 2: `next` stands only at the end of a loop");
  EXPECT_EQ(CheckBody({"r0 = context", "r2 = all r0 r1 -> 4", "r3 = any r0 r1 -> 4", "next r1", "satisfied"}),
            "body 0: operation 2: a loop ends inside the loop around it");
}

TEST(IrVerify, NothingJumpsIntoOrOutOfALoop) {
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_true r0 -> 3", "r0 = any r0 r1 -> 5", "r2 = principal", "next r2", "satisfied"}),
            "body 0: operation 2: a jump leads into this loop");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = any r0 r1 -> 4", "jump_if_true r1 -> 4", "next r1", "satisfied"}),
            "body 0: operation 2: a jump leads out of its loop");
}

TEST(IrVerify, BodiesDoNotEndInsideALoop) {
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = any r0 r1 -> 5", "jump_if_true r1 -> 4", "satisfied", "next r1", "satisfied"}),
            "body 0: operation 3: a body cannot end inside a loop");
}

TEST(IrVerify, LoopsInsideOneAnotherAreBounded) {
  std::vector<std::string> lines = {"r0 = context"};
  constexpr int kLoops = 600;
  for (int i = 0; i < kLoops; ++i) lines.push_back(fmt::format("r1 = any r0 r0 -> {}", 1 + kLoops + (kLoops - i)));
  for (int i = 0; i < kLoops; ++i) lines.emplace_back("next r0");
  lines.emplace_back("satisfied");
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  EXPECT_EQ(CheckBody(views), "body 0: operation 513: too many loops inside one another");
}

TEST(IrVerify, ABodyConcludesOrReturns) {
  EXPECT_EQ(CheckBody({"r0 = context", "jump_if_true r0 -> 3", "satisfied", "return r0"}),
            "body 0: a body either returns a value or concludes a policy");
}

TEST(IrVerify, CallsHaveTheirNumberOfArguments) {
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = call isIpv4 r0:1", "satisfied"}), "valid");
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = call isInRange r0:1", "satisfied"}),
            "body 0: operation 1: the number of arguments does not suit the operation");
  EXPECT_EQ(CheckBody({"r0 = bad_arity isIpv4 1", "satisfied"}),
            "body 0: operation 0: the number of arguments does not suit the operation");
}

TEST(IrVerify, RecordsHaveDistinctKeysAndAValueForEach) {
  EXPECT_EQ(CheckBody({"r0 = context", "r0 = record r0:1 (\"a\", \"b\")", "satisfied"}),
            "body 0: operation 1: a record has as many keys as values");
  EXPECT_EQ(CheckBody({"r0 = context", "r1 = context", "r0 = record r0:2 (\"a\", \"a\")", "satisfied"}),
            "a record has a key twice or none");
}

TEST(IrVerify, RowsNameABodyThatConcludes) {
  EXPECT_EQ(CheckRow("permit \"a\" (principal, action, resource) body 0"), "valid");
  EXPECT_EQ(CheckRow("permit \"a\" (principal, action, resource) body 2"), "policy 0: body out of range");
  EXPECT_EQ(CheckRow("permit \"a\" (principal, action, resource) body 1"), "policy 0: the body of a policy returns a value");
}

TEST(IrVerify, ScopesHaveTheirEntities) {
  EXPECT_EQ(CheckRow("permit \"a\" (principal, action in [], resource) body 0"), "valid");
  EXPECT_EQ(CheckRow("permit \"a\" (principal in [], action, resource) body 0"), "policy 0: a scope has the wrong number of entities");
  EXPECT_EQ(CheckRow("permit \"a\" (principal, action, resource is T in [U::\"a\", U::\"b\"]) body 0"),
            "policy 0: a scope has the wrong number of entities");
}

// Two policies, a body for them and one that returns a value, and the lines.
auto CheckEnvironmentLines(std::string_view lines) -> std::string {
  return CheckRow(
      fmt::format("permit \"a\" (principal, action, resource) body 0\nforbid \"b\" (principal, action, resource) body 0\n{}", lines));
}

TEST(IrVerify, GroupsListPoliciesOnceWithBodiesThatConclude) {
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 0 body 0 policy 1 body 0 }"), "valid");
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 1 body 0 policy 0 body 0 }"), "group 0: policies are not ascending");
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 1 body 0 policy 1 body 0 }"), "group 0: policies are not ascending");
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 2 body 0 }"), "group 0: policy out of range");
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 0 body 2 }"), "group 0: body out of range");
  EXPECT_EQ(CheckEnvironmentLines("group 0 { policy 0 body 1 }"), "group 0: the body of a policy returns a value");
}

TEST(IrVerify, EnvironmentsListPoliciesOnce) {
  const std::string groups = "group 0 { policy 0 body 0 } group 1 { policy 0 body 0 policy 1 body 0 } group 2 { policy 1 body 0 }\n";
  const auto check = [&](const std::string& list) {
    return CheckEnvironmentLines(groups + "environment (principal is U, action == A::\"x\", resource is R) groups" + list);
  };
  EXPECT_EQ(check(""), "valid");
  EXPECT_EQ(check(" 0 2"), "valid");
  EXPECT_EQ(check(" 1"), "valid");
  EXPECT_EQ(check(" 0 1"), "environment 0: a policy is in two of the groups");
  EXPECT_EQ(check(" 2 0"), "environment 0: groups are not ascending");
  EXPECT_EQ(check(" 0 0"), "environment 0: groups are not ascending");
  EXPECT_EQ(check(" 3"), "environment 0: group out of range");
}

TEST(IrVerify, AKindOfRequestHasOneEnvironment) {
  const std::string environment = "environment (principal is U, action == A::\"x\", resource is R) groups ";
  EXPECT_EQ(CheckEnvironmentLines(environment), "valid");
  EXPECT_EQ(CheckEnvironmentLines(environment + environment), "there are two environments for one kind of request");
}

// What the text form cannot say is broken by hand.
class ByHand : public ::testing::Test {
 protected:
  ByHand() {
    program_.bodies.push_back({.code = {{.op = Op::Const}, {.op = Op::Return}}, .places = {}, .registers = 1});
    program_.constants.push_back(Value::OfLong(1));
  }

  Interner interner_;
  Program program_;
};

TEST_F(ByHand, IndexesAreInRange) {
  EXPECT_EQ(Check(program_), "valid");
  program_.bodies.Writable(0).code[0].imm = 1;
  EXPECT_EQ(Check(program_), "body 0: operation 0: constant out of range");
  program_.bodies.Writable(0).code[0] = {.op = Op::Like};
  EXPECT_EQ(Check(program_), "body 0: operation 0: pattern out of range");
  program_.bodies.Writable(0).code[0] = {.op = Op::Record};
  EXPECT_EQ(Check(program_), "body 0: operation 0: record keys out of range");
  program_.bodies.Writable(0).code[0] = {.op = Op::Call, .imm = 10'000};
  EXPECT_EQ(Check(program_), "body 0: operation 0: builtin out of range");
  program_.bodies.Writable(0).code[0] = {.op = Op::GetAttr, .imm = SymbolId::kNone};
  EXPECT_EQ(Check(program_), "body 0: operation 0: symbol out of range");
}

TEST_F(ByHand, PlacesAreParallelToTheCode) {
  program_.bodies.Writable(0).places.resize(1);
  EXPECT_EQ(Check(program_), "body 0: places are not parallel to the code");
}

TEST_F(ByHand, ConstantsAreCanonical) {
  const std::array<Value, 2> unsorted = {Value::OfLong(2), Value::OfLong(1)};
  const std::array<Value, 2> repeated = {Value::OfLong(2), Value::OfLong(2)};
  const std::array<Field, 2> fields = {Field{.key = {7}, .value = {}}, Field{.key = {7}, .value = {}}};
  const std::array<Value, 1> nested = {Value::OfSortedSet(unsorted)};
  for (const auto& value :
       {Value::OfSortedSet(unsorted), Value::OfSortedSet(repeated), Value::OfSortedRecord(fields), Value::OfSortedSet(nested)}) {
    program_.constants[0] = value;
    EXPECT_EQ(Check(program_), "a constant has unsorted or repeated elements");
  }
}

TEST_F(ByHand, PatternsHaveTextsApart) {
  program_.patterns = {{SymbolId{1}, SymbolId{2}}};
  EXPECT_EQ(Check(program_), "a pattern has two texts in a row");
  program_.patterns = {{SymbolId{}}};
  EXPECT_EQ(Check(program_), "a pattern has no text");
}

TEST_F(ByHand, RowsHaveIdsAndScopesTheirTypes) {
  program_.bodies.Writable(0) = {.code = {{.op = Op::Satisfied}}, .places = {}, .registers = 0};
  program_.policies.push_back({.id = {}, .effect = Effect::Permit});
  EXPECT_EQ(Check(program_), "policy 0: a policy has no id");
  program_.policies[0].id = SymbolId{0};
  program_.policies[0].resource.op = ScopeOp::Is;
  EXPECT_EQ(Check(program_), "policy 0: a scope has a type with `is` and only then");
}

TEST_F(ByHand, EnvironmentsHaveTypesAndAnAction) {
  program_.environments = {{.principal_type = SymbolId{0}, .action = {.type = SymbolId{0}, .id = SymbolId{0}}, .resource_type = {}}};
  EXPECT_EQ(Check(program_), "environment 0: a type or the action is missing");
}

TEST_F(ByHand, PoliciesInEnvironmentsAreBounded) {
  constexpr uint32_t kMany = 20'000;
  program_.bodies.Writable(0) = {.code = {{.op = Op::Satisfied}}, .places = {}, .registers = 0};
  program_.policies.resize(kMany, {.id = SymbolId{0}, .effect = Effect::Permit});
  program_.groups.resize(2);
  for (auto& group : program_.groups) {
    for (uint32_t i = 0; i < kMany; ++i) group.push_back({.policy = i, .body = 0});
  }
  for (uint32_t i = 0; i < kMany; ++i) {
    program_.environments.push_back(
        {.principal_type = SymbolId{i}, .action = {SymbolId{0}, SymbolId{0}}, .resource_type = SymbolId{0}, .groups = {0}});
  }
  EXPECT_NE(Check(program_).find("too many policies in too many environments"), std::string::npos);
}

TEST_F(ByHand, StatesAheadAreBounded) {
  Body body = {.code = {{.op = Op::Principal}}, .places = {}, .registers = 65535};
  constexpr uint32_t kJumps = 20'000;
  for (uint32_t i = 0; i < kJumps; ++i) body.code.push_back({.op = Op::JumpIfTrue, .imm = kJumps + 1 + i});
  for (uint32_t i = 0; i <= kJumps; ++i) body.code.push_back({.op = Op::Principal});
  body.code.push_back({.op = Op::Satisfied});
  program_.bodies.Writable(0) = std::move(body);
  EXPECT_NE(Check(program_).find("too many jump targets"), std::string::npos);
}

}  // namespace
}  // namespace remit::ir
