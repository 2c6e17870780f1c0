// Sets and records.
#include "compiler/jit/any_element.h"
#include "compiler/jit/words.h"

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

// Elements are what the element is if kind and bits are.
auto BodyToLlvm::ContainsWord(const SsaValue& set, const SsaValue& element) -> llvm::Value* {
  return AnyElement(f_.ToPointer(set.bits), set.size, [&](llvm::Value* other) {
    auto* same_kind = b().CreateICmpEQ(f_.Load(b().getInt8Ty(), other, kValueKind), element.kind);
    return b().CreateAnd(same_kind, b().CreateICmpEQ(f_.Load(b().getInt64Ty(), other, kValueBits), element.bits));
  });
}

void BodyToLlvm::EmitContains(const Instruction& i) {
  const SsaValue set = Require(i.a, Kind::Set);
  if (!is_reachable_) return;
  const SsaValue element = reg(i.b);
  const bool is_word = element.known_kind() && IsOneWord(*element.known_kind());
  auto* few = f_.NewBlock("few");
  auto* many = f_.NewBlock("many");
  auto* next = f_.NewBlock("contains");
  f_.Branch(is_word ? b().CreateICmpULE(set.size, f_.I32(kFewElements)) : b().CreateICmpEQ(set.size, f_.I32(0)), few, many);

  Continue(few);
  auto* is_in_few = is_word ? ContainsWord(set, element) : f_.Bool(false);
  auto* few_end = b().GetInsertBlock();
  b().CreateBr(next);

  Continue(many);
  auto* operand = f_.StoreOperands(std::array{element});
  auto* answer = f_.Call(offsetof(NativeCalls, set_contains), b().getInt32Ty(),
                         std::array<llvm::Value*, 3>{f_.ToPointer(set.bits), set.size, operand});
  auto* is_in_many = b().CreateICmpNE(answer, f_.I32(0));
  b().CreateBr(next);

  Continue(next);
  SetPredicate(i, f_.Phi({{is_in_few, few_end}, {is_in_many, many}}));
}

}  // namespace remit::jit
