// Policy text, entities and a request to a decision or a value, for tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/lower/lower.h"
#include "compiler/parse/parse.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"
#ifdef REMIT_JIT
#include "tests/unit/eval/native_agreement.h"
#endif

namespace remit {

class EvalTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kEntities = R"([
    {"uid": {"type": "U", "id": "a"}, "attrs": {"x": 1, "s": [1, 2], "r": {"a": {"b": true}}}, "parents": [{"type": "G", "id": "g"}], "tags": {"t": 1}},
    {"uid": {"type": "G", "id": "g"}, "attrs": {}, "parents": [{"type": "H", "id": "h"}]}])";

  void SetUp() override {
    auto entities = ReadEntities(kEntities, interner_, {});
    ASSERT_TRUE(entities.has_value()) << FormatError(entities.error());
    entities_ = std::move(*entities);
    auto context = ReadContext(R"({"n": 1, "s": "x"})", interner_, arena_, {});
    ASSERT_TRUE(context.has_value());
    request_ = {.principal = Uid("U", "a"), .action = Uid("Action", "v"), .resource = Uid("R", "r"), .context = *context};
  }

  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {interner_.Intern(type), interner_.Intern(id)}; }

  auto input() -> EvalInput { return {.entities = entities_, .request = request_, .interner = interner_, .arena = arena_, .now = now_}; }

  auto Parse(const std::string& text, ast::Ast& ast) -> bool {
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    return ParsePolicies(sources_.Add("test.cedar", text), context, ast);
  }

  auto LowerPolicies(const ast::Ast& ast) -> ir::Program {
    auto program = Lower(ast, ast::AssignIds(ast, interner_, ast::IdConvention::Cedar), interner_, sink_);
    const auto verified = ir::Verify(program);
    EXPECT_TRUE(sink_.has_errors() || verified.has_value()) << (verified ? "" : FormatError(verified.error()));
    return program;
  }

  // The value, `code: message` of an error, or `refused: ` and the first diagnostic.
  auto Eval(const std::string& text) -> std::string {
    sink_ = DiagnosticSink();
    ast::Ast ast;
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    const auto expr = ParseExpression(sources_.Add("expr", text), context, ast);
    ir::Program program;
    if (!sink_.has_errors()) program = LowerExpression(ast, expr, interner_, sink_);
    if (sink_.has_errors()) return "refused: " + sink_.diagnostics()[0].message;
    const auto verified = ir::Verify(program);
    EXPECT_TRUE(verified.has_value()) << FormatError(verified.error()) << '\n' << ir::Print(program, interner_);
    CompareEngines(program);
    auto result = Evaluate(program, 0, input());
    if (!result) error_ = result.error();
    return result ? FormatValue(*result, interner_) : result.error().code + ": " + result.error().message;
  }

  // `allow by a, b; errors c`.
  auto DecideText(const std::string& text) -> std::string {
    sink_ = DiagnosticSink();
    ast::Ast ast;
    if (!Parse(text, ast)) return "refused: " + sink_.diagnostics()[0].message;
    return Describe(LowerPolicies(ast));
  }

  auto Describe(const ir::Program& program) -> std::string {
    if (sink_.has_errors()) return "refused: " + sink_.diagnostics()[0].message;
    CompareEngines(program);
    const auto decision = Decide(program, input());
    const auto id = [&](uint32_t policy) { return interner_.text(program.policies[policy].id); };
    std::string description = decision.allowed() ? "allow" : "deny";
    for (const auto policy : decision.determining) description += fmt::format(" {}", id(policy));
    for (const auto& error : decision.errors) description += fmt::format("; {} failed: {}", id(error.policy), error.code);
    return description;
  }

  // Every test of the interpreter is one of the native engine too.
  void CompareEngines([[maybe_unused]] const ir::Program& program) {
#ifdef REMIT_JIT
    ExpectNativeAgrees(program, input());
#endif
  }

  SourceManager sources_;
  DiagnosticSink sink_;
  Interner interner_;
  Arena arena_;
  EntityStore entities_;
  Request request_;
  std::optional<Datetime> now_ = Datetime{.millis = 1'700'000'000'000};
  EvalError error_;
};

}  // namespace remit
