// `any` and `all`: no element hides another's error, the error does not depend on how symbols are numbered, and the work is bounded.
#include <chrono>

#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

using QuantifierTest = EvalTest;

constexpr std::string_view kOverflow =
    "integer-overflow: integer overflow while attempting to add the values `9223372036854775807` and `1`";

TEST_F(QuantifierTest, AnErrorInOneElementIsTheWholes) {
  EXPECT_EQ(Eval("[1, 9223372036854775807].any(x, x + 1 == 2)"), kOverflow);
  EXPECT_EQ(Eval("[1, 9223372036854775807].all(x, x + 1 == 3)"), kOverflow);
  EXPECT_EQ(Eval("[1, \"a\"].any(x, x == 1 || x + 1 == 2)"), "type-error: type error: expected long, got string");
  EXPECT_EQ(Eval("[[1], [9223372036854775807]].any(s, s.any(x, x + 1 == 2))"), kOverflow);
  EXPECT_EQ(Eval("[1, 2].any(x, x == 1) || [9223372036854775807].any(x, x + 1 == 1)"), "true");
}

TEST_F(QuantifierTest, AllElementsTakePart) {
  EXPECT_EQ(Eval("[1, 2, 3].any(x, x == 3)"), "true");
  EXPECT_EQ(Eval("[1, 2, 3].all(x, x > 0)"), "true");
  EXPECT_EQ(Eval("[1, 2, 3].all(x, x != 1)"), "false");
  EXPECT_EQ(Eval("[1, 2, 3].any(x, x > 3)"), "false");
  EXPECT_EQ(Eval("[\"a\", \"bb\"].all(x, x.size() < 3) && [[], [1]].any(s, s.isEmpty())"), "true");
}

// A missing entity is named in the error, so the error tells which element came first.
TEST(QuantifierOrderTest, TheErrorIsTheSameHoweverSymbolsAreNumbered) {
  class Fixture : public EvalTest {
   public:
    explicit Fixture(const std::vector<std::string_view>& first) {
      for (const auto text : first) interner_.Intern(text);
      SetUp();
    }
    void TestBody() override {}
    using EvalTest::Eval;
  };
  const std::string expression = R"([U::"zz", U::"mm", U::"aa"].any(x, x.missing == 1))";
  const std::string nested = R"([{k: U::"zz"}, {k: U::"aa"}].all(r, [r.k, U::"mm"].any(x, x.missing == 1)))";
  for (const auto& order : {std::vector<std::string_view>{"aa", "mm", "zz"}, {"zz", "mm", "aa"}, {"mm", "zz", "aa"}}) {
    Fixture fixture(order);
    EXPECT_EQ(fixture.Eval(expression), "entity-missing: entity `U::\"aa\"` does not exist");
    EXPECT_EQ(fixture.Eval(nested), "entity-missing: entity `U::\"aa\"` does not exist");
  }
}

TEST_F(QuantifierTest, NestedLoopsEnd) {
  std::string set = "[context.n";
  for (int i = 0; i < 2'000; ++i) set += fmt::format(", {}", i + 10);
  set += "]";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(Eval(fmt::format("{0}.all(a, {0}.all(b, {0}.all(c, a + b + c > 0)))", set)).starts_with("too-much-loop-work: "));
  EXPECT_TRUE(Eval(fmt::format("{0}.any(a, {0}.any(b, a + b < 0))", set)).starts_with("too-much-loop-work: "));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(Eval(fmt::format("{0}.all(a, a > 0)", set)), "true");
}

TEST_F(QuantifierTest, LongTextsInLoopsEnd) {
  const std::string text(2'000'000, 'a');
  auto context = ReadContext(fmt::format(R"({{"text": "{}", "n": 1}})", text), interner_, arena_, {});
  ASSERT_TRUE(context.has_value());
  request_.context = *context;
  std::string set = "[0";
  for (int i = 1; i < 1'000; ++i) set += fmt::format(", {}", i);
  set += "]";
  const auto start = std::chrono::steady_clock::now();
  for (const auto condition : {"context.text like \"*b*a*\"", "context.text.containsText(\"b\")", "context.text.toLower() == \"b\"",
                               "context.text.matches(\".*b\")", "context.text.size() == x", "context.text == \"b\""}) {
    EXPECT_TRUE(Eval(fmt::format("{}.any(x, {})", set, condition)).starts_with("too-much-loop-work: ")) << condition;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(Eval("context.text.containsText(\"b\")"), "false");
}

TEST_F(QuantifierTest, AnErroringPolicyDoesNotStopItsNeighbours) {
  EXPECT_EQ(DecideText("permit(principal, action, resource);"
                       "permit(principal, action, resource) when { [1, 9223372036854775807].any(x, x + 1 == 2) };"),
            "allow policy0; policy1 failed: integer-overflow");
}

}  // namespace
}  // namespace remit
