// From an expression to its value: builtins' examples, order of evaluation, long chains and large literals, quantifiers, help.
#include <algorithm>

#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

using EvaluateTest = EvalTest;

TEST_F(EvaluateTest, TheExampleOfEveryBuiltinIsTrue) {
  for (const auto& builtin : AllBuiltins()) {
    if (builtin.name == "unknown") continue;  // never has a value: see below
    EXPECT_EQ(Eval(std::string(builtin.example)), "true") << builtin.name << ": " << builtin.example;
  }
}

TEST_F(EvaluateTest, UnknownsHaveNoValue) {
  EXPECT_TRUE(Eval("unknown(\"x\")").starts_with("extension-error: "));
  EXPECT_EQ(Eval("true || unknown(\"x\")"), "true");
}

TEST_F(EvaluateTest, ValuesAreWrittenAsExpressions) {
  EXPECT_EQ(Eval("{b: [2, 1, 1], \"a b\": ip(\"10.0.0.1\")}"), R"({"a b": ip("10.0.0.1"), "b": [1, 2]})");
  EXPECT_EQ(Eval("principal"), "U::\"a\"");
  EXPECT_EQ(Eval("context"), R"({"n": 1, "s": "x"})");
  EXPECT_EQ(Eval("principal.getTag(\"t\") + 1"), "2");
}

TEST_F(EvaluateTest, OperandsAreEvaluatedFromTheLeft) {
  EXPECT_EQ(Eval("context.left + context.right"), "attribute-missing: record does not have the attribute `left`");
  EXPECT_EQ(Eval("1 + \"a\" + context.right"), "type-error: type error: expected long, got string");
  EXPECT_EQ(Eval("1 in context.right"), "attribute-missing: record does not have the attribute `right`");
  EXPECT_EQ(Eval("ip(context.left, context.right)"), "attribute-missing: record does not have the attribute `left`");
  EXPECT_EQ(Eval("{b: context.left, a: context.right}"), "attribute-missing: record does not have the attribute `right`");
}

TEST_F(EvaluateTest, IsInLooksAtTheTypeFirst) {
  EXPECT_EQ(Eval("principal is V in 1"), "false");
  EXPECT_EQ(Eval("principal is U in 1"), "type-error: type error: expected one of [set, entity], got long");
  EXPECT_EQ(Eval("principal is U in [H::\"h\"]"), "true");
}

TEST_F(EvaluateTest, ExtendedHasStopsAtTheFirstThatIsMissing) {
  EXPECT_EQ(Eval("principal has r.a.b"), "true");
  EXPECT_EQ(Eval("principal has q.a.b"), "false");
  EXPECT_EQ(Eval("principal has r.a.c"), "false");
  EXPECT_EQ(Eval("principal has r.a.b.c"), "type-error: type error: expected one of [record, entity], got bool");
  EXPECT_EQ(Eval("U::\"zz\" has r.a.b"), "false");
  EXPECT_EQ(Eval("principal has r.a.b && principal.r.a.b"), "true");
}

TEST_F(EvaluateTest, MixedChainsOfAndAndOr) {
  // Each value of three variables, against C++.
  for (int bits = 0; bits < 8; ++bits) {
    const bool a = (bits & 1) != 0;
    const bool b = (bits & 2) != 0;
    const bool c = (bits & 4) != 0;
    const auto text = [&](std::string_view form) {
      std::string out;
      for (const char letter : form) {
        const bool value = letter == 'a' ? a : letter == 'b' ? b : c;
        out += letter >= 'a' && letter <= 'c' ? fmt::format("(context.n == {})", value ? 1 : 2) : std::string(1, letter);
      }
      return out;
    };
    EXPECT_EQ(Eval(text("a && b || c")), (a && b) || c ? "true" : "false");
    EXPECT_EQ(Eval(text("a || b && c")), a || (b && c) ? "true" : "false");
    EXPECT_EQ(Eval(text("(a || b) && c")), (a || b) && c ? "true" : "false");
    EXPECT_EQ(Eval(text("((a || b) && c) || a && b")), ((a || b) && c) || (a && b) ? "true" : "false");
    EXPECT_EQ(Eval(text("((a && b) || c) == (c || (b && a))")), "true");
  }
}

