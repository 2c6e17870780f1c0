// Constants, the request's variables, moves, the time.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::EmitConst(const Instruction& i) { reg(i.dst) = Literal(i); }

void BodyToLlvm::EmitPrincipal(const Instruction& i) { reg(i.dst) = LoadVariable(f_, environment_, Variable::Principal); }
void BodyToLlvm::EmitAction(const Instruction& i) { reg(i.dst) = LoadVariable(f_, environment_, Variable::Action); }
void BodyToLlvm::EmitResource(const Instruction& i) { reg(i.dst) = LoadVariable(f_, environment_, Variable::Resource); }
void BodyToLlvm::EmitContext(const Instruction& i) { reg(i.dst) = LoadVariable(f_, environment_, Variable::Context); }

void BodyToLlvm::EmitNow(const Instruction& i) {
  auto* has_now = f_.FrameWord(b().getInt32Ty(), offsetof(NativeFrame, has_now), "has_now");
  FailUnless(b().CreateICmpNE(has_now, f_.I32(0)));
  auto* now = f_.FrameWord(b().getInt64Ty(), offsetof(NativeFrame, now), "now");
  reg(i.dst) = {.kind = f_.I8(Kind::Datetime), .size = f_.I32(0), .bits = now};
}

void BodyToLlvm::EmitMove(const Instruction& i) { reg(i.dst) = reg(i.a); }

}  // namespace remit::jit
