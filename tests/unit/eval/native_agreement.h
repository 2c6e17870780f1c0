// Bodies run by the interpreter and as native code, at both levels, as shapes and as groups: all must agree.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "compiler/jit/orc_compiler.h"
#include "runtime/base/check.h"
#include "runtime/native/layout_hints.h"

namespace remit {

// One compiler for all tests of a binary: making one takes longer than a test.
inline auto SharedCompiler() -> NativeCompiler& {
  static const auto compiler = [] {
    auto made = MakeOrcCompiler();
    CHECK(made.has_value(), made ? "" : FormatError(made.error()));
    return std::move(*made);
  }();
  return *compiler;
}

// `satisfied`, `not satisfied`, `failed` or the value.
inline auto Interpreted(const ir::Program& program, uint32_t body, const EvalInput& input) -> std::string {
  const bool returns = std::ranges::any_of(program.bodies[body].code, [](const auto& i) { return i.op == ir::Op::Return; });
  const auto value = Evaluate(program, body, input);
  if (!value) return "failed";
  if (returns) return FormatValue(*value, input.interner);
  return value->as_bool() ? "satisfied" : "not satisfied";
}

inline auto DescribeResult(uint32_t result, const NativeFrame& frame) -> std::string {
  switch (static_cast<BodyResult>(result)) {
    case BodyNotSatisfied: return "not satisfied";
    case BodySatisfied: return "satisfied";
    case BodyFailed: return "failed";
    case BodyReturned: return FormatValue(frame.result, *frame.interner);
  }
  return "unknown result";
}

// Larger than native code is made for (docs/architecture.md): the interpreter decides such policies, in both engines.
inline auto IsTooLarge(const ir::Program& program, uint32_t body) -> bool { return program.bodies[body].code.size() > 20'000; }

inline void ExpectShapesAgree(const ir::Program& program, const EvalInput& input, NativeLevel level) {
  const auto shapes = FindShapes(program);
  std::vector<uint32_t> all(shapes.shapes.size());
  for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto module = SharedCompiler().CompileShapes(program, shapes, all, {.level = level});
  ASSERT_TRUE(module.has_value()) << FormatError(module.error());
  for (uint32_t body = 0; body < program.bodies.size(); ++body) {
    if (IsTooLarge(program, body)) continue;
    auto frame = MakeFrame(program, input);
    const auto result = (*module)->body(shapes.shape_of_body[body])(&frame, shapes.literals_of(body));
    EXPECT_EQ(DescribeResult(result, frame), Interpreted(program, body, input)) << ir::Print(program, input.interner) << "body " << body;
  }
}

inline void ExpectGroupsAgree(const ir::Program& program, const EvalInput& input, const LayoutHints& hints, NativeLevel level,
                              bool knows_request) {
  std::vector<GroupRequest> groups;
  for (uint32_t first = 0; first < program.bodies.size(); first += kMaxGroupBodies) {
    GroupRequest group;
    for (uint32_t i = first; i < program.bodies.size() && i < first + kMaxGroupBodies; ++i) group.bodies.push_back(i);
    if (knows_request) {
      group.principal_type = input.request.principal.type;
      group.action = input.request.action;
      group.resource_type = input.request.resource.type;
    }
    groups.push_back(group);
  }
  const auto module = SharedCompiler().CompileGroups(program, hints, groups, {.level = level});
  ASSERT_TRUE(module.has_value()) << FormatError(module.error());
  for (size_t g = 0; g < groups.size(); ++g) {
    auto frame = MakeFrame(program, input);
    const auto result = (*module)->group(g)(&frame);
    EXPECT_EQ(result.satisfied & result.failed, 0U);
    for (size_t i = 0; i < groups[g].bodies.size(); ++i) {
      if (IsTooLarge(program, groups[g].bodies[i])) continue;
      const auto expected = Interpreted(program, groups[g].bodies[i], input);
      const bool satisfied = ((result.satisfied >> i) & 1) != 0;
      const bool failed = ((result.failed >> i) & 1) != 0;
      EXPECT_EQ(satisfied, expected == "satisfied") << ir::Print(program, input.interner) << "body " << groups[g].bodies[i];
      EXPECT_EQ(failed, expected == "failed") << ir::Print(program, input.interner) << "body " << groups[g].bodies[i];
    }
  }
}

// Every body of the program, as the interpreter has it.
inline void ExpectNativeAgrees(const ir::Program& program, const EvalInput& input, const LayoutHints& hints = {}) {
  for (const auto level : {NativeLevel::Quick, NativeLevel::Full}) {
    ExpectShapesAgree(program, input, level);
    ExpectGroupsAgree(program, input, hints, level, false);
    ExpectGroupsAgree(program, input, hints, level, true);
  }
}

}  // namespace remit
