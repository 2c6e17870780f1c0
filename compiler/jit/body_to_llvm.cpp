#include "compiler/jit/body_to_llvm.h"

#include <algorithm>

namespace remit::jit {

auto FitsNativeCode(const ir::Body& body) -> bool {
  constexpr size_t kMaxOperations = 20'000;
  constexpr size_t kMaxWork = size_t{1} << 24;
  return body.code.size() <= kMaxOperations && body.code.size() * (body.registers + size_t{1}) <= kMaxWork &&
         std::ranges::none_of(body.code, [](const ir::Instruction& i) { return ir::GetOp(i.op).uses('r') && i.count > kMaxOperands; });
}

void BodyToLlvm::Emit(const Ends& ends) {
  ends_ = ends;
  live_ = FindLiveRegisters(body_);
  if (std::ranges::any_of(body_.code, [](const ir::Instruction& i) { return ir::GetOp(i.op).has(ir::Loops); })) {
    loop_work_ = f_.NewCell(b().getInt64Ty());
    b().CreateStore(f_.I64(0), loop_work_);
  }
  for (uint32_t at = 0; at < body_.code.size(); ++at) {
    ArriveAt(at);
    EmitOperation(at, body_.code[at]);
  }
}

void BodyToLlvm::EmitOperation(uint32_t at, const Instruction& instruction) {
  at_ = at;
  if (at >= skip_to_) {
    if (is_reachable_ && !loops_.empty()) PayForOperands(instruction);
    // The end of a loop that no element gets through is an end all the same.
    if (is_reachable_ || instruction.op == ir::Op::Next) Dispatch(instruction);
    // A loop that is never entered has no end.
    if (!is_reachable_ && ir::GetOp(instruction.op).has(ir::Loops)) skip_to_ = instruction.imm;
  }
  if (UsesLiteral(instruction)) ++next_literal_;
}

void BodyToLlvm::Dispatch(const Instruction& instruction) {
  switch (instruction.op) {
#define OP(id, mnemonic, operands, traits, doc) \
  case ir::Op::id: Emit##id(instruction); break;
#include "runtime/ir/ops.def"
#undef OP
  }
}

}  // namespace remit::jit