TEST_F(EvaluateTest, LogicChecksTheKindOfWhateverItReaches) {
  EXPECT_EQ(Eval("true && 1"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("false && 1"), "false");
  EXPECT_EQ(Eval("false || (true && 1)"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("(true && 1) || true"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("(true && context.n) == 1"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("(if true then 1 else 2) && true"), "type-error: type error: expected bool, got long");
}

TEST_F(EvaluateTest, LongChainsNeedNoStack) {
  std::string conjunction = "true";
  std::string sum = "context.n";
  std::string attributes = "{a: 1}";
  for (int i = 0; i < 100'000; ++i) {
    conjunction += i % 2 == 0 ? " && context.n == 1" : " && true";
    sum += " + 1";
  }
  for (int i = 0; i < 20'000; ++i) attributes += ".a";
  EXPECT_EQ(Eval(conjunction), "true");
  EXPECT_EQ(Eval(sum), "100001");
  EXPECT_EQ(Eval(attributes), "type-error: type error: expected one of [record, entity], got long");
}

TEST_F(EvaluateTest, LargeLiteralsNeedFewRegisters) {
  constexpr int kElements = 70'000;
  std::string set = "[";
  std::string computed = "[";
  for (int i = 0; i < kElements; ++i) {
    set += fmt::format("{}, ", i);
    computed += fmt::format("context.n + {}, ", i);
  }
  EXPECT_EQ(Eval(set + "context.n + 70000].contains(70001)"), "true");
  EXPECT_EQ(Eval(computed + "].containsAll([1, 35000, 70000])"), "true");
  EXPECT_EQ(Eval(computed + "].contains(0)"), "false");
}

TEST_F(EvaluateTest, LargeRecordsKeepEveryField) {
  std::string record = "{";
  for (int i = 0; i < 5'000; ++i) record += fmt::format("k{}: context.n + {}, ", i, i);
  EXPECT_EQ(Eval(record + "}.k4999"), "5000");
  EXPECT_EQ(Eval(record + "}.k0"), "1");
  EXPECT_EQ(Eval(record + "} has k5000"), "false");
}

TEST_F(EvaluateTest, LiteralsNestToTheParsersLimit) {
  std::string open;
  std::string close;
  for (int i = 0; i < 300; ++i) {
    open += "[1, context.n, ";
    close += "]";
  }
  EXPECT_EQ(Eval(open + close + " == 1"), "false");
}

TEST_F(EvaluateTest, Quantifiers) {
  EXPECT_EQ(Eval("[1, 2, 3].any(x, x == 2)"), "true");
  EXPECT_EQ(Eval("[1, 2, 3].all(x, x < 3)"), "false");
  EXPECT_EQ(Eval("[].all(x, 1)"), "true");
  EXPECT_EQ(Eval("[1].any(x, x)"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("1.any(x, true)"), "type-error: type error: expected set, got long");
  EXPECT_EQ(Eval("[[1, 2], [3]].any(s, s.all(x, x > 2 && context.n == 1)) || false"), "true");
  EXPECT_EQ(Eval("[[1, 2], [3]].all(s, s.any(x, [x, 2].all(y, y == x)))"), "false");
}

TEST_F(EvaluateTest, HelpSaysWhatThereIs) {
  Eval("context.N");
  EXPECT_EQ(error_.help, "did you mean `n`?");
  Eval("principal.getTag(\"x\")");
  EXPECT_EQ(error_.help, "there is an attribute of this name, which is not a tag");
  Eval("principal.t");
  EXPECT_EQ(error_.help, "there is a tag of this name: `getTag(\"t\")`");
  Eval("{}.a");
  EXPECT_EQ(error_.help, "there are no attributes");
  Eval("1 in [1]");
  EXPECT_EQ(error_.help, "`in` asks about the entity hierarchy; `.contains()` asks whether a set has an element");
  Eval("decimal(\"1.0\") < decimal(\"2.0\")");
  EXPECT_NE(error_.help.find("`.lessThan()`"), std::string::npos);
}

}  // namespace
}  // namespace remit
