// The standard library from policy text: what the operators make of its values, the time, patterns, and errors where there is no meaning.
#include "runtime/request/json.h"
#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

using LibraryTest = EvalTest;

TEST_F(LibraryTest, SizesOfSetsAndStrings) {
  EXPECT_EQ(Eval("[1, 2, 2].size()"), "2");
  EXPECT_EQ(Eval("[].size() + \"\".size()"), "0");
  EXPECT_EQ(Eval("\"a\\u{1F600}\".size()"), "2");
  EXPECT_EQ(Eval("{}.size()"), "type-error: type error: expected one of [set, string], got record");
  EXPECT_EQ(Eval("[1].size() && true"), "type-error: type error: expected bool, got long");
  EXPECT_EQ(Eval("[1].size(1)"), "refused: `size` takes 0 arguments, not 1");
  EXPECT_EQ(Eval("size([1])"), "refused: `size` is a method, not a function");
}

TEST_F(LibraryTest, ValuesAreWrittenAsTheCallsThatMakeThem) {
  for (const auto& [text, value] : {
           std::pair{"url(\"HTTPS://h\")", "url(\"https://h/\")"},
           std::pair{"path(\"/a/\")", "path(\"/a\")"},
           std::pair{"email(\"A@B.example\")", "email(\"A@b.example\")"},
           std::pair{"command(\"echo  'a b'\")", "command(\"echo 'a b'\")"},
           std::pair{"semver(\"1.2.3-a+b\")", "semver(\"1.2.3-a\")"},
       }) {
    EXPECT_EQ(Eval(text), value);
    EXPECT_EQ(Eval(value), value);
    EXPECT_EQ(Eval(fmt::format("{} == {}", text, value)), "true");
    EXPECT_EQ(Eval(fmt::format("[{0}, {1}, \"x\"].size() == 2 && [{0}].contains({1})", text, value)), "true");
    EXPECT_EQ(Eval(fmt::format("{{a: {}}}.a == context.s", text)), "false");
  }
}

TEST_F(LibraryTest, MadeFromWhatARequestSays) {
  auto context = ReadContext(R"({"u": "https://api.example.com/v1", "p": "/workspace/../etc", "c": "rm -rf '/'", "bad": "https://a@b/"})",
                             interner_, arena_, {});
  ASSERT_TRUE(context.has_value());
  request_.context = *context;
  EXPECT_EQ(Eval("url(context.u).isHostUnder(\"example.com\") && url(context.u).path() == \"/v1\""), "true");
  EXPECT_EQ(Eval("path(context.p).isUnder(\"/workspace\")"), "false");
  EXPECT_EQ(Eval("command(context.c).program() == \"rm\" && command(context.c).args().contains(\"-rf\")"), "true");
  EXPECT_EQ(Eval("url(context.bad).host()"),
            "extension-error: error while evaluating `url` extension function: user information before the host is not accepted");
  EXPECT_EQ(Eval("url(1)"), "type-error: type error: expected string, got long");
  EXPECT_EQ(Eval("path(context.u).path()"), "type-error: type error: expected url, got path");
}

TEST_F(LibraryTest, AConstructorThatFailsFailsWhereItIsReached) {
  EXPECT_EQ(Eval("false && url(\"x\").host() == \"\""), "false");
  EXPECT_TRUE(Eval("url(\"x\").host() == \"\"").starts_with("extension-error: "));
}

TEST_F(LibraryTest, VersionsAreOrdered) {
  EXPECT_EQ(Eval("semver(\"1.9.0\") < semver(\"1.10.0\") && semver(\"2.0.0-rc.1\") <= semver(\"2.0.0\")"), "true");
  EXPECT_EQ(Eval("semver(\"1.0.0\") > semver(\"1.0.0-1\") && semver(\"1.0.0\") >= semver(\"1.0.0+x\")"), "true");
  EXPECT_EQ(Eval("semver(\"1.0.0\") < 2"), "type-error: type error: expected long, got semver");
  EXPECT_EQ(Eval("semver(\"1.0.0\") < \"2.0.0\""), "type-error: type error: expected semver, got string");
  EXPECT_EQ(Eval("path(\"a\") < path(\"b\")"), "type-error: type error: expected one of [long, datetime, duration], got path");
}

