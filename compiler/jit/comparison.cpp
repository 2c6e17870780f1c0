// Equality and order.
#include "compiler/jit/body_to_llvm.h"
#include "compiler/jit/words.h"

namespace remit::jit {
namespace {

auto KnownToDiffer(const SsaValue& a, const SsaValue& b) -> bool {
  return a.entity_type.has_value() && b.entity_type.has_value() && a.entity_type != b.entity_type;
}

// Whether the kind is one of those for which `test` holds.
template <typename Test>
auto IsAnyOf(Builder& b, llvm::Value* kind, Test test) -> llvm::Value* {
  uint32_t mask = 0;
  for (uint32_t k = 0; k <= static_cast<uint32_t>(Kind::Semver); ++k) mask |= test(static_cast<Kind>(k)) ? 1U << k : 0;
  auto* bit = b.CreateShl(b.getInt32(1), b.CreateZExt(kind, b.getInt32Ty()));
  return b.CreateICmpNE(b.CreateAnd(bit, b.getInt32(mask)), b.getInt32(0));
}

}  // namespace

// Of two values of this kind.
auto BodyToLlvm::EqualOfKind(const Instruction& i, Kind kind) -> llvm::Value* {
  SsaValue left = reg(i.a);
  SsaValue right = reg(i.b);
  left.kind = right.kind = f_.I8(kind);
  if (IsOneWord(kind)) return b().CreateICmpEQ(left.bits, right.bits);
  if (kind != Kind::String) {
    Instruction equal = i;
    equal.op = ir::Op::Eq;
    return AsBool(RunHandler(equal, std::array{left, right}));
  }
  auto* start = b().GetInsertBlock();
  auto* same_size = f_.NewBlock("same_size");
  auto* next = f_.NewBlock("equal_text");
  f_.Branch(b().CreateICmpEQ(left.size, right.size), same_size, next);
  Continue(same_size);
  auto* answer =
      f_.Call(offsetof(NativeCalls, equal_bytes), b().getInt32Ty(),
              std::array<llvm::Value*, 3>{f_.ToPointer(left.bits), f_.ToPointer(right.bits), b().CreateZExt(left.size, b().getInt64Ty())});
  auto* is_equal = b().CreateICmpNE(answer, f_.I32(0));
  b().CreateBr(next);
  Continue(next);
  return f_.Phi({{f_.Bool(false), start}, {is_equal, same_size}});
}

auto BodyToLlvm::Equal(const Instruction& i) -> llvm::Value* {
  const SsaValue left = reg(i.a);
  const SsaValue right = reg(i.b);
  if (KnownToDiffer(left, right)) return f_.Bool(false);
  const auto kind = left.known_kind() ? left.known_kind() : right.known_kind();
  if (left.known_kind() && right.known_kind()) return left.known_kind() == right.known_kind() ? EqualOfKind(i, *kind) : f_.Bool(false);
  auto* start = b().GetInsertBlock();
  auto* same_kind = f_.NewBlock("same_kind");
  auto* next = f_.NewBlock("compared");
  f_.Branch(b().CreateICmpEQ(left.kind, right.kind), same_kind, next);
  Continue(same_kind);
  llvm::Value* is_equal = nullptr;
  if (kind) {
    is_equal = EqualOfKind(i, *kind);
  } else {
    auto* word = f_.NewBlock("words");
    auto* other = f_.NewBlock("other");
    auto* both = f_.NewBlock("both");
    f_.Branch(IsAnyOf(b(), left.kind, IsOneWord), word, other);
    Continue(word);
    auto* same_bits = b().CreateICmpEQ(left.bits, right.bits);
    b().CreateBr(both);
    Continue(other);
    Instruction equal = i;
    equal.op = ir::Op::Eq;
    auto* compared = AsBool(RunHandler(equal, std::array{left, right}));
    auto* other_end = b().GetInsertBlock();
    b().CreateBr(both);
    Continue(both);
    is_equal = f_.Phi({{same_bits, word}, {compared, other_end}});
  }
  auto* end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(next);
  return f_.Phi({{f_.Bool(false), start}, {is_equal, end}});
}

void BodyToLlvm::EmitEq(const Instruction& i) { SetPredicate(i, Equal(i)); }
void BodyToLlvm::EmitNotEq(const Instruction& i) { SetPredicate(i, b().CreateNot(Equal(i))); }

// Values of one ordered kind, or an error.
void BodyToLlvm::EmitOrder(const Instruction& i, llvm::CmpInst::Predicate predicate) {
  const auto kind = reg(i.a).known_kind() ? reg(i.a).known_kind() : reg(i.b).known_kind();
  if (kind && IsOrderedWord(*kind)) {
    Require(i.a, *kind);
    if (is_reachable_) Require(i.b, *kind);
    if (is_reachable_) SetPredicate(i, b().CreateICmp(predicate, reg(i.a).bits, reg(i.b).bits));
    return;
  }
  if (kind) return SetBinaryFromHandler(i, Kind::Bool);
  FailUnless(b().CreateICmpEQ(reg(i.a).kind, reg(i.b).kind));
  auto* words = f_.NewBlock("words");
  auto* other = f_.NewBlock("other");
  auto* next = f_.NewBlock("ordered");
  f_.Branch(IsAnyOf(b(), reg(i.a).kind, IsOrderedWord), words, other);
  Continue(words);
  auto* compared = b().CreateICmp(predicate, reg(i.a).bits, reg(i.b).bits);
  b().CreateBr(next);
  Continue(other);
  auto* handled = AsBool(RunHandler(i, std::array{reg(i.a), reg(i.b)}));
  auto* other_end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(next);
  SetPredicate(i, f_.Phi({{compared, words}, {handled, other_end}}));
}

void BodyToLlvm::EmitLess(const Instruction& i) { EmitOrder(i, llvm::CmpInst::ICMP_SLT); }
void BodyToLlvm::EmitLessEq(const Instruction& i) { EmitOrder(i, llvm::CmpInst::ICMP_SLE); }
void BodyToLlvm::EmitGreater(const Instruction& i) { EmitOrder(i, llvm::CmpInst::ICMP_SGT); }
void BodyToLlvm::EmitGreaterEq(const Instruction& i) { EmitOrder(i, llvm::CmpInst::ICMP_SGE); }

}  // namespace remit::jit
