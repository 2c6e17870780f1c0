// Operations that are left to the interpreter's handlers.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

auto BodyToLlvm::RunHandler(const Instruction& i, std::span<const SsaValue> operands, llvm::Value* imm) -> SsaValue {
  auto* buffer = f_.StoreOperands(operands);
  const auto offset = offsetof(NativeCalls, run) + static_cast<size_t>(i.op) * sizeof(OperationCall);
  auto* ok = f_.Call(offset, b().getInt32Ty(), std::array{f_.frame(), buffer, imm, f_.I32(i.count)});
  FailUnless(b().CreateICmpNE(ok, f_.I32(0)));
  return f_.LoadResult();
}

void BodyToLlvm::SetFromHandler(const Instruction& i, std::span<const SsaValue> operands, std::optional<Kind> result) {
  reg(i.dst) = RunHandler(i, operands);
  if (result) reg(i.dst).kind = f_.I8(*result);
}

void BodyToLlvm::SetBinaryFromHandler(const Instruction& i, std::optional<Kind> result) {
  SetFromHandler(i, std::array{reg(i.a), reg(i.b)}, result);
}

}  // namespace remit::jit
