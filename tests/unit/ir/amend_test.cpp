// An amended program holds what is left of the base and what was added, with everything that its bodies refer to.
#include "runtime/ir/amend.h"

#include <gtest/gtest.h>

namespace remit::ir {
namespace {

// Bodies that use each kind of table; a and b share one.
constexpr std::string_view kBase = R"(remit-ir 1

body 0 registers 3 {
  0: r0 = const "x"
  1: r1 = like r0 "a*"
  2: r2 = record r0:2 ("k", "a")
  3: satisfied
}

body 1 registers 2 {
  0: r0 = const U::"u"
  1: r1 = matches r0 "b+"
  2: not_satisfied
}

permit "a" (principal == U::"a", action, resource) body 0
permit "b" (principal == U::"b", action, resource) body 0
forbid "c" (principal, action in [A::"x", A::"y"], resource) body 1

group 0 {
  policy 0 body 0
  policy 1 body 0
}

group 1 {
  policy 2 body 1
}

environment (principal is U, action == A::"x", resource is R) groups 0 1
environment (principal is U, action == A::"y", resource is R) groups 1
)";

constexpr std::string_view kAdded = R"(remit-ir 1

body 0 registers 2 {
  0: r0 = const "new"
  1: r1 = like r0 "*z"
  2: satisfied
}

permit "b" (principal == U::"bb", action, resource) body 0
permit "d" (principal == U::"d", action, resource) body 0

group 0 {
  policy 0 body 0
  policy 1 body 0
}

environment (principal is U, action == A::"x", resource is R) groups 0
environment (principal is U, action == A::"y", resource is R) groups
)";

class AmendTest : public testing::Test {
 protected:
  auto Read(std::string_view text) -> Program {
    auto program = Parse(text, interner_);
    EXPECT_TRUE(program.has_value()) << FormatError(program.error());
    EXPECT_TRUE(Verify(*program).has_value());
    return std::move(*program);
  }
  auto Change(std::vector<SymbolId> removed, std::string_view added) -> Amended {
    auto amended = Amend(base_, removed, Read(added));
    EXPECT_TRUE(amended.has_value());
    EXPECT_TRUE(Verify(amended->program).has_value()) << FormatError(Verify(amended->program).error());
    return std::move(*amended);
  }
  auto Ids(const Program& program) -> std::vector<std::string> {
    std::vector<std::string> ids;
    for (const auto& policy : program.policies) ids.emplace_back(interner_.text(policy.id));
    return ids;
  }
  static auto Nothing() -> std::string_view {
    return "remit-ir 1\n\nenvironment (principal is U, action == A::\"x\", resource is R) groups\n"
           "environment (principal is U, action == A::\"y\", resource is R) groups\n";
  }

  Interner interner_;
  Program base_ = Read(kBase);
};

TEST_F(AmendTest, NothingChangedIsTheSameProgram) {
  const auto amended = Change({}, Nothing());
  EXPECT_EQ(Print(amended.program, interner_), Print(base_, interner_));
  EXPECT_EQ(amended.former_bodies, (std::vector<uint32_t>{0, 1}));
}

