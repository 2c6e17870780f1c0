// Expressions and policies that native code and the interpreter must agree on. Those of tests/unit/eval are compared too, by their harness.
#pragma once

#include "tests/unit/eval/harness.h"

namespace remit {

class NativeTest : public EvalTest {
 protected:
  void ExpectAgreement(const ir::Program& program, const LayoutHints& hints = {}) { ExpectNativeAgrees(program, input(), hints); }

  // Each expression as a value, and all as conditions of policies.
  void ExpectExpressionsAgree(const std::vector<std::string>& expressions) {
    std::string policies;
    for (const auto& text : expressions) {
      SCOPED_TRACE(text);
      sink_ = DiagnosticSink();
      ast::Ast ast;
      ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
      const auto expr = ParseExpression(sources_.Add("expr", text), context, ast);
      ir::Program program;
      if (!sink_.has_errors()) program = LowerExpression(ast, expr, interner_, sink_);
      ASSERT_FALSE(sink_.has_errors()) << sink_.diagnostics()[0].message;
      ExpectShapesAgree(program, input(), NativeLevel::Quick);
      policies += "permit(principal, action, resource) when { " + text + " };";
    }
    ast::Ast ast;
    ASSERT_TRUE(Parse(policies, ast)) << sink_.diagnostics()[0].message;
    ExpectAgreement(LowerPolicies(ast), LayoutHints::FromEntities(entities_));
  }
};

}  // namespace remit