TEST_F(LibraryTest, TheTimeIsTheEvaluations) {
  EXPECT_EQ(Eval("now()"), "datetime(\"2023-11-14T22:13:20.000Z\")");
  EXPECT_EQ(Eval("now() > datetime(\"2023-01-01\") && now().toDate() == datetime(\"2023-11-14\")"), "true");
  EXPECT_EQ(Eval("[1, 2].all(x, now() == now())"), "true");
  EXPECT_EQ(Eval("now(1)"), "wrong-arity: wrong number of arguments provided to extension function `now`: expected 0, got 1");
  now_ = std::nullopt;
  EXPECT_EQ(Eval("now()"), "time-missing: `now()` has no value: no time was given for this evaluation");
  EXPECT_EQ(DecideText("permit(principal, action, resource) when { now() < datetime(\"2100-01-01\") };"),
            "deny; policy0 failed: time-missing");
}

TEST_F(LibraryTest, PatternsAreCompiledWithThePolicy) {
  EXPECT_EQ(Eval("context.s.matches(\"[a-z]\")"), "true");
  EXPECT_EQ(Eval("context.s.matches((\"[0-9]\"))"), "false");
  EXPECT_EQ(Eval("context.n.matches(\"a\")"), "type-error: type error: expected string, got long");
  EXPECT_EQ(Eval("context.s.matches(context.s)"), "refused: `matches` takes its pattern as a string literal");
  EXPECT_EQ(Eval("context.s.matches(\"a\" + \"b\")"), "refused: `matches` takes its pattern as a string literal");
  EXPECT_EQ(Eval("context.s.matches(\"(\")"), "refused: `(` is not a regular expression: missing ): (");
  EXPECT_EQ(sink_.diagnostics()[0].span.begin, 18U);
  EXPECT_EQ(sink_.diagnostics()[0].span.end, 21U);
  EXPECT_FALSE(sink_.diagnostics()[0].help.empty());
  EXPECT_TRUE(Eval("context.s.matches()").starts_with("wrong-arity: "));
}

TEST_F(LibraryTest, OneCompiledPatternForOneText) {
  ast::Ast ast;
  ASSERT_TRUE(Parse(
      "permit(principal, action, resource) when { context.s.matches(\"a+\") || context.s.matches(\"b\") || \"x\".matches(\"a+\") };", ast));
  const auto program = LowerPolicies(ast);
  EXPECT_EQ(program.regexes.size(), 2U);
  auto copy = ir::Parse(ir::Print(program, interner_), interner_);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->regexes.size(), 2U);
  EXPECT_EQ(Describe(program), Describe(*copy));
}

TEST_F(LibraryTest, FunctionsAndMethodsOfOneName) {
  EXPECT_EQ(Eval("path(url(\"https://h/a/b\").path()).name()"), "\"b\"");
  EXPECT_EQ(Eval("\"x\".url()"), "refused: `url` is a function, not a method");
  EXPECT_EQ(Eval("host(\"x\")"), "refused: `host` is a method, not a function");
}

TEST_F(LibraryTest, JsonHoldsNoneOfTheseValues) {
  for (const auto function : {"url", "path", "email", "command", "semver", "now", "startsWith", "add"}) {
    const auto json = fmt::format(R"({{"__extn": {{"fn": "{}", "arg": "1.0.0"}}}})", function);
    const auto value = ReadValue(json, interner_, arena_, {});
    ASSERT_FALSE(value.has_value()) << function;
    EXPECT_EQ(value.error().code, "unknown-function") << function;
  }
}

TEST_F(LibraryTest, ACopyNeedsNothingOfTheOriginal) {
  Arena kept;
  std::vector<Value> copies;
  std::vector<std::string> texts;
  {
    Arena scratch;
    BuiltinContext context = {.arena = scratch, .interner = interner_, .error = {}};
    for (const auto& [function, text] :
         {std::pair{"url", "https://h/a"}, {"path", "/a/b.c"}, {"email", "a@b.c"}, {"command", "a 'b c'"}, {"semver", "1.2.3-a"}}) {
      const std::array<Value, 1> args = {Value::OfString(scratch.CopyString(text))};
      Value value;
      ASSERT_TRUE(FindBuiltin(function)->call(context, args, value)) << context.error;
      copies.push_back(CopyValue(kept, value));
      texts.push_back(FormatValue(value, interner_));
    }
  }
  for (size_t i = 0; i < copies.size(); ++i) EXPECT_EQ(FormatValue(copies[i], interner_), texts[i]);
}

}  // namespace
}  // namespace remit
