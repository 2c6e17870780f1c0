// Random programs come to the same natively and interpreted. REMIT_RANDOM_PROGRAMS=n runs more of them.
#include "tests/unit/jit/random_program.h"

#include <cstdlib>

#include "tests/unit/jit/native_harness.h"

namespace remit {
namespace {

class NativeRandomTest : public NativeTest {
 protected:
  auto Values() -> std::vector<Value> {
    std::vector<Value> values;
    for (const auto* text : {"true",
                             "false",
                             "0",
                             "1",
                             "2",
                             "-1",
                             "9223372036854775807",
                             "\"x\"",
                             "\"xyz\"",
                             "\"\"",
                             "U::\"a\"",
                             "G::\"g\"",
                             "H::\"h\"",
                             "R::\"r\"",
                             "[]",
                             "[1, 2]",
                             "[1, \"x\"]",
                             "[G::\"g\", H::\"h\"]",
                             "[true, false]",
                             "[U::\"a\", R::\"r\"]",
                             "[[1], [2, 3]]",
                             "{}",
                             "{a: 1}",
                             "{a: {b: true}, n: 1}",
                             "ip(\"127.0.0.1\")",
                             "decimal(\"1.5\")",
                             "datetime(\"2024-01-01\")",
                             "duration(\"1h\")",
                             "semver(\"1.2.3\")"}) {
      values.push_back(Constant(text));
    }
    return values;
  }

  auto Constant(const std::string& text) -> Value {
    ast::Ast ast;
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    const auto expr = ParseExpression(sources_.Add("constant", text), context, ast);
    const auto program = LowerExpression(ast, expr, interner_, sink_);
    const auto value = Evaluate(program, 0, input());
    return value ? CopyValue(arena_, *value) : Value();
  }
};

TEST_F(NativeRandomTest, AgreesWithTheInterpreter) {
  const char* more = std::getenv("REMIT_RANDOM_PROGRAMS");
  const uint32_t programs = more != nullptr ? static_cast<uint32_t>(std::atoi(more)) : 8;
  const auto hints = LayoutHints::FromEntities(entities_);
  uint32_t outcomes[3] = {};
  for (uint32_t seed = 0; seed < programs; ++seed) {
    SCOPED_TRACE(seed);
    const auto program = RandomProgram(seed, interner_, Values()).Make(24);
    const auto verified = ir::Verify(program);
    ASSERT_TRUE(verified.has_value()) << FormatError(verified.error()) << ir::Print(program, interner_);
    for (uint32_t body = 0; body < program.bodies.size(); ++body) {
      const auto outcome = Interpreted(program, body, input());
      ++outcomes[outcome == "failed" ? 0 : outcome == "satisfied" ? 1 : 2];
    }
    ExpectAgreement(program, hints);
    if (HasFailure()) break;
  }
  // A generator whose programs all fail at once tests nothing.
  EXPECT_GT(outcomes[1] + outcomes[2], programs);
}

}  // namespace
}  // namespace remit
