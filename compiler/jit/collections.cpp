// Sets and records.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::EmitSet(const Instruction& i) { SetFromHandler(i, {&reg(i.a), i.count}, Kind::Set); }
void BodyToLlvm::EmitRecord(const Instruction& i) { SetFromHandler(i, {&reg(i.a), i.count}, Kind::Record); }
void BodyToLlvm::EmitUnion(const Instruction& i) { SetBinaryFromHandler(i, Kind::Set); }
void BodyToLlvm::EmitMerge(const Instruction& i) { SetBinaryFromHandler(i, Kind::Record); }
void BodyToLlvm::EmitContainsAll(const Instruction& i) { SetBinaryFromHandler(i, Kind::Bool); }
void BodyToLlvm::EmitContainsAny(const Instruction& i) { SetBinaryFromHandler(i, Kind::Bool); }

void BodyToLlvm::EmitSize(const Instruction& i) {
  const SsaValue counted = reg(i.a);
  if (!counted.is_known(Kind::Set)) return SetFromHandler(i, std::array{counted}, Kind::Long);
  reg(i.dst) = f_.OfLong(b().CreateZExt(counted.size, b().getInt64Ty()));
}

void BodyToLlvm::EmitIsEmpty(const Instruction& i) {
  const SsaValue set = Require(i.a, Kind::Set);
  if (is_reachable_) SetPredicate(i, b().CreateICmpEQ(set.size, f_.I32(0)));
}

void BodyToLlvm::EmitContains(const Instruction& i) {
  const SsaValue set = Require(i.a, Kind::Set);
  if (!is_reachable_) return;
  auto* element = f_.StoreOperands(std::array{reg(i.b)});
  auto* answer = f_.Call(offsetof(NativeCalls, set_contains), b().getInt32Ty(),
                         std::array<llvm::Value*, 3>{f_.ToPointer(set.bits), set.size, element});
  SetPredicate(i, b().CreateICmpNE(answer, f_.I32(0)));
}

}  // namespace remit::jit
