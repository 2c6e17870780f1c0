// Attributes of records and entities, by checked position: the expected places first, a search where the key is elsewhere.
#include <algorithm>

#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

auto BodyToLlvm::FieldsOfEntity(ir::Register object) -> Fields {
  auto* entity = EntityOf(object);
  auto* from = b().GetInsertBlock();
  auto* exists = f_.NewBlock("exists");
  auto* next = f_.NewBlock("fields");
  f_.BranchUnlikely(b().CreateICmpEQ(entity, f_.Null()), next, exists);
  Continue(exists);
  auto* entity_data = f_.Load(f_.PtrType(), entity, kEntityAttrs + kSpanData, "attrs");
  auto* entity_count = f_.Load(b().getInt32Ty(), entity, kEntityAttrs + kSpanSize, "attr_count");
  b().CreateBr(next);
  Continue(next);
  return {.data = f_.Phi({{f_.Null(), from}, {entity_data, exists}}),
          .count = f_.Phi({{f_.I32(0), from}, {entity_count, exists}}),
          .layout = reg(object).layout};
}

auto BodyToLlvm::FieldsOf(ir::Register object) -> Fields {
  const SsaValue value = reg(object);
  if (value.is_known(Kind::Record)) return {.data = f_.ToPointer(value.bits), .count = value.size, .layout = value.layout};
  if (value.is_known(Kind::Entity)) return FieldsOfEntity(object);
  if (value.known_kind()) {
    Fail();
    return {};
  }
  auto* is_record = f_.NewBlock("record");
  auto* no_record = f_.NewBlock("no_record");
  auto* next = f_.NewBlock("object");
  f_.Branch(IsKind(value, Kind::Record), is_record, no_record);

  Continue(is_record);
  auto* record_data = f_.ToPointer(value.bits);
  b().CreateBr(next);

  Continue(no_record);
  FailUnless(IsKind(value, Kind::Entity));
  const Fields entity = FieldsOfEntity(object);
  reg(object).entity = nullptr;  // looked up on this way only
  auto* entity_end = b().GetInsertBlock();
  b().CreateBr(next);

  Continue(next);
  return {.data = f_.Phi({{record_data, is_record}, {entity.data, entity_end}}),
          .count = f_.Phi({{value.size, is_record}, {entity.count, entity_end}}),
          .layout = value.layout};
}

auto BodyToLlvm::FindField(const Fields& fields, SymbolId key, llvm::BasicBlock* absent) -> llvm::Value* {
  constexpr uint32_t kMaxPositions = 3;
  const auto hint = environment_.hints != nullptr ? environment_.hints->Find(fields.layout, key) : std::nullopt;
  auto* search = f_.NewBlock("search");
  auto* found = f_.NewBlock("found");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> places;
  const uint32_t end = hint ? std::min(hint->last + 1, hint->first + kMaxPositions) : 0;
  for (uint32_t position = hint ? hint->first : 0; position < end; ++position) {
    auto* in_range = f_.NewBlock("in_range");
    auto* next = f_.NewBlock("next");
    f_.Branch(b().CreateICmpULT(f_.I32(position), fields.count), in_range, search);
    Continue(in_range);
    auto* key_there = f_.Load(b().getInt32Ty(), fields.data, uint64_t{position} * kFieldBytes + kFieldKey, "key");
    places.emplace_back(f_.At(fields.data, uint64_t{position} * kFieldBytes + kFieldValue), in_range);
    f_.Branch(b().CreateICmpEQ(key_there, f_.I32(key.value)), found, next);
    Continue(next);
  }
  b().CreateBr(search);

  Continue(search);
  auto* call = f_.NewBlock("call");
  f_.BranchUnlikely(b().CreateICmpEQ(fields.count, f_.I32(0)), absent, call);
  Continue(call);
  auto* searched = f_.Call(offsetof(NativeCalls, find_field), f_.PtrType(), std::array{fields.data, fields.count, f_.I32(key.value)});
  places.emplace_back(searched, call);
  f_.Branch(b().CreateICmpEQ(searched, f_.Null()), absent, found);

  Continue(found);
  auto* place = b().CreatePHI(f_.PtrType(), static_cast<unsigned>(places.size()), "field");
  for (const auto& [value, from] : places) place->addIncoming(value, from);
  return place;
}

auto BodyToLlvm::LayoutOf(const std::optional<PositionHint>& hint) const -> LayoutId {
  if (!hint || hint->field == nullptr) return {};
  if (hint->field->kind == Kind::Record) return hint->field->record;
  if (hint->field->kind == Kind::Entity) return environment_.hints->OfEntityType(hint->field->entity_type);
  return {};
}

void BodyToLlvm::EmitGetAttr(const Instruction& i) {
  const Fields fields = FieldsOf(i.a);
  if (!is_reachable_) return;
  const SymbolId key = {i.imm};
  auto* place = FindField(fields, key, ends_.failed);
  SsaValue value = f_.LoadValue(place);
  if (environment_.hints != nullptr) value.layout = LayoutOf(environment_.hints->Find(fields.layout, key));
  reg(i.dst) = value;
}

void BodyToLlvm::EmitHasAttr(const Instruction& i) {
  const Fields fields = FieldsOf(i.a);
  if (!is_reachable_) return;
  auto* absent = f_.NewBlock("absent");
  auto* next = f_.NewBlock("has");
  FindField(fields, {i.imm}, absent);
  auto* present = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(absent);
  b().CreateBr(next);
  Continue(next);
  auto* has = f_.Phi({{f_.Bool(true), present}, {f_.Bool(false), absent}});
  SetPredicate(i, has);
}

void BodyToLlvm::EmitGetTag(const Instruction& i) { SetBinaryFromHandler(i, std::nullopt); }
void BodyToLlvm::EmitHasTag(const Instruction& i) { SetBinaryFromHandler(i, Kind::Bool); }

}  // namespace remit::jit
