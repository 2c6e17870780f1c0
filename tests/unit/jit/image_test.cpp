// Native code as bytes: decides as the interpreter does wherever it is loaded, and is refused when it is not what it should be.
#include "runtime/native/image.h"

#include <cstring>

#include "runtime/native/target.h"
#include "tests/unit/jit/native_harness.h"

namespace remit {
namespace {

class ImageTest : public NativeTest {
 protected:
  void SetUp() override {
    NativeTest::SetUp();
    ast::Ast ast;
    ASSERT_TRUE(
        Parse("permit(principal, action, resource) when { context.n == 1 && principal in H::\"h\" };"
              "permit(principal, action, resource) when { context.n == 2 && principal in H::\"x\" };"
              "forbid(principal, action, resource) when { context.s == \"x\" && context.s like \"*x*\" };"
              "forbid(principal, action, resource) when { principal.nope || [1, 2, 3].any(x, x * 2 == 4) };"
              "forbid(principal, action, resource) when { [1, 2, 3].any(x, [x, context.n].all(y, y > 0)) };"
              "forbid(principal, action, resource) when { ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\")) && principal.r.a.b };",
              ast));
    program_ = LowerPolicies(ast);
    shapes_ = FindShapes(program_);
    hints_ = LayoutHints::FromEntities(entities_);
    GroupRequest group = {.bodies = {}, .principal_type = request_.principal.type, .action = request_.action, .resource_type = {}};
    for (uint32_t i = 0; i < program_.bodies.size(); ++i) group.bodies.push_back(i);
    groups_ = {group, group};
  }

  auto Emit(NativeLevel level = NativeLevel::Full) -> std::string {
    auto image = SharedCompiler().EmitImage(program_, shapes_, hints_, groups_, HostTarget(), {.level = level});
    EXPECT_TRUE(image.has_value()) << (image ? "" : FormatError(image.error()));
    return image.value_or("");
  }

  // Symbols as they are in the program.
  auto Load(std::string_view image, std::string_view target = HostTarget()) const -> Expected<std::unique_ptr<NativeModule>> {
    std::vector<SymbolId> symbols(interner_.size());
    for (uint32_t i = 0; i < symbols.size(); ++i) symbols[i] = {i};
    return LoadImage(image, target, shapes_, symbols);
  }
  auto ErrorOf(std::string_view image, std::string_view target = HostTarget()) const -> std::string {
    const auto module = Load(image, target);
    return module ? "" : module.error().code;
  }

  ir::Program program_;
  Shapes shapes_;
  LayoutHints hints_;
  std::vector<GroupRequest> groups_;
};

TEST_F(ImageTest, DecidesAsTheInterpreter) {
  for (const auto level : {NativeLevel::Quick, NativeLevel::Full}) {
    const auto module = Load(Emit(level));
    ASSERT_TRUE(module.has_value()) << FormatError(module.error());
    EXPECT_EQ((*module)->left_out(), 0U);
    uint64_t satisfied = 0;
    uint64_t failed = 0;
    for (uint32_t body = 0; body < program_.bodies.size(); ++body) {
      auto frame = MakeFrame(program_, input());
      const auto result = (*module)->body(shapes_.shape_of_body[body])(&frame, shapes_.literals_of(body));
      const auto expected = Interpreted(program_, body, input());
      EXPECT_EQ(DescribeResult(result, frame), expected) << body;
      satisfied |= uint64_t{expected == "satisfied"} << body;
      failed |= uint64_t{expected == "failed"} << body;
    }
    for (size_t group = 0; group < groups_.size(); ++group) {
      auto frame = MakeFrame(program_, input());
      const auto result = (*module)->group(group)(&frame);
      EXPECT_EQ(result.satisfied, satisfied);
      EXPECT_EQ(result.failed, failed);
    }
  }
}

TEST_F(ImageTest, TheSameInputMakesTheSameBytes) { EXPECT_EQ(Emit(), Emit()); }

TEST_F(ImageTest, DamageIsAnError) {
  const auto image = Emit();
  EXPECT_EQ(ErrorOf(image), "");
  for (const size_t size : {size_t{0}, size_t{7}, sizeof(ImageHeader), sizeof(ImageHeader) + 9, image.size() - 1}) {
    EXPECT_EQ(ErrorOf(std::string_view(image).substr(0, size)), "code-invalid") << size;
  }
  EXPECT_EQ(ErrorOf(image + "x"), "code-invalid");
  // Every byte in front of the code, turned into what would lead outside.
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  const auto names_begin = ImageNamesOffset(uint64_t{header.shapes} + header.groups);
  const auto names_end = names_begin + header.names * sizeof(uint64_t);
  for (size_t at = 0; at < header.code; ++at) {
    auto damaged = image;
    damaged[at] = static_cast<char>(~damaged[at]);
    const auto error = ErrorOf(damaged);
    const bool is_counted = at < 8 || (at >= 16 && at < 32) || (at >= 40 && at < 52) || (at >= names_begin && at < names_end);
    if (at >= 8 && at < 16) {
      EXPECT_EQ(error, "code-version") << at;
    }
    if (is_counted) {
      EXPECT_EQ(error, "code-invalid") << at;
    }
  }
}

TEST_F(ImageTest, TargetsAreNamed) {
  EXPECT_TRUE(RunsHere(HostTarget()));
  EXPECT_FALSE(RunsHere("x86-64-v9"));
  EXPECT_FALSE(RunsHere(""));
  EXPECT_EQ(ErrorOf(Emit(), "sparc"), "code-target");
  const auto image = SharedCompiler().EmitImage(program_, shapes_, hints_, groups_, "sparc", {});
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, "native-target");
  EXPECT_EQ(image.error().message, "there is no code for `sparc` here");
}

TEST_F(ImageTest, AnImageMayBeEmpty) {
  const ir::Program nothing;
  const auto image = SharedCompiler().EmitImage(nothing, FindShapes(nothing), {}, {}, HostTarget(), {});
  ASSERT_TRUE(image.has_value()) << FormatError(image.error());
  EXPECT_TRUE(LoadImage(*image, HostTarget(), FindShapes(nothing), {}).has_value());
}

TEST_F(ImageTest, CodeOfOtherPoliciesIsRefused) {
  const ir::Program nothing;
  const auto module = LoadImage(Emit(), HostTarget(), FindShapes(nothing), {});
  ASSERT_FALSE(module.has_value());
  EXPECT_EQ(module.error().code, "code-invalid");
}

}  // namespace
}  // namespace remit
