// The hierarchy and entity types.
#include "compiler/jit/any_element.h"
#include "compiler/jit/field_lookup.h"

namespace remit::jit {

// Pointer to the store's entity, looked up once for each register. The register's value is an entity.
auto BodyToLlvm::EntityOf(ir::Register index) -> llvm::Value* {
  SsaValue& value = reg(index);
  if (value.entity == nullptr) value.entity = FindEntity(f_, value);
  return value.entity;
}

// Whether the ancestors of an entity have this uid. As AncestorSet::Contains: the whole bucket at once and without a branch, which would hardly
// ever be foreseen.
auto BodyToLlvm::IsBelow(llvm::Value* entity, llvm::Value* uid) -> llvm::Value* {
  if (!f_.calls_are_rare()) return AskIsBelow(entity, uid);
  const EntityParts parts = f_.PartsOf(entity);
  auto* shift = b().CreateAnd(parts.mask, f_.I64(AncestorSet::kShiftBits));
  auto* hash = b().CreateLShr(b().CreateMul(uid, f_.I64(AncestorSet::kMultiplier)), shift);
  auto* offset = b().CreateAnd(hash, b().CreateAnd(parts.mask, f_.I64(~uint64_t{AncestorSet::kShiftBits})));
  auto* type = llvm::FixedVectorType::get(b().getInt64Ty(), AncestorSet::kBucketSlots);
  auto* bucket = f_.LoadElement(type, f_.At(parts.ancestors, AncestorSet::kSlotsOffset), offset, 1);
  auto* is_there = b().CreateOrReduce(b().CreateICmpEQ(bucket, b().CreateVectorSplat(AncestorSet::kBucketSlots, uid)));
  auto* start = b().GetInsertBlock();
  auto* search = f_.NewBlock("search");
  auto* next = f_.NewBlock("below");
  f_.BranchUnlikelyAtOnce(b().CreateNot(b().CreateOr(is_there, parts.lists_ancestors)), search, next);
  Continue(search);
  auto* is_below = AskIsBelow(entity, uid);
  b().CreateBr(next);
  Continue(next);
  return f_.Phi({{is_there, start}, {is_below, search}});
}

auto BodyToLlvm::AskIsBelow(llvm::Value* entity, llvm::Value* uid) -> llvm::Value* {
  auto* answer = f_.Call(offsetof(NativeCalls, is_below), b().getInt32Ty(), std::array{f_.frame(), entity, uid});
  return b().CreateICmpNE(answer, f_.I32(0));
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
  return reg(index).entity != nullptr ? reg(index).entity : FindEntity(f_, reg(index));
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

// What is expected on the right is inlined, the rest is the handler's.
void BodyToLlvm::EmitIn(const Instruction& i) {
  Require(i.a, Kind::Entity);
  if (!is_reachable_) return;
  const SsaValue right = reg(i.b);
  const Kind expected = right.known_kind().value_or(right.expected_kind.value_or(Kind::Entity));
  if (expected != Kind::Entity && expected != Kind::Set) return right.known_kind() ? Fail() : SetBinaryFromHandler(i, Kind::Bool);
  const auto inlined = [&] { return expected == Kind::Entity ? IsInEntity(i.a, right) : IsInAny(i.a, right); };
  if (right.known_kind()) return SetPredicate(i, inlined());
  auto* as_expected = f_.NewBlock("as_expected");
  auto* other = f_.NewBlock("other");
  auto* next = f_.NewBlock("is_in");
  f_.BranchLikely(IsKind(right, expected), as_expected, other);
  Continue(as_expected);
  auto* is_in = inlined();
  auto* expected_end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(other);
  auto* handled = AsBool(RunHandler(i, std::array{reg(i.a), right}));
  auto* other_end = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(next);
  SetPredicate(i, f_.Phi({{is_in, expected_end}, {handled, other_end}}));
}

void BodyToLlvm::EmitIs(const Instruction& i) {
  const SsaValue& object = Require(i.a, Kind::Entity);
  if (!is_reachable_) return;
  if (object.entity_type.has_value()) return SetPredicate(i, f_.Bool(object.entity_type == SymbolId{i.imm}));
  SetPredicate(i, b().CreateICmpEQ(b().CreateTrunc(b().CreateLShr(object.bits, 32), b().getInt32Ty()), f_.Symbol({i.imm})));
}

}  // namespace remit::jit