TEST_F(AmendTest, ReplacesInPlaceAndAddsAtTheEnd) {
  const auto amended = Change({}, kAdded);
  EXPECT_EQ(Ids(amended.program), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(amended.program.policies[1].principal.entities[0], (EntityUid{interner_.Intern("U"), interner_.Intern("bb")}));
  EXPECT_EQ(amended.former_bodies, (std::vector<uint32_t>{0, Amended::kNew, 1}));
  EXPECT_EQ(amended.stays, (std::vector<bool>{true, false, true, false}));
  const auto text = Print(amended.program, interner_);
  EXPECT_NE(text.find("like r0 \"*z\""), std::string::npos) << text;
  EXPECT_NE(text.find("matches r0 \"b+\""), std::string::npos) << text;
  // Rows of both programs that are in the same environments are one group.
  EXPECT_EQ(amended.program.groups.size(), 2U) << text;
  EXPECT_EQ(amended.program.environments[0].groups.size(), 2U);
  EXPECT_EQ(amended.program.environments[1].groups.size(), 1U);
}

TEST_F(AmendTest, WhatIsRemovedTakesItsBodyAndTablesAlong) {
  const auto amended = Change({interner_.Intern("c"), interner_.Intern("nobody")}, Nothing());
  EXPECT_EQ(Ids(amended.program), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(amended.stays, (std::vector<bool>{true, true}));
  EXPECT_EQ(amended.program.bodies.size(), 1U);
  EXPECT_EQ(amended.program.constants.size(), 1U);
  EXPECT_TRUE(amended.program.regexes.empty());
  EXPECT_EQ(amended.program.groups.size(), 1U);
}

// Native code has their numbers built in, and goes on being used.
TEST_F(AmendTest, RecordKeysKeepTheirNumbers) {
  constexpr std::string_view kRecords = R"(remit-ir 1

body 0 registers 2 {
  0: r0 = const 1
  1: r1 = record r0:1 ("first")
  2: satisfied
}

body 1 registers 2 {
  0: r0 = const 1
  1: r1 = record r0:1 ("second")
  2: satisfied
}

permit "a" (principal, action, resource) body 0
permit "b" (principal, action, resource) body 1
)";
  base_ = Read(kRecords);
  const Program added = Read(R"(remit-ir 1

body 0 registers 2 {
  0: r0 = const 2
  1: r1 = record r0:1 ("third")
  2: r1 = record r0:1 ("second")
  3: satisfied
}

permit "a" (principal, action, resource) body 0
)");
  const auto amended = Amend(base_, {}, added);
  ASSERT_TRUE(amended.has_value());
  const auto& program = amended->program;
  EXPECT_EQ(program.bodies[program.policies[1].body].code[1].imm, 1U);
  EXPECT_EQ(program.bodies[program.policies[0].body].code[1].imm, 2U);
  EXPECT_EQ(program.bodies[program.policies[0].body].code[2].imm, 1U);
}

TEST_F(AmendTest, ManyChangesLeaveNothingBehind) {
  Program program = Read(kBase);
  for (int i = 0; i < 50; ++i) {
    auto amended = Amend(program, {}, Read(kAdded));
    ASSERT_TRUE(amended.has_value());
    program = std::move(amended->program);
  }
  EXPECT_EQ(program.policies.size(), 4U);
  EXPECT_EQ(program.bodies.size(), 3U);
  EXPECT_EQ(program.groups.size(), 2U);
  EXPECT_EQ(program.patterns.size(), 2U);
}

// Each policy has a body of its own, whose constant is the policy's text.
auto ManyPolicies(const std::vector<std::pair<std::string, std::string>>& texts) -> std::string {
  std::string bodies;
  std::string rows;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto number = std::to_string(i);
    bodies += "\nbody " + number + " registers 1 {\n  0: r0 = const \"" + texts[i].second + "\"\n  1: satisfied\n}\n";
    rows += "permit \"" + texts[i].first + "\" (principal, action, resource) body " + number + "\n";
  }
  return "remit-ir 1\n" + bodies + "\n" + rows;
}

TEST_F(AmendTest, LargeProgramsShareWhatStaysAndDoNotGrow) {
  constexpr size_t kPolicies = 400;
  std::vector<std::pair<std::string, std::string>> texts;
  for (size_t i = 0; i < kPolicies; ++i) texts.emplace_back("p" + std::to_string(i), "text" + std::to_string(i));
  Program program = Read(ManyPolicies(texts));
  size_t shared = 0;
  size_t most_bodies = 0;
  for (size_t change = 0; change < 3 * kPolicies; ++change) {
    auto& [id, text] = texts[change * 7 % kPolicies];
    text = "change" + std::to_string(change);
    auto amended = Amend(program, {}, Read(ManyPolicies({{id, text}})));
    ASSERT_TRUE(amended.has_value());
    ASSERT_EQ(amended->former_bodies.size(), amended->program.bodies.size());
    shared += &amended->program.bodies[0] == &program.bodies[0] ? 1 : 0;
    program = std::move(amended->program);  // what is shared outlives the program that it comes from
    most_bodies = std::max(most_bodies, program.bodies.size());
    ASSERT_EQ(program.policies.size(), kPolicies);
    for (size_t i = 0; i < kPolicies; i += change % 50 == 0 ? 1 : 37) {
      const auto& body = program.bodies[program.policies[i].body];
      ASSERT_EQ(program.constants[body.code[0].imm].as_string(), texts[i].second) << "change " << change;
    }
  }
  EXPECT_TRUE(Verify(program).has_value());
  EXPECT_GT(shared, 2 * kPolicies);
  EXPECT_LT(shared, 3 * kPolicies) << "now and then what is of no use any more goes";
  EXPECT_LE(most_bodies, 2 * kPolicies + 2);
}

TEST_F(AmendTest, ProgramsOfDifferentSchemasAreRefused) {
  const auto amended = Amend(base_, {}, Read("remit-ir 1\n"));
  ASSERT_FALSE(amended.has_value());
  EXPECT_EQ(amended.error().code, "other-environments");
}

