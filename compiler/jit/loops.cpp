// `any` and `all`: native loops with the interpreter's limits.
//
// Every element is visited, also behind one that decides, since an error in any is the error of the whole. Which of several errors comes
// first does not matter here: a failed body is evaluated again by the interpreter, which knows the order.
#include <set>

#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {
// Adds to the work of this body's loops and fails beyond the limit.
void BodyToLlvm::Pay(llvm::Value* i64) {
  auto* work = b().CreateAdd(b().CreateLoad(b().getInt64Ty(), loop_work_), i64);
  b().CreateStore(work, loop_work_);
  auto* limit = f_.FrameWord(b().getInt64Ty(), offsetof(NativeFrame, max_loop_work), "max_loop_work");
  FailUnless(b().CreateICmpULE(work, limit));
}

// As the interpreter: inside a loop an operation costs what it reads.
void BodyToLlvm::PayForOperands(const Instruction& i) {
  constexpr uint64_t kFreeBits = 4;
  llvm::Value* length = f_.I64(0);
  VisitReads(i, [&](ir::Register index) { length = b().CreateAdd(length, b().CreateZExt(LengthOf(reg(index)), b().getInt64Ty())); });
  auto* work = b().CreateLShr(length, kFreeBits);
  if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(work); known == nullptr || !known->isZero()) Pay(work);
}

// Registers assigned before the loop that it assigns again: what they are at its start depends on the way there.
auto BodyToLlvm::CarriedRegisters(const Instruction& header, uint32_t at) const -> std::vector<ir::Register> {
  std::set<ir::Register> written = {header.b};
  for (uint32_t inside = at + 1; inside < header.imm; ++inside) {
    const auto& info = ir::GetOp(body_.code[inside].op);
    if (info.uses('d')) written.insert(body_.code[inside].dst);
    if (info.uses('w')) written.insert(body_.code[inside].b);
  }
  std::vector<ir::Register> carried;
  for (const auto index : written) {
    if (registers_[index].is_assigned()) carried.push_back(index);
  }
  return carried;
}

void BodyToLlvm::EmitLoop(const Instruction& i, bool answer) {
  const SsaValue set = Require(i.a, Kind::Set);
  if (!is_reachable_) return;
  Pay(b().CreateZExt(set.size, b().getInt64Ty()));
  auto* elements = f_.ToPointer(set.bits);
  Loop loop = {.header = &i,
               .again = f_.NewBlock("again"),
               .exit = f_.NewBlock("exit"),
               .index = f_.NewCell(b().getInt32Ty()),
               .answer = f_.NewCell(b().getInt1Ty())};
  b().CreateStore(f_.I32(0), loop.index);
  b().CreateStore(f_.Bool(answer), loop.answer);
  for (const auto index : CarriedRegisters(i, at_)) {
    loop.carried.emplace_back(index, f_.NewValueCell());
    f_.StoreValue(reg(index), loop.carried.back().second);
  }
  b().CreateBr(loop.again);

  Continue(loop.again);
  for (const auto& [index, cell] : loop.carried) reg(index) = f_.LoadCell(cell);
  auto* next = b().CreateLoad(b().getInt32Ty(), loop.index, "index");
  auto* element = f_.NewBlock("element");
  f_.Branch(b().CreateICmpEQ(next, set.size), loop.exit, element);
  loop.at_header = registers_;
  loops_.push_back(std::move(loop));

  Continue(element);
  b().CreateStore(b().CreateAdd(next, f_.I32(1)), loops_.back().index);
  auto* offset = b().CreateMul(b().CreateZExt(next, b().getInt64Ty()), f_.I64(kValueBytes));
  reg(i.b) = f_.LoadValue(b().CreateInBoundsGEP(b().getInt8Ty(), elements, offset));
}

void BodyToLlvm::EmitAny(const Instruction& i) { EmitLoop(i, false); }
void BodyToLlvm::EmitAll(const Instruction& i) { EmitLoop(i, true); }

void BodyToLlvm::EmitNext(const Instruction& i) {
  Loop loop = std::move(loops_.back());
  loops_.pop_back();
  if (is_reachable_) Require(i.a, Kind::Bool);
  if (is_reachable_) {
    auto* so_far = b().CreateLoad(b().getInt1Ty(), loop.answer);
    auto* one = AsBool(reg(i.a));
    b().CreateStore(loop.header->op == ir::Op::Any ? b().CreateOr(so_far, one) : b().CreateAnd(so_far, one), loop.answer);
    for (const auto& [index, cell] : loop.carried) {
      // Not assigned: nobody reads it behind here.
      if (reg(index).is_assigned()) f_.StoreValue(reg(index), cell);
    }
    b().CreateBr(loop.again);
  }
  Continue(loop.exit);
  is_reachable_ = true;
  registers_ = std::move(loop.at_header);
  SetPredicate(*loop.header, b().CreateLoad(b().getInt1Ty(), loop.answer, "answer"));
}

}  // namespace remit::jit
