// The hierarchy and entity types.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

// Pointer to the store's entity, looked up once for each register. The register's value is an entity.
auto BodyToLlvm::EntityOf(ir::Register index) -> llvm::Value* {
  SsaValue& value = reg(index);
  if (value.entity == nullptr) {
    value.entity = f_.Call(offsetof(NativeCalls, find_entity), f_.PtrType(), std::array{f_.frame(), value.bits, value.size});
  }
  return value.entity;
}

auto BodyToLlvm::IsInEntity(ir::Register descendant, const SsaValue& ancestor) -> llvm::Value* {
  auto* is_same = b().CreateICmpEQ(reg(descendant).bits, ancestor.bits);
  auto* start = b().GetInsertBlock();
  auto* differ = f_.NewBlock("differ");
  auto* exists = f_.NewBlock("descendant");
  auto* next = f_.NewBlock("in");
  f_.Branch(is_same, next, differ);

  Continue(differ);
  const bool was_known = reg(descendant).entity != nullptr;
  auto* entity = EntityOf(descendant);
  if (!was_known) reg(descendant).entity = nullptr;  // looked up on this way only
  auto* looked_up = b().GetInsertBlock();
  f_.BranchUnlikely(b().CreateICmpEQ(entity, f_.Null()), next, exists);

  Continue(exists);
  auto* answer = f_.Call(offsetof(NativeCalls, is_below), b().getInt32Ty(), std::array{f_.frame(), entity, ancestor.bits});
  auto* is_in = b().CreateICmpNE(answer, f_.I32(0));
  b().CreateBr(next);

  Continue(next);
  auto* result = b().CreatePHI(b().getInt1Ty(), 3, "is_in");
  result->addIncoming(f_.Bool(true), start);
  result->addIncoming(f_.Bool(false), looked_up);
  result->addIncoming(is_in, exists);
  return result;
}

// Sets are sorted by kind first: all elements are entities if the first and the last are.
auto BodyToLlvm::IsInAny(ir::Register descendant, const SsaValue& set) -> llvm::Value* {
  auto* start = b().GetInsertBlock();
  auto* some = f_.NewBlock("some");
  auto* next = f_.NewBlock("in_any");
  f_.Branch(b().CreateICmpEQ(set.size, f_.I32(0)), next, some);

  Continue(some);
  auto* elements = f_.ToPointer(set.bits);
  auto* last = b().CreateInBoundsGEP(
      b().getInt8Ty(), elements, b().CreateMul(b().CreateZExt(b().CreateSub(set.size, f_.I32(1)), b().getInt64Ty()), f_.I64(kValueBytes)));
  auto* first_kind = f_.Load(b().getInt8Ty(), elements, kValueKind);
  auto* last_kind = f_.Load(b().getInt8Ty(), last, kValueKind);
  FailUnless(b().CreateAnd(b().CreateICmpEQ(first_kind, f_.I8(Kind::Entity)), b().CreateICmpEQ(last_kind, f_.I8(Kind::Entity))));
  const bool was_known = reg(descendant).entity != nullptr;
  auto* entity = EntityOf(descendant);
  if (!was_known) reg(descendant).entity = nullptr;
  auto* answer =
      f_.Call(offsetof(NativeCalls, is_in_any), b().getInt32Ty(), std::array{f_.frame(), entity, reg(descendant).bits, elements, set.size});
  auto* is_in = b().CreateICmpNE(answer, f_.I32(0));
  auto* searched = b().GetInsertBlock();
  b().CreateBr(next);

  Continue(next);
  auto* result = b().CreatePHI(b().getInt1Ty(), 2, "is_in");
  result->addIncoming(f_.Bool(false), start);
  result->addIncoming(is_in, searched);
  return result;
}

void BodyToLlvm::EmitIn(const Instruction& i) {
  Require(i.a, Kind::Entity);
  if (!is_reachable_) return;
  const SsaValue right = reg(i.b);
  if (right.is_known(Kind::Entity)) return SetPredicate(i, IsInEntity(i.a, right));
  if (right.is_known(Kind::Set)) return SetPredicate(i, IsInAny(i.a, right));
  if (right.known_kind()) return Fail();
  auto* is_entity = f_.NewBlock("in_entity");
  auto* no_entity = f_.NewBlock("no_entity");
  auto* next = f_.NewBlock("is_in");
  f_.Branch(IsKind(right, Kind::Entity), is_entity, no_entity);
  Continue(is_entity);
  auto* in_entity = IsInEntity(i.a, right);
  auto* entity_end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(no_entity);
  FailUnless(IsKind(right, Kind::Set));
  auto* in_any = IsInAny(i.a, right);
  auto* any_end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(next);
  auto* result = b().CreatePHI(b().getInt1Ty(), 2, "in");
  result->addIncoming(in_entity, entity_end);
  result->addIncoming(in_any, any_end);
  SetPredicate(i, result);
}

void BodyToLlvm::EmitIs(const Instruction& i) {
  const SsaValue& object = Require(i.a, Kind::Entity);
  if (!is_reachable_) return;
  if (object.entity_type.has_value()) return SetPredicate(i, f_.Bool(object.entity_type == SymbolId{i.imm}));
  SetPredicate(i, b().CreateICmpEQ(b().CreateLShr(object.bits, 32), f_.I64(i.imm)));
}

}  // namespace remit::jit
