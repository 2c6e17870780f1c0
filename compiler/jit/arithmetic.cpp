// Logic and 64-bit arithmetic, where overflow is an error.
#include <llvm/IR/Intrinsics.h>

#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::EmitNot(const Instruction& i) {
  const SsaValue& operand = Require(i.a, Kind::Bool);
  if (is_reachable_) SetPredicate(i, b().CreateNot(AsBool(operand)));
}

void BodyToLlvm::EmitAssertBool(const Instruction& i) { Require(i.a, Kind::Bool); }

void BodyToLlvm::EmitArithmetic(const Instruction& i, llvm::Intrinsic::ID intrinsic) {
  Require(i.a, Kind::Long);
  if (is_reachable_) Require(i.b, Kind::Long);
  if (!is_reachable_) return;
  auto* result = b().CreateBinaryIntrinsic(intrinsic, reg(i.a).bits, reg(i.b).bits);
  FailUnless(b().CreateNot(b().CreateExtractValue(result, 1)));
  if (is_reachable_) reg(i.dst) = f_.OfLong(b().CreateExtractValue(result, 0));
}

void BodyToLlvm::EmitNeg(const Instruction& i) {
  const SsaValue operand = Require(i.a, Kind::Long);
  if (!is_reachable_) return;
  auto* result = b().CreateBinaryIntrinsic(llvm::Intrinsic::ssub_with_overflow, f_.I64(0), operand.bits);
  FailUnless(b().CreateNot(b().CreateExtractValue(result, 1)));
  if (is_reachable_) reg(i.dst) = f_.OfLong(b().CreateExtractValue(result, 0));
}

void BodyToLlvm::EmitAdd(const Instruction& i) { EmitArithmetic(i, llvm::Intrinsic::sadd_with_overflow); }
void BodyToLlvm::EmitSub(const Instruction& i) { EmitArithmetic(i, llvm::Intrinsic::ssub_with_overflow); }
void BodyToLlvm::EmitMul(const Instruction& i) { EmitArithmetic(i, llvm::Intrinsic::smul_with_overflow); }

}  // namespace remit::jit
