// Which bodies ask what an entity is in that a value holds.
#include "runtime/ir/asked_entities.h"

#include <gtest/gtest.h>

namespace remit::ir {
namespace {

auto Asks(std::string_view code) -> bool {
  Interner interner;
  const auto program = Parse("remit-ir 1\n\nbody 0 registers 3 {\n" + std::string(code) + "}\n", interner);
  EXPECT_TRUE(program && Verify(*program)) << code;
  return program && AsksOfValues(program->bodies[0]);
}

TEST(AskedEntitiesTest, TheRequestsThreeAreNoValues) {
  EXPECT_FALSE(Asks("  0: satisfied\n"));
  EXPECT_FALSE(Asks(R"(  0: r0 = principal
  1: r1 = resource
  2: r1 = get_attr r1 "readers"
  3: r0 = in r0 r1
  4: jump_if_true r0 -> 8
  5: r0 = resource
  6: r1 = principal
  7: r0 = in r0 r1
  8: jump_if_false r0 -> 10
  9: satisfied
  10: not_satisfied
)"));
}

TEST(AskedEntitiesTest, WhatIsLoadedFromThemIs) {
  EXPECT_TRUE(Asks(R"(  0: r0 = principal
  1: r0 = get_attr r0 "manager"
  2: r1 = resource
  3: r0 = in r0 r1
  4: return r0
)"));
  EXPECT_TRUE(Asks(R"(  0: r0 = const U::"a"
  1: r1 = resource
  2: r0 = in r0 r1
  3: return r0
)"));
}

// `(if resource.flag then principal.manager else principal) in resource`, in either order.
TEST(AskedEntitiesTest, EveryWayCounts) {
  EXPECT_TRUE(Asks(R"(  0: r1 = resource
  1: r0 = get_attr r1 "flag"
  2: jump_if_false r0 -> 6
  3: r0 = principal
  4: r0 = get_attr r0 "manager"
  5: jump -> 7
  6: r0 = principal
  7: r0 = in r0 r1
  8: return r0
)"));
  EXPECT_TRUE(Asks(R"(  0: r1 = resource
  1: r0 = get_attr r1 "flag"
  2: jump_if_false r0 -> 5
  3: r0 = principal
  4: jump -> 7
  5: r0 = principal
  6: r0 = get_attr r0 "manager"
  7: r0 = in r0 r1
  8: return r0
)"));
}

TEST(AskedEntitiesTest, ACopyIsWhatItIsOf) {
  EXPECT_FALSE(Asks("  0: r1 = principal\n  1: r0 = move r1\n  2: r0 = in r0 r1\n  3: return r0\n"));
  EXPECT_TRUE(Asks("  0: r1 = const U::\"a\"\n  1: r0 = move r1\n  2: r0 = in r0 r1\n  3: return r0\n"));
}

TEST(AskedEntitiesTest, LoopsAreNotFollowed) {
  EXPECT_TRUE(Asks(R"(  0: r0 = resource
  1: r0 = get_attr r0 "owners"
  2: r0 = any r0 r1 -> 5
  3: r2 = in r1 r1
  4: next r2
  5: return r0
)"));
}

}  // namespace
}  // namespace remit::ir
