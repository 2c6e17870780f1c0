// Bodies run by the interpreter and as native code, at both levels, as shapes and as groups: all must agree.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "compiler/jit/orc_compiler.h"
#include "runtime/base/check.h"
#include "runtime/native/layout_hints.h"
#include "tests/unit/eval/harness.h"

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

inline auto MakeFrame(const ir::Program& program, const EvalInput& input) -> NativeFrame {
  return {.calls = GetNativeCalls(),
          .principal = input.request.principal.packed(),
          .action = input.request.action.packed(),
          .resource = input.request.resource.packed(),
          .principal_entity = input.entities.Find(input.request.principal),
          .action_entity = input.entities.Find(input.request.action),
          .resource_entity = input.entities.Find(input.request.resource),
          .context = input.request.context.data(),
          .context_size = input.request.context.size(),
          .constants = program.constants.data(),
          .max_loop_work = input.max_loop_work,
          .program = &program,
          .entities = &input.entities,
          .entity_nodes = input.entities.rows().nodes(),
          .entity_capacity = input.entities.rows().capacity(),
          .interner = &input.interner,
          .arena = &input.arena,
          .now = input.now ? input.now->millis : 0,
          .has_now = input.now ? 1U : 0U,
          .result = {}};
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

class NativeTest : public EvalTest {
 protected:
  // Every body of the program, as the interpreter has it.
  void ExpectAgreement(const ir::Program& program, const LayoutHints& hints = {}) {
    for (const auto level : {NativeLevel::Quick, NativeLevel::Full}) {
      ExpectShapesAgree(program, level);
      ExpectGroupsAgree(program, hints, level, false);
      ExpectGroupsAgree(program, hints, level, true);
    }
  }

  void ExpectShapesAgree(const ir::Program& program, NativeLevel level) {
    const auto shapes = FindShapes(program);
    std::vector<uint32_t> all(shapes.shapes.size());
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto module = SharedCompiler().CompileShapes(program, shapes, all, {.level = level});
    ASSERT_TRUE(module.has_value()) << FormatError(module.error());
    EXPECT_EQ((*module)->left_out(), 0U);
    for (uint32_t body = 0; body < program.bodies.size(); ++body) {
      auto frame = MakeFrame(program, input());
      const auto result = (*module)->body(shapes.shape_of_body[body])(&frame, shapes.literals_of(body));
      EXPECT_EQ(DescribeResult(result, frame), Interpreted(program, body, input())) << ir::Print(program, interner_) << "body " << body;
    }
  }

  void ExpectGroupsAgree(const ir::Program& program, const LayoutHints& hints, NativeLevel level, bool knows_request) {
    std::vector<GroupRequest> groups;
    for (uint32_t first = 0; first < program.bodies.size(); first += kMaxGroupBodies) {
      GroupRequest group;
      for (uint32_t i = first; i < program.bodies.size() && i < first + kMaxGroupBodies; ++i) group.bodies.push_back(i);
      if (knows_request) {
        group.principal_type = request_.principal.type;
        group.action = request_.action;
        group.resource_type = request_.resource.type;
      }
      groups.push_back(group);
    }
    const auto module = SharedCompiler().CompileGroups(program, hints, groups, {.level = level});
    ASSERT_TRUE(module.has_value()) << FormatError(module.error());
    for (size_t g = 0; g < groups.size(); ++g) {
      auto frame = MakeFrame(program, input());
      const auto result = (*module)->group(g)(&frame);
      EXPECT_EQ(result.satisfied & result.failed, 0U);
      for (size_t i = 0; i < groups[g].bodies.size(); ++i) {
        const auto expected = Interpreted(program, groups[g].bodies[i], input());
        const bool satisfied = ((result.satisfied >> i) & 1) != 0;
        const bool failed = ((result.failed >> i) & 1) != 0;
        EXPECT_EQ(satisfied, expected == "satisfied") << ir::Print(program, interner_) << "body " << groups[g].bodies[i];
        EXPECT_EQ(failed, expected == "failed") << ir::Print(program, interner_) << "body " << groups[g].bodies[i];
      }
    }
  }

  // The expression as a value, and as a policy's condition.
  void ExpectExpressionAgrees(const std::string& text) {
    SCOPED_TRACE(text);
    sink_ = DiagnosticSink();
    ast::Ast ast;
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    const auto expr = ParseExpression(sources_.Add("expr", text), context, ast);
    ir::Program program;
    if (!sink_.has_errors()) program = LowerExpression(ast, expr, interner_, sink_);
    ASSERT_FALSE(sink_.has_errors()) << sink_.diagnostics()[0].message;
    ExpectAgreement(program);
    ast::Ast policy;
    ASSERT_TRUE(Parse("permit(principal, action, resource) when { " + text + " };", policy)) << sink_.diagnostics()[0].message;
    const auto policies = LowerPolicies(policy);
    if (!sink_.has_errors()) ExpectAgreement(policies, LayoutHints::FromEntities(entities_));
  }
};

}  // namespace remit
