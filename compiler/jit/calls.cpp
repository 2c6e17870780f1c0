// Builtin functions, patterns and regular expressions.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::EmitCall(const Instruction& i) {
  SetFromHandler(i, {&reg(i.a), i.count}, GetBuiltin(static_cast<BuiltinId>(i.imm)).signature.result);
}

void BodyToLlvm::EmitBadArity(const Instruction&) { Fail(); }
void BodyToLlvm::EmitUnknownFunction(const Instruction&) { Fail(); }

void BodyToLlvm::EmitLike(const Instruction& i) {
  const SsaValue text = Require(i.a, Kind::String);
  if (is_reachable_) SetPredicate(i, AsBool(RunHandler(i, std::array{text}, LiteralIndex(i))));
}

void BodyToLlvm::EmitMatches(const Instruction& i) {
  const SsaValue text = Require(i.a, Kind::String);
  if (is_reachable_) SetPredicate(i, AsBool(RunHandler(i, std::array{text}, LiteralIndex(i))));
}

}  // namespace remit::jit