// "x" and "y" are budgets; "a" reads "y", and so does "z".
auto StateProgram(std::string_view text_of_y, bool has_others) -> std::string {
  const auto digest = [](std::string_view digits) { return std::string(62, '0') + std::string(digits); };
  std::string text = R"(remit-ir 1

body 0 registers 0 {
  0: satisfied
}

body 1 registers 1 {
  0: r0 = const 1
  1: return r0
}
)";
  const std::string budget =
      R"( (principal, action, resource) body 0 name "NAME" rank RANK limit 1 window lifetime hold 0 charge exceeded to deny text ")";
  const auto make = [&](std::string name, std::string rank, const std::string& body, std::string_view digits) {
    std::string made = "budget \"" + name + "\"" + budget + digest(digits) + "\"\n";
    made.replace(made.find("NAME"), 4, name);
    made.replace(made.find("RANK"), 4, rank);
    return made.replace(made.find("body 0"), 6, "body " + body);
  };
  if (!has_others) return text + "\n" + make("y", "0", "0", text_of_y);
  text += R"(
body 2 registers 1 {
  0: r0 = read_budget 1 after
  1: satisfied
}

restrict "r" (principal, action, resource) body 0 to draft
permit "a" (principal, action, resource) body 2 oblige 1
)";
  return text + make("x", "0", "0", "11") + make("y", "0", "0", text_of_y) + make("z", "1", "2", "33");
}

TEST_F(AmendTest, StatementsKeepTheirClausesAndWhatTheyRead) {
  base_ = Read(StateProgram("22", true));
  const auto amended = Change({interner_.Intern("x"), interner_.Intern("r")}, "remit-ir 1\n");
  const auto& program = amended.program;
  ASSERT_EQ(Ids(program), (std::vector<std::string>{"a", "y", "z"}));
  EXPECT_TRUE(program.restrictions.empty());
  ASSERT_EQ(program.budgets.size(), 2U);
  EXPECT_EQ(program.budgets[0].policy, 1U);
  EXPECT_EQ(interner_.text(program.budgets[0].name), "y");
  EXPECT_EQ(program.budgets[0].rank, 0U);
  EXPECT_EQ(program.budgets[1].rank, 1U);
  ASSERT_EQ(program.obligations.size(), 1U);
  EXPECT_EQ(program.obligations[0].policy, 0U);
  // It reads the first budget now: native code of what it was is of no use.
  const uint32_t reader = program.policies[0].body;
  EXPECT_EQ(program.bodies[reader].code[0].imm, 0U);
  EXPECT_EQ(amended.former_bodies[reader], Amended::kNew);
  EXPECT_NE(amended.former_bodies[program.budgets[0].limit], Amended::kNew);
}

TEST_F(AmendTest, WhatIsReadStaysAsItWasCheckedAgainst) {
  base_ = Read(StateProgram("22", true));
  const auto code = [&](std::vector<SymbolId> removed, const std::string& added) {
    const auto amended = Amend(base_, removed, Read(added));
    if (!amended) return amended.error().code;
    EXPECT_TRUE(Verify(amended->program).has_value()) << FormatError(Verify(amended->program).error());
    return std::string("amended");
  };
  EXPECT_EQ(code({interner_.Intern("y")}, "remit-ir 1\n"), "state-is-read");
  EXPECT_EQ(code({}, StateProgram("44", false)), "state-is-read");
  EXPECT_EQ(code({}, StateProgram("22", false)), "amended");
  EXPECT_EQ(code({interner_.Intern("y"), interner_.Intern("a"), interner_.Intern("z")}, "remit-ir 1\n"), "amended");
  auto other = StateProgram("22", false);
  other.replace(other.find("budget \"y\""), 10, "budget \"q\"");
  EXPECT_EQ(code({}, other), "name-twice");
}

// What comes has the lower ranks, since it reads nothing of what stays; and ranks do not grow with changes.
TEST_F(AmendTest, RanksStayInOrder) {
  Program program = Read(StateProgram("22", true));
  for (int i = 0; i < 20; ++i) {
    auto amended = Amend(program, {}, Read(StateProgram("22", false)));
    ASSERT_TRUE(amended.has_value());
    ASSERT_TRUE(Verify(amended->program).has_value()) << FormatError(Verify(amended->program).error());
    program = std::move(amended->program);
  }
  for (const auto& budget : program.budgets) EXPECT_LE(budget.rank, 2U);
}

}  // namespace
}  // namespace remit::ir
