// The hierarchy and entity types.
#include <llvm/IR/Intrinsics.h>

#include "compiler/jit/any_element.h"

namespace remit::jit {

// Pointer to the store's entity, looked up once for each register. The register's value is an entity.
auto BodyToLlvm::EntityOf(ir::Register index) -> llvm::Value* {
  SsaValue& value = reg(index);
  if (value.entity == nullptr) value.entity = FindEntity(value);
  return value.entity;
}

// By the row hint, or a search where it is wrong or missing. As EntityStore::Find.
auto BodyToLlvm::FindEntity(const SsaValue& value) -> llvm::Value* {
  auto* guess = f_.NewBlock("guess");
  auto* search = f_.NewBlock("find");
  auto* next = f_.NewBlock("entity");
  auto* row = b().CreateZExt(b().CreateSub(value.size, f_.I32(1)), b().getInt64Ty());
  auto* capacity = f_.FrameWord(b().getInt64Ty(), offsetof(NativeFrame, entity_capacity), "entity_capacity");
  f_.BranchUnlikely(b().CreateICmpUGE(row, capacity), search, guess);

  Continue(guess);
  auto* nodes = f_.FrameWord(f_.PtrType(), offsetof(NativeFrame, entity_nodes), "entity_nodes");
  auto* node = f_.LoadElement(f_.PtrType(), nodes, b().CreateLShr(row, EntityRows::kNodeBits + EntityRows::kChunkBits), sizeof(void*));
  auto* chunk_index = b().CreateAnd(b().CreateLShr(row, EntityRows::kChunkBits), f_.I64(EntityRows::kNodeSize - 1));
  auto* chunk = f_.LoadElement(f_.PtrType(), f_.At(node, kNodeChunks), chunk_index, sizeof(void*));
  auto* entity = f_.ElementAt(f_.At(chunk, kChunkRows), b().CreateAnd(row, f_.I64(EntityRows::kChunkSize - 1)), kEntityBytes);
  auto* type_behind_id = f_.Load(b().getInt64Ty(), entity, kEntityUid, "uid");
  auto* uid = b().CreateIntrinsic(llvm::Intrinsic::fshl, {b().getInt64Ty()}, {type_behind_id, type_behind_id, f_.I64(32)});
  f_.BranchUnlikely(b().CreateICmpNE(uid, value.bits), search, next);

  Continue(search);
  auto* found = f_.Call(offsetof(NativeCalls, find_entity), f_.PtrType(), std::array{f_.frame(), value.bits, value.size});
  b().CreateBr(next);

  Continue(next);
  return f_.Phi({{entity, guess}, {found, search}});
}

// Whether the ancestors of an entity, which may be null, have this uid. As AncestorSet::Contains, with a call where the first slot is another's.
auto BodyToLlvm::IsBelow(llvm::Value* entity, llvm::Value* uid) -> llvm::Value* {
  auto* start = b().GetInsertBlock();
  auto* exists = f_.NewBlock("exists");
  auto* probe = f_.NewBlock("probe");
  auto* differs = f_.NewBlock("differs");
  auto* call = f_.NewBlock("call");
  auto* next = f_.NewBlock("below");
  f_.BranchUnlikely(b().CreateICmpEQ(entity, f_.Null()), next, exists);

  Continue(exists);
  auto* ancestors = f_.Load(f_.PtrType(), entity, kEntityAncestors, "ancestors");
  f_.BranchUnlikely(b().CreateICmpEQ(ancestors, f_.Null()), call, probe);

  Continue(probe);
  auto* shift = b().CreateZExt(f_.Load(b().getInt32Ty(), ancestors, AncestorSet::kShiftOffset, "shift"), b().getInt64Ty());
  auto* at = b().CreateLShr(b().CreateMul(uid, f_.I64(AncestorSet::kMultiplier)), shift);
  auto* slot = f_.LoadElement(b().getInt64Ty(), f_.At(ancestors, AncestorSet::kSlotsOffset), at, sizeof(uint64_t));
  f_.Branch(b().CreateICmpEQ(slot, uid), next, differs);

  Continue(differs);
  f_.Branch(b().CreateICmpEQ(slot, f_.I64(AncestorSet::kEmptySlot)), next, call);

  Continue(call);
  auto* answer = f_.Call(offsetof(NativeCalls, is_below), b().getInt32Ty(), std::array{f_.frame(), entity, uid});
  auto* is_below = b().CreateICmpNE(answer, f_.I32(0));
  b().CreateBr(next);

  Continue(next);
  return f_.Phi({{f_.Bool(false), start}, {f_.Bool(true), probe}, {f_.Bool(false), differs}, {is_below, call}});
}

auto BodyToLlvm::IsInEntity(ir::Register descendant, const SsaValue& ancestor) -> llvm::Value* {
  auto* is_same = b().CreateICmpEQ(reg(descendant).bits, ancestor.bits);
  auto* start = b().GetInsertBlock();
  auto* differ = f_.NewBlock("differ");
  auto* next = f_.NewBlock("in");
  f_.Branch(is_same, next, differ);
  Continue(differ);
  auto* is_below = IsBelow(EntityHere(descendant), ancestor.bits);
  auto* end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(next);
  return f_.Phi({{f_.Bool(true), start}, {is_below, end}});
}

// The entity for use on this way only: what is looked up is not there where ways meet.
auto BodyToLlvm::EntityHere(ir::Register index) -> llvm::Value* {
  return reg(index).entity != nullptr ? reg(index).entity : FindEntity(reg(index));
}

// Sets are sorted by kind first: all elements are entities if the first and the last are. Small sets are gone through here.
auto BodyToLlvm::IsInAny(ir::Register descendant, const SsaValue& set) -> llvm::Value* {
  auto* start = b().GetInsertBlock();
  auto* some = f_.NewBlock("some");
  auto* many = f_.NewBlock("many");
  auto* few = f_.NewBlock("few");
  auto* next = f_.NewBlock("in_any");
  f_.Branch(b().CreateICmpEQ(set.size, f_.I32(0)), next, some);

  Continue(some);
  auto* elements = f_.ToPointer(set.bits);
  auto* last = f_.ElementAt(elements, b().CreateSub(b().CreateZExt(set.size, b().getInt64Ty()), f_.I64(1)), kValueBytes);
  auto* first_kind = f_.Load(b().getInt8Ty(), elements, kValueKind);
  auto* last_kind = f_.Load(b().getInt8Ty(), last, kValueKind);
  FailUnless(b().CreateAnd(b().CreateICmpEQ(first_kind, f_.I8(Kind::Entity)), b().CreateICmpEQ(last_kind, f_.I8(Kind::Entity))));
  auto* entity = EntityHere(descendant);
  auto* uid = reg(descendant).bits;
  f_.BranchUnlikely(b().CreateICmpUGT(set.size, f_.I32(kFewElements)), many, few);

  Continue(many);
  auto* answer = f_.Call(offsetof(NativeCalls, is_in_any), b().getInt32Ty(), std::array{f_.frame(), entity, uid, elements, set.size});
  auto* is_in_many = b().CreateICmpNE(answer, f_.I32(0));
  b().CreateBr(next);

  Continue(few);
  auto* is_in_few = AnyElement(elements, set.size, [&](llvm::Value* element) {
    auto* other = f_.Load(b().getInt64Ty(), element, kValueBits, "element");
    auto* from = b().GetInsertBlock();
    auto* differ = f_.NewBlock("differ");
    auto* tested = f_.NewBlock("tested");
    f_.Branch(b().CreateICmpEQ(other, uid), tested, differ);
    Continue(differ);
    auto* is_below = IsBelow(entity, other);
    auto* end = b().GetInsertBlock();
    b().CreateBr(tested);
    Continue(tested);
    return f_.Phi({{f_.Bool(true), from}, {is_below, end}});
  });
  auto* few_end = b().GetInsertBlock();
  b().CreateBr(next);

  Continue(next);
  return f_.Phi({{f_.Bool(false), start}, {is_in_many, many}, {is_in_few, few_end}});
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
  SetPredicate(i, f_.Phi({{in_entity, entity_end}, {in_any, any_end}}));
}

void BodyToLlvm::EmitIs(const Instruction& i) {
  const SsaValue& object = Require(i.a, Kind::Entity);
  if (!is_reachable_) return;
  if (object.entity_type.has_value()) return SetPredicate(i, f_.Bool(object.entity_type == SymbolId{i.imm}));
  SetPredicate(i, b().CreateICmpEQ(b().CreateLShr(object.bits, 32), f_.I64(i.imm)));
}

}  // namespace remit::jit
