// The engine on programs that are written as programs: loops, control, operations that no policy text reaches with such values.
#include "runtime/eval/interpreter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace remit {
namespace {

class Interpreter : public ::testing::Test {
 protected:
  // The value of the lines, which end in `return`, or the error.
  auto Run(const std::vector<std::string>& lines) -> std::string {
    std::string text = "remit-ir 1\nbody 0 registers 8 {\n";
    for (size_t i = 0; i < lines.size(); ++i) text += fmt::format("{}: {}\n", i, lines[i]);
    auto program = ir::Parse(text + "}", interner_);
    if (!program) return FormatError(program.error());
    if (auto verified = ir::Verify(*program); !verified) return FormatError(verified.error());
    const EntityStore entities;
    const Request request = {.principal = Uid("a"), .action = Uid("v"), .resource = Uid("r"), .context = {}};
    auto result = Evaluate(*program, 0, {.entities = entities, .request = request, .interner = interner_, .arena = arena_});
    if (!result) error_ = result.error();
    return result ? FormatValue(*result, interner_) : result.error().code + ": " + result.error().message;
  }

  auto Uid(std::string_view id) -> EntityUid { return {interner_.Intern("U"), interner_.Intern(id)}; }

  Interner interner_;
  Arena arena_;
  EvalError error_;
};

TEST_F(Interpreter, LoopsVisitEveryElement) {
  // 3 decides, and the element behind it overflows.
  const std::string overflow = "integer-overflow: integer overflow while attempting to add the values `9223372036854775807` and `1`";
  EXPECT_EQ(Run({"r0 = const [1, 3, 9223372036854775807]", "r0 = any r0 r1 -> 7", "r2 = const 1", "r2 = add r1 r2", "r3 = const 4",
                 "r2 = eq r2 r3", "next r2", "return r0"}),
            overflow);
  EXPECT_EQ(Run({"r0 = const [1, 3, 9223372036854775807]", "r0 = all r0 r1 -> 7", "r2 = const 1", "r2 = add r1 r2", "r3 = const 2",
                 "r2 = eq r2 r3", "next r2", "return r0"}),
            overflow);
  EXPECT_EQ(Run({"r0 = const [1, 3, 5]", "r0 = any r0 r1 -> 5", "r2 = const 3", "r2 = eq r1 r2", "next r2", "return r0"}), "true");
  EXPECT_EQ(Run({"r0 = const [1, 3, 5]", "r0 = all r0 r1 -> 5", "r2 = const 3", "r2 = less_eq r1 r2", "next r2", "return r0"}), "false");
}

TEST_F(Interpreter, LoopsOverNothing) {
  EXPECT_EQ(Run({"r0 = const []", "r0 = any r0 r1 -> 3", "next r1", "return r0"}), "false");
  EXPECT_EQ(Run({"r0 = const []", "r0 = all r0 r1 -> 3", "next r1", "return r0"}), "true");
}

TEST_F(Interpreter, LoopsNeedASetAndBools) {
  EXPECT_EQ(Run({"r0 = const 1", "r0 = any r0 r1 -> 3", "next r1", "return r0"}), "type-error: type error: expected set, got long");
  EXPECT_EQ(Run({"r0 = const [1]", "r0 = any r0 r1 -> 3", "next r1", "return r0"}), "type-error: type error: expected bool, got long");
}

TEST_F(Interpreter, LoopsNest) {
  // Some element of the outer set equals all of the inner one's.
  EXPECT_EQ(Run({"r0 = const [1, 2, 3]", "r5 = const [2]", "r0 = any r0 r1 -> 7", "r2 = all r5 r3 -> 6", "r4 = eq r1 r3", "next r4",
                 "next r2", "return r0"}),
            "true");
  EXPECT_EQ(Run({"r0 = const [1, 2, 3]", "r5 = const [2, 3]", "r0 = any r0 r1 -> 7", "r2 = all r5 r3 -> 6", "r4 = eq r1 r3", "next r4",
                 "next r2", "return r0"}),
            "false");
}

TEST_F(Interpreter, LoopsAreBoundedTogether) {
  std::string set = "0";
  for (int i = 1; i < 1000; ++i) set += fmt::format(", {}", i);
  EXPECT_EQ(Run({fmt::format("r0 = const [{}]", set), "r1 = move r0", "r2 = all r0 r3 -> 7", "r4 = all r1 r5 -> 6", "r6 = eq r5 r5",
                 "next r6", "next r4", "return r2"}),
            "too-much-loop-work: the quantifiers of this policy take more than 1000000 steps on these sets");
}

TEST_F(Interpreter, PartsOfSetsAndRecordsAreJoined) {
  EXPECT_EQ(Run({"r0 = const [1, 2]", "r1 = const [2, 3]", "r0 = union r0 r1", "return r0"}), "[1, 2, 3]");
  EXPECT_EQ(Run({"r0 = const {\"a\": 1, \"b\": 1}", "r1 = const {\"b\": 2, \"c\": 2}", "r0 = merge r0 r1", "return r0"}),
            "{\"a\": 1, \"b\": 1, \"c\": 2}");
  EXPECT_EQ(Run({"r0 = const 1", "r1 = const []", "r0 = union r0 r1", "return r0"}), "type-error: type error: expected set, got long");
  EXPECT_EQ(Run({"r0 = const {}", "r1 = const []", "r0 = merge r0 r1", "return r0"}), "type-error: type error: expected record, got set");
}

TEST_F(Interpreter, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(Run({"r0 = const 1", "r0 = not r0 @3:14-15", "return r0"}), "type-error: type error: expected bool, got long");
  EXPECT_EQ(error_.span_file, 3U);
  EXPECT_EQ(error_.span_begin, 14U);
  EXPECT_EQ(error_.span_end, 15U);
}

TEST_F(Interpreter, TheBodyOfAPolicyGivesWhetherItIsSatisfied) {
  EXPECT_EQ(Run({"satisfied"}), "true");
  EXPECT_EQ(Run({"not_satisfied"}), "false");
}

// Bodies 0 and 1 differ on purpose: which one ran shows in the answer.
TEST_F(Interpreter, AnEnvironmentSaysWhichPoliciesRunAndWithWhichBodies) {
  const auto program = ir::Parse(
      "remit-ir 1\n"
      "body 0 registers 0 { 0: satisfied }\n"
      "body 1 registers 2 { 0: r0 = const 1 1: jump_if_true r0 -> 2 2: satisfied }\n"
      "permit \"a\" (principal, action, resource) body 0\n"
      "permit \"b\" (principal, action, resource) body 0\n"
      "forbid \"c\" (principal, action, resource) body 0\n"
      "permit \"d\" (principal == U::\"b\", action, resource) body 0\n"
      "group 0 { policy 1 body 0 policy 3 body 0 }\n"
      "group 1 { policy 0 body 0 policy 2 body 1 }\n"
      "environment (principal is U, action == U::\"v\", resource is U) groups 0 1\n"
      "environment (principal is U, action == U::\"w\", resource is U) groups\n",
      interner_);
  ASSERT_TRUE(program.has_value()) << FormatError(program.error());
  ASSERT_TRUE(ir::Verify(*program).has_value());
  const EntityStore entities;
  const Request request = {.principal = Uid("a"), .action = Uid("v"), .resource = Uid("r"), .context = {}};
  const auto decide = [&](std::optional<uint32_t> environment) {
    const auto decision =
        Decide(*program, {.entities = entities, .request = request, .interner = interner_, .arena = arena_, .environment = environment});
    std::string text = fmt::format("{} by {}", decision.allowed() ? "allow" : "deny", fmt::join(decision.determining, ", "));
    for (const auto& error : decision.errors) text += fmt::format("; {} failed", error.policy);
    return text;
  };
  EXPECT_EQ(decide(std::nullopt), "deny by 2");
  EXPECT_EQ(decide(0), "allow by 0, 1; 2 failed");
  EXPECT_EQ(decide(1), "deny by ");
}

}  // namespace
}  // namespace remit
