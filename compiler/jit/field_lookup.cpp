#include "compiler/jit/field_lookup.h"

#include <llvm/IR/Intrinsics.h>

#include <algorithm>

namespace remit::jit {

auto FindField(FunctionBuilder& f, const LayoutHints* hints, const Fields& fields, SymbolId key, llvm::BasicBlock* absent) -> llvm::Value* {
  auto& b = f.b();
  constexpr uint32_t kMaxPositions = 3;
  const auto hint = hints != nullptr ? hints->Find(fields.layout, key) : std::nullopt;
  auto* search = f.NewBlock("search");
  auto* found = f.NewBlock("found");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> places;
  const uint32_t end = hint ? std::min(hint->last + 1, hint->first + kMaxPositions) : 0;
  for (uint32_t position = hint ? hint->first : 0; position < end; ++position) {
    auto* in_range = f.NewBlock("in_range");
    auto* next = f.NewBlock("next");
    f.Branch(b.CreateICmpULT(f.I32(position), fields.count), in_range, search);
    b.SetInsertPoint(in_range);
    auto* key_there = f.Load(b.getInt32Ty(), fields.data, uint64_t{position} * kFieldBytes + kFieldKey, "key");
    places.emplace_back(f.At(fields.data, uint64_t{position} * kFieldBytes + kFieldValue), in_range);
    f.Branch(b.CreateICmpEQ(key_there, f.Symbol(key)), found, next);
    b.SetInsertPoint(next);
  }
  b.CreateBr(search);

  b.SetInsertPoint(search);
  auto* call = f.NewBlock("call");
  f.BranchUnlikely(b.CreateICmpEQ(fields.count, f.I32(0)), absent, call);
  b.SetInsertPoint(call);
  auto* searched = f.Call(offsetof(NativeCalls, find_field), f.PtrType(), std::array{fields.data, fields.count, f.Symbol(key)});
  places.emplace_back(searched, call);
  f.Branch(b.CreateICmpEQ(searched, f.Null()), absent, found);

  b.SetInsertPoint(found);
  auto* place = b.CreatePHI(f.PtrType(), static_cast<unsigned>(places.size()), "field");
  for (const auto& [value, from] : places) place->addIncoming(value, from);
  return place;
}

auto LoadField(FunctionBuilder& f, const LayoutHints* hints, const Fields& fields, SymbolId key, llvm::Value* place) -> SsaValue {
  SsaValue value = f.LoadValue(place);
  const auto hint = hints != nullptr ? hints->Find(fields.layout, key) : std::nullopt;
  if (!hint || hint->field == nullptr) return value;
  const FieldHint& field = *hint->field;
  value.expected_kind = field.kind;
  if (field.kind == Kind::Record) value.layout = field.record;
  if (field.kind == Kind::Entity) value.layout = hints->OfEntityType(field.entity_type);
  return value;
}

auto FindEntity(FunctionBuilder& f, const SsaValue& value) -> llvm::Value* {
  auto& b = f.b();
  auto* guess = f.NewBlock("guess");
  auto* search = f.NewBlock("find");
  auto* next = f.NewBlock("entity");
  auto* row = b.CreateZExt(b.CreateSub(value.size, f.I32(1)), b.getInt64Ty());
  auto* capacity = f.FrameWord(b.getInt64Ty(), offsetof(NativeFrame, entity_capacity), "entity_capacity");
  f.BranchUnlikely(b.CreateICmpUGE(row, capacity), search, guess);

  b.SetInsertPoint(guess);
  auto* nodes = f.FrameWord(f.PtrType(), offsetof(NativeFrame, entity_nodes), "entity_nodes");
  auto* node = f.LoadElement(f.PtrType(), nodes, b.CreateLShr(row, EntityRows::kNodeBits + EntityRows::kChunkBits), sizeof(void*));
  auto* chunk_index = b.CreateAnd(b.CreateLShr(row, EntityRows::kChunkBits), f.I64(EntityRows::kNodeSize - 1));
  auto* chunk = f.LoadElement(f.PtrType(), f.At(node, kNodeChunks), chunk_index, sizeof(void*));
  auto* entity = f.LoadElement(f.PtrType(), f.At(chunk, kChunkRows), b.CreateAnd(row, f.I64(EntityRows::kChunkSize - 1)), sizeof(void*));
  auto* type_behind_id = f.Load(b.getInt64Ty(), entity, kEntityUid, "uid");
  auto* uid = b.CreateIntrinsic(llvm::Intrinsic::fshl, {b.getInt64Ty()}, {type_behind_id, type_behind_id, f.I64(32)});
  f.BranchUnlikely(b.CreateICmpNE(uid, value.bits), search, next);

  b.SetInsertPoint(search);
  auto* found = f.Call(offsetof(NativeCalls, find_entity), f.PtrType(), std::array{f.frame(), value.bits, value.size});
  b.CreateBr(next);

  b.SetInsertPoint(next);
  return f.Phi({{entity, guess}, {found, search}});
}

}  // namespace remit::jit
