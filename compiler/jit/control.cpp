// Jumps and ends.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::EmitJump(const Instruction& i) { JumpTo(i.imm); }
void BodyToLlvm::EmitJumpIfTrue(const Instruction& i) { EmitJumpIf(i, true); }
void BodyToLlvm::EmitJumpIfFalse(const Instruction& i) { EmitJumpIf(i, false); }

// On either way the value is known.
void BodyToLlvm::EmitJumpIf(const Instruction& i, bool wanted) {
  const SsaValue condition = Require(i.a, Kind::Bool);
  if (!is_reachable_) return;
  auto* is_true = AsBool(condition);
  if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(is_true)) {
    if (known->isOne() == wanted) JumpTo(i.imm);
    return;
  }
  reg(i.a) = f_.OfBool(f_.Bool(wanted));
  auto* target = EdgeTo(i.imm);
  reg(i.a) = f_.OfBool(f_.Bool(!wanted));
  auto* next = f_.NewBlock("next");
  f_.Branch(is_true, wanted ? target : next, wanted ? next : target);
  Continue(next);
}

void BodyToLlvm::EmitSatisfied(const Instruction&) { GoTo(ends_.satisfied); }
void BodyToLlvm::EmitNotSatisfied(const Instruction&) { GoTo(ends_.not_satisfied); }

void BodyToLlvm::EmitReturn(const Instruction& i) {
  f_.StoreValue(reg(i.a), f_.At(f_.frame(), offsetof(NativeFrame, result)));
  GoTo(ends_.returned);
}

}  // namespace remit::jit
