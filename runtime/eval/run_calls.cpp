// Handlers: builtin functions and pattern matching.
#include <fmt/format.h>

#include "runtime/eval/errors.h"
#include "runtime/eval/like.h"

namespace remit::eval {

auto RunCall(Machine& m, const ir::Instruction& i) -> Step {
  const auto& builtin = GetBuiltin(static_cast<BuiltinId>(i.imm));
  const std::span<const Value> args = m.registers.subspan(i.a, i.count);
  for (size_t k = 0; k < args.size(); ++k) {
    if (const Kind expected = builtin.signature.params[k]; !args[k].is(expected)) return FailType(m, {expected}, args[k]);
  }
  BuiltinContext context = {.arena = m.input.arena, .interner = m.input.interner, .error = {}};
  Value result;
  if (builtin.call(context, args, result)) return m.Set(i, result);
  if (m.is_quiet) return Step::Failed;
  const auto name = builtin.is_constructor ? ExtensionTypeName(builtin) : builtin.name;
  return Fail(m, "extension-error", fmt::format("error while evaluating `{}` extension function: {}", name, context.error));
}

auto RunBadArity(Machine& m, const ir::Instruction& i) -> Step {
  if (m.is_quiet) return Step::Failed;
  const auto& builtin = GetBuiltin(static_cast<BuiltinId>(i.imm));
  return Fail(m, "wrong-arity",
              fmt::format("wrong number of arguments provided to extension function `{}`: expected {}, got {}", builtin.name,
                          builtin.signature.arity, i.count));
}

auto RunUnknownFunction(Machine& m, const ir::Instruction& i) -> Step {
  if (m.is_quiet) return Step::Failed;
  return Fail(m, "unknown-function", fmt::format("extension function `{}` does not exist", m.input.interner.text(SymbolId{i.imm})));
}

auto RunLike(Machine& m, const ir::Instruction& i) -> Step {
  const Value& text = m.registers[i.a];
  if (!text.is(Kind::String)) return FailType(m, {Kind::String}, text);
  return m.Set(i, MatchesPattern(text.as_string(), m.program.patterns[i.imm], m.input.interner));
}

auto RunMatches(Machine& m, const ir::Instruction& i) -> Step {
  const Value& text = m.registers[i.a];
  if (!text.is(Kind::String)) return FailType(m, {Kind::String}, text);
  return m.Set(i, m.program.regexes[i.imm].compiled->Matches(text.as_string()));
}

}  // namespace remit::eval
