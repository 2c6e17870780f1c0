// What native code looks like: what is folded, what is inlined, what is called.
#include "compiler/jit/dump.h"

#include "tests/unit/eval/harness.h"

namespace remit {
namespace {

class DumpTest : public EvalTest {
 protected:
  auto Llvm(const std::string& condition) -> std::string { return Dump(condition, NativeText::Llvm); }
  auto Dump(const std::string& condition, NativeText text) -> std::string {
    ast::Ast ast;
    EXPECT_TRUE(Parse("permit(principal, action, resource) when { " + condition + " };", ast));
    const auto dump = DumpNative(LowerPolicies(ast), interner_, text);
    EXPECT_TRUE(dump.has_value());
    return dump.value_or("");
  }
};

TEST_F(DumpTest, ConstantsFold) {
  const auto text = Llvm("true && 1 == 1");
  EXPECT_NE(text.find("; shape0: policy0\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("call"), std::string::npos) << text;
}

TEST_F(DumpTest, KindsAreTestedOnce) {
  const auto text = Llvm("principal == U::\"a\" && principal is U");
  EXPECT_EQ(text.find("br "), text.rfind("br ")) << text;
  EXPECT_EQ(text.find("i8"), text.find("i8, ptr")) << text;  // only in offsets: no kind is loaded
  EXPECT_EQ(text.find("load i8"), std::string::npos) << text;
}

TEST_F(DumpTest, HotOperationsAreInlined) {
  const auto is_in = Llvm("principal in resource");
  EXPECT_NE(is_in.find("mul i64"), std::string::npos) << is_in;
  EXPECT_EQ(is_in.find("@run_"), std::string::npos) << is_in;
  const auto sum = Llvm("context.n + 1 < 3");
  EXPECT_NE(sum.find("llvm.sadd.with.overflow"), std::string::npos) << sum;
  EXPECT_EQ(sum.find("@run_"), std::string::npos) << sum;
}

TEST_F(DumpTest, TheRestIsTheInterpreters) {
  EXPECT_NE(Llvm("ip(context.s).isIpv4()").find("@run_call"), std::string::npos);
  EXPECT_NE(Llvm("context.s like \"a*\"").find("@run_like"), std::string::npos);
}

TEST_F(DumpTest, NothingOutsideIsCalledByName) {
  const auto text = Dump("context.s == \"abc\" && principal.x == {a: [1, context.n]} && [1].any(x, x == context.n)", NativeText::Assembly);
  EXPECT_NE(text.find("# shape0: policy0"), std::string::npos);
  EXPECT_EQ(text.find("@PLT"), std::string::npos) << text;
  EXPECT_EQ(text.find("@GOT"), std::string::npos) << text;
}

}  // namespace
}  // namespace remit
