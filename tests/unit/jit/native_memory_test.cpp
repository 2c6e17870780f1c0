// Where native code lives: executable and not writable, given back with its module, made by several threads at once.
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/unit/jit/native_harness.h"

namespace remit {
namespace {

struct Mapping {
  uintptr_t begin = 0;
  uintptr_t end = 0;
  std::string access;
};

auto Mappings() -> std::vector<Mapping> {
  std::vector<Mapping> mappings;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Mapping mapping;
    char dash = 0;
    std::istringstream(line) >> std::hex >> mapping.begin >> dash >> mapping.end >> mapping.access;
    mappings.push_back(mapping);
  }
  return mappings;
}

auto ExecutableBytes() -> size_t {
  size_t bytes = 0;
  for (const auto& mapping : Mappings()) bytes += mapping.access.contains('x') ? mapping.end - mapping.begin : 0;
  return bytes;
}

class NativeMemoryTest : public NativeTest {
 protected:
  auto Program() -> ir::Program {
    ast::Ast ast;
    EXPECT_TRUE(Parse("permit(principal, action, resource) when { context.n == 1 };", ast));
    return LowerPolicies(ast);
  }
  static auto Compile(const ir::Program& program) -> std::unique_ptr<NativeModule> {
    const auto shapes = FindShapes(program);
    const std::vector<uint32_t> wanted = {0};
    auto module = SharedCompiler().CompileShapes(program, shapes, wanted, {.level = NativeLevel::Quick});
    EXPECT_TRUE(module.has_value());
    return std::move(*module);
  }
};

TEST_F(NativeMemoryTest, NothingIsWritableAndExecutable) {
  const auto program = Program();
  const auto module = Compile(program);
  const auto address = reinterpret_cast<uintptr_t>(module->body(0));
  bool found = false;
  for (const auto& mapping : Mappings()) {
    EXPECT_FALSE(mapping.access.contains('w') && mapping.access.contains('x')) << mapping.access;
    if (mapping.begin <= address && address < mapping.end) found = mapping.access.starts_with("r-x");
  }
  EXPECT_TRUE(found);
  EXPECT_GT(module->code_bytes(), 0U);
}

TEST_F(NativeMemoryTest, ToolsLearnNames) {
  auto compiler = MakeOrcCompiler({.perf_map = true, .debugger = true});
  ASSERT_TRUE(compiler.has_value());
  const auto program = Program();
  const auto shapes = FindShapes(program);
  const auto module =
      (*compiler)->CompileShapes(program, shapes, std::vector<uint32_t>{0}, {.level = NativeLevel::Quick, .name_hash = 0xABC});
  ASSERT_TRUE(module.has_value());
  const auto path = fmt::format("/tmp/perf-{}.map", getpid());
  std::stringstream map;
  map << std::ifstream(path).rdbuf();
  std::remove(path.c_str());
  EXPECT_EQ(map.str().find(fmt::format("{:x} ", reinterpret_cast<uintptr_t>((*module)->body(0)))), 0U) << map.str();
  EXPECT_NE(map.str().find(" remit_0000000000000abc_shape0"), std::string::npos) << map.str();
}

TEST_F(NativeMemoryTest, MemoryIsGivenBack) {
  const auto program = Program();
  Compile(program);
  const auto before = ExecutableBytes();
  for (int i = 0; i < 50; ++i) Compile(program);
  EXPECT_EQ(ExecutableBytes(), before);
  std::vector<std::unique_ptr<NativeModule>> kept;
  for (int i = 0; i < 5; ++i) kept.push_back(Compile(program));
  EXPECT_GT(ExecutableBytes(), before);
}

TEST_F(NativeMemoryTest, ThreadsCompileAtOnce) {
  const auto program = Program();
  const auto shapes = FindShapes(program);
  std::vector<uint32_t> results(4, 99);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] {
      Arena arena;
      EvalInput own = {.entities = entities_, .request = request_, .interner = interner_, .arena = arena};
      for (int i = 0; i < 5; ++i) {
        const auto module = Compile(program);
        auto frame = MakeFrame(program, own);
        result = module->body(0)(&frame, shapes.literals_of(0));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(results, std::vector<uint32_t>(4, BodySatisfied));
}

TEST_F(NativeMemoryTest, HugeBodiesAreLeftToTheInterpreter) {
  ir::Program program;
  program.constants.push_back(Value::OfBool(true));
  ir::Body body = {.code = {{.op = ir::Op::Const}}, .places = {}, .registers = 1};
  for (int i = 0; i < 30'000; ++i) body.code.push_back({.op = ir::Op::Not});
  body.code.push_back({.op = ir::Op::Satisfied});
  program.bodies.push_back(std::move(body));
  ASSERT_TRUE(ir::Verify(program).has_value());
  const auto module = Compile(program);
  EXPECT_EQ(module->left_out(), 1U);
  auto frame = MakeFrame(program, input());
  EXPECT_EQ(module->body(0)(&frame, nullptr), BodyFailed);
}

TEST_F(NativeMemoryTest, WhatTheEntitiesAreDoesNotMatter) {
  // Hints of other types, hints of nothing, and row hints of another store: slower, never wrong.
  ast::Ast ast;
  ASSERT_TRUE(
      Parse("permit(principal, action, resource) when { principal.x == 1 && principal.r.a.b };"
            "permit(principal, action, resource) when { principal in H::\"h\" && !(principal has nope) };"
            "permit(principal, action, resource) when { context has n && context.n == 1 };"
            "permit(principal, action, resource) when { U::\"a\".x == 1 && U::\"a\" in G::\"g\" };",
            ast));
  const auto program = LowerPolicies(ast);
  auto other = ReadEntities(R"([{"uid": {"type": "G", "id": "z"}, "attrs": {}, "parents": []},
    {"uid": {"type": "U", "id": "a2"}, "attrs": {"z0": 1, "x": {"a": 1}, "r": 5, "nope": 1}, "parents": []}])",
                            interner_, {});
  ASSERT_TRUE(other.has_value());
  ExpectAgreement(program, LayoutHints::FromEntities(*other));
  ExpectAgreement(program, LayoutHints());
  ExpectAgreement(program, LayoutHints::FromEntities(entities_));
}

TEST_F(NativeMemoryTest, ManyAncestors) {
  // More than a store lists, and enough for a set in which places collide.
  for (const int count : {0, 1, 2, 3, 5, 9, 40, 200, 300}) {
    std::string json = R"([{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": [)";
    for (int i = 0; i < count; ++i) json += fmt::format(R"({}{{"type": "G", "id": "g{}"}})", i > 0 ? "," : "", i);
    json += "]}]";
    auto entities = ReadEntities(json, interner_, {});
    ASSERT_TRUE(entities.has_value());
    entities_ = std::move(*entities);
    std::string policies;
    for (int i = 0; i < 12; ++i) {
      policies += fmt::format("permit(principal, action, resource) when {{ principal in G::\"g{}\" }};", i * 29 % 320);
      policies += fmt::format("permit(principal, action, resource) when {{ principal in [G::\"g{}\", G::\"h{}\"] }};", i * 31 % 320, i);
    }
    ast::Ast ast;
    ASSERT_TRUE(Parse(policies, ast));
    ExpectAgreement(LowerPolicies(ast));
  }
}

}  // namespace
}  // namespace remit
