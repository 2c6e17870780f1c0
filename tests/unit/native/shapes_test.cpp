// Shapes and layout hints: what native code is made for.
#include "runtime/native/shapes.h"

#include <chrono>

#include "runtime/native/layout_hints.h"
#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

class ShapesTest : public EvalTest {
 protected:
  auto Policies(const std::string& conditions) -> ir::Program {
    ast::Ast ast;
    EXPECT_TRUE(Parse(conditions, ast));
    return LowerPolicies(ast);
  }
  static auto When(const std::string& condition) -> std::string {
    return "permit(principal, action, resource) when { " + condition + " };";
  }
};

TEST_F(ShapesTest, LiteralsOfOneKindShareAShape) {
  const auto program = Policies(When("context.n > 1") + When("context.n > 77") + When("context.n == 1") + When("context.s == \"x\"") +
                                When("context.n == 2"));
  const auto shapes = FindShapes(program);
  EXPECT_EQ(shapes.shapes.size(), 3U);
  EXPECT_EQ(shapes.shape_of_body[0], shapes.shape_of_body[1]);
  EXPECT_EQ(shapes.shape_of_body[2], shapes.shape_of_body[4]);
  EXPECT_NE(shapes.shape_of_body[2], shapes.shape_of_body[3]);
  EXPECT_EQ(shapes.shapes[0].literals, 1U);
  EXPECT_EQ(shapes.literals_of(1)[0], Value::OfLong(77));
  EXPECT_EQ(shapes.literals_of(4)[0], Value::OfLong(2));
}

TEST_F(ShapesTest, AttributesTypesAndStructureMakeShapes) {
  const auto program = Policies(When("context.a") + When("context.b") + When("principal is U") + When("principal is G") +
                                When("context.a && context.a") + When("context.a || context.a"));
  EXPECT_EQ(FindShapes(program).shapes.size(), 6U);
}

TEST_F(ShapesTest, PatternsAreLiterals) {
  const auto program = Policies(When("context.s like \"a*\"") + When("context.s like \"*b*\"") + When("context.s.matches(\"a+\")") +
                                When("context.s.matches(\"b\")"));
  const auto shapes = FindShapes(program);
  EXPECT_EQ(shapes.shapes.size(), 2U);
  EXPECT_NE(shapes.literals_of(0)[0], shapes.literals_of(1)[0]);
}

TEST_F(ShapesTest, ManyBodiesAreFast) {
  auto program = Policies(When("context.n > 1 && principal.x == 3 && context.s like \"a*\""));
  const auto body = program.bodies[0];
  while (program.bodies.size() < 100'000) program.bodies.push_back(body);
  const auto start = std::chrono::steady_clock::now();
  const auto shapes = FindShapes(program);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  EXPECT_EQ(shapes.shapes.size(), 1U);
  EXPECT_EQ(shapes.literals.size(), 300'000U);
}

TEST_F(ShapesTest, HintsSayWhereOptionalKeysMayPushAKey) {
  const auto id = [&](std::string_view text) { return interner_.Intern(text); };
  // In the order of their symbols: a, b?, c, d?, e.
  Schema schema;
  schema.types.resize(2);
  schema.types[0].kind = Kind::Long;
  schema.types[1].kind = Kind::Record;
  schema.types[1].fields = {{.key = id("a1"), .type = {0}},
                            {.key = id("b1"), .type = {0}, .required = false},
                            {.key = id("c1"), .type = {0}},
                            {.key = id("d1"), .type = {0}, .required = false},
                            {.key = id("e1"), .type = {0}}};
  schema.entity_types.push_back({.name = id("T"), .attributes = {1}, .tags = {}, .parents = {}, .enumerated_ids = {}});
  const auto hints = LayoutHints::FromSchema(schema);
  const auto layout = hints.OfEntityType(id("T"));
  const auto place = [&](std::string_view key) { return *hints.Find(layout, id(key)); };
  EXPECT_EQ(std::pair(place("a1").first, place("a1").last), std::pair(0U, 0U));
  EXPECT_EQ(std::pair(place("c1").first, place("c1").last), std::pair(1U, 2U));
  EXPECT_EQ(std::pair(place("e1").first, place("e1").last), std::pair(2U, 4U));
  EXPECT_EQ(place("c1").field->kind, Kind::Long);
  EXPECT_EQ(place("zz").field, nullptr);
  EXPECT_FALSE(hints.Find({}, id("a1")).has_value());
  EXPECT_FALSE(hints.OfEntityType(id("Other")).has_value());
}

}  // namespace
}  // namespace remit
